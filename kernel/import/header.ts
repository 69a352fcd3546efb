import { FileFault, quote } from "./fault.ts";
import { formatCount } from "./limits.ts";

export const COLUMNS_MAX = 200;
const COLUMN_LENGTH_MAX = 200;

/** What is wrong with the names of a file's columns, if anything is: one is missing, there twice, or too long, or there are too many. */
export function faultOfNames(columns: readonly string[], columnsMax = COLUMNS_MAX): string | undefined {
  if (columns.length > columnsMax) {
    return `There are ${formatCount(columns.length)} columns, and at most ${formatCount(columnsMax)} are allowed. Delete those that are not needed.`;
  }
  const empty = columns.findIndex((column) => column.trim() === "");
  if (empty >= 0) return `Column ${empty + 1} has no name. Give it one in the header, or delete the column.`;
  const long = columns.find((column) => column.length > COLUMN_LENGTH_MAX);
  if (long !== undefined) {
    return `The column name ${quote(long)} has ${formatCount(long.length)} characters, and at most ${COLUMN_LENGTH_MAX} are allowed. Check that the first row names the columns.`;
  }
  const first = columns.findIndex((column, index) => columns.indexOf(column) < index);
  const name = columns[first];
  if (name === undefined) return undefined;
  return `Columns ${columns.indexOf(name) + 1} and ${first + 1} are both named ${quote(name)}. Rename one of them.`;
}

/** Throws FileFault where something is wrong with the names of a file's columns. */
export function refuseNames(line: number, columns: readonly string[]): void {
  const fault = faultOfNames(columns);
  if (fault) throw new FileFault(line, fault);
}
