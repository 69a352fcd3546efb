import pg from "pg";
import type { Tenant } from "../harness.ts";
import type { ForeignKey, Relation } from "./catalog.ts";
import { findRow, type Making, noRow, ownershipOf, type Row } from "./making.ts";
import { fillColumns } from "./values.ts";

export type RowMaker = {
  /** The organization's row of a table, or any row of a table that belongs to none. Makes one where there is none. */
  ensureRow(table: Relation): Promise<Row>;
  /** One more row of a table. */
  addRow(table: Relation): Promise<Row>;
  /** A row that could be inserted for the organization as it is: it was, and was rolled back. */
  spareRow(table: Relation): Promise<Row>;
};

/** A seal begins with a version and the id of a key that is listed. */
const SEALED = "(select '\\x01'::bytea || decode(min(id) || repeat('00', 88), 'hex') from kernel.keys)";

/** Where the catalog does not tell what a column takes: SQL expressions by table and column; `made` is the row so far. */
const OVERRIDES: Record<string, Record<string, string>> = {
  "datasets.dataset_items": {
    position:
      "(select coalesce(max(i.position), 0) + 1 from datasets.dataset_items i where i.dataset_id = made.dataset_id)",
  },
  // A project has one configuration, and an item is labeled once in a project: one that is free, if there is any.
  "labeling.configurations": {
    project_id: `coalesce((
      select p.id from projects.projects p where p.organization_id = made.organization_id
        and not exists (select from labeling.configurations c where c.project_id = p.id) limit 1), made.project_id)`,
  },
  "labeling.tasks": {
    item_id: `coalesce((
      select i.id from datasets.dataset_items i where i.organization_id = made.organization_id
        and not exists (select from labeling.tasks t where t.item_id = i.id) limit 1), made.item_id)`,
    position: "(select coalesce(max(t.position), 0) + 1 from labeling.tasks t where t.project_id = made.project_id)",
  },
  "labeling.choices": {
    position: "(select coalesce(max(c.position), 0) + 1 from labeling.choices c where c.project_id = made.project_id)",
  },
  // A task has its slots already: this is one more, and held when it is somebody's.
  "labeling.assignments": {
    slot: "(select max(a.slot) + 1 from labeling.assignments a where a.task_id = made.task_id)",
    status: "case when made.user_id is null then 'open' else 'held' end",
    lease_expires_at: "case when made.user_id is not null then now() end",
  },
  "labeling.label_revisions": {
    revision: "(select max(r.revision) + 1 from labeling.label_revisions r where r.label_id = made.label_id)",
  },
  "organizations.invitations": { accepted_at: "case when made.accepted_by is not null then now() end" },
  "audit.seals": {
    id: "(select coalesce(max(s.id), 0) + 1 from audit.seals s)",
    from_seq: "(select coalesce(max(s.to_seq), 0) from audit.seals s)",
    to_seq: "(select coalesce(max(s.to_seq), 0) + 1 from audit.seals s)",
    entries: "1",
    digests: "decode(repeat('00', 16), 'hex')",
  },
  "kernel.secrets": { sealed: SEALED },
  "kernel.signing_keys": { sealed: SEALED },
  "identity.second_factors": { sealed_seed: SEALED },
  "identity.issuers": { sealed_client_secret: SEALED },
  "organizations.support_visits": { reason: "'a reason that is long enough'" },
};

/** Tables of which an organization has one row at most: one more takes the place of the one that is there. */
const SINGLE = new Set(["audit.retention"]);

const ORGANIZATIONS = "organizations.organizations";
const FRESH_DEPTH_MAX = 3;

/** Whether optional foreign keys are filled too, and whether required ones get rows made for them, how deep down. */
type Attempt = { optional: boolean; fresh: boolean; depth: number };

/**
 * Makes rows for one organization out of nothing but the catalog, as the superuser of `admin`: required columns get a value
 * that their checks allow, foreign keys a row of the same organization. Where there is a choice, rows are `userId`'s.
 */
export function createRowMaker(admin: pg.Client, relations: Relation[], tenant: Tenant, userId: string): RowMaker {
  const making: Making = {
    admin,
    tenant,
    relations: new Map(relations.map((relation) => [relation.name, relation])),
    preferred: { "identity.users": { id: userId }, "organizations.memberships": { user_id: userId } },
    underWay: new Set(),
  };
  const ensureRow = async (table: Relation) =>
    (await findRow(making, table, ownershipOf(making, table))) ?? insertRow(making, table, 0);
  return {
    ensureRow: (table) => inTransaction(making, "commit", table, () => ensureRow(table)),
    addRow: (table) => inTransaction(making, "commit", table, () => insertRow(making, table, 0)),
    spareRow: (table) => inTransaction(making, "rollback", table, () => insertRow(making, table, 0)),
  };
}

