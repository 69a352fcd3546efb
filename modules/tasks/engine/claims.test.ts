import assert from "node:assert/strict";
import { test } from "node:test";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import { backendOf, openAdmin, type Tenant, untilBlocked } from "../../../test/harness.ts";
import type { Claim } from "./claims.ts";
import { DONE, FAILED, NOBODY, NOTHING_LEFT, openEngine, type Wish } from "./engine.fixture.ts";

const engine = await openEngine();
const { admin, database, enqueue, task, statuses, leftovers, claim, work } = engine;

const many = (count: number, wish: Wish = {}) => Array.from({ length: count }, () => wish);
const line = (tenant: Tenant, settings: string) =>
  admin.query(`update tasks.lines set ${settings} where organization_id = $1`, [tenant.id]);
/** As if a task had come into line earlier. */
const age = (id: string, seconds: number) =>
  admin.query("update tasks.entries set sort_key = sort_key - make_interval(secs => $2) where task_id = $1", [
    id,
    seconds,
  ]);
/** Puts everything into line for long, far behind: `insert` does it faster than asking. */
const crowd = (tenant: Tenant, count: number, state = "ready", limits: object | null = null) =>
  admin.query(
    `insert into tasks.entries (organization_id, task_id, type, state, sort_key, ready_at, limits)
     select $1, gen_random_uuid(), 'test.step', $3, now() - interval '1 day', now() + interval '1 day', $4 from generate_series(1, $2)`,
    [tenant.id, count, state, limits],
  );
const CHANGED_AT_THE_END =
  "status,output,error_details,attempts,started_at,completed_at,processing_time_ms,actual_cost,cost_breakdown,version,updated_at".split(
    ",",
  );
const drop = (tenant: Tenant) => admin.query("delete from tasks.entries where organization_id = $1", [tenant.id]);
const shares = (claims: readonly Claim[], ...tenants: Tenant[]) =>
  tenants.map(({ id }) => claims.reduce((sum, c) => sum + (c.organizationId === id ? c.taskIds.length : 0), 0));

test("what is more urgent is taken first, and nothing starves", async () => {
  const tenant = await engine.tenant();
  const [low = "", middle = "", high = "", first = ""] = await enqueue(
    tenant,
    { priority: 10 },
    {},
    { priority: 2 },
    { priority: 1 },
  );
  assert.deepEqual(await work(() => DONE, 1), [first]);
  await age(low, 3199);
  assert.deepEqual(await work(() => DONE, 1), [high], "the offset of nine steps less one second is not enough");
  const [later = ""] = await enqueue(tenant, { priority: 1 });
  await age(low, 402);
  assert.deepEqual(
    await work(() => DONE, 1),
    [low],
    "what has waited longer than its offset is before the most urgent",
  );
  assert.deepEqual([...(await work(() => DONE, 1)), ...(await work(() => DONE, 1))], [later, middle]);
});

test("an organization with 20,000 waiting delays nobody else's first", async () => {
  const [large, small] = [await engine.tenant(), await engine.tenant()];
  await crowd(large, 20_000);
  await enqueue(small);
  for (const places of [2, 100]) {
    const [first, second] = [await claim(places), await claim(places, { after: small.id, served: 1 })];
    assert.equal(shares([...first, ...second], small)[0], 1, `with ${places} places`);
    await drop(large);
    await crowd(large, 1000);
    await enqueue(small);
    await admin.query("delete from tasks.claims");
  }
  let turn = { after: NOBODY, served: 0 };
  const taken: string[] = [];
  for (let round = 0; round < 2; round++) {
    const [one] = await claim(1, turn);
    assert.ok(one);
    taken.push(one.organizationId);
    turn = { after: one.organizationId, served: 1 };
  }
  assert.deepEqual(taken.sort(), [large.id, small.id].sort(), "one place goes round");
  await drop(large);
  await admin.query("delete from tasks.claims");
});

test("shares are by weight, however few places are free at a time", async () => {
  const [light, heavy] = [await engine.tenant(), await engine.tenant()];
  await line(heavy, "weight = 3, running_max = 1000, burst_max = 1000");
  await line(light, "running_max = 1000, burst_max = 1000");
  for (const places of [1, 3, 100]) {
    await crowd(light, 1000);
    await crowd(heavy, 1000);
    let turn = { after: NOBODY, served: 0 };
    const all: Claim[] = [];
    while (shares(all, light, heavy).reduce((sum, count) => sum + count) < 400 * Math.min(1, places / 3 + 0.4)) {
      const claims = await claim(places, turn);
      for (const { organizationId, taskIds } of claims)
        turn = { after: organizationId, served: (organizationId === turn.after ? turn.served : 0) + taskIds.length };
      all.push(...claims);
    }
    const [one = 0, three = 0] = shares(all, light, heavy);
    assert.ok(Math.abs(three / one - 3) < 0.2, `${three} to ${one} with ${places} places`);
    await drop(light);
    await drop(heavy);
    await admin.query("delete from tasks.claims");
  }
});

