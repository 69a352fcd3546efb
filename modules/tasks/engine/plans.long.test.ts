import assert from "node:assert/strict";
import { test } from "node:test";
import { NOBODY, openEngine } from "./engine.fixture.ts";

const ROWS = 1_000_000;
const engine = await openEngine();
const { admin } = engine;
const tenant = await engine.tenant();
const other = await engine.tenant();

/** How many blocks a statement looks at, in a transaction that is taken back; parts of claims and sweeps with the settings of these. */
async function blocksOf(text: string, values: unknown[] = []): Promise<number> {
  await admin.query("begin");
  await admin.query("set local enable_seqscan = off");
  await admin.query("select set_config('tenon.organization_id', $1, true)", [tenant.id]);
  const { rows } = await admin.query(`explain (analyze, buffers, format json) ${text}`, values);
  await admin.query("rollback");
  const plan = rows[0]["QUERY PLAN"][0].Plan;
  return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"];
}

const claiming = "select * from tasks.claim('w', '{test.step}', 10, $1, 0, interval '1 minute')";
const measure = async () => ({
  claim: await blocksOf(claiming, [NOBODY]),
  ring: await blocksOf("select tasks.ring($1, 16)", [NOBODY]),
  promote: await blocksOf("select tasks.promote(100)"),
  sweep: await blocksOf("select * from tasks.sweep(100)"),
});

test("what claims, rings and sweeps look at does not grow with a million that wait", async () => {
  for (let index = 0; index < 20; index++) await engine.enqueue(tenant, {});
  const [whole = ""] = await engine.enqueue(other);
  await engine.enqueue(other, { depends_on: [{ task_id: whole }] });
  await measure();
  const before = await measure();
  // Plans that a connection made while there was little, and keeps.
  await admin.query("set plan_cache_mode = force_generic_plan");
  await measure();
  for (const state of ["later", "parked"])
    await admin.query(
      `insert into tasks.entries (organization_id, task_id, type, state, sort_key, ready_at, limits)
       select $1, gen_random_uuid(), 'test.step', $3, at, at, '{"lane": "l", "slots": 1}'
       from generate_series(1, $2::int) i, lateral (select now() + interval '1 day' + i * interval '1 second') later (at)`,
      [tenant.id, ROWS / 2, state],
    );
  await admin.query("insert into tasks.slots select $1, 'l', 1, gen_random_uuid()", [tenant.id]);
  // Before the server knows of them, and after; by plans that were kept, and such as are made now. None is due before all is measured:
  // what is due is work.
  for (const analyzed of [false, true]) {
    for (const plans of ["force_generic_plan", "force_custom_plan"]) {
      await admin.query(`set plan_cache_mode = ${plans}`);
      const after = await measure();
      for (const [what, blocks] of Object.entries(after)) {
        const { [what as keyof typeof before]: blocksBefore } = before;
        const asIs = `${what}, ${analyzed ? "analyzed" : "not analyzed"}, ${plans}`;
        assert.ok(blocks <= 2 * blocksBefore + 100, `${asIs}: ${blocks} blocks, ${blocksBefore} before`);
      }
    }
    await admin.query("analyze tasks.entries");
  }
  await admin.query("reset plan_cache_mode");
});

test("claims look at nothing of organizations that are suspended", async () => {
  await engine.enqueue(other);
  await measure();
  const { claim } = await measure();
  const ids: string[] = [];
  while (ids.length < 40) ids.push((await engine.tenant()).id);
  await admin.query(
    "insert into tasks.entries (organization_id, task_id, type, sort_key) select id, gen_random_uuid(), 'test.step', now() from unnest($1::uuid[]) id, generate_series(1, 1000)",
    [ids],
  );
  await admin.query("update organizations.organizations set status = 'suspended' where id = any ($1)", [ids]);
  await admin.query("vacuum tasks.entries");
  const blocks = (await measure()).claim;
  assert.ok(blocks <= claim + 100, `${blocks} blocks, ${claim} before`);
  await admin.query("update organizations.organizations set status = 'active' where id = any ($1)", [ids]);
  await admin.query("delete from tasks.entries where organization_id = any ($1)", [ids]);
});

test("to tell dependants looks at them only, among a million tasks", async () => {
  const [cause = ""] = await engine.enqueue(other);
  await engine.enqueue(other, { depends_on: [{ task_id: cause }] });
  await admin.query("alter table tasks.tasks disable trigger user");
  await admin.query(
    `insert into tasks.tasks (organization_id, type, category, name, input, status, blocked_by)
     select $1, 'test.step', 'system', 'Blocked', '{}', 'pending', 1 from generate_series(1, $2::int)`,
    [other.id, ROWS],
  );
  await admin.query("alter table tasks.tasks enable trigger user");
  await admin.query("analyze tasks.tasks, tasks.task_dependencies");
  const blocks = await blocksOf("select tasks.end_at_once($1, array[$2::uuid], 'failed', '{}')", [other.id, cause]);
  assert.ok(blocks < 2000, `${blocks} blocks`);
});
