import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { openAdmin } from "../harness.ts";
import { codesIn, faultsOf, missingFrom, namedIn, rowsOf } from "./from-the-seeds.ts";
import { SYSTEMS } from "./seed-columns.ts";

const FOLDER = new URL("../../docs/from-the-seeds/", import.meta.url);
const documents = new Map(
  readdirSync(FOLDER).map((file) => [file.replace(/\.md$/, ""), readFileSync(new URL(file, FOLDER), "utf8")]),
);
const admin = await openAdmin();

// Everything that has a name: tables and views, columns with their defaults and what checks of them allow, constraints,
// triggers, policies, indexes and functions.
const PLACES = `
  with schemas as (
    select oid, nspname as name from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'extensions')
  ), relations as (
    select c.oid, s.name || '.' || c.relname as name, c.relkind as kind from pg_class c join schemas s on s.oid = c.relnamespace
  ), columns as (
    select a.attrelid as oid, a.attnum as number, r.name || '.' || a.attname as name
    from pg_attribute a join relations r on r.oid = a.attrelid
    where r.kind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
  )
  select name from relations where kind in ('r', 'p', 'v', 'i', 'I')
  union all select name from columns
  union all select c.name || ' default ' || pg_get_expr(d.adbin, d.adrelid)
    from columns c join pg_attrdef d on d.adrelid = c.oid and d.adnum = c.number
  union all select c.name || ' = ' || pg_get_constraintdef(k.oid)
    from columns c join pg_constraint k on k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[c.number]
  union all select r.name || '.' || k.conname from pg_constraint k join relations r on r.oid = k.conrelid
  union all select r.name || '.' || t.tgname from pg_trigger t join relations r on r.oid = t.tgrelid where not t.tgisinternal
  union all select r.name || '.' || p.polname from pg_policy p join relations r on r.oid = p.polrelid
  union all select s.name || '.' || p.proname from pg_proc p join schemas s on s.oid = p.pronamespace`;
const { rows: found } = await admin.query<{ name: string }>(PLACES);
const places = new Set(found.map(({ name }) => name));

for (const [name, text] of documents) {
  test(`each place that docs/from-the-seeds/${name}.md names is there, and what has none says why`, () => {
    const known = new Set([...places, ...namedIn(text, "permission")]);
    const reasons = rowsOf(text).flatMap(({ why }) => codesIn(why));
    const unknown = reasons.filter((code) => /^[a-z_]+\.\w+/.test(code) && !known.has(code));
    assert.deepEqual([...faultsOf(rowsOf(text), places), ...unknown], []);
  });

  test(`docs/from-the-seeds/${name}.md names every table and column of its system`, () => {
    assert.deepEqual(missingFrom(rowsOf(text), SYSTEMS[name] ?? {}), []);
  });
}

test("each system has its document, which the index names", () => {
  assert.deepEqual([...documents.keys()].sort(), Object.keys(SYSTEMS).sort());
  const index = readFileSync(new URL("../from-the-seeds.md", FOLDER), "utf8");
  for (const name of documents.keys()) assert.match(index, new RegExp(`\\(from-the-seeds/${name}\\.md\\)`));
});

test("the roles and permissions that the documents name are there", async () => {
  const text = [...documents.values()].join("\n");
  for (const [kind, table] of [
    ["role", "role_templates"],
    ["permission", "permissions"],
  ] as const) {
    const { rows } = await admin.query<{ name: string }>(`select name from organizations.${table}`);
    const known = new Set(rows.map(({ name }) => name));
    assert.ok(namedIn(text, kind).length > 0);
    assert.deepEqual(
      namedIn(text, kind).filter((name) => !known.has(name)),
      [],
    );
  }
});

test("a place that is not there, a value that no check allows and a missing reason are found", () => {
  const known = new Set([
    "a.b",
    "a.b.c",
    "a.b.c = CHECK ((c = ANY (ARRAY['one', 'two_three'])))",
    "a.b.c default 'one'",
  ]);
  const row = (ours: string, why = "") => rowsOf(`## \`t\`\n| \`x\` | ${ours} | ${why} |`);
  const faults = (ours: string, why?: string) => faultsOf(row(ours, why), known);
  assert.deepEqual(faults("`a.b.c`, `a.b.c = one`, `a.b.c = two_three`, `a.b.c default 'one'`"), []);
  assert.deepEqual(faults("—", "nobody asks for it"), []);
  assert.deepEqual(faults("`a.b.d`"), ["t, `x`: a.b.d does not exist"]);
  assert.deepEqual(faults("`a.b.c = two`"), ["t, `x`: a.b.c = two does not exist"]);
  assert.deepEqual(faults("`a.b.c default two`"), ["t, `x`: a.b.c default two does not exist"]);
  assert.deepEqual(faults("—"), ["t, `x`: does not say why it has no place"]);
  assert.deepEqual(faults("later"), ["t, `x`: names no place"]);
  assert.deepEqual(missingFrom(row("`a.b`"), { t: "x y", u: "z" }), ["t.y is not named", "u is not named"]);
});
