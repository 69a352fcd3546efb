import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerEvent } from "../../../kernel/http/route.ts";
import { queryText } from "../../../kernel/tenancy/transaction.ts";
import {
  addMember,
  adminOf,
  type ContextOverrides,
  contextOf,
  createScratchDatabase,
  createTenant,
  openTestDatabase,
  type Person,
  type Tenant,
} from "../../../test/harness.ts";
import { followChanges } from "./follow.ts";
import { isPermitted } from "./kinds.ts";

/** One of its own: what other tests write would be too much to be told. */
const database = openTestDatabase(await createScratchDatabase());
const admin = await adminOf(database);

type Heard = { id?: string; event: string; resource?: { type: string; id: string }; operation?: string };
type Line = { events: AsyncIterator<ServerEvent>; leave: AbortController; lastId: string };

async function listen(
  tenant: Tenant,
  own: ContextOverrides & { lastEventId?: string; checkMs?: number } = {},
): Promise<Line> {
  const { lastEventId, checkMs = 1_000_000, ...overrides } = own;
  const leave = new AbortController();
  const context = contextOf(database, tenant, { permission: "member.read", signal: leave.signal, ...overrides });
  const { events } = await followChanges(context, { lastEventId, seconds: 1_000 }, { heartbeatMs: 50, checkMs });
  return { events: events[Symbol.asyncIterator](), leave, lastId: "" };
}

/** The next event; ids by themselves are noted. */
async function nextOf(line: Line): Promise<Heard | "the end"> {
  for (;;) {
    const { value, done } = await line.events.next();
    if (done) return "the end";
    if (value === "heartbeat") continue;
    if (value.id !== undefined) line.lastId = value.id;
    if ("event" in value) return { id: value.id, event: value.event, ...JSON.parse(value.json) };
  }
}

/** The next event about one of these rows: what came within the second before is told too. */
async function nextAbout(line: Line, ...ids: string[]): Promise<Heard> {
  for (;;) {
    const heard = await nextOf(line);
    if (heard === "the end" || heard.event === "reset") assert.fail("It was not told.");
    if (ids.includes(heard.resource?.id ?? "")) return heard;
  }
}

/** Resolves when the line says from where one goes on. */
async function untilOpen(line: Line): Promise<Line> {
  const { value } = await line.events.next();
  line.lastId = value.id;
  return line;
}

async function makeTag(tenant: Tenant, name: string): Promise<string> {
  const text = "insert into organizations.tags (organization_id, name) values ($1, $2) returning id::text";
  const context = contextOf(database, tenant, {
    operation: "organizations.tag.create",
    permission: "organization.tag.write",
  });
  return (await queryText(context, { text, values: [tenant.id, name] })) ?? assert.fail();
}

async function makeCustomer(tenant: Tenant, person: Person = tenant.owner): Promise<string> {
  const text = "insert into crm.customers (organization_id, name) values ($1, 'Secret name') returning id::text";
  const context = contextOf(database, tenant, {
    operation: "crm.customer.create",
    permission: "crm.customer.write",
    person,
  });
  return (await queryText(context, { text, values: [tenant.id] })) ?? assert.fail();
}

test("a change is heard by who may read all of its kind, without values, and in no other organization", async () => {
  const [tenant, other] = [await createTenant(database), await createTenant(database)];
  const viewer = await addMember(admin, database, tenant, "viewer");
  const labeler = await addMember(admin, database, tenant, "labeler");
  const lines = [
    await listen(tenant),
    await listen(tenant, { person: viewer }),
    await listen(tenant, { person: labeler, role: "own" }),
    await listen(other),
  ];
  for (const line of lines) await untilOpen(line);
  const id = await makeCustomer(tenant);
  const tag = await makeTag(tenant, "Tag");
  const foreign = await makeTag(other, "Other");
  const [owners, viewers, labelers, others] = lines as [Line, Line, Line, Line];
  for (const line of [owners, viewers]) {
    const { id: _, ...heard } = await nextAbout(line, id);
    const actor = { kind: "user", user_id: tenant.owner.userId };
    assert.deepEqual(heard, {
      event: "change",
      operation: "crm.customer.create",
      action: "insert",
      resource: { type: "crm.customers", id },
      actor,
    });
    await nextAbout(line, tag);
  }
  // A labeler may not see customers, and hears of tags only where all of the organization may be read.
  assert.equal((await nextAbout(others, id, foreign)).resource?.id, foreign);
  assert.equal(isPermitted("organizations.tags", { "organization.read": "own" }), false);
  for (const line of lines) line.leave.abort();
  for (let heard = await nextOf(labelers); heard !== "the end"; heard = await nextOf(labelers))
    assert.fail("A labeler heard something.");
});

