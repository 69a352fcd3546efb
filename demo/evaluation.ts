import { countItem, openTally, scoreOf } from "../modules/evaluation/metrics.ts";
import { scoringKind } from "../modules/evaluation/scoring.ts";
import { publicPlaces } from "../modules/evaluation/split.ts";
import { wishOf } from "../modules/tasks/public.ts";
import type { Gold } from "./labeling-records.ts";
import type { CastRole, Scene } from "./scene.ts";

const PUBLIC_PERCENTAGE = 50;

type Entry = { id: string; benchmark: string; who: CastRole; name: string; day: number; right: number };

const METRICS = ["f1_macro", "accuracy"] as const;

/** Who handed in what, days ago, and how many of the items it has right; -1 waits for its scoring, -2 could not be scored. */
const ENTRIES: readonly [who: CastRole, name: string, day: number, right: number][] = [
  ["participant", "Counting words", -9, 7],
  ["participant", "Counting words, with pairs", -6, 9],
  ["participant", "A small transformer", -2, 11],
  ["labeler", "By hand, in a hurry", -5, 10],
  ["member", "Always glad", -8, 4],
  ["member", "Keywords", -4, 8],
  ["participant", "Wrong file", -3, -2],
  ["labeler", "By hand, with care", 0, -1],
];

const PLANS = [
  {
    name: "How reviews sound",
    status: "open",
    description: "Predict how a review sounds: Glad, Unhappy or Neither. Scored by macro F1.",
  },
  { name: "Reviews, first round", status: "closed", description: "The first round, with its private part shown." },
  { name: "Reviews, trial run", status: "archived", description: "A trial of the rules, with nobody taking part." },
  { name: "Reviews in German", status: "draft", description: "Comes when the German texts are labeled." },
];

/** Makes benchmarks in every state; people hand in while a benchmark is open, are scored and ranked by the database. */
export async function makeBenchmarks(scene: Scene, gold: Gold): Promise<void> {
  const { insert, run, id, clock, people } = scene;
  const benchmarks = PLANS.map((plan) => ({ id: id(clock.on(-14)), ...plan }));
  await insert(
    "evaluation.benchmarks",
    benchmarks.map((benchmark) => ({
      ...benchmark,
      status: benchmark.status === "draft" ? "draft" : "open",
      config: {},
      dataset_id: gold.dataset,
      version_id: gold.version,
      deadline: benchmark.status === "open" ? clock.on(21, 22) : undefined,
      daily_quota: 20,
      public_percentage: PUBLIC_PERCENTAGE,
      created_by: people.task_admin,
      created_at: clock.on(benchmark.status === "open" ? -14 : -36),
    })),
  );
  await insert(
    "evaluation.benchmark_metrics",
    benchmarks.flatMap(({ id: benchmark_id }) =>
      METRICS.map((metric, index) => ({
        benchmark_id,
        metric,
        is_primary: index === 0,
        is_tie_breaker: index === 1,
      })),
    ),
  );
  const [open, closed] = benchmarks.map((benchmark) => benchmark.id);
  if (!open || !closed) throw new Error("The demo needs a benchmark that is open, and one that is closed.");
  await insert(
    "evaluation.participants",
    [open, closed].flatMap((benchmark_id) =>
      (["participant", "labeler", "member"] as const).map((who) => ({
        benchmark_id,
        user_id: people[who],
        joined_at: clock.on(benchmark_id === open ? -12 : -34),
      })),
    ),
  );
  const entries = [open, closed].flatMap((benchmark) =>
    ENTRIES.filter(([, , , right]) => benchmark === open || right >= 0).map(([who, name, day, right]) => ({
      id: id(clock.past(day, 0.5)),
      benchmark,
      who,
      name,
      right: benchmark === open ? right : Math.max(right - 1, 0),
      day: benchmark === open ? day : day - 20,
    })),
  );
  await handIn(scene, entries, gold);
  await score(scene, entries, gold);
  for (const step of ["closed", "archived"])
    await run("update evaluation.benchmarks set status = $2 where organization_id = $1 and id = any ($3)", [
      step,
      benchmarks.filter(({ status }) => status === step || status === "archived").map((benchmark) => benchmark.id),
    ]);
  await makePhases(scene, open);
}

