import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIME_ROLES, roleName } from "../../kernel/database/roles.ts";
import { callOutside, transaction } from "../../kernel/tenancy/transaction.ts";
import {
  addMember,
  contextOf,
  createPerson,
  createTenant,
  openAdmin,
  openTestDatabase,
  testServer,
} from "../harness.ts";

// The figures of the views over people, with several of each child, so that nothing is multiplied.

const database = openTestDatabase();
const admin = await openAdmin();

test("organization_members has each member once, with all roles, and only who works there now", async () => {
  const tenant = await createTenant(database);
  const other = await createTenant(database);
  const busy = await addMember(admin, database, tenant, "reviewer", "labeler", "member");
  const none = await addMember(admin, database, tenant);
  const gone = await addMember(admin, database, tenant, "viewer");
  const waiting = await addMember(admin, database, tenant, "viewer");
  await addMember(admin, database, other, "viewer");
  const setStatus =
    "update organizations.memberships set status = $3, left_at = now() where organization_id = $1 and user_id = $2";
  await admin.query(setStatus, [tenant.id, gone.userId, "left"]);
  await admin.query(setStatus, [tenant.id, waiting.userId, "suspended"]);

  const seen = await transaction(contextOf(database, tenant, { permission: "member.read" }), (tx) =>
    tx.query<{ user_id: string; roles: string; email: string }>(
      "select user_id, array_to_json(roles)::text as roles, email from organizations.organization_members order by user_id",
    ),
  );
  const expected = [
    [tenant.owner, ["owner"]],
    [busy, ["labeler", "member", "reviewer"]],
    [none, []],
  ] as const;
  assert.deepEqual(
    seen.map(({ user_id, roles, email }) => [user_id, JSON.parse(roles), email]).sort(),
    expected.map(([person, roles]) => [person.userId, [...roles], person.email]).sort(),
  );
});

test("organization_members shows nothing to who has not entered, and is closed to those who see only a part", async () => {
  assert.deepEqual(
    await database.lend(
      "member",
      async (client) => (await client.query("select * from organizations.organization_members")).rows,
    ),
    [],
  );
  for (const role of ["own", "client", "public", "gate", "dispatcher"] as const) {
    const reading = database.lend(role, (client) => client.query("select * from organizations.organization_members"));
    await assert.rejects(reading, { code: "42501" }, role);
  }
});

async function liveSessions(userId: string): Promise<number> {
  const { rows } = await admin.query(
    "select count(*)::int as count from identity.active_user_sessions where user_id = $1",
    [userId],
  );
  return rows[0].count;
}

test("active_user_sessions leaves out what was revoked, what ran out, and whose person is not active", async () => {
  const person = await createPerson(database);
  const { userId } = person;
  await admin.query(
    `insert into identity.user_sessions (user_id, kind, secret_hash, expires_at, ends_at, revoked_at)
     select $1, 'browser', sha256(n::text::bytea), now() + make_interval(hours => case n when 3 then -1 else 1 end), now() + interval '1 day',
            case n when 2 then now() end
     from generate_series(1, 4) n`,
    [userId],
  );
  assert.equal(await liveSessions(userId), 3);
  const { sessionId, secret } = person.credential;
  const [row] = await callOutside<{ list: string }>(
    database,
    "gate",
    "select identity.list_sessions($1, $2, $3, '{}') as list",
    [userId, sessionId, secret],
  );
  assert.equal(JSON.parse(row?.list ?? "").items.length, 3);
  await admin.query("update identity.users set status = 'suspended' where id = $1", [userId]);
  assert.equal(await liveSessions(userId), 0);
});

test("active_user_sessions holds no hash, and no role that logs in reads it", async () => {
  const { rows } = await admin.query("select * from identity.active_user_sessions limit 1");
  assert.deepEqual(
    Object.keys(rows[0] ?? {}).filter((name) => name.includes("hash")),
    [],
  );
  for (const role of RUNTIME_ROLES) {
    const { rows: granted } = await admin.query(
      "select has_table_privilege($1, 'identity.active_user_sessions', 'select') as may",
      [roleName(testServer.prefix, role)],
    );
    assert.deepEqual(granted, [{ may: false }], role);
  }
});