test("whoever comes back is told what came in between, and that something may be missing where it is too much", async () => {
  const tenant = await createTenant(database);
  const line = await untilOpen(await listen(tenant));
  const first = await makeTag(tenant, "First");
  await nextAbout(line, first);
  line.leave.abort();
  // One that began before and is committed after is not forgotten.
  const [second, third] = [await makeTag(tenant, "Second"), await makeTag(tenant, "Third")];
  const back = await listen(tenant, { lastEventId: line.lastId });
  const heard = [await nextAbout(back, second, third), await nextAbout(back, second, third)];
  assert.deepEqual(
    heard.map(({ resource }) => resource?.id),
    [second, third],
  );
  // The one before the last says nothing of where to go on.
  assert.deepEqual(
    heard.map(({ id }) => id !== undefined),
    [false, true],
  );
  back.leave.abort();
  const { rows } = await admin.query("select system_identifier::text as cluster from pg_control_system()");
  for (const lastEventId of ["nonsense", "1.5", `${rows[0]?.cluster}.999999999999`]) {
    const lost = await listen(tenant, { lastEventId });
    assert.equal(((await nextOf(lost)) as Heard).event, "reset", lastEventId);
    lost.leave.abort();
  }
});

test("a transaction that was open while one listened is told when it commits", async () => {
  const tenant = await createTenant(database);
  const line = await untilOpen(await listen(tenant));
  await admin.query("begin");
  const { rows } = await admin.query<{ id: string }>(
    "insert into organizations.tags (organization_id, name) values ($1, 'Early') returning id",
    [tenant.id],
  );
  const late = await makeTag(tenant, "Late");
  await nextAbout(line, late);
  line.leave.abort();
  await admin.query("commit");
  const back = await listen(tenant, { lastEventId: line.lastId });
  await nextAbout(back, rows[0]?.id ?? assert.fail());
  back.leave.abort();
});

test("who is removed hears nothing more, and who was signed out neither", async () => {
  const tenant = await createTenant(database);
  const [removed, demoted, signedOut] = [
    await addMember(admin, database, tenant, "member"),
    await addMember(admin, database, tenant, "member"),
    await addMember(admin, database, tenant, "member"),
  ];
  const lines = [
    await untilOpen(await listen(tenant, { person: removed })),
    await untilOpen(await listen(tenant, { person: demoted })),
  ] as const;
  await admin.query(
    "update organizations.memberships set status = 'suspended' where organization_id = $1 and user_id = $2",
    [tenant.id, removed.userId],
  );
  await admin.query("delete from organizations.member_roles where organization_id = $1 and user_id = $2", [
    tenant.id,
    demoted.userId,
  ]);
  const id = await makeCustomer(tenant);
  for (const line of lines)
    for (let heard = await nextOf(line); heard !== "the end"; heard = await nextOf(line))
      assert.notEqual(heard.resource?.id, id);
  const line = await untilOpen(await listen(tenant, { person: signedOut, checkMs: 10 }));
  await admin.query("delete from identity.user_sessions where user_id = $1", [signedOut.userId]);
  while ((await nextOf(line)) !== "the end");
});

test("a person listens in 20 places at most", async () => {
  const tenant = await createTenant(database);
  const lines = await Promise.all(Array.from({ length: 20 }, () => listen(tenant)));
  await assert.rejects(listen(tenant), { code: "too_busy" });
  const [first, ...others] = lines;
  first?.leave.abort();
  if (first) while ((await nextOf(first)) !== "the end");
  const again = await listen(tenant);
  for (const line of [again, ...others]) {
    line.leave.abort();
    while ((await nextOf(line)) !== "the end");
  }
});

test("every recorded table that members may read has a rule who hears of it", async () => {
  const { rows } = await admin.query<{ name: string }>(
    `select distinct c.oid::regclass::text as name from pg_class c join pg_trigger t on t.tgrelid = c.oid and t.tgname = 'record_insert'
     where has_table_privilege($1, c.oid, 'select')`,
    [database.login("member").user],
  );
  assert.ok(rows.length > 50);
  const all = new Proxy({}, { get: () => "organization" });
  const untold = rows.filter(({ name }) => !isPermitted(name, all)).map(({ name }) => name);
  assert.deepEqual(untold, []);
});

test("nobody hears of what members may not read", async () => {
  const { rows } = await admin.query<{ name: string }>(
    `select distinct c.oid::regclass::text as name from pg_class c join pg_trigger t on t.tgrelid = c.oid and t.tgname = 'record_insert'
     where not has_any_column_privilege($1, c.oid, 'select')`,
    [database.login("member").user],
  );
  const all = new Proxy({}, { get: () => "organization" });
  assert.ok(rows.length > 5);
  const told = rows.filter(({ name }) => isPermitted(name, all)).map(({ name }) => name);
  assert.deepEqual(told, []);
});

test("who comes back after too much has changed is told so, and who listens to it too", async () => {
  const tenant = await createTenant(database);
  const line = await untilOpen(await listen(tenant));
  await admin.query(
    `insert into audit.audit_logs (organization_id, actor_kind, action, resource_type) select $1, 'system', 'insert', 'crm.customers' from generate_series(1, 10001)`,
    [tenant.id],
  );
  const late = await listen(tenant, { lastEventId: line.lastId });
  assert.equal(((await nextOf(late)) as Heard).event, "reset");
  late.leave.abort();
  while (((await nextOf(line)) as Heard).event !== "reset");
  line.leave.abort();
});
