import assert from "node:assert/strict";
import { test } from "node:test";
import { extractText } from "unpdf";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import type { RunningTask } from "../../kernel/work.ts";
import { testServices } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";
import { type Claim, type ClaimedTask, entryOf } from "../tasks/engine/claims.ts";
import { NOBODY, openEngine } from "../tasks/engine/engine.fixture.ts";
import { exportKind } from "./exports.ts";
import { type listExports, PDF_CREDITS } from "./outlets-contract.ts";
import { openStudio } from "./studio.fixture.ts";

const MICRO = 1_000_000;
const COST = PDF_CREDITS * MICRO;
const engine = await openEngine();
const { admin, database } = engine;
const http = await openTestServer([], { database });

/** A try at a task as a worker makes it, but for telling what came of it. */
async function tryOnce(claim: Claim, { id, type, input, attempt }: ClaimedTask, stopAt?: string) {
  const controller = new AbortController();
  let spent = 0;
  const task: RunningTask = {
    id,
    type,
    input,
    context: {},
    attempt,
    aiModel: undefined,
    aiProvider: undefined,
    entry: entryOf({ database, services: testServices() }, claim, { id, type, signal: controller.signal }),
    services: testServices(),
    signal: controller.signal,
    progress: (_, note) => note === stopAt && controller.abort(new Error("The worker was killed.")),
    log: () => undefined,
    spend: (cost) => {
      spent += cost;
    },
  };
  const output = await exportKind.run(task);
  return { output, spent };
}

async function take(): Promise<{ claim: Claim; task: ClaimedTask }> {
  const [claim = assert.fail("Nothing is in line.")] = await engine.claim(1, { after: NOBODY, served: 0 }, [
    exportKind.type,
  ]);
  const [task = assert.fail("It was refused.")] = await engine.begin(claim);
  return { claim, task };
}

/** The worker is not heard of any more, and its tasks come back into line. */
async function lose(tenant: Awaited<ReturnType<typeof openStudio>>["tenant"]): Promise<void> {
  await engine.loseClaims(tenant);
  await engine.sweep();
  await engine.hurry(tenant);
  await engine.sweep();
}

const figuresOf = async (organization: string) => {
  const { rows } = await admin.query(
    `select (select count(*)::int from credits.usage_events where organization_id = $1 and event_type = 'pdf_export') as events,
            (select coalesce(sum(credits_consumed), 0)::int from credits.usage_events where organization_id = $1 and event_type = 'pdf_export') as credits,
            (select 100 * ${MICRO} - posted::int from credits.balances where organization_id = $1) as paid,
            (select held::int from credits.balances where organization_id = $1) as held`,
    [organization],
  );
  return rows[0];
};

test("a worker that is lost at any point makes no second usage event, no second charge and no second document", async () => {
  const studio = await openStudio(http);
  const { tenant, must, ask, begin } = studio;
  const { path, structuring } = await begin(tenant.owner, { title: "<b>Forty</b> & more" });
  await must(tenant.owner, "PUT", structuring, { problem: "</p><script>alert(1)</script>" });
  await must(tenant.owner, "POST", `${path}/exports`);

  const first = await take();
  await assert.rejects(tryOnce(first.claim, first.task, "Printing"));
  await lose(tenant);
  assert.deepEqual(await figuresOf(tenant.id), { events: 0, credits: 0, paid: 0, held: 0 });

  const second = await take();
  assert.equal((await tryOnce(second.claim, second.task)).spent, COST);
  await lose(tenant);
  const third = await take();
  const { spent, output } = await tryOnce(third.claim, third.task);
  await engine.finish(third.claim, { [third.task.id]: { status: "completed", output, cost: spent } as never });
  assert.deepEqual(await figuresOf(tenant.id), { events: 1, credits: COST, paid: COST, held: 0 });

  const { items } = await must<AnswerOf<typeof listExports>>(tenant.owner, "GET", `${path}/exports`);
  assert.deepEqual(
    items.map(({ status, is_kept }) => [status, is_kept]),
    [["completed", true]],
  );
  const { rows } = await admin.query("select count(*)::int as files from tasks.files where organization_id = $1", [
    tenant.id,
  ]);
  assert.deepEqual(rows, [{ files: 1 }]);
  const file = await ask(tenant.owner, "GET", `${path}/exports/${items[0]?.id}/file`);
  assert.deepEqual([file.statusCode, file.headers["content-type"]], [200, "application/pdf"]);
  const { text } = await extractText(new Uint8Array(file.rawPayload), { mergePages: true });
  assert.match(text, /<b>Forty<\/b> & more/);
  assert.match(text, /<\/p><script>alert\(1\)<\/script>/);
});

test("a session in which nobody has written anything is printed", async () => {
  const { tenant, must, ask } = await openStudio(http);
  const made = await ask(tenant.owner, "POST", "sessions", { payload: { title: "Empty" } });
  assert.equal(made.statusCode, 201, made.body);
  await must(tenant.owner, "POST", `sessions/${made.json().id}/exports`);
  const { claim, task } = await take();
  const { output, spent } = await tryOnce(claim, task);
  await engine.finish(claim, { [task.id]: { status: "completed", output, cost: spent } as never });
  assert.deepEqual(await figuresOf(tenant.id), { events: 1, credits: COST, paid: COST, held: 0 });
});

test("credits that are gone before it begins fail the export with the reason, and charge nothing", async () => {
  const { tenant, must, begin } = await openStudio(http);
  const { path } = await begin(tenant.owner);
  await must(tenant.owner, "POST", `${path}/exports`);
  await admin.query("update credits.balances set posted = 0 where organization_id = $1", [tenant.id]);
  const [claim = assert.fail()] = await engine.claim(1, { after: NOBODY, served: 0 }, [exportKind.type]);
  assert.deepEqual(await engine.begin(claim), []);
  const { items } = await must<AnswerOf<typeof listExports>>(tenant.owner, "GET", `${path}/exports`);
  assert.deepEqual([items[0]?.status, items[0]?.error], ["failed", "There are not enough credits for it."]);
  assert.equal((await figuresOf(tenant.id)).events, 0);
});

test("a session that is closed to who asked is not printed for them any more", async () => {
  const { tenant, must, begin, join } = await openStudio(http);
  const milan = await join("member");
  const { path } = await begin(tenant.owner);
  await must(tenant.owner, "PUT", `${path}/people/${milan.userId}`, { may_write: true });
  await must(milan, "POST", `${path}/exports`);
  await must(tenant.owner, "DELETE", `${path}/people/${milan.userId}`);
  const { claim, task } = await take();
  await assert.rejects(tryOnce(claim, task), /not open to who asked/);
});
