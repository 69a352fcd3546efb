import pg from "pg";
import type { Tenant } from "../harness.ts";
import type { ForeignKey, Relation } from "./catalog.ts";
import { findRow, type Making, noRow, ownershipOf, type Row } from "./making.ts";
import { fillColumns, satisfyCheck } from "./values.ts";

export type RowMaker = {
  /** The organization's row of a table, or any row of a table that belongs to none. Makes one where there is none. */
  ensureRow(table: Relation): Promise<Row>;
  /** One more row of a table. */
  addRow(table: Relation): Promise<Row>;
  /** A row that could be inserted for the organization as it is: it was, and was taken back, but not what it points to. */
  spareRow(table: Relation): Promise<Row>;
};

/** A seal begins with a version and the id of a key that is listed. */
const SEALED = "(select '\\x01'::bytea || decode(min(id) || repeat('00', 88), 'hex') from kernel.keys)";

const LABELER = "select l.user_id from labeling.labels l where l.id = made.label_id";
const OTHER_MEMBERS = `select m.user_id from organizations.memberships m where m.organization_id = made.organization_id and m.user_id <> (${LABELER})`;

/** Where the catalog does not tell what a column takes: SQL expressions by table and column; `made` is the row so far. */
const OVERRIDES: Record<string, Record<string, string>> = {
  // A plan without seats of its own: rows are made of many members.
  "billing.subscriptions": { plan: "'enterprise'" },
  "assistant.models": { context_tokens: "8192", output_tokens: "1024" },
  "credits.limits": { resource_type: "'tasks'" },
  // It names one thing, of its kind.
  "commerce.external_ids": { kind: "'product'", variant_id: "null", customer_id: "null", order_id: "null" },
  "datasets.dataset_items": {
    position:
      // Behind the last item, and behind what is published.
      `1 + greatest(
        (select max(i.position) from datasets.dataset_items i where i.dataset_id = made.dataset_id),
        (select max(v.last_position) from datasets.versions v where v.dataset_id = made.dataset_id), 0)`,
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
  // Nobody judges their own label: a colleague does, or, where there is none, it is the label of somebody who is gone.
  "labeling.reviews": {
    labeler_id: `case when exists (${OTHER_MEMBERS}) then (${LABELER}) else gen_random_uuid() end`,
    reviewer_id: `coalesce((${OTHER_MEMBERS} limit 1), made.reviewer_id)`,
  },
  "datasets.versions": {
    number: "(select coalesce(max(v.number), 0) + 1 from datasets.versions v where v.dataset_id = made.dataset_id)",
    status: "'published'",
    last_position: "1",
    published_at: "now()",
  },
  "evaluation.benchmark_metrics": { is_primary: "true" },
  "evaluation.benchmarks": { status: "'open'" },
  "evaluation.phases": { starts_at: "now() - interval '1 hour'", ends_at: "now() + interval '1 day'" },
  "evaluation.prediction_chunks": { predictions: "'[1]'" },
  "organizations.invitations": { accepted_at: "case when made.accepted_by is not null then now() end" },
  "audit.seals": {
    id: "(select coalesce(max(s.id), 0) + 1 from audit.seals s)",
    from_seq: "(select coalesce(max(s.to_seq), 0) from audit.seals s)",
    to_seq: "(select coalesce(max(s.to_seq), 0) + 1 from audit.seals s)",
    entries: "1",
    digests: "decode(repeat('00', 16), 'hex')",
  },
  "kernel.secrets": { sealed: SEALED },
  "tasks.webhook_endpoints": { url: "'https://example.com/'" },
  "tasks.webhook_secrets": { sealed: SEALED },
  "assistant.provider_keys": { sealed: SEALED },
  "kernel.signing_keys": { sealed: SEALED },
  "identity.second_factors": { sealed_seed: SEALED },
  "identity.issuers": { sealed_client_secret: SEALED },
  "organizations.support_visits": { reason: "'a reason that is long enough'" },
};

/** Tables of which an organization has one row at most: one more takes the place of the one that is there. */
const SINGLE = new Set(["audit.retention"]);

const ORGANIZATIONS = "organizations.organizations";
const FRESH_DEPTH_MAX = 3;
const REPAIRS_MAX = 4;

/** How deep down a row stands below the one that was asked for, the values it has to have, and whether it is taken back. */
type Wanted = { depth: number; given: Row; spare: boolean };

const AS_IT_IS: Wanted = { depth: 0, given: {}, spare: false };

/** Whether optional foreign keys are filled too, and whether all that are filled get rows made for them. */
type Attempt = Wanted & { optional: boolean; fresh: boolean };

/**
 * Makes rows for one organization out of nothing but the catalog, as the superuser of `admin`: required columns get a value
 * that their checks allow, foreign keys a row of the same organization. Where there is a choice, rows are `userId`'s.
 */
export function createRowMaker(admin: pg.Client, relations: Relation[], tenant: Tenant, userId: string): RowMaker {
  const making: Making = {
    admin,
    tenant,
    userId,
    relations: new Map(relations.map((relation) => [relation.name, relation])),
    preferred: { "identity.users": { id: userId }, "organizations.memberships": { user_id: userId } },
    underWay: new Set(),
  };
  return {
    ensureRow: (table) => inTransaction(making, table, () => ensureRow(making, table)),
    addRow: (table) => inTransaction(making, table, () => insertRow(making, table, AS_IT_IS)),
    spareRow: (table) => inTransaction(making, table, () => spareRow(making, table)),
  };
}

/** What a trigger makes comes with its parent, so there may be a row where there was none; one that is nobody's will not do. */
async function ensureRow(making: Making, table: Relation): Promise<Row> {
  const find = () => findRow(making, table, ownershipOf(making, table));
  const present = await find();
  if (present && present.user_id !== null) return present;
  try {
    return await insertRow(making, table, AS_IT_IS);
  } catch (error) {
    const made = await find();
    if (made) return made;
    throw error;
  }
}

/** Where a trigger gives every parent its row and nobody else may, no key is free: the row that is there stands for a spare one. */
async function spareRow(making: Making, table: Relation): Promise<Row> {
  try {
    return await insertRow(making, table, { ...AS_IT_IS, spare: true });
  } catch (error) {
    const isInserted = Object.values(table.rights).some(({ insert }) => insert.length > 0);
    const present = isInserted ? undefined : await findRow(making, table, ownershipOf(making, table));
    if (present) return present;
    throw error;
  }
}

/** Deferred constraints speak up before the end. */
async function inTransaction(making: Making, table: Relation, work: () => Promise<Row>) {
  await making.admin.query("begin");
  try {
    const row = await work();
    await making.admin.query("set constraints all immediate");
    await making.admin.query("commit");
    return row;
  } catch (error) {
    await making.admin.query("rollback");
    throw error instanceof pg.DatabaseError ? noRow(table, [error.message]) : error;
  }
}

async function insertRow(making: Making, table: Relation, wanted: Wanted): Promise<Row> {
  if (making.underWay.has(table.name)) throw noRow(table, ["its required foreign keys go in a circle"]);
  making.underWay.add(table.name);
  try {
    return await insertByAttempts(making, table, wanted);
  } finally {
    making.underWay.delete(table.name);
  }
}

/** Fills all it can, then only what it must; where a row of the kind is there already, points to rows made for it. */
async function insertByAttempts(making: Making, table: Relation, wanted: Wanted): Promise<Row> {
  const problems: string[] = [];
  let taken = false;
  for (const fresh of [false, true]) {
    if (fresh && (!taken || wanted.depth === FRESH_DEPTH_MAX)) break;
    for (const optional of [true, false]) {
      const made = await insertOnce(making, table, { ...wanted, optional, fresh });
      if (!(made instanceof pg.DatabaseError)) return made;
      problems.push(made.message);
      // A check refuses rows too that point twice to the same row.
      taken ||= ["23505", "23P01", "23514"].includes(made.code ?? "");
    }
  }
  throw noRow(table, problems);
}

async function insertOnce(making: Making, table: Relation, attempt: Attempt): Promise<Row | pg.DatabaseError> {
  const overrides = OVERRIDES[table.name] ?? {};
  const values = table.name === ORGANIZATIONS ? {} : { ...attempt.given, ...ownershipOf(making, table) };
  for (const key of table.foreignKeys) await fillForeignKey(making, table, key, values, attempt);
  // Tables that only grow name a person without a key.
  if (table.tenantColumn && table.columns.some(({ name }) => name === "user_id")) values.user_id ??= making.userId;
  await fillColumns(making, table, values, Object.keys(overrides));
  let made = await tryRow(making, table, values, overrides, attempt.spare);
  for (let repairs = 0; repairs < REPAIRS_MAX && made instanceof pg.DatabaseError; repairs++) {
    const repaired = await satisfyCheck(making, table, values, made, Object.keys(overrides));
    if (!repaired) break;
    made = await tryRow(making, table, values, overrides, attempt.spare);
  }
  return made;
}

async function tryRow(making: Making, table: Relation, values: Row, overrides: Record<string, string>, spare: boolean) {
  await making.admin.query("savepoint row");
  if (SINGLE.has(table.name))
    await making.admin.query(`delete from ${table.name} where organization_id = $1`, [making.tenant.id]);
  try {
    const row = await writeRow(making, table, values, overrides);
    if (spare) await making.admin.query("set constraints all immediate; rollback to savepoint row");
    return row;
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
  const row = await parentRow(making, parent, key, values, { ...attempt, required });
  for (const { name } of row ? open : []) values[name] = row?.[key.parentColumns[key.columns.indexOf(name)] ?? ""];
}

/** A row for a key to point to: one that is there, or one made for it. */
async function parentRow(
  making: Making,
  parent: Relation,
  key: ForeignKey,
  values: Row,
  { required, fresh, depth }: Attempt & { required: boolean },
): Promise<Row | undefined> {
  const given = knownOf(key, values);
  if (required && fresh && parent.name !== ORGANIZATIONS)
    return insertRow(making, parent, { depth: depth + 1, given, spare: false });
  const present = await findRow(making, parent, { ...given, ...ownershipOf(making, parent) });
  if (present || !(required || (fresh && depth === 0))) return present;
  return insertRow(making, parent, { depth, given, spare: false });
}

/** What the row that a key points to has to have, as far as the key's columns have a value already. */
function knownOf({ columns, parentColumns }: ForeignKey, values: Row): Row {
  const known = columns.flatMap((name, index) => (name in values ? [[parentColumns[index], values[name]]] : []));
  return Object.fromEntries(known);
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
