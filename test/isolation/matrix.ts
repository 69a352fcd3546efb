import type pg from "pg";
import type { Actor, Outcome } from "./actors.ts";
import type { Relation, Rights } from "./catalog.ts";
import type { Row } from "./making.ts";

/** Two organizations with rows everywhere, and everyone who tries to reach from the one into the other. */
export type Scene = {
  ownId: string;
  otherId: string;
  inside: Actor[];
  outside: Actor[];
  /** By table: a row of each organization that could be inserted. */
  spareRows: Map<string, { own: Row; other: Row }>;
};

/** Tables without an organization whose rows are the same for everyone, and who may read them. */
const READ_BY_EVERYONE: Record<string, Actor["role"][]> = { "organizations.permissions": ["member", "steward"] };

/** Roles that see whatever of their organization they were granted; of the others each sees only some rows. */
const SEEING_ROLES: Actor["role"][] = ["member", "own", "steward", "worker"];

const DENIED = "42501";
const APPEND_ONLY = "23001";

/** Tries everything on each table as each role, and returns a sentence for each thing that was seen, touched or not refused. */
export async function findLeaks(scene: Scene, relations: Relation[]): Promise<string[]> {
  const leaks: string[] = [];
  for (const relation of relations) {
    const inside = scene.inside.map((actor) => tryInside(scene, actor, relation));
    const outside = scene.outside.map((actor) => tryOutside(scene, actor, relation));
    leaks.push(...(await Promise.all([...inside, ...outside])).flat());
  }
  return leaks;
}

/** How many rows of a relation are the organization's, or are there at all where rows belong to none. */
export async function countRows(admin: pg.Client, relation: Relation, organizationId: string): Promise<number> {
  const { rows } = await admin.query<{ count: number }>(
    `select count(*)::int as count from ${relation.name} where ${belongsTo(relation, "=", "$1")}`,
    [organizationId],
  );
  return rows[0]?.count ?? 0;
}

async function tryInside(scene: Scene, actor: Actor, relation: Relation): Promise<string[]> {
  const { ownId, otherId } = scene;
  const { name } = relation;
  const rights = relation.rights[actor.role];
  const theirs = belongsTo(relation, "<>", "$1");
  const seen = await actor.attempt(`select count(*) from ${name} where ${theirs}`, [ownId]);
  const leaks = [nothingSeen(seen, mayReadAll(relation, actor))];
  if (!isReachable(rights)) return say(actor, relation, leaks);

  if (relation.tenantColumn && rights.select && SEEING_ROLES.includes(actor.role)) {
    leaks.push(
      somethingSeen(
        await actor.attempt(`select count(*) from ${name} where ${belongsTo(relation, "=", "$1")}`, [ownId]),
      ),
    );
  }
  if (mayChange(relation)) {
    const { tenantColumn } = relation;
    const change = `update ${name} set ${someColumn(relation, rights)} = default`;
    leaks.push(
      refused("insert", await tryInsert(actor, relation, scene.spareRows.get(name)?.other ?? {}, otherId)),
      untouched("update", await actor.attempt(`${change} where ${theirs}`, [ownId])),
      untouched("delete", await actor.attempt(`delete from ${name} where ${theirs}`, [ownId])),
    );
    if (tenantColumn) leaks.push(unmoved(await actor.attempt(`update ${name} set ${tenantColumn} = $1`, [otherId])));
  }
  if (canInsert(relation, rights)) {
    leaks.push(accepted(await tryInsert(actor, relation, scene.spareRows.get(name)?.own ?? {}, ownId)));
  }
  return say(actor, relation, leaks);
}

/** Without a condition, so that only the policy for the very command stands between. */
async function tryOutside(scene: Scene, actor: Actor, relation: Relation): Promise<string[]> {
  const { name } = relation;
  const rights = relation.rights[actor.role];
  if (!isReachable(rights)) return [];

  const leaks = [nothingSeen(await actor.attempt(`select count(*) from ${name}`), mayReadAll(relation, actor))];
  if (mayChange(relation)) {
    leaks.push(
      refused("insert", await tryInsert(actor, relation, scene.spareRows.get(name)?.own ?? {}, scene.ownId)),
      untouched("update", await actor.attempt(`update ${name} set ${someColumn(relation, rights)} = default`)),
      untouched("delete", await actor.attempt(`delete from ${name}`)),
    );
  }
  return say(actor, relation, leaks);
}

