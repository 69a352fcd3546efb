import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Person } from "../../test/harness.ts";
import { Benchmark, BenchmarkInList, Submission, SubmissionResult } from "./contract.ts";
import { csvOf, type Evaluation, openEvaluation } from "./evaluation.fixture.ts";

let suite: Evaluation;
let pavel: Person;
let lena: Person;

before(async () => {
  suite = await openEvaluation();
  pavel = await suite.hire("participant");
  lena = await suite.hire("labeler");
  suite.work();
});

async function hireMany(count: number): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) people.push(await suite.hire("participant"));
  return people;
}

test("gold answers go in, predictions are scored, and everybody finds their place", async () => {
  const answers = ["a", "a", "b", "c"];
  const benchmark = await suite.open("Letters", answers, {
    metrics: ["f1_macro", "accuracy", "f1_micro", "f1_weighted"],
    participants: [pavel.userId, lena.userId],
    public_percentage: 100,
    daily_quota: 2,
  });
  const first = await suite.handIn(pavel, benchmark, ["a", "b", "b", "b"]);
  assert.equal(Submission.parse(first).status, "queued");
  const scored = await suite.ended(pavel, first.id);
  assert.deepEqual(scored.scores, {
    accuracy: 0.5,
    f1_macro: 0.38888888888888884,
    f1_micro: 0.5,
    f1_weighted: 0.4583333333333333,
  });
  assert.deepEqual([scored.status, scored.rank, scored.private_scores], ["completed", 1, null]);

  const best = await suite.handIn(lena, benchmark, answers);
  assert.equal((await suite.ended(lena, best.id)).rank, 1);
  assert.deepEqual(
    (await suite.ranking(pavel, benchmark)).map(({ rank, is_own, scores }) => [rank, is_own, scores?.f1_macro]),
    [
      [1, false, 1],
      [2, true, 0.38888888888888884],
    ],
  );
  const [shown] = (await suite.well(pavel, "GET", "/benchmarks")).items;
  assert.deepEqual(BenchmarkInList.parse(shown).own, { rank: 2, score: 0.38888888888888884 });
  const { handed_in, items } = Benchmark.parse(await suite.well(pavel, "GET", `/benchmarks/${benchmark}`));
  assert.deepEqual([handed_in, items], [{ today: 1, in_all: 1 }, 4]);
});

test("equals share a rank, the measure behind the first decides before that, and who has none is last", async () => {
  const people = await hireMany(4);
  const benchmark = await suite.open("Ties", ["a", "a", "a", "b", "b", "c"], {
    metrics: ["accuracy", "f1_macro"],
    participants: people.map(({ userId }) => userId),
  });
  const guesses = [
    ["a", "a", "b", "b", "a", "a"],
    ["a", "a", "a", "a", "a", "c"],
    ["b", "a", "a", "b", "a", "a"],
    ["b", "b", "b", "a", "a", "a"],
  ];
  for (const [place, labels] of guesses.entries()) {
    const person = people[place] ?? assert.fail();
    await suite.ended(person, (await suite.handIn(person, benchmark, labels)).id);
  }
  const [one] = people;
  const ranking = await suite.ranking(one ?? assert.fail(), benchmark);
  assert.deepEqual(
    ranking.map(({ rank, is_own, scores }) => [rank, is_own, scores?.accuracy]),
    [
      [1, false, 4 / 6],
      [2, true, 0.5],
      [2, false, 0.5],
      [4, false, 0],
    ],
  );
});

test("the private part is scored at once and shown when the benchmark closes", async () => {
  const answers = Array.from({ length: 10 }, (_, index) => (index % 2 ? "odd" : "even"));
  const benchmark = await suite.open("Parity", answers, { participants: [pavel.userId], public_percentage: 50 });
  const { id } = await suite.handIn(pavel, benchmark, answers.with(3, "even"));
  const open = await suite.ended(pavel, id);
  assert.equal(open.private_scores, null);
  assert.deepEqual(await suite.ranking(pavel, benchmark, "private"), []);
  await suite.well(suite.manager, "PUT", `/benchmarks/${benchmark}/status`, { status: "closed" });
  const closed = await suite.well(pavel, "GET", `/submissions/${id}`);
  const accuracies = [closed.scores.accuracy, closed.private_scores.accuracy].toSorted();
  assert.deepEqual(accuracies, [0.8, 1]);
  assert.equal((await suite.ranking(pavel, benchmark, "private")).length, 1);
});

