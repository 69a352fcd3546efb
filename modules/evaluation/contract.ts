import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";
import { RowFormat, RowsRead } from "../datasets/contract.ts";

const BENCHMARKS = "/api/organizations/:organization/benchmarks";
const BENCHMARK = `${BENCHMARKS}/:benchmark`;

/** Most rows of a file of predictions, and most bytes. */
export const PREDICTION_ROWS_MAX = 100_000;
export const PREDICTION_FILE_BYTES_MAX = 100_000_000;
/** Who may be let in when a benchmark is set up; others later. */
const FIRST_PARTICIPANTS_MAX = 200;
const QUOTA_MAX = 1_000_000;

const InOrganization = z.object({ organization: z.string() });
const InBenchmark = z.object({ organization: z.string(), benchmark: z.uuid() });

/** The measures that there are; `metrics.ts` works them out. */
export const MetricName = z.enum(["accuracy", "f1_micro", "f1_macro", "f1_weighted"]);
export type Metric = z.infer<typeof MetricName>;
const Scores = z.partialRecord(MetricName, z.number());
const Status = z.enum(["draft", "open", "closed", "archived"]);
export const Split = z.enum(["public", "private"]);
export type Split = z.infer<typeof Split>;

export const BenchmarkInList = z.object({
  id: z.uuid(),
  name: z.string(),
  status: Status,
  deadline: z.string().nullable(),
  /** The first is the one that the ranking goes by, the second may decide between equals. */
  metrics: z.array(MetricName),
  leader: z.object({ name: z.string(), score: z.number() }).nullable(),
  /** How the caller stands. */
  own: z.object({ rank: z.int(), score: z.number() }).nullable(),
});
export type BenchmarkInList = z.infer<typeof BenchmarkInList>;

export const Benchmark = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  status: Status,
  deadline: z.string().nullable(),
  daily_quota: z.int().nullable(),
  total_quota: z.int().nullable(),
  public_percentage: z.int(),
  metrics: z.array(MetricName),
  items: z.int().nullable(),
  /** Whether the caller may hand in; how often they have, failed submissions apart; and when the day of the quota ends. */
  takes_part: z.boolean(),
  handed_in: z.object({ today: z.int(), in_all: z.int() }),
  day_ends_at: z.string(),
});
export type Benchmark = z.infer<typeof Benchmark>;

