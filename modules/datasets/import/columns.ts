import { FileFault, quote } from "../../../kernel/import/fault.ts";
import { faultOfNames } from "../../../kernel/import/header.ts";
import type { Reading } from "./reading.ts";

const LISTED_COLUMNS_MAX = 20;

/**
 * Notes the file's columns and which of them holds the text: the one that was asked for, else `text` in any case, else
 * the only one. Throws FileFault when a name is missing, double or too long, or when the text's column is not clear.
 */
export function setColumns(reading: Reading, line: number, columns: string[]): void {
  const fault = faultOfNames(columns, reading.limits.columns);
  if (fault) throw new FileFault(line, fault);
  reading.columns = columns;
  reading.textColumn = chooseTextColumn(columns, reading.wantedColumn) ?? null;
  if (reading.textColumn === null) throw new FileFault(line, missingTextColumn(columns, reading.wantedColumn));
}

function chooseTextColumn(columns: string[], wanted: string | undefined): string | undefined {
  if (wanted !== undefined) return columns.find((column) => column === wanted);
  if (columns.includes("text")) return "text";
  const named = columns.filter((column) => column.toLowerCase() === "text");
  if (named.length === 1) return named[0];
  return columns.length === 1 ? columns[0] : undefined;
}

function missingTextColumn(columns: string[], wanted: string | undefined): string {
  const listed = columns.slice(0, LISTED_COLUMNS_MAX).map(quote).join(", ");
  const more = columns.length > LISTED_COLUMNS_MAX ? ` and ${columns.length - LISTED_COLUMNS_MAX} more` : "";
  const problem =
    wanted === undefined ? "It is not clear which column holds the text." : `There is no column ${quote(wanted)}.`;
  return `${problem} Choose one of the columns there are: ${listed || "none"}${more}.`;
}
