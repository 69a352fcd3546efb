import assert from "node:assert/strict";
import { test } from "node:test";
import type pg from "pg";
import { connect } from "../../../kernel/database/connection.ts";
import { backendOf, type Tenant, testServer, untilBlocked } from "../../../test/harness.ts";
import type { Claim } from "./claims.ts";
import { DONE, type Ending, FAILED, NOTHING_LEFT, openEngine } from "./engine.fixture.ts";

const engine = await openEngine();
const { admin, database, enqueue, task, statuses, leftovers, claim, work } = engine;
const on = (...ids: string[]) => ({ depends_on: ids.map((task_id) => ({ task_id })) });
const again: Ending = { ...FAILED, failure_class: "transient", retry_ms: 0 };

/** Does something in a transaction of its own, and leaves that open. */
async function open(tenant: Tenant, text: string, values: unknown[]): Promise<pg.Client> {
  const client = await connect({ ...testServer.admin, database: database.login("gate").database });
  await client.query("begin");
  await client.query("select set_config('tenon.organization_id', $1, true)", [tenant.id]);
  await client.query(text, values);
  return client;
}

const openFinish = (tenant: Tenant, { token }: Claim, id: string, ending: Ending) =>
  open(tenant, "select tasks.finish($1, $2)", [token, JSON.stringify([{ task_id: id, duration_ms: 1, ...ending }])]);
const openEnqueue = (tenant: Tenant, wish: object) =>
  open(tenant, "select tasks.enqueue($1, null, $2)", [
    tenant.id,
    JSON.stringify([{ type: "test.step", name: "Late", input: {}, idempotency_key: "late", ...wish }]),
  ]);
const late = async (tenant: Tenant) =>
  (await admin.query("select id from tasks.tasks where organization_id = $1 and idempotency_key = 'late'", [tenant.id]))
    .rows[0].id;

/** Commits what is open as soon as the other one waits for it. */
async function commitOnceBlocked<T>(client: pg.Client, other: Promise<T>): Promise<T> {
  const pid = await backendOf(client);
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  other.then(over, over);
  let waiting = 0;
  while (waiting === 0 && !isOver) {
    const text = "select count(*)::int as waiting from pg_stat_activity where $1 = any (pg_blocking_pids(pid))";
    waiting = (await admin.query<{ waiting: number }>(text, [pid])).rows[0]?.waiting ?? 0;
  }
  await client.query("commit");
  await client.end();
  return other;
}

async function claimed(tenant: Tenant, ...wishes: Parameters<typeof enqueue>[1][]): Promise<[string, Claim]> {
  const [id = ""] = await enqueue(tenant, ...wishes);
  const [one] = await claim();
  assert.ok(one);
  return [id, one];
}