export const Submission = z.object({
  id: z.uuid(),
  benchmark_id: z.uuid(),
  name: z.string(),
  status: z.enum(["queued", "processing", "completed", "failed"]),
  submitted_at: z.string(),
  scored_at: z.string().nullable(),
  /** Its rank when it was scored, where it was its participant's best. */
  rank: z.int().nullable(),
  prediction_count: z.int(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  /** Percent, while it is processed. */
  progress: z.int().nullable(),
  scores: Scores.nullable(),
  /** There once the benchmark is closed, where a part of the items was kept private. */
  private_scores: Scores.nullable(),
});
export type Submission = z.infer<typeof Submission>;

export const Place = z.object({
  rank: z.int(),
  name: z.string(),
  is_own: z.boolean(),
  submission_id: z.uuid(),
  submitted_at: z.string(),
  scores: Scores.nullable(),
});
export type Place = z.infer<typeof Place>;

export const NewBenchmark = z.object({
  name: z.string().trim().min(1).max(200),
  description: z.string().max(50_000).default(""),
  /** A published version of a dataset with gold answers. */
  version_id: z.uuid(),
  metrics: z
    .array(MetricName)
    .min(1)
    .refine((names) => new Set(names).size === names.length, "A metric is there twice."),
  daily_quota: z.int().min(1).max(QUOTA_MAX).nullable().default(null),
  total_quota: z.int().min(1).max(QUOTA_MAX).nullable().default(null),
  deadline: z.iso.datetime({ offset: true }).nullable().default(null),
  /** How much of the items the public scores are of; the scores of the rest are shown when the benchmark is closed. */
  public_percentage: z.int().min(0).max(100).default(100),
  participants: z.array(z.uuid()).max(FIRST_PARTICIPANTS_MAX).default([]),
});
export type NewBenchmark = z.infer<typeof NewBenchmark>;

export const SubmissionResult = RowsRead.extend({
  /** Items with a prediction, and those without, which are wrong. */
  predicted: z.int(),
  missing: z.int(),
  submission: Submission.nullable(),
});
export type SubmissionResult = z.infer<typeof SubmissionResult>;

export const listBenchmarks = endpoint({
  name: "evaluation.benchmark.overview",
  summary: "List the benchmarks that one takes part in or looks after, newest first (at most 200), with who leads",
  method: "GET",
  path: BENCHMARKS,
  access: "evaluation.leaderboard.read",
  params: InOrganization,
  answer: z.object({ items: z.array(BenchmarkInList) }),
});

export const setUpBenchmark = endpoint({
  name: "evaluation.benchmark.set_up",
  summary: "Set up a benchmark with its metrics and first participants; it is a draft until it is opened",
  method: "POST",
  path: BENCHMARKS,
  access: "evaluation.benchmark.manage",
  params: InOrganization,
  body: NewBenchmark,
  answer: z.object({ id: z.uuid() }),
  example: {
    body: { name: "Example", version_id: ":gold_version", metrics: ["f1_macro", "accuracy"], daily_quota: 5 },
  },
});

export const readBenchmark = endpoint({
  name: "evaluation.benchmark.show",
  summary: "One benchmark, and how often one has handed in",
  method: "GET",
  path: BENCHMARK,
  access: "evaluation.leaderboard.read",
  params: InBenchmark,
  answer: Benchmark,
});

export const setBenchmarkStatus = endpoint({
  name: "evaluation.benchmark.set_status",
  summary: "Open, close or archive a benchmark; closing it shows the private part of the scores",
  method: "PUT",
  path: `${BENCHMARK}/status`,
  access: "evaluation.benchmark.manage",
  params: InBenchmark,
  body: z.object({ status: Status.exclude(["draft"]) }),
  answer: z.object({ id: z.uuid(), status: Status }),
  example: { body: { status: "open" } },
});

export const readLeaderboard = endpoint({
  name: "evaluation.leaderboard.read",
  summary: "Who stands where: each participant's best, equals at one rank, the earlier one first",
  method: "GET",
  path: `${BENCHMARK}/leaderboard`,
  access: "evaluation.leaderboard.read",
  params: InBenchmark,
  query: z.object({
    split: Split.default("public"),
    ...pageQuery(),
  }),
  answer: pageOf(Place),
});

export const downloadItems = endpoint({
  name: "evaluation.benchmark.download_items",
  summary: "The items to predict as a file: position, id and input",
  method: "GET",
  path: `${BENCHMARK}/items`,
  access: "evaluation.leaderboard.read",
  params: InBenchmark,
  query: z.object({ format: RowFormat.default("jsonl") }),
  answerMedia: "stream",
  fileTypes: ["text/csv", "application/x-ndjson"],
});

export const listSubmissions = endpoint({
  name: "evaluation.submission.list_own",
  summary: "What one has handed in to a benchmark, newest first",
  method: "GET",
  path: `${BENCHMARK}/submissions`,
  access: "evaluation.leaderboard.read",
  params: InBenchmark,
  query: z.object(pageQuery()),
  answer: pageOf(Submission),
});

export const submitPredictions = endpoint({
  name: "evaluation.submission.hand_in",
  summary:
    "Hand in predictions, a file with the columns id or position, and label: all rows or none; a task scores them",
  method: "POST",
  path: `${BENCHMARK}/submissions`,
  access: "evaluation.submission.write",
  params: InBenchmark,
  query: z.object({
    name: z.string().trim().max(200).default(""),
    format: RowFormat,
    /** Only looks for what is wrong. */
    dry_run: z.stringbool().default(false),
  }),
  bodyMedia: "stream",
  answer: SubmissionResult,
  example: { query: { name: "Baseline", format: "csv" }, text: "position,label\n1,good\n2,bad\n" },
});

export const readSubmission = endpoint({
  name: "evaluation.submission.show",
  summary: "One's own submission: how far it is, and its scores",
  method: "GET",
  path: "/api/organizations/:organization/submissions/:submission",
  access: "evaluation.leaderboard.read",
  params: z.object({ organization: z.string(), submission: z.uuid() }),
  answer: Submission,
});
