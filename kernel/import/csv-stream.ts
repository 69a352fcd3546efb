import { CsvError, type InfoRecord, type Parser, parse } from "csv-parse";
import { linesBeforeOpenQuote } from "./csv-quotes.ts";

import { FileFault } from "./fault.ts";
import { type FileLimits, formatCount } from "./limits.ts";
import { countLineEnds } from "./lines.ts";

/** The parser keeps a few bytes back until it has seen what follows them. */
const LOOKAHEAD_BYTES = 16;

/** A row of CSV: the line where it begins, its values, and how they stand in the file. */
export type CsvRow = { line: number; values: string[]; source: string };

/** Takes the bytes of a CSV file piece by piece; both reject with a FileFault at the first fault of the file. */
export type CsvStream = { write: (bytes: Buffer) => Promise<void>; end: () => Promise<void> };

type Options = {
  /** The number of the first line that will be written, from 1. */
  line: number;
  delimiter: string;
  limits: Pick<FileLimits, "lineBytes">;
  /** What it throws ends the stream. */
  onRow: (row: CsvRow) => void;
};

type ParsedRecord = { record: string[]; raw: string };

/**
 * Opens a parser that hands over each row as soon as it is read. Rows are numbered here by their source, because the
 * parser counts a CRLF inside quotes as two lines; they are measured here, because it does not count empty values.
 */
export function openCsvStream({ line: firstLine, delimiter, limits, onRow }: Options): CsvStream {
  let line = firstLine;
  let rowStartsAt = 0;
  let written = 0;
  const parser = openParser(delimiter, ({ record: values, raw: source }, { bytes }) => {
    if (bytes - rowStartsAt > limits.lineBytes) throw tooLong(line, limits);
    onRow({ line, values, source });
    line += countLineEnds(source);
    rowStartsAt = bytes;
  });
  const explain = (error: unknown): unknown => explainFault(error, line, delimiter);
  return {
    async write(bytes) {
      await settle((done) => parser.write(bytes, done), explain);
      written += bytes.length;
      if (written - rowStartsAt - LOOKAHEAD_BYTES > limits.lineBytes) throw tooLong(line, limits);
    },
    end: () => settle((done) => parser.end(done), explain),
  };
}

/** Rows are handed over during the write and never queued, so that an error stops the file at the row where it is. */
function openParser(delimiter: string, onRecord: (record: ParsedRecord, info: InfoRecord) => void): Parser {
  const parser = parse({
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: true,
    raw: true,
    // With `raw` it is an object that holds the record, which the parser's types do not say.
    on_record: (record: unknown, info) => {
      onRecord(record as ParsedRecord, info);
      forgetRecords(parser);
      return null;
    },
  });
  parser.on("error", () => {}); // Whoever writes hears of it by the callback.
  return parser.resume();
}

/**
 * The parser takes the first record's length for that of all, and for each other length makes an error, relaxed or not,
 * which takes twenty times as long as the row: so every record is the first.
 */
function forgetRecords(parser: Parser): void {
  (parser.info as { records: number }).records = 0;
}

function settle(
  start: (done: (error?: Error | null) => void) => void,
  explain: (error: unknown) => unknown,
): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(explain(error)) : resolve()));
  });
}

function explainFault(error: unknown, line: number, delimiter: string): unknown {
  if (!(error instanceof CsvError)) return error;
  if (error.code !== "CSV_QUOTE_NOT_CLOSED") return new FileFault(line, `This row is not valid CSV: ${error.message}.`);
  return new FileFault(
    line + linesBeforeOpenQuote(String(error.raw), Number(error.column), delimiter),
    "A double quote opens a value here and is never closed. Close it, or write the quote twice inside a quoted value.",
  );
}

function tooLong(line: number, { lineBytes }: Options["limits"]): FileFault {
  return new FileFault(
    line,
    `The row that begins here is longer than ${formatCount(lineBytes)} bytes. Look for a double quote that is never closed; if there is none, shorten the row.`,
  );
}
