import { FileFault } from "../../../kernel/import/fault.ts";
import { formatCount } from "../../../kernel/import/limits.ts";
import type { RowError } from "../../../kernel/import/sink.ts";
import { faultOfText } from "../../../kernel/import/text.ts";
import { ERRORS_MAX, type ImportLimits } from "./limits.ts";

/** What has been read of a file so far. Readers of a format add to it. */
export type Reading = {
  readonly limits: ImportLimits;
  /** The column that was asked for, if one was. */
  readonly wantedColumn: string | undefined;
  texts: string[];
  rows: number;
  blankLines: number;
  errors: RowError[];
  errorsTotal: number;
  columns: string[];
  textColumn: string | null;
};

/** Where a value stands. */
export type Place = Pick<RowError, "line" | "column">;

export function startReading(limits: ImportLimits, wantedColumn: string | undefined): Reading {
  return {
    limits,
    wantedColumn,
    texts: [],
    rows: 0,
    blankLines: 0,
    errors: [],
    errorsTotal: 0,
    columns: [],
    textColumn: null,
  };
}

/** Counts a row, good or bad. Throws FileFault when there are too many. */
export function countRow(reading: Reading, line: number): void {
  const { rows: rowsMax } = reading.limits;
  if (reading.rows >= rowsMax) {
    throw new FileFault(
      line,
      `The file has more than ${formatCount(rowsMax)} rows. Split it into several files and import them one after the other.`,
    );
  }
  reading.rows += 1;
}

/** Counts a line that is passed over. Throws FileFault when there are more of them than there may be rows. */
export function countBlankLine(reading: Reading, line: number): void {
  const { rows: linesMax } = reading.limits;
  if (reading.blankLines >= linesMax) {
    throw new FileFault(line, `The file has more than ${formatCount(linesMax)} blank lines. Delete them.`);
  }
  reading.blankLines += 1;
}

/** Takes a text as it is, or notes why it cannot be one. */
export function addText(reading: Reading, place: Place, text: string): void {
  const reason = faultOfText(text, "text", reading.limits.textBytes);
  if (reason) addError(reading, { ...place, reason });
  else reading.texts.push(text);
}

/** Notes a bad row: all are counted, the first 1,000 kept. */
export function addError(reading: Reading, error: RowError): void {
  reading.errorsTotal += 1;
  if (reading.errors.length < ERRORS_MAX) reading.errors.push(error);
}
