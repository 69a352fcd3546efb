import pg from "pg";
import type { Tenant } from "../harness.ts";
import type { Relation } from "./catalog.ts";

/** A row as PostgreSQL writes it in JSON. */
export type Row = Record<string, unknown>;

/** What rows are made with, and for whom. */
export type Making = {
  admin: pg.Client;
  tenant: Tenant;
  relations: Map<string, Relation>;
  /** What a row should have where there is a choice between several, by table. */
  preferred: Record<string, Row>;
  /** Whose rows are made, where there is a choice. */
  userId: string;
  /** The tables whose rows are being made, to notice circles. */
  underWay: Set<string>;
};

/** A row with these values; if there are several, one that is preferred. */
export async function findRow(making: Making, table: Relation, values: Row): Promise<Row | undefined> {
  const { admin, preferred } = making;
  const wishes = preferred[table.name] ?? wishesFor(making, table);
  const isWanted = conditions(values, 1);
  const isPreferred = conditions(wishes, 1 + Object.keys(values).length);
  const { rows } = await admin.query<{ row: Row }>(
    `select to_jsonb(t) as row from ${table.name} t where ${isWanted} order by case when ${isPreferred} then 0 else 1 end limit 1`,
    [...Object.values(values), ...Object.values(wishes)],
  );
  return rows[0]?.row;
}

/** Where a row is somebody's, it is best the person's for whom rows are made. */
function wishesFor({ userId }: Making, { columns }: Relation): Row {
  return columns.some(({ name }) => name === "user_id") ? { user_id: userId } : {};
}

function conditions(values: Row, from: number): string {
  const names = Object.keys(values).map((name, index) => `${pg.escapeIdentifier(name)} = $${from + index}`);
  return names.join(" and ") || "true";
}

/** What makes a row the organization's. */
export function ownershipOf({ tenant }: Making, table: Relation): Row {
  return table.tenantColumn ? { [table.tenantColumn]: tenant.id } : {};
}

export function noRow(table: Relation, problems: string[]): Error {
  const reasons = [...new Set(problems)].join("; ");
  return new Error(`No row could be made for ${table.name}: ${reasons}. Add an override in test/isolation/rows.ts.`);
}
