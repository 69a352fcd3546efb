import assert from "node:assert/strict";
import { test } from "node:test";
import { RUNTIME_ROLES, type RuntimeRole, roleName } from "../../kernel/database/roles.ts";
import { createScratchDatabase, openAdmin, openTestDatabase, testServer } from "../harness.ts";
import { DOORS } from "../schema/rules/functions.ts";
import { actorsInside, actorsOutside, createCast } from "./actors.ts";
import { readRelations } from "./catalog.ts";

// What a role reaches beside the rows of tables: PostgreSQL's own functions and catalogs, other connections, error texts.

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const ours = await createCast(admin, database);
const theirs = await createCast(admin, database);
const actors = actorsOutside(database);
const member = actorsInside(admin, database, ours).find(({ role }) => role === "member");
const DENIED = "42501";

const OUT_OF_REACH: Record<string, string[]> = {
  "make, read or write a large object": [
    "select lo_create(0)",
    "select lo_creat(-1)",
    "select lo_from_bytea(0, 'x')",
    "select lo_open(1, 262144)",
    "select lo_get(1)",
    "select lo_put(1, 0, 'x')",
    "select loread(1, 1)",
    "select lowrite(1, 'x')",
    "select lo_unlink(1)",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/x')",
    "select data from pg_largeobject",
  ],
  "make a temporary table or anything else": [
    "create temporary table x (a integer)",
    "create temporary view x as select 1",
    "create temporary sequence x",
    "create table public.x (a integer)",
    "create table organizations.x (a integer)",
    "create function public.x() returns integer language sql return 1",
    "create function pg_temp.x() returns integer language sql return 1",
    "create schema x",
    "create view organizations.x as select 1",
    "create policy x on organizations.tags using (true)",
    "alter table organizations.tags disable row level security",
    "drop table organizations.tags",
  ],
  "end or cancel another connection's work": [
    "select pg_terminate_backend(pg_backend_pid())",
    "select pg_cancel_backend(pg_backend_pid())",
    "select pg_terminate_backend(1, 0)",
  ],
  "read what other connections run": [
    "select query from pg_stat_activity",
    "select * from pg_stat_get_activity(null)",
    "select pg_stat_get_backend_activity(1)",
    "select * from pg_stat_replication",
    "select * from pg_stat_ssl",
  ],
  "take a lock that outlives its transaction": [
    "select pg_advisory_lock(1)",
    "select pg_advisory_lock(1, 1)",
    "select pg_advisory_lock_shared(1)",
    "select pg_try_advisory_lock(1)",
    "select pg_try_advisory_lock_shared(1, 1)",
  ],
  "become another role": [
    `set role ${roleName(testServer.prefix, "owner")}`,
    `set local role ${roleName(testServer.prefix, "definer")}`,
    `set session authorization ${roleName(testServer.prefix, "definer")}`,
    `set session authorization "${testServer.admin.user}"`,
    `grant ${roleName(testServer.prefix, "definer")} to current_user`,
    "alter role current_user bypassrls",
  ],
  "read passwords, samples of values, or the server's files": [
    "select * from pg_authid",
    "select * from pg_shadow",
    "select * from pg_statistic",
    "select * from pg_statistic_ext_data",
    "select * from pg_hba_file_rules",
    "select pg_read_file('PG_VERSION')",
    "select pg_ls_dir('.')",
    "copy (select 1) to program 'true'",
    "copy organizations.tags from '/etc/passwd'",
    "load 'x'",
  ],
};

for (const [deed, texts] of Object.entries(OUT_OF_REACH)) {
  test(`no role can ${deed}`, async () => {
    for (const actor of actors) {
      for (const text of texts) {
        const { code, message } = await actor.attempt(text);
        assert.equal(code, DENIED, `${actor.role}: ${text}: ${message}`);
      }
    }
  });
}

const CONTEXT = [
  "kernel.benchmark_ids",
  "kernel.customer_ids",
  "kernel.organization_id",
  "kernel.request",
  "kernel.user_id",
  "kernel.uuid_v7",
];
/** What looks at nothing but its arguments, and whose statements say it. */
const PURE = ["datasets.text_of", "kernel.is_like", "kernel.likeness"];
const READERS: RuntimeRole[] = ["member", "own", "client", "steward", "worker"];

test("no role can call a function that is no listed door", async () => {
  for (const role of RUNTIME_ROLES) {
    const { rows } = await admin.query<{ name: string }>(
      `select distinct p.pronamespace::regnamespace || '.' || p.proname as name from pg_proc p
       where p.pronamespace::regnamespace::text !~ '^(pg_|information_schema)' and has_function_privilege($1, p.oid, 'execute')
         and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
       order by 1`,
      [roleName(testServer.prefix, role)],
    );
    const expected = [...CONTEXT, ...(READERS.includes(role) ? PURE : []), ...doorsOf(role)].sort();
    assert.deepEqual(
      rows.map(({ name }) => name),
      expected,
      role,
    );
  }
});

function doorsOf(role: RuntimeRole): string[] {
  return Object.keys(DOORS)
    .filter((door) => door.endsWith(` to tenon_${role}`))
    .map((door) => door.slice(0, door.indexOf("(")));
}

test("a function that is not granted refuses the call", async () => {
  const { userId, sessionId, secret } = ours.tenant.owner.credential;
  const calls = [
    "select audit.next_batch('mine', 10)",
    `select organizations.add_member('${theirs.tenant.id}', '${userId}', '{owner}')`,
    `select identity.session_user_id('${userId}', '${sessionId}', '${secret}')`,
    `select audit.write_entry('${theirs.tenant.id}', 'insert', 'x', 'x')`,
    `select organizations.effective_permissions('${theirs.tenant.id}', '${theirs.tenant.owner.userId}')`,
    "call kernel.run_as_definer('kernel.enter')",
    "select kernel.role_serves('tenon_member', 'organization')",
  ];
  for (const text of calls) assert.equal((await member?.attempt(text))?.code, DENIED, text);
});

test("the gate can read no table and no view at all", async () => {
  const gate = actors.find(({ role }) => role === "gate");
  for (const { name } of await readRelations(admin)) {
    assert.equal((await gate?.attempt(`select from ${name}`))?.code, DENIED, name);
  }
});

/** Gold answers and what would help to guess them: for those who set up benchmarks, and for what scores them. */
const READ_BY_SCORERS = ["datasets.dataset_answers", "evaluation.scores", "labeling.gold_placements"];
const SCORERS = ["steward", "worker"];

test("what is critical is granted to no role that logs in, and gold answers to those only who score", async () => {
  const { rows: tables } = await admin.query<{ name: string }>(
    "select oid::regclass::text as name from pg_class where obj_description(oid, 'pg_class') like '%Sensitivity: critical.'",
  );
  assert.notEqual(tables.length, 0);
  for (const actor of actors) {
    for (const { name } of tables) {
      const mayRead = READ_BY_SCORERS.includes(name) && SCORERS.includes(actor.role);
      const { code } = await actor.attempt(`select from ${name}`);
      assert.equal(code, mayRead ? undefined : DENIED, `${actor.role}: ${name}`);
    }
  }
});

test("the planner's samples of values are hidden where row-level security holds", async () => {
  await admin.query("analyze organizations.memberships");
  const text = "select attname from pg_stats where schemaname = 'organizations' and tablename = 'memberships'";
  assert.notEqual((await admin.query(text)).rowCount, 0);
  assert.deepEqual((await member?.attempt(text))?.rows, []);
});
