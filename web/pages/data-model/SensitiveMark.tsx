import type { TableSummary } from "../../../kernel/data-model/contract.ts";

/** A sign at the name of a table that few may read. */
export function SensitiveMark({ sensitivity }: Pick<TableSummary, "sensitivity">) {
  if (sensitivity !== "high" && sensitivity !== "critical") return null;
  return (
    <span role="img" aria-label={`sensitivity ${sensitivity}`} title={`Sensitivity: ${sensitivity}`}>
      ⚠
    </span>
  );
}