test("each bad row of predictions is named by its line, nothing is handed in, and what is missing counts as wrong", async () => {
  const benchmark = await suite.open("Rows", ["a", "b", "a", "b"], { participants: [pavel.userId], daily_quota: 1 });
  const items = await suite.http.ask(pavel, { url: `${suite.base}/benchmarks/${benchmark}/items` });
  const ids = items.body
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).id as string);
  const bad = csvOf("id,position,label", [
    [ids[0] ?? "", "", "a"],
    ["", 1, "a"],
    ["", 99, "a"],
    ["nobody", "", "a"],
    ["", 2, ""],
    ["", 3, "x".repeat(1_001)],
    ["", "", "a"],
  ]);
  const { status, body } = await suite.submit(pavel, benchmark, bad);
  assert.equal(status, 200);
  const { errors, errors_total, submission } = SubmissionResult.parse(body);
  assert.deepEqual([errors_total, submission], [6, null]);
  assert.deepEqual(
    errors.map(({ line, column }) => [line, column]),
    [
      [3, "position"],
      [4, "position"],
      [5, "id"],
      [6, "label"],
      [7, "label"],
      [8, "position"],
    ],
  );
  const latin = Buffer.concat([Buffer.from("position,label\n1,"), Buffer.of(0xe9), Buffer.from("\n")]);
  const { body: wrong } = await suite.submit(pavel, benchmark, latin);
  assert.match(wrong.errors[0].reason, /not valid Unicode.*UTF-8/);
  assert.equal(wrong.errors[0].line, 2);
  const lines = `{"id":"${ids[0]}","label":"a"}\n{"position":2,"label":"b"}\n`;
  const { body: dry } = await suite.submit(pavel, benchmark, lines, { format: "jsonl", dry_run: "true" });
  assert.deepEqual([dry.predicted, dry.missing, dry.submission], [2, 2, null]);
  const { body: good } = await suite.submit(pavel, benchmark, lines, { format: "jsonl" });
  const { scores } = await suite.ended(pavel, good.submission.id);
  assert.equal(scores?.accuracy, 0.5);
  const { status: refused, body: problem } = await suite.submit(pavel, benchmark, lines, { format: "jsonl" });
  assert.deepEqual([refused, problem.code], [409, "conflict"]);
});

test("what could not be scored fails with a code, tells nothing else, and counts against no quota", async () => {
  const benchmark = await suite.open("Trouble", ["a", "b"], { participants: [pavel.userId], total_quota: 1 });
  await suite.admin.query(
    "delete from datasets.dataset_answers a using evaluation.benchmarks b where b.id = $1 and a.version_id = b.version_id and a.answer = '\"b\"'",
    [benchmark],
  );
  const { id } = await suite.handIn(pavel, benchmark, ["a", "b"]);
  const failed = await suite.ended(pavel, id);
  assert.deepEqual([failed.status, failed.error_code, failed.scores], ["failed", "invalid", null]);
  assert.match(failed.error ?? "", /no gold answer/);
  assert.equal((await suite.handIn(pavel, benchmark, ["a", "b"])).status, "queued");
});

test("participants see their own benchmarks and submissions, and nobody else's", async () => {
  const benchmark = await suite.open("Closed circle", ["a", "b"], { participants: [lena.userId] });
  const { id } = await suite.handIn(lena, benchmark, ["a", "a"]);
  await suite.ended(lena, id);
  const names = (await suite.well(pavel, "GET", "/benchmarks")).items.map(({ name }: { name: string }) => name);
  assert.equal(names.includes("Closed circle"), false);
  for (const path of [
    `/benchmarks/${benchmark}`,
    `/benchmarks/${benchmark}/leaderboard`,
    `/benchmarks/${benchmark}/items`,
    `/submissions/${id}`,
  ])
    assert.equal((await suite.ask(pavel, "GET", path)).status, 404, path);
  assert.equal((await suite.submit(pavel, benchmark, "position,label\n1,a\n")).status, 404);
  // Who looks after benchmarks sees it, and hands nothing in without taking part.
  assert.equal((await suite.submit(suite.manager, benchmark, "position,label\n1,a\n")).status, 409);
});