test("a cause that ends while somebody is made to depend on it tells them, whoever is first", async () => {
  const tenant = await engine.tenant();
  const [first, claimOfFirst] = await claimed(tenant);
  const [dependant = ""] = await commitOnceBlocked(
    await openFinish(tenant, claimOfFirst, first, DONE),
    enqueue(tenant, on(first)),
  );
  assert.equal((await task(dependant)).status, "queued");
  await work();
  const [second, claimOfSecond] = await claimed(tenant);
  const enqueuing = await openEnqueue(tenant, on(second));
  await commitOnceBlocked(enqueuing, engine.finish(claimOfSecond, { [second]: DONE }));
  assert.equal((await task(await late(tenant))).status, "queued");
  await work();
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("two causes that end at once let go on what waits for both", async () => {
  const tenant = await engine.tenant();
  const [one = "", two = ""] = await enqueue(tenant, {}, {});
  const [dependant = ""] = await enqueue(tenant, on(one, two));
  const [first] = await claim(1);
  const [second] = await claim(1);
  assert.ok(first && second);
  const finishing = await openFinish(tenant, first, first.taskIds[0] ?? "", DONE);
  await commitOnceBlocked(finishing, engine.finish(second, { [second.taskIds[0] ?? ""]: DONE }));
  assert.deepEqual([(await task(dependant)).status, (await task(dependant)).blocked_by], ["queued", 0]);
  await work();
});

test("a last part that ends while its whole divides itself lets that go on, whoever is first", async () => {
  const tenant = await engine.tenant();
  for (const partFirst of [true, false]) {
    const [whole, claimOfWhole] = await claimed(tenant);
    const [part, claimOfPart] = await claimed(tenant, { parent_task_id: whole });
    const divided: Ending = { status: "divided" };
    if (partFirst)
      await commitOnceBlocked(
        await openFinish(tenant, claimOfPart, part, DONE),
        engine.finish(claimOfWhole, { [whole]: divided }),
      );
    else
      await commitOnceBlocked(
        await openFinish(tenant, claimOfWhole, whole, divided),
        engine.finish(claimOfPart, { [part]: DONE }),
      );
    assert.equal((await task(whole)).status, "queued");
    assert.deepEqual(await work(), [whole]);
  }
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

test("a part that comes while its whole divides itself is waited for", async () => {
  const tenant = await engine.tenant();
  const [whole, claimOfWhole] = await claimed(tenant);
  await enqueue(tenant, { parent_task_id: whole });
  const dividing = await openFinish(tenant, claimOfWhole, whole, { status: "divided" });
  await commitOnceBlocked(dividing, enqueue(tenant, { parent_task_id: whole }));
  assert.equal((await task(whole)).blocked_by, 2);
  await work();
  assert.deepEqual(await work(), [whole]);
});

test("a task that is replayed while what it depends on ends is told of that", async () => {
  const tenant = await engine.tenant();
  const [cause = ""] = await enqueue(tenant);
  const [dependant = ""] = await enqueue(tenant, on(cause));
  await work(() => FAILED);
  await engine.replay(tenant, cause);
  const [claimOfCause] = await claim();
  assert.ok(claimOfCause);
  const finishing = await openFinish(tenant, claimOfCause, cause, DONE);
  await commitOnceBlocked(finishing, engine.replay(tenant, dependant));
  assert.equal((await task(dependant)).status, "queued");
  await work();
});

test("a cancel that comes while a try ends is the end, whatever came of the try, but for success", async () => {
  const tenant = await engine.tenant();
  for (const [ending, becomes] of [
    [again, "cancelled"],
    [DONE, "completed"],
    [FAILED, "failed"],
  ] as const) {
    const [id, one] = await claimed(tenant);
    await commitOnceBlocked(await openFinish(tenant, one, id, ending), engine.cancel(tenant, id));
    assert.equal((await task(id)).status, becomes);
    assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
  }
  const [id, one] = await claimed(tenant);
  const cancelling = await open(tenant, "select tasks.cancel_all($1, array[$2::uuid], '{}')", [tenant.id, id]);
  await commitOnceBlocked(cancelling, engine.finish(one, { [id]: again }));
  assert.equal((await task(id)).status, "cancelled");
});

test("a cancel and a lost claim at once end the task once", async () => {
  const tenant = await engine.tenant();
  const [id] = await claimed(tenant);
  await engine.loseClaims(tenant);
  const sweeping = await open(tenant, "select tasks.sweep(1000)", []);
  await commitOnceBlocked(sweeping, engine.cancel(tenant, id));
  assert.deepEqual([(await task(id)).status, await leftovers(tenant)], ["cancelled", NOTHING_LEFT]);
  const [other, one] = await claimed(tenant);
  await engine.loseClaims(tenant);
  const lost = await open(tenant, "select tasks.sweep(1000)", []);
  const told = engine.finish(one, { [other]: DONE });
  assert.deepEqual(await commitOnceBlocked(lost, told), [other], "what was told too late is stale");
  assert.equal((await task(other)).status, "queued");
  await work();
});

test("parts that end while all of their whole is cancelled are no deadlock", async () => {
  const tenant = await engine.tenant();
  const [whole, claimOfWhole] = await claimed(tenant);
  const parts = await enqueue(tenant, ...Array.from({ length: 8 }, () => ({ parent_task_id: whole })));
  await engine.finish(claimOfWhole, { [whole]: { status: "divided" } });
  const claims: Claim[] = [];
  for (const _ of parts) claims.push(...(await claim(1)));
  // The whole is held, so that both come to it at once.
  const holding = await open(tenant, "select from tasks.tasks where id = $1 for update", [whole]);
  const ends = claims.slice(0, 4).map((one) => engine.finish(one, { [one.taskIds[0] ?? ""]: DONE }));
  await untilWaiting(await backendOf(holding), 1);
  const cancelling = engine.cancel(tenant, whole);
  await commitOnceBlocked(holding, Promise.all([...ends, cancelling]));
  for (const one of claims.slice(4)) await engine.finish(one, { [one.taskIds[0] ?? ""]: { status: "cancelled" } });
  assert.equal((await task(whole)).status, "cancelled");
  assert.ok((await statuses(parts)).every((status) => ["completed", "cancelled"].includes(status)));
  assert.deepEqual(await leftovers(tenant), NOTHING_LEFT);
});

async function untilWaiting(pid: number, count: number): Promise<void> {
  for (;;) {
    const { rows } = await admin.query(
      "select count(*)::int as waiting from pg_stat_activity where $1 = any (pg_blocking_pids(pid))",
      [pid],
    );
    if (rows[0].waiting >= count)
      return untilBlocked(
        admin,
        (await admin.query("select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid)) limit 1", [pid]))
          .rows[0].pid,
      );
  }
}
