import type { Benchmark, Metric } from "../../../modules/evaluation/contract.ts";

/** What people call each measure. */
export const METRIC_WORDS: Record<Metric, string> = {
  accuracy: "Accuracy",
  f1_micro: "Micro F1",
  f1_macro: "Macro F1",
  f1_weighted: "Weighted F1",
};

export const STATUS_WORDS: Record<Benchmark["status"], string> = {
  draft: "Draft",
  open: "Open",
  closed: "Closed",
  archived: "Archived",
};

const SCORE = new Intl.NumberFormat(undefined, { minimumFractionDigits: 4, maximumFractionDigits: 4 });

/** A score with four decimals; a dash where there is none. */
export function formatScore(score: number | null | undefined): string {
  return score === null || score === undefined ? "–" : SCORE.format(score);
}
