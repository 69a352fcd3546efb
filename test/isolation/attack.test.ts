import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { contextOf, openAdmin, openTestDatabase } from "../harness.ts";
import { actorsInside, createCast, isEntering } from "./actors.ts";

// Text from outside never becomes SQL. Suppose that it did: as an expression, a name, or a whole statement.

const database = openTestDatabase();
const admin = await openAdmin();
const ours = await createCast(admin, database);
const { tenant: victim } = await createCast(admin, database);
const actors = actorsInside(admin, database, ours);

const SET = `set local tenon.organization_id = '${victim.id}'`;
const { userId, sessionId, secret } = victim.owner.credential;
const ENTER = `kernel.enter('${userId}', '${sessionId}', '${secret}', '${victim.id}', '${victim.slug}', 'organization.read', '{}')`;
const SET_CONFIG = `set_config('tenon.organization_id', '${victim.id}', true)`;

const DENIED = "42501";
const SYNTAX = "42601";
const NOT_IN_A_QUERY = "0A000";
const NO_CURSOR = "42P11";
const ENTERED_ALREADY = "TN005";

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Ways to change the context from within a statement, and how each is stopped. */
const FORGERIES: Record<string, { code: string; texts: string[] }> = {
  "calling set_config": {
    code: DENIED,
    texts: [
      `select ${SET_CONFIG}`,
      `select 1 where ${SET_CONFIG} is not null`,
      `select 1 order by ${SET_CONFIG}`,
      `values (${SET_CONFIG})`,
      `select set_config('tenon.user_id', '${userId}', false)`,
      `update pg_settings set setting = '${victim.id}' where name = 'tenon.organization_id'`,
      `select query_to_xml(${literal(`select ${SET_CONFIG}`)}, true, true, '')`,
      `select * from ts_stat(${literal(`select ${SET_CONFIG}::tsvector`)})`,
    ],
  },
  "stacking a statement": {
    code: SYNTAX,
    texts: [
      `select 1; ${SET}`,
      `select 1; ${SET}; select 1`,
      `${SET}; select 1`,
      `select 1; commit; begin`,
      `select 1; select ${ENTER}`,
    ],
  },
  "putting `set`, `do` or `call` where an expression or a name goes": {
    code: SYNTAX,
    texts: [
      `select (${SET})`,
      `select 1 from (${SET}) as x`,
      `with x as (${SET}) select 1`,
      `select 1 order by name; ${SET}`,
      `select 1 as "x"; ${SET}; select 1 as "y"`,
      `select do $$ begin ${SET}; end $$`,
      `with x as (do $$ begin ${SET}; end $$) select 1`,
      "select (call kernel.module_schema('x'))",
    ],
  },
  "handing `set`, `do` or `call` to a function that runs queries": {
    code: NOT_IN_A_QUERY,
    texts: [
      `select query_to_xml(${literal(SET)}, true, true, '')`,
      `select query_to_xml(${literal(`do $x$ begin ${SET}; end $x$`)}, true, true, '')`,
      "select query_to_xml('call kernel.module_schema(''x'')', true, true, '')",
    ],
  },
  "handing `set` to a function that opens a cursor": {
    code: NO_CURSOR,
    texts: [
      `select query_to_xmlschema(${literal(SET)}, true, true, '')`,
      `select * from ts_stat(${literal(SET)})`,
      `select ts_rewrite('a', ${literal(SET)})`,
    ],
  },
};

for (const [way, { code, texts }] of Object.entries(FORGERIES)) {
  test(`no role changes its context by ${way}`, async () => {
    for (const actor of actors) {
      for (const text of texts) assert.equal((await actor.attempt(text)).code, code, `${actor.name}: ${text}`);
    }
  });
}

test("no role enters a second time, not even with a credential that is good", async () => {
  for (const { role, attempt } of actors) {
    assert.equal((await attempt(`select ${ENTER}`)).code, isEntering(role) ? ENTERED_ALREADY : DENIED, role);
  }
});

test("a transaction stays entered when it goes back to a savepoint", async () => {
  const work = transaction(contextOf(database, ours.tenant), async (tx) => {
    await tx.query("savepoint before");
    await tx.query("rollback to savepoint before");
    await tx.query(`select ${ENTER}`);
  });
  await assert.rejects(work, { code: ENTERED_ALREADY });
});

test("a transaction that goes back to before it entered is in no organization", async () => {
  await database.lend("member", async (client) => {
    await client.query("begin");
    await client.query("savepoint before");
    await client.query(`select ${ENTER}`);
    assert.notEqual((await client.query("select from organizations.roles")).rowCount, 0);
    await client.query("rollback to savepoint before");
    assert.equal((await client.query("select from organizations.roles")).rowCount, 0);
    await client.query("rollback");
  });
});

// The rest is what PostgreSQL does not forbid. It is why runtime statements go out by the extended protocol, which refuses
// to stack them, and why no statement is ever text from outside.

const WHOLE_STATEMENTS: Record<string, string> = {
  "run code that sets its context": `do $$ begin ${SET}; end $$`,
  "lift its own time-outs": "set local statement_timeout = 0",
  "change its own role's password": "alter role current_user password 'known'",
  "change its own role's settings": "alter role current_user set statement_timeout = 0",
  "leave its transaction": "commit and chain",
};

for (const [deed, text] of Object.entries(WHOLE_STATEMENTS)) {
  test(`a whole statement from outside could ${deed}: there is none`, async () => {
    for (const actor of actors.filter(({ role }) => isEntering(role))) {
      assert.equal((await actor.attempt(text)).code, undefined, actor.name);
    }
  });
}

test("a transaction that resets its context sees nothing more", async () => {
  const seen = await transaction(contextOf(database, ours.tenant), async (tx) => {
    await tx.query("reset tenon.organization_id");
    return tx.query("select from organizations.roles");
  });
  assert.deepEqual(seen, []);
});

test("a whole `set` from outside would change organizations: there is none", async () => {
  const seen = await transaction(contextOf(database, ours.tenant), async (tx) => {
    await tx.query(SET);
    return tx.query("select distinct organization_id as id from organizations.roles");
  });
  assert.deepEqual(seen, [{ id: victim.id }]);
});

test("pg's own query() does stack statements, so only batches may carry text that is put together", async () => {
  const stacked = await database.lend("member", (client) =>
    client.query(`begin; ${SET}; select distinct organization_id as id from organizations.roles; rollback`),
  );
  assert.deepEqual((stacked as unknown as pg.QueryResult[])[2]?.rows, [{ id: victim.id }]);
});
