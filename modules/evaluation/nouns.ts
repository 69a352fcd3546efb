import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** What the API shows of this module's tables. */
export const nouns: readonly Noun[] = [
  noun({
    table: "evaluation.benchmarks",
    name: "evaluation.benchmark",
    read: "evaluation.benchmark.read",
    write: "evaluation.benchmark.manage",
    writable: [
      "name",
      "description",
      "config",
      "dataset_id",
      "version_id",
      "deadline",
      "daily_quota",
      "total_quota",
      "public_percentage",
    ],
  }),
  noun({
    table: "evaluation.benchmark_metrics",
    name: "evaluation.benchmark_metric",
    read: "evaluation.benchmark.read",
    write: "evaluation.benchmark.manage",
    creatable: ["benchmark_id", "metric"],
    writable: ["is_primary", "is_tie_breaker", "parameters"],
  }),
  noun({
    table: "evaluation.phases",
    name: "evaluation.phase",
    read: "evaluation.benchmark.read",
    write: "evaluation.benchmark.manage",
    creatable: ["benchmark_id"],
    writable: ["name", "starts_at", "ends_at", "daily_quota"],
    example: { starts_at: "2026-11-30T09:00:00Z", ends_at: "2026-12-31T09:00:00Z" },
  }),
  noun({
    table: "evaluation.participants",
    name: "evaluation.participant",
    read: "evaluation.benchmark.read",
    write: "evaluation.benchmark.manage",
    creatable: ["benchmark_id", "user_id"],
  }),
  noun({ table: "evaluation.submissions", name: "evaluation.submission", read: "evaluation.benchmark.read" }),
  noun({ table: "evaluation.leaderboard", name: "evaluation.leaderboard_place", read: "evaluation.benchmark.read" }),
];
