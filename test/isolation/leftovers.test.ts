import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatch } from "../../kernel/database/batch.ts";
import { RUNTIME_ROLES, roleName } from "../../kernel/database/roles.ts";
import type { Permission } from "../../kernel/database/types.gen.ts";
import { enterStep } from "../../kernel/tenancy/context.ts";
import { queryText, transaction } from "../../kernel/tenancy/transaction.ts";
import {
  backendOf,
  contextOf,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  testServer,
} from "../harness.ts";

// What one request leaves to the next on the same connection: the pool of each role has only one.

const server = await createScratchDatabase();
const database = openTestDatabase(server, RUNTIME_ROLES.length);
const admin = await openAdmin(server);
const tenant = await createTenant(database);
const context = contextOf(database, tenant);

const CONTEXT = {
  text: `select kernel.organization_id() as organization, kernel.user_id() as user, kernel.customer_ids() as customers,
    kernel.request() as request, (select count(*)::int from organizations.roles) as rows`,
};
const NOTHING = { organization: null, user: null, customers: null, request: {}, rows: 0 };

/** Borrows the connection, and looks at it before anyone enters. */
async function nextBorrowerSees(): Promise<{ pid: number; seen: unknown }> {
  return database.lend("member", async (client) => {
    assert.equal(client.getTransactionStatus(), "I");
    const { rows } = await client.query("select pg_backend_pid() as pid");
    return { pid: rows[0].pid, seen: (await client.query(CONTEXT)).rows[0] };
  });
}

/** Transactions and locks that are left open in this database, by anyone but the asking connection. */
async function leftOpen(): Promise<unknown[]> {
  const { rows } = await admin.query(
    `select state, query from pg_stat_activity where datname = current_database() and usename = $1 and state <> 'idle'
     union all select mode, locktype from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
       where pid <> pg_backend_pid() and locktype <> 'virtualxid' and pid in (select pid from pg_stat_activity where usename = $1)`,
    [roleName(testServer.prefix, "member")],
  );
  return rows;
}

function insertTag(name: string) {
  return { text: "insert into organizations.tags (organization_id, name) values ($1, $2)", values: [tenant.id, name] };
}

const ENDINGS: Record<string, () => Promise<unknown>> = {
  "a commit": () => queryText(context, CONTEXT),
  "a statement that fails": () => queryText(context, { text: "select 1 / 0" }),
  "a statement that does not parse": () => queryText(context, { text: "selec" }),
  "a refused entry": () => queryText({ ...context, permission: "no.such" as string as Permission }, CONTEXT),
  "an error in the middle of a transaction": () =>
    transaction(context, async (tx) => {
      await tx.query(insertTag("thrown").text, insertTag("thrown").values);
      throw new Error("changed my mind");
    }),
  "a swallowed error": () =>
    transaction(context, async (tx) => void (await tx.query("select 1 / 0").catch(() => undefined))),
  "a statement that is timed out": () =>
    transaction(context, async (tx) => {
      await tx.query("set local statement_timeout = '20ms'");
      await tx.query("select pg_sleep(60)");
    }),
  "a caller who goes away": () => {
    const caller = new AbortController();
    return transaction({ ...context, signal: caller.signal }, async (tx) => {
      await tx.query("select 1");
      queueMicrotask(() => caller.abort());
      await tx.query("select pg_sleep(60)");
    });
  },
  "a connection that is killed": () =>
    transaction(context, async (tx) => {
      const [row] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      await admin.query("select pg_terminate_backend($1, 5000)", [row?.pid]);
      await tx.query("select 1");
    }),
  "a transaction that is left idle until it is ended": () =>
    transaction(context, async (tx) => {
      await tx.query("set local idle_in_transaction_session_timeout = '20ms'");
      const [row] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      await gone(row?.pid);
      await tx.query("select 1");
    }),
  "a transaction that resets its settings": () => transaction(context, (tx) => tx.query("reset all")),
  "a connection that is given back inside of a transaction": async () => {
    const pid = await database.lend("member", async (client) => {
      await runBatch(client, [{ text: "begin" }, enterStep(context), insertTag("forgotten")]);
      return backendOf(client);
    });
    await gone(pid);
  },
};

/** Resolves when a connection is no more. */
async function gone(pid: number | undefined): Promise<void> {
  const there = () => admin.query("select from pg_stat_activity where pid = $1", [pid]);
  while ((await there()).rowCount !== 0);
}

for (const [ending, end] of Object.entries(ENDINGS)) {
  test(`the next borrower finds nothing left by ${ending}`, async () => {
    await end().catch(() => undefined);
    assert.deepEqual((await nextBorrowerSees()).seen, NOTHING);
    assert.deepEqual(await leftOpen(), []);
    assert.equal((await admin.query("select from organizations.tags")).rowCount, 0);
  });
}

test("the same connection serves one organization after another, and each sees its own", async () => {
  const tenants = [tenant, await createTenant(database), await createTenant(database)];
  const pids = new Set<number>();
  for (const one of [...tenants, ...tenants]) {
    const text = "select string_agg(distinct organization_id::text, ',') from organizations.roles";
    assert.equal(await queryText(contextOf(database, one), { text, fixed: true }), one.id);
    pids.add((await nextBorrowerSees()).pid);
  }
  assert.equal(pids.size, 1);
});

test("fixed statements that differ in one letter are not taken for each other", async () => {
  const texts = ["select 'a'::text", "select 'b'::text", "select 'a'::text ", "SELECT 'a'::text"];
  const answers = [];
  for (const text of [...texts, ...texts]) answers.push(await queryText(context, { text, fixed: true }));
  assert.deepEqual(answers, ["a", "b", "a", "a", "a", "b", "a", "a"]);
});

for (const text of ["deallocate all", "discard all"]) {
  test(`a connection whose prepared statements were dropped by \`${text}\` is replaced`, async () => {
    await queryText(context, CONTEXT);
    const before = await nextBorrowerSees();
    await database.lend("member", (client) => client.query(text));
    await assert.rejects(queryText(context, CONTEXT), { code: "26000" });
    assert.notEqual((await nextBorrowerSees()).pid, before.pid);
    assert.notEqual(await queryText(context, CONTEXT), null);
  });
}

test("a whole `set` from outside, for the session, would stay with the connection: there is none", async () => {
  await transaction(context, (tx) => tx.query(`set tenon.organization_id = '${tenant.id}'`));
  assert.notDeepEqual((await nextBorrowerSees()).seen, NOTHING);
  await assert.rejects(queryText(context, CONTEXT), { code: "TN005" });
  await database.lend("member", (client) => client.query("reset tenon.organization_id"));
  assert.deepEqual((await nextBorrowerSees()).seen, NOTHING);
});
