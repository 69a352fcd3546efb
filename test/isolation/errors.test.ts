import assert from "node:assert/strict";
import { test } from "node:test";
import { createScratchDatabase, openAdmin, openTestDatabase } from "../harness.ts";
import { actorsInside, createCast, type Outcome } from "./actors.ts";

// An error's text quotes the value it failed on. Whose value?

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const ours = await createCast(admin, database);
const theirs = await createCast(admin, database);
const member = actorsInside(admin, database, ours).find(({ role }) => role === "member");

await admin.query("insert into organizations.tags (organization_id, name) values ($1, '7'), ($2, 'foreign-secret')", [
  ours.tenant.id,
  theirs.tenant.id,
]);
// With what it now knows of so small a table, the planner reads all of it and tests the cheapest condition first.
await admin.query("analyze organizations.tags");

const CONDITIONS = [
  "name::int = 7",
  "name::jsonb is not null",
  "name::uuid is null or true",
  "1 / (length(name) - length('foreign-secret')) < 1",
  "case when length(name) > 3 then name::int = 1 else true end",
  "exists (select from organizations.tags inner_tags where inner_tags.name::int = 7)",
];

async function search(relation: string, condition: string): Promise<Outcome> {
  assert.ok(member);
  return member.attempt(`select name from ${relation} where ${condition}`);
}

for (const condition of CONDITIONS) {
  test(`under row-level security ${condition} meets no value of another organization`, async () => {
    const { code, message, rows } = await search("organizations.tags", condition);
    assert.ok(!message?.includes("foreign"), message);
    assert.notEqual(code, "22012", "a division by zero tells that the other row was read");
    assert.ok(rows.every(([name]) => name === "7"));
  });
}

test("one's own value may stand in an error's text", async () => {
  const { code, message } = await search("organizations.tags", "name::int = 7 and (name || 'x')::int = 7");
  assert.deepEqual([code, message], ["22P02", 'invalid input syntax for type integer: "7x"']);
});

test("in a search view a condition that can fail quotes another organization's value, so the kernel builds none that can", async () => {
  const { code, message, rows } = await search("organizations.tags_search", "name::int = 7");
  assert.deepEqual([code, message], ["22P02", 'invalid input syntax for type integer: "foreign-secret"']);
  assert.deepEqual(rows, []);
});

for (const condition of [
  "name ilike '%e%'",
  "name ilike '%7%'",
  "lower(name) = '7'",
  "name_key like '%s%'",
  "array[name] && '{7}'",
  "name ~ '^[f7]'",
]) {
  test(`in a search view ${condition}, which cannot fail, finds one's own rows only`, async () => {
    const { code, rows } = await search("organizations.tags_search", condition);
    assert.equal(code, undefined);
    assert.ok(rows.every(([name]) => name === "7"));
  });
}

test("a refused row is not quoted, and a taken name is taken in one's own organization only", async () => {
  const insert = (organization: string, name: string) =>
    member?.attempt("insert into organizations.tags (organization_id, name) values ($1, $2)", [organization, name]);
  const foreign = await insert(theirs.tenant.id, "foreign-secret");
  assert.deepEqual(
    [foreign?.code, foreign?.message],
    ["42501", 'new row violates row-level security policy for table "tags"'],
  );
  assert.equal((await insert(ours.tenant.id, "foreign-secret"))?.code, undefined);
  assert.equal((await insert(ours.tenant.id, "7"))?.code, "23505");
});