/** Deferred constraints speak up before the end. */
async function inTransaction(making: Making, end: "commit" | "rollback", table: Relation, work: () => Promise<Row>) {
  await making.admin.query("begin");
  try {
    const row = await work();
    await making.admin.query("set constraints all immediate");
    await making.admin.query(end);
    return row;
  } catch (error) {
    await making.admin.query("rollback");
    throw error instanceof pg.DatabaseError ? noRow(table, [error.message]) : error;
  }
}

async function insertRow(making: Making, table: Relation, depth: number): Promise<Row> {
  if (making.underWay.has(table.name)) throw noRow(table, ["its required foreign keys go in a circle"]);
  making.underWay.add(table.name);
  try {
    return await insertByAttempts(making, table, depth);
  } finally {
    making.underWay.delete(table.name);
  }
}

/** Fills all it can, then only what it must; where a row of the kind is there already, points to rows made for it. */
async function insertByAttempts(making: Making, table: Relation, depth: number): Promise<Row> {
  const problems: string[] = [];
  let taken = false;
  for (const fresh of [false, true]) {
    if (fresh && (!taken || depth === FRESH_DEPTH_MAX)) break;
    for (const optional of [true, false]) {
      const made = await insertOnce(making, table, { optional, fresh, depth });
      if (!(made instanceof pg.DatabaseError)) return made;
      problems.push(made.message);
      taken ||= made.code === "23505" || made.code === "23P01";
    }
  }
  throw noRow(table, problems);
}

async function insertOnce(making: Making, table: Relation, attempt: Attempt): Promise<Row | pg.DatabaseError> {
  const overrides = OVERRIDES[table.name] ?? {};
  const values = table.name === ORGANIZATIONS ? {} : ownershipOf(making, table);
  for (const key of table.foreignKeys) await fillForeignKey(making, table, key, values, attempt);
  await fillColumns(making, table, values, Object.keys(overrides));
  await making.admin.query("savepoint row");
  if (SINGLE.has(table.name))
    await making.admin.query(`delete from ${table.name} where organization_id = $1`, [making.tenant.id]);
  try {
    return await writeRow(making, table, values, overrides);
  } catch (error) {
    await making.admin.query("rollback to savepoint row");
    if (error instanceof pg.DatabaseError) return error;
    throw error;
  }
}

async function fillForeignKey(making: Making, table: Relation, key: ForeignKey, values: Row, attempt: Attempt) {
  const open = table.columns.filter(
    ({ name, generated }) => key.columns.includes(name) && !(name in values) && !generated,
  );
  const parent = making.relations.get(key.parent);
  if (open.length === 0 || !parent) return;

  const required = open.every((column) => column.notNull && !column.hasDefault);
  if (!required && (!attempt.optional || parent === table)) return;
  const fresh = required && attempt.fresh && parent.name !== ORGANIZATIONS;
  const row =
    (fresh ? undefined : await findParent(making, parent, key, values)) ??
    (required ? await insertRow(making, parent, attempt.depth + (fresh ? 1 : 0)) : undefined);
  for (const { name } of row ? open : []) values[name] = row?.[key.parentColumns[key.columns.indexOf(name)] ?? ""];
}

/** A row that agrees with those of the key's columns that have a value already. */
function findParent(making: Making, parent: Relation, key: ForeignKey, values: Row): Promise<Row | undefined> {
  const known = key.columns.flatMap((name, index) =>
    name in values ? [[key.parentColumns[index], values[name]]] : [],
  );
  return findRow(making, parent, { ...Object.fromEntries(known), ...ownershipOf(making, parent) });
}

async function writeRow(
  { admin }: Making,
  table: Relation,
  values: Row,
  overrides: Record<string, string>,
): Promise<Row> {
  const names = [...new Set([...Object.keys(values), ...Object.keys(overrides)])];
  const expressions = names.map((name) => overrides[name] ?? `made.${pg.escapeIdentifier(name)}`);
  const { rows } = await admin.query<{ row: Row }>(
    `insert into ${table.name} as written (${names.map(pg.escapeIdentifier).join(", ")}) overriding system value
     select ${expressions.join(", ")} from jsonb_populate_record(null::${table.name}, $1::jsonb) as made
     returning to_jsonb(written) as row`,
    [JSON.stringify(values)],
  );
  return rows[0]?.row ?? {};
}