test("while others wait an organization runs no more than it may, alone up to its burst", async () => {
  const [busy, other] = [await engine.tenant(), await engine.tenant()];
  await line(busy, "running_max = 3, burst_max = 5");
  await crowd(busy, 10);
  await crowd(other, 2);
  const [after] = [busy.id, other.id].sort();
  assert.ok(after);
  const first = await claim(5, { after: NOBODY, served: 0 });
  assert.deepEqual(shares(first, busy, other), [3, 2]);
  await crowd(other, 1);
  assert.deepEqual(shares(await claim(1), busy, other), [0, 1], "the one place goes to who may still run more");
  assert.deepEqual(shares(await claim(10), busy, other), [2, 0]);
  assert.deepEqual(await claim(10), []);
  await drop(busy);
  await admin.query("delete from tasks.claims");
});

test("organizations whose tasks nobody here can do keep nobody from the others", async () => {
  for (let stranger = 0; stranger < 20; stranger++) await enqueue(await engine.tenant(), { type: "test.strange" });
  const tenant = await engine.tenant();
  await enqueue(tenant);
  assert.deepEqual(shares(await claim(5), tenant), [1]);
  await admin.query("delete from tasks.entries");
  await admin.query("delete from tasks.claims");
});

test("the tasks of a suspended organization wait until it is active again, and keep nobody waiting", async () => {
  const [shut, other] = [await engine.tenant(), await engine.tenant()];
  const setStatus = (status: string) =>
    admin.query("update organizations.organizations set status = $2 where id = $1", [shut.id, status]);
  const states = async () =>
    (
      await admin.query("select state from tasks.entries where organization_id = $1 order by sort_key", [shut.id])
    ).rows.map(({ state }) => state);
  const [first = "", under = "", late = ""] = await enqueue(
    shut,
    {},
    { priority: 1 },
    { scheduled_for: new Date(Date.now() + 3_600_000) },
  );
  const [running] = await claim(1);
  await setStatus("suspended");
  assert.deepEqual(await states(), ["halted", "later"]);
  await enqueue(other);
  await engine.hurry(shut);
  await engine.sweep();
  assert.deepEqual(await states(), ["halted", "ready"], "what becomes due meanwhile comes into line");
  assert.deepEqual(shares(await claim(10), shut, other), [0, 1]);
  assert.deepEqual(await states(), ["halted", "halted"], "and is sent out of it by whoever meets it");
  // What is under way goes on to its end, but not to another try.
  assert.ok(running);
  assert.deepEqual(running.taskIds, [under]);
  await engine.finish(running, { [under]: { ...FAILED, failure_class: "transient", retry_ms: 0 } });
  assert.deepEqual(await claim(10), []);
  await setStatus("active");
  assert.deepEqual((await claim(10)).flatMap(({ taskIds }) => taskIds).sort(), [first, under, late].sort());
  await admin.query("delete from tasks.claims");
});

test("what an erased organization had in line is gone with it", async () => {
  const tenant = await engine.tenant();
  await enqueue(tenant, {}, { deadline_at: new Date(Date.now() + 3_600_000), limits: { lane: "l", slots: 1 } });
  await claim(1);
  await admin.query("delete from tasks.lines where organization_id = $1", [tenant.id]);
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a lane never has more than its places, and those behind it are not kept waiting", async () => {
  const tenant = await engine.tenant();
  const limits = { lane: "one", slots: 2 };
  const laned = new Set(await enqueue(tenant, ...many(30, { limits })));
  await enqueue(tenant, ...many(2));
  const held = new Map<string, Claim>();
  const take = async () => {
    const claims = (await Promise.all(Array.from({ length: 4 }, () => claim(3)))).flat();
    for (const c of claims) for (const id of c.taskIds) held.set(id, c);
    assert.ok([...held.keys()].filter((id) => laned.has(id)).length <= 2);
  };
  for (const c of await claim(4)) for (const id of c.taskIds) held.set(id, c);
  assert.equal([...held].length, 4, "what stands behind the lane is taken too");
  let ended = 0;
  for (let [next] = held; next; [next] = held) {
    const [id, c] = next;
    await engine.finish(c, { [id]: DONE });
    held.delete(id);
    ended++;
    await take();
    if (held.size === 0) await engine.sweep().then(take);
  }
  assert.equal(ended, 32);
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a place that was left, and a task parked at a free one, are mended by the sweep", async () => {
  const tenant = await engine.tenant();
  const limits = { lane: "two", slots: 1 };
  const [one = "", two = ""] = await enqueue(tenant, { limits }, { limits });
  await claim();
  await admin.query("delete from tasks.claims where organization_id = $1", [tenant.id]);
  assert.deepEqual(await claim(), []);
  await engine.sweep();
  assert.deepEqual(shares(await claim(), tenant), [1]);
  const left = await leftovers(tenant);
  assert.deepEqual([left.slots, left.entries], [1, 0]);
  assert.notEqual(one, two);
  await admin.query("delete from tasks.claims where organization_id = $1", [tenant.id]);
  await engine.sweep();
});

