import { FileFault } from "./fault.ts";
import type { FileLimits } from "./limits.ts";
import { type FileRow, readRows } from "./rows.ts";
import type { RowError } from "./sink.ts";

/** So many bad rows are told; the others are counted. */
const ERRORS_MAX = 1_000;

/** What became of the rows of a file: all are good, or `errors` has the first of the bad ones. */
export type RowsRead = { rows: number; errors: RowError[]; errorsTotal: number };

/** Who takes the rows, whichever format they come in. */
export type NamedSink = {
  /** What is wrong with the columns of CSV, if anything is. */
  faultOfColumns(names: readonly string[]): string | undefined;
  /** A row: `cell` gives a value by the name of its column, undefined where there is none. */
  row(line: number, cell: (name: string) => unknown, refuse: (column: string | null, reason: string) => void): void;
};

/**
 * Reads a file of rows whose columns are known by name. Whatever the bytes, it resolves; rejects only when `body` does. A reason quotes no
 * value of the file: it may be one that nobody is to see.
 */
export async function readNamedRows(
  body: AsyncIterable<Buffer>,
  format: "csv" | "jsonl",
  limits: FileLimits & { rows: number },
  sink: NamedSink,
): Promise<RowsRead> {
  const read: RowsRead = { rows: 0, errors: [], errorsTotal: 0 };
  let places: Map<string, number> | undefined;
  const refuse = (line: number, column: string | null, reason: string) => {
    read.errorsTotal += 1;
    if (read.errors.length < ERRORS_MAX) read.errors.push({ line, column, reason });
  };
  const take = (line: number, row: FileRow) => {
    read.rows += 1;
    const cell = isList(row) ? (name: string) => row[places?.get(name) ?? -1] : (name: string) => ownOf(row, name);
    sink.row(line, cell, (column, reason) => refuse(line, column, reason));
  };
  try {
    await readRows(body, { format: format === "csv" ? "csv" : "ndjson" }, limits, {
      columns: (line, names) => {
        places = new Map(names.map((name, place) => [name, place]));
        const fault =
          places.size < names.length ? "Two columns have the same name. Rename one." : sink.faultOfColumns(names);
        if (fault) throw new FileFault(line, fault);
      },
      bad: (line, reason) => {
        read.rows += 1;
        refuse(
          line,
          null,
          format === "csv" ? reason : "This line is not one whole JSON object. Each line must be one.",
        );
      },
      row: take,
    });
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    return { rows: read.rows, errors: [{ line: error.line, column: null, reason: error.message }], errorsTotal: 1 };
  }
  return read;
}

function isList(row: FileRow): row is readonly string[] {
  return Array.isArray(row);
}

function ownOf(row: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

/** A text, number or truth value of a file as text; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}
