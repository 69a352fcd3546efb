import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { adminOf, createPerson, createTenant, type Person } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";

let http: TestHttpServer;
let admin: pg.Client;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
});

const url = "/api/me/profile";
const update = (person: Person, payload: object) => http.ask(person, { method: "PATCH", url, payload });

test("what is given is changed, null empties, and nothing else changes", async () => {
  const person = await createPerson(http.database);
  const username = `u${randomUUID().replaceAll("-", "")}`;
  const changes = {
    full_name: "Ada Lovelace",
    first_name: "Ada",
    username,
    avatar_url: "https://example.com/ada.png",
    timezone: "Europe/Berlin",
    locale: "pt-BR",
    preferences: { theme: "dark" },
  };
  const changed = await update(person, changes);
  assert.equal(changed.statusCode, 200, changed.body);
  const { user_id, email, ...profile } = changed.json();
  assert.deepEqual([user_id, email], [person.userId, person.email]);
  assert.deepEqual({ ...profile, ...changes }, profile);
  const emptied = (await update(person, { first_name: null, avatar_url: null })).json();
  assert.deepEqual(emptied, { ...changed.json(), first_name: null, avatar_url: null });
  assert.deepEqual((await http.ask(person, { url })).json(), emptied);
});

test("colleagues see the new name, and the record says who changed it", async () => {
  const { id, owner } = await createTenant(http.database);
  await update(owner, { full_name: "New Name" });
  const { rows } = await admin.query("select display_name from organizations.memberships where organization_id = $1", [
    id,
  ]);
  assert.deepEqual(rows, [{ display_name: "New Name" }]);
  const entries = await admin.query(
    "select user_id, operation, actor_kind from audit.audit_logs where organization_id = $1 and action = 'update' and resource_type = 'organizations.memberships' order by seq desc limit 1",
    [id],
  );
  assert.deepEqual(entries.rows, [{ user_id: owner.userId, operation: "identity.profile.update", actor_kind: "user" }]);
});

const BAD: Record<string, unknown[]> = {
  full_name: ["", " ", null, "x".repeat(201)],
  first_name: ["", "x".repeat(101)],
  username: ["ab", "-ada", "Ada", "a da", "x".repeat(41)],
  avatar_url: [
    "http://example.com/a.png",
    "javascript:alert(1)",
    "data:image/png,x",
    "/a.png",
    `https://example.com/${"x".repeat(500)}`,
  ],
  timezone: ["Europe/Nowhere", "+01:00", "", "x".repeat(100)],
  locale: ["english language", "e", "", "x-"],
  preferences: [[], "dark", { text: "x".repeat(16 * 1024) }],
};

test("what cannot be is refused by its field", async () => {
  const person = await createPerson(http.database);
  for (const [field, values] of Object.entries(BAD)) {
    for (const value of values) {
      const answer = await update(person, { [field]: value });
      assert.equal(answer.statusCode, 400, `${field} ${JSON.stringify(value)}`);
      assert.equal(answer.json().errors[0].field, field);
    }
  }
  assert.equal((await update(person, { preferences: { text: "x".repeat(16_000) } })).statusCode, 200);
});

test("a username is one person's", async () => {
  const username = `u${randomUUID().replaceAll("-", "")}`;
  const [one, two] = [await createPerson(http.database), await createPerson(http.database)];
  assert.equal((await update(one, { username })).statusCode, 200);
  const answer = await update(two, { username });
  assert.deepEqual([answer.statusCode, answer.json().detail], [409, "This username is taken."]);
});
