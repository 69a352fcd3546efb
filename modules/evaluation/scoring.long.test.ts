import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { before, test } from "node:test";
import { atEnd } from "../../test/harness.ts";
import { csvOf, type Evaluation, openEvaluation } from "./evaluation.fixture.ts";

const PROGRAM = join(import.meta.dirname, "..", "imports", "worker.fixture.ts");
const ITEMS = 25_000;

let suite: Evaluation;

before(async () => {
  suite = await openEvaluation();
});

function spawnWorker(): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(suite.login)], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, NODE_TEST_CONTEXT: "" },
  });
  atEnd(async () => void child.kill("SIGKILL"));
  return child;
}

test("workers that are killed while they score leave a submission that is scored once", async () => {
  const pavel = await suite.hire("participant");
  const answers = Array.from({ length: ITEMS }, (_, index) => `label ${index % 50}`);
  const benchmark = await suite.open("Large", answers, { participants: [pavel.userId], public_percentage: 60 });
  const { id } = await suite.handIn(
    pavel,
    benchmark,
    answers.map((answer, index) => (index % 10 ? answer : "wrong")),
  );
  // Somebody else holds the submission, so the first worker stands still in the middle of it.
  const holder = await suite.admin.query(
    "select pg_advisory_lock(hashtextextended('evaluation.leaderboard' || $1, 0))",
    [benchmark],
  );
  assert.equal(holder.rowCount, 1);
  const first = spawnWorker();
  const waiting = "select from pg_locks where locktype = 'advisory' and not granted";
  while (!(await suite.admin.query(waiting)).rowCount);
  first.kill("SIGKILL");
  await once(first, "exit");
  await suite.admin.query("select pg_advisory_unlock_all()");
  spawnWorker();
  const { status, scores } = await suite.ended(pavel, id);
  assert.equal(status, "completed");
  const { rows } = await suite.admin.query(
    "select split, metric, count(*)::int, min(score) as score from evaluation.scores where submission_id = $1 group by 1, 2 order by 1, 2",
    [id],
  );
  assert.deepEqual(
    rows.map(({ split, metric, count }) => [split, metric, count]),
    [
      ["private", "accuracy", 1],
      ["private", "f1_macro", 1],
      ["public", "accuracy", 1],
      ["public", "f1_macro", 1],
    ],
  );
  const [shares] = rows.filter(({ split, metric }) => split === "private" && metric === "accuracy");
  const right = 0.6 * (scores?.accuracy ?? 0) + 0.4 * shares.score;
  assert.ok(Math.abs(right - 0.9) < 1e-9, `${right} of all items were right`);
});

test("a submission whose scoring is cancelled fails, and can be handed in again", async () => {
  const lena = await suite.hire("labeler");
  const benchmark = await suite.open("Cancelled", ["a", "b"], { participants: [lena.userId], total_quota: 1 });
  const { id } = await suite.handIn(lena, benchmark, ["a", "b"]);
  const { rows } = await suite.admin.query<{ task_id: string }>(
    "select task_id from evaluation.submissions where id = $1",
    [id],
  );
  await suite.admin.query(
    "update tasks.tasks set status = 'cancelled', completed_at = now(), error_details = $2 where id = $1",
    [rows[0]?.task_id, JSON.stringify({ code: "cancelled", message: "It was cancelled." })],
  );
  const failed = await suite.well(lena, "GET", `/submissions/${id}`);
  assert.deepEqual([failed.status, failed.error_code, failed.error], ["failed", "cancelled", "It was cancelled."]);
  await suite.ended(lena, (await suite.handIn(lena, benchmark, ["a", "b"])).id);
});

test("ten that hand in at once where the quota has room for one get in once", async () => {
  const pavel = await suite.hire("participant");
  const benchmark = await suite.open("Race", ["a", "b"], { participants: [pavel.userId], daily_quota: 1 });
  const file = csvOf("position,label", [[1, "a"]]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => suite.submit(pavel, benchmark, file)));
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 9 }, () => 409)]);
});
