import { rechunk } from "./chunks.ts";
import { readCsv } from "./csv.ts";
import { toUtf8 } from "./encoding.ts";
import { FileFault } from "./fault.ts";
import { nameOfType, readJsonLines } from "./json-lines.ts";
import { readJsonValues } from "./json-values.ts";
import { CHUNK_BYTES, type FileLimits, formatCount } from "./limits.ts";
import { readLineBlocks } from "./lines.ts";
import type { RowSink } from "./sink.ts";

/** A row as the file has it: by the place of its column in CSV, by its name in JSON. */
export type FileRow = readonly string[] | Readonly<Record<string, unknown>>;

/** Who takes the rows. `columns` is told of CSV before its first row. */
export type FileSink = Omit<RowSink<FileRow>, "blank"> & { columns(line: number, names: string[]): void };

export type FileShape = { format: "csv" | "json" | "ndjson"; delimiter?: string | undefined };

/** Reads a file of rows in the memory of one chunk of them. Throws FileFault where it cannot go on, and what the sink throws. */
export async function readRows(
  body: AsyncIterable<Buffer>,
  { format, delimiter }: FileShape,
  limits: FileLimits & { rows: number },
  sink: FileSink,
): Promise<void> {
  let rows = 0;
  const count = (line: number) => {
    rows += 1;
    if (rows > limits.rows)
      throw new FileFault(
        line,
        `The file has more than ${formatCount(limits.rows)} rows. Split it into several files.`,
      );
  };
  const counted = {
    blank: () => undefined,
    bad: (line: number, reason: string) => {
      count(line);
      sink.bad(line, reason);
    },
    drain: async () => sink.drain?.(),
  };
  const values: RowSink<unknown> = {
    ...counted,
    row: (line, value) => {
      if (!isObject(value)) return counted.bad(line, `This row is ${nameOfType(value)}. It must be an object.`);
      count(line);
      sink.row(line, value);
    },
  };
  const text = toUtf8(rechunk(body, CHUNK_BYTES));
  if (format === "json") await readJsonValues(text, limits, values);
  else if (format === "ndjson") await readJsonLines(readLineBlocks(text, limits), values);
  else
    await readCsv(
      readLineBlocks(text, limits),
      { limits, delimiter },
      {
        ...counted,
        columns: (line, names) => sink.columns(line, names),
        row: (line, row) => {
          count(line);
          sink.row(line, row);
        },
      },
    );
  await sink.drain?.();
  if (rows === 0)
    throw new FileFault(1, "The file has no rows, only blank lines or a header. Add some, and import it again.");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