test("a rate lets a burst begin at once, and the others each in its turn", async () => {
  const tenant = await engine.tenant();
  const limits = { rate: "calls", seconds: 100, per: 10, burst: 3 };
  const ids = await enqueue(tenant, ...many(7, { limits }));
  assert.deepEqual((await work()).length, 3);
  const waits = (await Promise.all(ids.map((id) => engine.entry(id))))
    .flatMap((entry) => entry?.seconds ?? [])
    .sort((a, b) => a - b);
  assert.equal(waits.length, 4);
  for (const [index, wait] of waits.entries())
    assert.ok(Math.abs(wait - 10 * (index + 1)) < 5, `${wait} for turn ${index}`);
  for (const [index, wait] of waits.slice(1).entries())
    assert.ok(Math.abs(wait - (waits[index] ?? 0) - 10) < 0.5, "evenly");
  assert.deepEqual(await work(), [], "nobody is too early");
  await engine.hurry(tenant);
  await engine.sweep();
  assert.equal((await work()).length, 4, "whose turn has come is not counted twice");
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a heartbeat keeps a claim, shows what takes long, and answers which claims still stand", async () => {
  const tenant = await engine.tenant();
  const [id = ""] = await enqueue(tenant);
  const [claimed] = await claim();
  assert.ok(claimed);
  await engine.loseClaims(tenant);
  await admin.query("update tasks.claims set begun_at = begun_at - interval '2 seconds' where token = $1", [
    claimed.token,
  ]);
  const beat = () =>
    callOutside<{ token: string }>(
      database,
      "dispatcher",
      "select token from tasks.heartbeat($1, interval '1 minute')",
      [[claimed.token, "1"]],
    );
  assert.deepEqual(
    (await beat()).map(({ token }) => token),
    [claimed.token],
  );
  assert.equal((await task(id)).status, "processing");
  await engine.sweep();
  assert.deepEqual(await engine.finish(claimed, { [id]: DONE }), []);
  assert.deepEqual(await beat(), []);
});

test("a retry waits, and comes into line when its time has come", async () => {
  const tenant = await engine.tenant();
  const [id = ""] = await enqueue(tenant, { attempts_max: 2 });
  const transient = { ...FAILED, failure_class: "transient" as const, retry_ms: 60_000 };
  await work(() => transient);
  const entry = await engine.entry(id);
  assert.ok(entry && entry.state === "later" && entry.seconds > 50 && entry.seconds <= 60 && entry.attempt === 1);
  await engine.sweep();
  assert.deepEqual(await work(), []);
  await engine.hurry(tenant);
  await engine.sweep();
  await work(() => transient);
  assert.deepEqual([(await task(id)).status, (await task(id)).attempts], ["failed", 2]);
  await engine.replay(tenant, id);
  await work();
  assert.deepEqual([(await task(id)).status, (await task(id)).attempts], ["completed", 3]);
});

