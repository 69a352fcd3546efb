import { TABLE_FACTS } from "../../kernel/database/facts.gen.ts";
import type { RowError } from "../../kernel/import/sink.ts";
import { quoted, tableOf } from "../../kernel/nouns/columns.ts";
import type { Transaction } from "../../kernel/tenancy/transaction.ts";
import type { Plan, PlanRow } from "./plan.ts";

/** A row that is there already; `key` is its primary key after the organization, as text. */
export type Change = { row: PlanRow; key: string[] };

/** What becomes of some rows: those that are new, those that change one that is there, and what is wrong with the rest. */
export type Examined = { creates: PlanRow[]; changes: Change[]; errors: RowError[] };

/** Looks the rows up in the database: what they name must be there, and their key must tell one row at most. */
export async function examineRows(
  tx: Transaction,
  organization: string,
  plan: Plan,
  rows: readonly PlanRow[],
): Promise<Examined> {
  const errors: RowError[] = [];
  let right = rows;
  for (const [place, column] of plan.columns.entries()) {
    if (!column.references || right.length === 0) continue;
    const missing = await missingOf(tx, organization, column.references, valuesAt(right, place));
    const isMissing = (row: PlanRow) => missing.has(row.cells[place]?.toLowerCase() ?? "");
    for (const { line } of missing.size > 0 ? right.filter(isMissing) : [])
      errors.push({ line, column: column.from, reason: "It names something that is not there." });
    if (missing.size > 0) right = right.filter((row) => !isMissing(row));
  }
  if (plan.key.length === 0 || right.length === 0) return { creates: [...right], changes: [], errors };
  return { ...(await matchRows(tx, organization, plan, right, errors)), errors };
}

function valuesAt(rows: readonly PlanRow[], place: number): string[] {
  return [...new Set(rows.flatMap(({ cells }) => cells[place]?.toLowerCase() ?? []))];
}

/** Which of the ids name no row of the table that whoever imports may see. */
async function missingOf(
  tx: Transaction,
  organization: string,
  table: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const key = TABLE_FACTS[table]?.key[0];
  if (!key || ids.length === 0) return new Set();
  const found = await tx.query<{ id: string }>(
    `select ${quoted(key)}::text as id from ${table.split(".").map(quoted).join(".")} where organization_id = $1 and ${quoted(key)} = any ($2::uuid[])`,
    [organization, ids],
  );
  const there = new Set(found.map(({ id }) => id));
  return new Set(ids.filter((id) => !there.has(id)));
}

/** A column that PostgreSQL keeps in lower case beside another, as addresses have it, is what rows are matched by. */
export function isFolded({ noun, columns }: Plan, place: number): boolean {
  return noun.facts.columns[`${columns[place]?.name}_key`]?.computed === true;
}

async function matchRows(
  tx: Transaction,
  organization: string,
  plan: Plan,
  rows: readonly PlanRow[],
  errors: RowError[],
): Promise<Pick<Examined, "creates" | "changes">> {
  const { noun, key, columns } = plan;
  const names = key.map((place) => columns[place]?.name ?? "");
  const conditions = key.map((place, index) => {
    const { name = "", type = "text" } = columns[place] ?? {};
    return isFolded(plan, place)
      ? `t.${quoted(`${name}_key`)} = lower(d.k${index})`
      : `t.${quoted(name)} = d.k${index}::${type}`;
  });
  const found = await tx.query<{ place: string; matches: number; key: string[] }>(
    `select d.place, count(*)::int as matches, array[${noun.key.map((name) => `min(t.${quoted(name)}::text)`).join(", ")}] as key
     from unnest(${key.map((_, index) => `$${index + 2}::text[]`).join(", ")}) with ordinality as d (${key.map((_, index) => `k${index}`).join(", ")}, place)
     join ${tableOf(noun)} t on t.organization_id = $1 and ${conditions.join(" and ")}
     group by d.place`,
    [organization, ...key.map((place) => rows.map(({ cells }) => cells[place]))],
  );
  const matches = new Map(found.map((match) => [Number(match.place) - 1, match]));
  const creates: PlanRow[] = [];
  const changes: Change[] = [];
  const from = columns[key[0] ?? 0]?.from ?? null;
  for (const [place, row] of rows.entries()) {
    const match = matches.get(place);
    if (match && match.matches > 1)
      errors.push({
        line: row.line,
        column: from,
        reason: `${match.matches} rows have the same ${names.join(" and ")}, so it is not clear which one is meant. Choose a key that tells them apart.`,
      });
    else if (match) changes.push({ row, key: match.key });
    else if (plan.isUpdateOnly)
      errors.push({ line: row.line, column: from, reason: `There is no row with this ${names.join(" and ")}.` });
    else creates.push(row);
  }
  return { creates, changes };
}
