import assert from "node:assert/strict";
import { before, test } from "node:test";
import type pg from "pg";
import {
  adminOf,
  contextOf,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Tenant,
} from "../../test/harness.ts";
import { hasState } from "../database/errors.ts";
import { queryText, type Transaction, transaction } from "./transaction.ts";

const database = openTestDatabase();
let admin: pg.Client;
let tenant: Tenant;

before(async () => {
  admin = await openAdmin();
  tenant = await createTenant(database);
});

const TAG_NAMES = {
  text: "select coalesce(json_agg(name order by name), '[]')::text from organizations.tags where organization_id = $1",
};

async function tagNames(of: Tenant): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    "select name from organizations.tags where organization_id = $1 order by name",
    [of.id],
  );
  return rows.map((row) => row.name);
}

function insertTag(tx: Transaction, of: Tenant, name: string) {
  return tx.query("insert into organizations.tags (organization_id, name) values ($1, $2) returning name", [
    of.id,
    name,
  ]);
}

test("one round trip enters, asks and commits, and passes PostgreSQL's JSON on as it is", async () => {
  const json = await queryText(contextOf(database, tenant), { text: "select '{\"n\": 9007199254740993}'" });
  assert.equal(json, '{"n": 9007199254740993}');
});

test("what is refused when it commits is not answered, and nothing of it stays", async () => {
  const own = openTestDatabase(await createScratchDatabase());
  const owner = await adminOf(own);
  await owner.query(`
    create function public.refuse() returns trigger language plpgsql as $$ begin raise 'Too late' using errcode = '23514'; end $$;
    create constraint trigger refuse after insert on organizations.tags deferrable initially deferred
      for each row execute function public.refuse()`);
  const of = await createTenant(own);
  const insert = "insert into organizations.tags (organization_id, name) values ($1, 'late') returning name";
  await assert.rejects(queryText(contextOf(own, of), { text: insert, values: [of.id] }), { code: "23514" });
  assert.equal((await owner.query("select from organizations.tags where organization_id = $1", [of.id])).rowCount, 0);
  assert.equal(await queryText(contextOf(own, of), { text: "select 'fine'" }), "fine");
});

test("a transaction commits what its function did and returns its result", async () => {
  const own = await createTenant(database);
  const rows = await transaction(contextOf(database, own), async (tx) => {
    await insertTag(tx, own, "first");
    return insertTag(tx, own, "second");
  });
  assert.deepEqual(rows, [{ name: "second" }]);
  assert.deepEqual(await tagNames(own), ["first", "second"]);
});

test("an error thrown between the statements undoes them all", async () => {
  const own = await createTenant(database);
  const work = transaction(contextOf(database, own), async (tx) => {
    await insertTag(tx, own, "lost");
    throw new Error("changed my mind");
  });
  await assert.rejects(work, /changed my mind/);
  assert.deepEqual(await tagNames(own), []);
});

test("an error that the function swallows is still a rollback, and is reported as one", async () => {
  const own = await createTenant(database);
  const work = transaction(contextOf(database, own), async (tx) => {
    await insertTag(tx, own, "lost");
    await tx.query("select 1/0").catch(() => undefined);
  });
  await assert.rejects(work, /rolled back/);
  assert.deepEqual(await tagNames(own), []);
});

test("a statement after the function has returned throws and runs nowhere", async () => {
  let escaped: Transaction | undefined;
  await transaction(contextOf(database, tenant), async (tx) => {
    escaped = tx;
  });
  await assert.rejects(async () => escaped?.query("select 1"), /transaction has ended/);
});

test("a connection that was never entered sees nothing", async () => {
  const rows = await database.lend(
    "member",
    async (client) => (await client.query("select * from organizations.tags")).rows,
  );
  assert.deepEqual(rows, []);
});

test("the context ends with the transaction", async () => {
  await queryText(contextOf(database, tenant), TAG_NAMES_OF(tenant));
  const context = await database.lend(
    "member",
    async (client) => (await client.query("select kernel.organization_id() as id")).rows,
  );
  assert.deepEqual(context, [{ id: null }]);
});

function TAG_NAMES_OF(of: Tenant) {
  return { ...TAG_NAMES, values: [of.id] };
}

test("a caller that goes away cancels its statement and leaves nothing behind", async () => {
  const controller = new AbortController();
  const context = contextOf(database, tenant, { signal: controller.signal, operation: "test.cancelled" });
  const work = transaction(context, async (tx) => {
    const [row] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
    queueMicrotask(() => controller.abort());
    await tx.query("select pg_sleep(60)");
    return row;
  });
  await assert.rejects(work, (error) => hasState(error, "query_canceled"));
  const { rows } = await admin.query(
    "select from pg_stat_activity where datname = current_database() and (query like '%pg_sleep%' or state like 'idle in%') and pid <> pg_backend_pid()",
  );
  assert.equal(rows.length, 0);
});

test("a caller that has gone away already starts nothing", async () => {
  const context = contextOf(database, tenant, { signal: AbortSignal.abort() });
  await assert.rejects(queryText(context, { text: "select 1" }), { name: "AbortError" });
});

test("a failed statement leaves its connection usable for the next request", async () => {
  for (let i = 0; i < 50; i++) {
    await assert.rejects(queryText(contextOf(database, tenant), { text: "select 1/0" }), { code: "22012" });
  }
  assert.equal(await queryText(contextOf(database, tenant), { text: "select 'fine'" }), "fine");
});