/** Where a role was granted nothing, that its select is denied says it all, inside and outside. */
function isReachable(rights: Rights): boolean {
  return rights.select || rights.delete || rights.insert.length > 0 || rights.update.length > 0;
}

/** PostgreSQL itself refuses to change what is worked out. */
function mayChange({ kind }: Relation): boolean {
  return kind !== "materialized view" && kind !== "computed view";
}

function canInsert({ kind, tenantColumn }: Relation, rights: Rights): boolean {
  return kind === "table" && tenantColumn !== null && rights.insert.length > 0;
}

function mayReadAll(relation: Relation, actor: Actor): boolean {
  return READ_BY_EVERYONE[relation.name]?.includes(actor.role) ?? false;
}

/** A condition on the organization of a row; where rows belong to none, each is somebody else's. */
function belongsTo({ tenantColumn }: Relation, operator: "=" | "<>", value: string): string {
  return tenantColumn ? `${tenantColumn} ${operator} ${value}` : `${value}::text is not null`;
}

/** A column to change without reading it, as reading would bring in the policy for select: best one that has a default. */
function someColumn({ columns }: Relation, rights: Rights): string {
  const changeable = columns.filter(({ name }) => rights.update.includes(name));
  const column = changeable.find(({ hasDefault }) => hasDefault) ?? changeable[0] ?? columns[0];
  return `"${column?.name}"`;
}

function tryInsert(actor: Actor, relation: Relation, row: Row, organizationId: string): Promise<Outcome> {
  const { name, columns, tenantColumn } = relation;
  const tenant = tenantColumn ?? columns[0]?.name ?? "";
  const granted = relation.rights[actor.role].insert;
  const names = (granted.length > 0 ? granted : [tenant]).map((column) => `"${column}"`).join(", ");
  const values = JSON.stringify(tenantColumn ? { ...row, [tenantColumn]: organizationId } : row);
  return actor.attempt(
    `insert into ${name} (${names}) select ${names} from jsonb_populate_record(null::${name}, $1::jsonb)`,
    [values],
  );
}

function nothingSeen({ code, message, rows }: Outcome, mayReadAll: boolean): string | undefined {
  if (code !== undefined) return code === DENIED ? undefined : `select failed with ${code} ${message}`;
  const count = Number(rows[0]?.[0]);
  return count === 0 || mayReadAll ? undefined : `select saw ${count} foreign rows`;
}

function somethingSeen({ code, message, rows }: Outcome): string | undefined {
  if (code !== undefined) return `select of its own rows failed with ${code} ${message}`;
  return Number(rows[0]?.[0]) > 0 ? undefined : "select saw none of its own rows";
}

function refused(operation: string, { code, message, touched }: Outcome): string | undefined {
  if (code === DENIED) return undefined;
  return code
    ? `${operation} was stopped only by ${code} ${message}`
    : `${operation} of a foreign row wrote ${touched} rows`;
}

function untouched(operation: string, { code, message, touched }: Outcome): string | undefined {
  if (code === DENIED || (code === undefined && touched === 0)) return undefined;
  return code ? `${operation} was stopped only by ${code} ${message}` : `${operation} touched ${touched} foreign rows`;
}

function unmoved(outcome: Outcome): string | undefined {
  if (outcome.code === APPEND_ONLY) return undefined;
  return untouched("moving", outcome);
}

function accepted({ code, message }: Outcome): string | undefined {
  return code
    ? `insert of its own row failed with ${code} ${message}, so that a foreign one is refused proves nothing`
    : undefined;
}

function say(actor: Actor, relation: Relation, leaks: (string | undefined)[]): string[] {
  return leaks.filter((leak) => leak !== undefined).map((leak) => `${relation.name}, ${actor.name}: ${leak}`);
}