/** Windows are added last: while there are any, nothing can be handed in outside of them. */
async function makePhases({ insert, run, id, clock }: Scene, open: string): Promise<void> {
  await insert("evaluation.phases", [
    {
      id: id(),
      benchmark_id: open,
      name: "Development",
      starts_at: clock.on(-14, 0),
      ends_at: clock.on(7, 0),
      daily_quota: 20,
    },
    {
      id: id(),
      benchmark_id: open,
      name: "Final",
      starts_at: clock.on(7, 0),
      ends_at: clock.on(21, 22),
      daily_quota: 3,
    },
  ]);
  await run(
    `update evaluation.submissions s set phase_id = p.id from evaluation.phases p
     where s.organization_id = $1 and p.organization_id = $1 and p.benchmark_id = s.benchmark_id and s.submitted_at between p.starts_at and p.ends_at`,
  );
}

async function handIn({ insert, run, clock, people }: Scene, entries: Entry[], { items }: Gold): Promise<void> {
  await insert(
    "evaluation.submissions",
    entries.map(({ id, benchmark, who, name }) => ({
      id,
      benchmark_id: benchmark,
      user_id: people[who],
      name,
      status: "queued",
      prediction_count: items.length,
    })),
  );
  await insert(
    "evaluation.prediction_chunks",
    entries.map(({ id, right }) => ({
      submission_id: id,
      position: 1,
      predictions: predictionsOf(items, right).map((label, index) => [items[index]?.id, label]),
    })),
  );
  const times = JSON.stringify(entries.map(({ id, day }) => ({ id, at: clock.past(day, 0.5) })));
  await run(
    `update evaluation.submissions s set submitted_at = e.at from json_to_recordset($2) as e (id uuid, at timestamptz) where s.organization_id = $1 and s.id = e.id`,
    [times],
  );
}

/** The first ones are right, and the others as they come. */
function predictionsOf(items: Gold["items"], right: number): string[] {
  const answers = [...new Set(items.map(({ answer }) => answer))];
  return items.map(({ answer }, index) => (index < right ? answer : (answers[index % answers.length] ?? "")));
}

/** The scores of an entry, as the worker works them out. */
function scoresOf({ benchmark, right }: Entry, { items }: Gold) {
  const tallies = { public: openTally(), private: openTally() };
  const answers = items.map(({ answer_id }) => answer_id);
  const isPublic = publicPlaces(answers, benchmark, PUBLIC_PERCENTAGE);
  const predicted = predictionsOf(items, right);
  for (const [index, { answer }] of items.entries())
    countItem(tallies[isPublic.has(index) ? "public" : "private"], answer, predicted[index]);
  return (["public", "private"] as const).flatMap((split) =>
    METRICS.map((metric) => ({ split, metric, score: scoreOf(metric, tallies[split]) })),
  );
}

/** What nobody has scored yet is put in line: a worker scores it when the installation starts. */
async function queue({ run, clock, people }: Scene, entries: readonly Entry[]): Promise<void> {
  for (const { id, who } of entries) {
    const wish = wishOf(scoringKind, { name: "Score predictions", input: { submission: id } });
    await run(
      `update evaluation.submissions s set task_id = (select made.id from tasks.enqueue($1, $2, $3) made) where s.organization_id = $1 and s.id = $4`,
      [people[who], JSON.stringify([wish]), id],
    );
    await run(
      `update tasks.entries e set ready_at = $2, sort_key = tasks.sort_key($2, 2) from evaluation.submissions s
       where e.organization_id = $1 and s.organization_id = $1 and s.id = $3 and e.task_id = s.task_id`,
      [clock.now, id],
    );
  }
}

async function score(scene: Scene, entries: Entry[], gold: Gold): Promise<void> {
  const { insert, run, clock, people } = scene;
  const scored = entries.filter(({ right }) => right >= 0);
  const failed = entries.filter(({ right }) => right === -2).map(({ id }) => id);
  await run("update evaluation.submissions set status = 'processing' where organization_id = $1 and id = any ($2)", [
    [...scored.map(({ id }) => id), ...failed],
  ]);
  // One after the other, as they came: the rank a submission is told is the one it had then.
  for (const entry of scored.toSorted((a, b) => a.day - b.day))
    await insert(
      "evaluation.scores",
      scoresOf(entry, gold).map((one) => ({
        benchmark_id: entry.benchmark,
        user_id: people[entry.who],
        submission_id: entry.id,
        ...one,
      })),
    );
  await run(
    "update evaluation.submissions set status = 'completed', scored_at = submitted_at + interval '90 seconds' where organization_id = $1 and id = any ($2)",
    [scored.map(({ id }) => id)],
  );
  await run(
    "update evaluation.submissions set status = 'failed', error_code = 'cancelled', error = 'It was cancelled.' where organization_id = $1 and id = any ($2)",
    [failed],
  );
  await queue(
    scene,
    entries.filter(({ right }) => right === -1),
  );
  await run("update evaluation.participants set updated_at = $2 where organization_id = $1", [clock.now]);
}
