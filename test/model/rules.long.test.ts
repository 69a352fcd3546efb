import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { createScratchDatabase, createTenant, openAdmin, openTestDatabase } from "../harness.ts";
import { candidateValues, randomStart } from "../isolation/candidates.ts";
import { type Column, parentsFirst, type Relation, readRelations } from "../isolation/catalog.ts";
import type { Row } from "../isolation/making.ts";
import { createRowMaker } from "../isolation/rows.ts";

// Every rule that the catalog names is broken once on a row that keeps all rules, and the refusal has to name the rule:
// checks, keys, exclusions and orders of states. A new one takes part by existing.

const CHECK_VIOLATION = "23514";
const UNIQUE_VIOLATION = "23505";
const EXCLUSION_VIOLATION = "23P01";
const WRONG_STEP = "23001";
const TRIES_MAX = 5000;
const HUGE_TEXT_LENGTH = 17_000_000;
const LONG_BYTES = [3000, 4_194_305];
const LONG_TEXT_LENGTHS = [51, 101, 201, 301, 501, 1001, 2001, 5001, 20_001, 50_001, 100_001, 1_000_001];

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const tenant = await createTenant(database);
const relations = await readRelations(admin);
const tables = parentsFirst(relations).filter(({ kind }) => kind === "table");
const rows = createRowMaker(admin, relations, tenant, tenant.owner.userId);
const samples = new Map<string, Row>();
for (const table of tables) samples.set(table.name, await rows.ensureRow(table));

type Constraint = {
  table: string;
  name: string;
  kind: "c" | "u" | "p" | "x";
  columns: string[];
  condition: string;
  definition: string;
};

async function readConstraints(kinds: string[]): Promise<Constraint[]> {
  const { rows: found } = await admin.query<Constraint>(
    `select k.conrelid::regclass::text as table, k.conname as name, k.contype as kind, pg_get_expr(k.conbin, k.conrelid) as condition,
            pg_get_constraintdef(k.oid) as definition,
            array(select attname::text from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey) order by attnum) as columns
     from pg_constraint k join pg_class c on c.oid = k.conrelid
     where k.contype = any ($1) and not c.relispartition and k.conrelid <> 0
       and c.relnamespace::regnamespace::text !~ '^(pg_|information_schema|extensions)' order by 1, 2`,
    [kinds],
  );
  return found;
}

/** Where a rule stands alone. */
const ALONE = "pg_temp.alone";

/** Does something while one rule stands alone on a table like its own, so that no other refuses first. */
async function alone<T>(table: string, rule: string, work: () => Promise<T>): Promise<T> {
  await admin.query("begin");
  try {
    await admin.query(`create temporary table alone (like ${table} including generated)`);
    await admin.query(rule);
    return await work();
  } finally {
    await admin.query("rollback");
  }
}

async function refusalOf(text: string, values: unknown[] = []): Promise<pg.DatabaseError | undefined> {
  await admin.query("savepoint attempt");
  try {
    await admin.query(text, values);
    await admin.query("set constraints all immediate; rollback to savepoint attempt");
    return undefined;
  } catch (error) {
    await admin.query("rollback to savepoint attempt");
    if (error instanceof pg.DatabaseError) return error;
    throw error;
  }
}

/** Values of a column, of which some surely break a check: too long, too many, below, above, of another form. */
function badValues(column: Column): unknown[] {
  const isList = column.category === "A";
  const long = LONG_TEXT_LENGTHS.map((length) => "x".repeat(length));
  const usual = candidateValues(column, 0, randomStart());
  if (isList) {
    const element = usual.flat()[0] ?? "192.0.2.1";
    return [[], Array.from({ length: 60 }, () => element), ["no such thing"], null];
  }
  if (/jsonb?/.test(column.type)) {
    const large = long.map((text) => ({ text }));
    return [
      {},
      [],
      "x",
      { lane: "" },
      ...large,
      Array.from({ length: 10_001 }, () => 1),
      null,
      ["x".repeat(HUGE_TEXT_LENGTH)],
    ];
  }
  if (column.type === "uuid") return [tenant.id, null, ...usual];
  if (column.type === "bytea")
    return ["\\x", "\\x00", null, ...usual, ...LONG_BYTES.map((length) => `\\x${"00".repeat(length)}`)];
  if (column.category === "S") return ["", "no such thing", "-", ...long.slice(0, 1), null, ...usual, ...long.slice(1)];
  if (column.category === "N") return [-1, 0, 1, 2, 7, 21, 101, 1441, 32_000, 1_000_001, 4e18, null, ...usual];
  if (column.category === "D") return ["2001-01-02T00:00:00Z", "2040-02-03T00:00:00Z", null, ...usual];
  return [null, ...usual];
}

/** Rows that might break the rule, made by trying values of its columns together. */
function* combinations(columns: Column[]): Generator<Row> {
  const [first, ...rest] = columns;
  if (!first) return yield {};
  // What may not be null at all would be refused for that.
  const values = badValues(first).filter((value) => value !== null || !first.notNull);
  for (const value of values) for (const row of combinations(rest)) yield { [first.name]: value, ...row };
}

