import { z } from "zod";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText, transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure, taskKind } from "../../kernel/work.ts";
import type { Metric } from "./contract.ts";
import { countItem, openTally, scoreOf, type Tally } from "./metrics.ts";
import { publicPlaces } from "./split.ts";

/** So many items are scored at once: a row of predictions is about as many. */
export const CHUNK_ITEMS = 10_000;
/** Comes before every id. */
const NO_ITEM = "00000000-0000-0000-0000-000000000000";
const TIME_LIMIT_SECONDS = 600;
const ATTEMPTS_MAX = 3;
const SPLITS = ["public", "private"] as const;

const ScoringInput = z.object({ submission: z.uuid() });
type ScoringInput = z.infer<typeof ScoringInput>;

const BEGIN = `
  with begun as (update evaluation.submissions set status = 'processing' where organization_id = $1 and id = $2 and status = 'queued')
  select json_build_object('status', s.status, 'benchmark', b.id, 'version', b.version_id, 'items', v.item_count, 'share', b.public_percentage, 'metrics', (
      select json_agg(m.metric) from evaluation.benchmark_metrics m where m.organization_id = b.organization_id and m.benchmark_id = b.id))::text
  from evaluation.submissions s
  join evaluation.benchmarks b on b.organization_id = s.organization_id and b.id = s.benchmark_id
  join datasets.versions v on v.organization_id = b.organization_id and v.id = b.version_id
  where s.organization_id = $1 and s.id = $2`;

const READ_GOLD = `
  select coalesce(json_agg(json_build_array(item_id, id, label) order by item_id), '[]')::text from (
    select item_id, id, answer #>> '{}' as label from datasets.dataset_answers
    where organization_id = $1 and version_id = $2 and item_id > $3 order by item_id limit ${CHUNK_ITEMS}
  ) gold`;
const READ_CHUNK =
  "select predictions::text from evaluation.prediction_chunks where organization_id = $1 and submission_id = $2 and position = $3";

const LOCK = "select status from evaluation.submissions where organization_id = $1 and id = $2 for no key update";
const INSERT_SCORES = `
  insert into evaluation.scores (organization_id, benchmark_id, user_id, submission_id, split, metric, score, raw_score)
  select s.organization_id, s.benchmark_id, s.user_id, s.id, r.split, r.metric, r.score, r.score
  from evaluation.submissions s, jsonb_to_recordset($3) as r (split text, metric text, score double precision)
  where s.organization_id = $1 and s.id = $2`;
const COMPLETE =
  "update evaluation.submissions set status = 'completed', scored_at = now() where organization_id = $1 and id = $2";

type Terms = {
  status: string;
  benchmark: string;
  version: string;
  items: number;
  share: number;
  metrics: Metric[];
};
type Gold = [item: string, answer: string, label: string];
type Tallies = Record<(typeof SPLITS)[number], Tally>;

/** Scores a submission, once however often it is tried; what it resolves with says nothing about the scores. */
export const scoringKind = taskKind<ScoringInput>({
  type: "evaluation.score_submission",
  summary: "Scores predictions that were handed in",
  category: "evaluation",
  workerType: "internal",
  input: ScoringInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  isOpen: false,
  run: scoreSubmission,
});

async function scoreSubmission(task: RunningTask<ScoringInput>): Promise<unknown> {
  const { entry, input } = task;
  const { submission } = input;
  const terms = JSON.parse((await askJson(entry, BEGIN, [entry.organization.id, submission])).json) as Terms;
  if (terms.status === "completed" || terms.status === "failed") return { submission, status: terms.status };
  const tallies = await tallyItems(task, terms);
  const scores = SPLITS.flatMap((split) =>
    tallies[split].items === 0
      ? []
      : terms.metrics.map((metric) => ({ split, metric, score: scoreOf(metric, tallies[split]) })),
  );
  return { submission, status: await keepScores(entry, submission, scores) };
}

/** Counts hits and misses piece by piece, in the order of the items' ids, as predictions are kept; in the memory of one piece. */
async function tallyItems({ entry, input, progress }: RunningTask<ScoringInput>, terms: Terms): Promise<Tallies> {
  const { id: organization } = entry.organization;
  const tallies = { public: openTally(), private: openTally() };
  let [after, counted] = [NO_ITEM, 0];
  for (let place = 1; ; place += 1) {
    const gold = JSON.parse((await askJson(entry, READ_GOLD, [organization, terms.version, after])).json) as Gold[];
    if (gold.length === 0) break;
    const chunk = { text: READ_CHUNK, values: [organization, input.submission, place], fixed: true };
    const predicted = new Map(JSON.parse((await queryText(entry, chunk)) ?? "[]") as [string, string][]);
    const answers = gold.map(([, answer]) => answer);
    const isPublic = publicPlaces(answers, terms.benchmark, terms.share);
    for (const [index, [item, , label]] of gold.entries())
      countItem(tallies[isPublic.has(index) ? "public" : "private"], label, predicted.get(item));
    after = gold.at(-1)?.[0] ?? after;
    counted += gold.length;
    progress((100 * counted) / Math.max(terms.items, 1), `${counted} of ${terms.items} items`);
  }
  if (counted === terms.items) return tallies;
  throw new TaskFailure("invalid", "An item of this benchmark has no gold answer. Tell who runs the benchmark.");
}

/** Keeps the scores and with them the ranking, unless another try was faster. Resolves with the status that the submission has then. */
async function keepScores(entry: Context, submission: string, scores: readonly object[]): Promise<string> {
  const values = [entry.organization.id, submission];
  return transaction(entry, async (tx) => {
    const [found] = await tx.query<{ status: string }>(LOCK, values);
    if (found?.status !== "processing") return found?.status ?? "gone";
    await tx.query(INSERT_SCORES, [...values, JSON.stringify(scores)]);
    await tx.query(COMPLETE, values);
    return "completed";
  });
}
