/** A row that cannot be taken; `line` is where it begins in the file, from 1. */
export type RowError = { line: number; column: string | null; reason: string };

/** Who takes what a reader of a format finds, in the file's order. What it throws ends the reading. */
export type RowSink<Row> = {
  row(line: number, row: Row): void;
  /** A row that is no row of its format. */
  bad(line: number, reason: string): void;
  blank(line: number): void;
  /** Awaited after each piece of the file: the reader goes on when it resolves. */
  drain?(): Promise<void>;
};

/** A CSV file tells its columns first. */
export type CsvSink = RowSink<string[]> & { columns(line: number, names: string[]): void };