async function breakCheck(relation: Relation, check: Constraint): Promise<pg.DatabaseError | undefined> {
  const columns = relation.columns.filter(({ name, generated }) => check.columns.includes(name) && !generated);
  let tries = 0;
  for (const bad of combinations(columns)) {
    if (++tries > TRIES_MAX) return undefined;
    const { rows: found } = await admin
      .query<{ is_bad: boolean }>(
        `select (${check.condition}) is false as is_bad from jsonb_populate_record(null::${relation.name}, $1::jsonb)`,
        [JSON.stringify({ ...samples.get(relation.name), ...bad })],
      )
      .catch(() => ({ rows: [] }));
    if (!found[0]?.is_bad) continue;
    return alone(check.table, ruleOf(check), () => refusalOf(...copyOf(relation, bad)));
  }
  return undefined;
}

function ruleOf({ name, definition }: Constraint): string {
  return `alter table ${ALONE} add constraint "${name}" ${definition}`;
}

/** The statement that copies the table's row, with some changes, to where a rule stands alone. */
function copyOf(relation: Relation, changes: Row): [text: string, values: unknown[]] {
  const names = relation.columns.filter(({ generated }) => !generated).map(({ name }) => `"${name}"`);
  return [
    `insert into ${ALONE} (${names.join(", ")})
     select ${names.join(", ")} from jsonb_populate_record(null::${relation.name}, $1::jsonb)`,
    [JSON.stringify({ ...samples.get(relation.name), ...changes })],
  ];
}

const byName = new Map(tables.map((table) => [table.name, table]));

test("every check refuses a row that breaks it", { concurrency: false }, async () => {
  const kept: string[] = [];
  for (const check of await readConstraints(["c"])) {
    const relation = byName.get(check.table);
    if (!relation) continue;
    const columns = relation.columns.filter(({ name }) => check.columns.includes(name));
    if (columns.every(({ generated }) => generated)) continue;
    const refusal = await breakCheck(relation, check);
    if (refusal?.code !== CHECK_VIOLATION || refusal.constraint !== check.name)
      kept.push(`${check.table}, ${check.name}: ${refusal?.message ?? "nothing was refused"}: ${check.condition}`);
  }
  assert.deepEqual(kept, []);
});

test("every key and every exclusion refuses a second row like the first", async () => {
  const taken: string[] = [];
  for (const key of await readConstraints(["u", "p", "x"])) {
    const relation = byName.get(key.table);
    const sample = samples.get(key.table);
    if (!relation || !sample) continue;
    // A key with an empty column holds for no row: it is filled with something of its own kind first.
    const filled = Object.fromEntries(
      relation.columns
        .filter(({ name, generated }) => key.columns.includes(name) && sample[name] === null && !generated)
        .map((column) => [
          column.name,
          column.type === "uuid" ? tenant.id : candidateValues(column, 0, randomStart())[0],
        ]),
    );
    const refusal = await alone(key.table, ruleOf(key), async () => {
      await admin.query(...copyOf(relation, filled));
      return refusalOf(...copyOf(relation, filled));
    });
    const wanted = key.kind === "x" ? EXCLUSION_VIOLATION : UNIQUE_VIOLATION;
    if (refusal?.code !== wanted) taken.push(`${key.table}, ${key.name}: ${refusal?.message ?? "nothing was refused"}`);
  }
  assert.deepEqual(taken, []);
});

type Order = { table: string; name: string; definition: string };

test("every order of states refuses each wrong step and names the right ones", async () => {
  const { rows: orders } = await admin.query<Order>(
    `select tgrelid::regclass::text as table, tgname as name, pg_get_triggerdef(oid) as definition
     from pg_trigger where tgfoid = 'kernel.refuse_wrong_step()'::regprocedure order by 1, 2`,
  );
  assert.ok(orders.length > 10);
  for (const order of orders) {
    const [, called = "", text = "{}", column = ""] =
      /refuse_wrong_step\('(.*?)', '(.*?)', '(.*?)'\)/.exec(order.definition) ?? [];
    const steps = new Map(Object.entries(JSON.parse(text) as Record<string, string[]>));
    const relation = byName.get(order.table);
    assert.ok(relation);
    await alone(order.table, order.definition.replace(` ON ${order.table} `, ` ON ${ALONE} `), async () => {
      await admin.query(...copyOf(relation, {}));
      for (const [was, allowed] of steps) {
        await admin.query(`alter table ${ALONE} disable trigger ${order.name}`);
        await admin.query(`update ${ALONE} set ${column} = $1`, [was]);
        await admin.query(`alter table ${ALONE} enable trigger ${order.name}`);
        for (const becomes of steps.keys()) await tryStep({ ...order, called, column }, { was, becomes, allowed });
      }
    });
  }
});

type Step = { was: string; becomes: string; allowed: string[] };

async function tryStep({ table, called, column }: Order & { called: string; column: string }, step: Step) {
  const { was, becomes, allowed } = step;
  const refusal = await refusalOf(`update ${ALONE} set ${column} = $1`, [becomes]);
  const isRight = becomes === was || allowed.includes(becomes);
  const hint = allowed.length === 0 ? "It is final." : `It can become ${allowed.join(" or ")}.`;
  assert.deepEqual(
    refusal && { code: refusal.code, message: refusal.message, hint: refusal.hint },
    isRight ? undefined : { code: WRONG_STEP, message: `${called} that is ${was} cannot become ${becomes}`, hint },
    `${table}: ${was} → ${becomes}`,
  );
}