test("what is for later is not taken before, and a deadline ends what it finds: in line, later, waiting", async () => {
  const tenant = await engine.tenant();
  const later = new Date(Date.now() + 3_600_000);
  const [scheduled = "", inLine = "", blocked = "", running = "", person = ""] = await enqueue(
    tenant,
    { scheduled_for: later, deadline_at: later },
    { deadline_at: later, priority: 9 },
    { deadline_at: later },
    { deadline_at: later, priority: 1 },
    { deadline_at: later, worker_type: "human", assigned_to: tenant.owner.userId },
  );
  const [dependant = ""] = await enqueue(tenant, { depends_on: [{ task_id: blocked }], deadline_at: later });
  assert.deepEqual(await statuses([scheduled, person]), ["pending", "waiting"]);
  const [claimed] = await claim(1);
  assert.deepEqual(claimed?.taskIds, [running]);
  await engine.passDeadlines(tenant);
  await engine.sweep();
  const ids = [scheduled, inLine, blocked, dependant, person];
  assert.deepEqual(
    await statuses(ids),
    ids.map(() => "failed"),
  );
  assert.equal((await task(inLine)).error, "deadline_passed");
  assert.notEqual((await task(running)).cancel_requested_at, null, "what is under way is told to stop");
  assert.ok(claimed);
  assert.deepEqual(await engine.begin(claimed), [], "and what was not begun yet ends at once");
  assert.deepEqual([(await task(running)).status, (await task(running)).error], ["failed", "deadline_passed"]);
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a task is cancelled before, during and after", async () => {
  const tenant = await engine.tenant();
  const [before = "", during = "", done = "", stopped = "", put = ""] = await enqueue(tenant, ...many(5));
  await engine.cancel(tenant, before);
  assert.equal((await task(before)).status, "cancelled");
  const [claimed] = await claim();
  assert.ok(claimed);
  await engine.cancel(tenant, during, done, stopped, put);
  assert.deepEqual(await statuses([during, done]), ["queued", "queued"]);
  const retried = { ...FAILED, failure_class: "transient" as const, retry_ms: 0 };
  await engine.finish(claimed, { [during]: { status: "cancelled" }, [done]: DONE, [stopped]: retried });
  await callOutside(database, "dispatcher", "select tasks.put_back($1, $2)", [claimed.token, [put]]);
  assert.deepEqual(await statuses([during, done, stopped, put]), ["cancelled", "completed", "cancelled", "cancelled"]);
  await engine.cancel(tenant, during, done);
  assert.deepEqual(await statuses([during, done]), ["cancelled", "completed"]);
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
  await assert.rejects(engine.cancel(tenant, NOBODY), { code: "TN010" });
});

test("what is put back comes first again, as if nobody had taken it", async () => {
  const tenant = await engine.tenant();
  const [id = ""] = await enqueue(tenant);
  const [claimed] = await claim();
  await callOutside(database, "dispatcher", "select tasks.put_back($1, $2)", [claimed?.token, [id]]);
  assert.deepEqual([(await engine.entry(id))?.attempt, await engine.attempts(id)], [0, []]);
  assert.deepEqual(await work(), [id]);
});

test("a cancel that comes while a worker takes the task finds it in the claim", async () => {
  const tenant = await engine.tenant();
  const [id = ""] = await enqueue(tenant);
  const taking = await openAdmin({ ...database.login("dispatcher") });
  await taking.query("begin");
  const { rows } = await taking.query(
    "select token from tasks.claim('w', '{test.step}', 1, $1, 0, interval '1 minute')",
    [NOBODY],
  );
  const cancelling = engine.cancel(tenant, id);
  await untilBlocked(admin, await blockedBy(await backendOf(taking)));
  await taking.query("commit");
  await cancelling;
  const { rows: claims } = await admin.query("select cancelled from tasks.claims where token = $1", [rows[0].token]);
  assert.deepEqual([claims[0].cancelled, (await task(id)).status], [[id], "queued"]);
  await admin.query("delete from tasks.claims where organization_id = $1", [tenant.id]);
});

async function blockedBy(pid: number): Promise<number> {
  for (;;) {
    const { rows } = await admin.query("select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid))", [
      pid,
    ]);
    if (rows[0]) return rows[0].pid;
  }
}

test("a task that is over stays on its page, so that its end touches no index", async () => {
  const tenant = await engine.tenant();
  await enqueue(tenant, ...many(400));
  const pages = async (): Promise<number[]> => {
    const { rows } = await admin.query(
      "select (ctid::text::point)[0] as page from tasks.tasks where organization_id = $1 order by id",
      [tenant.id],
    );
    return rows.map(({ page }) => page);
  };
  const before = await pages();
  assert.equal((await work(() => ({ ...DONE, output: { done: 1_000_000 } }), 400)).length, 400);
  const after = await pages();
  const moved = after.filter((page, at) => page !== before[at]).length;
  assert.ok(moved <= 0.05 * after.length, `${moved} of ${after.length} have moved`);
  const { rows } = await admin.query(
    `select d.objid::regclass::text as index, a.attname as column from pg_depend d
     join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where d.classid = 'pg_class'::regclass and d.objid in (select indexrelid from pg_index where indrelid = 'tasks.tasks'::regclass)
       and d.refobjid = 'tasks.tasks'::regclass and a.attname = any ($1)`,
    [CHANGED_AT_THE_END],
  );
  assert.deepEqual(rows, [], "no index knows a column that changes at the end");
});
