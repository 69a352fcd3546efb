import { formatCount, formatCountOf } from "../../lib/format.ts";
import type { ImportInList } from "../../lib/import-queries.ts";

export const FORMAT_WORDS: Record<ImportInList["format"], string> = { csv: "CSV", json: "JSON", ndjson: "JSON lines" };

export const STATE_WORDS: Record<ImportInList["state"], string> = {
  waiting: "In line",
  checking: "Checking the rows",
  loading: "Taking in rows",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  undoing: "Undoing",
  undone: "Undone",
};

/** What became of the rows, such as "12 rows made, 3 changed, 1 wrong"; nothing while none is done. */
export function rowsInWords({ rows }: Pick<ImportInList, "rows">): string {
  const parts = [
    [rows.created, "made"],
    [rows.updated, "changed"],
    [rows.wrong, "wrong"],
    [rows.deleted, "deleted again"],
    [rows.restored, "restored"],
    [rows.kept, "kept"],
  ] as const;
  const [first, ...others] = parts.filter(([count]) => count > 0);
  if (!first) return "";
  const [count, word] = first;
  return [
    `${formatCountOf(count, "row")} ${word}`,
    ...others.map(([more, what]) => `${formatCount(more)} ${what}`),
  ].join(", ");
}
