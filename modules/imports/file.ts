import { rechunk } from "../../kernel/import/chunks.ts";
import { readCsv } from "../../kernel/import/csv.ts";
import { toUtf8 } from "../../kernel/import/encoding.ts";
import { FileFault } from "../../kernel/import/fault.ts";
import { faultOfNames } from "../../kernel/import/header.ts";
import { nameOfType, readJsonLines } from "../../kernel/import/json-lines.ts";
import { readJsonValues } from "../../kernel/import/json-values.ts";
import { CHUNK_BYTES, formatCount, LINE_BYTES_MAX } from "../../kernel/import/limits.ts";
import { readLineBlocks } from "../../kernel/import/lines.ts";
import type { RowSink } from "../../kernel/import/sink.ts";
import { FILE_BYTES_MAX, type Format, ROWS_MAX } from "./contract.ts";

/** A row as the file has it: by the place of its column in CSV, by its name in JSON. */
export type FileRow = readonly string[] | Readonly<Record<string, unknown>>;

/** Who takes the rows. `columns` is told of CSV before its first row. */
export type FileSink = Omit<RowSink<FileRow>, "blank"> & { columns(names: string[]): void };

export type FileShape = { format: Format; delimiter?: string | undefined };

const LIMITS = { fileBytes: FILE_BYTES_MAX, lineBytes: LINE_BYTES_MAX };

/** Reads a file of rows in the memory of one chunk of them. Throws FileFault where it cannot go on, and what the sink throws. */
export async function readRows(
  body: AsyncIterable<Buffer>,
  { format, delimiter }: FileShape,
  sink: FileSink,
): Promise<void> {
  let rows = 0;
  const count = (line: number) => {
    rows += 1;
    if (rows > ROWS_MAX)
      throw new FileFault(line, `The file has more than ${formatCount(ROWS_MAX)} rows. Split it into several files.`);
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
  if (format === "json") await readJsonValues(text, LIMITS, values);
  else if (format === "ndjson") await readJsonLines(readLineBlocks(text, LIMITS), values);
  else
    await readCsv(
      readLineBlocks(text, LIMITS),
      { limits: LIMITS, delimiter },
      {
        ...counted,
        columns: (line, names) => {
          const fault = faultOfNames(names);
          if (fault) throw new FileFault(line, fault);
          sink.columns(names);
        },
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

const HEAD_ROWS = 100;
/** Ends the reading once enough is known. */
class Enough extends Error {}

/** The columns of a file: those of its header, or the names in its first hundred rows of JSON. Throws FileFault. */
export async function readColumns(body: AsyncIterable<Buffer>, shape: FileShape): Promise<string[]> {
  const names = new Set<string>();
  let rows = 0;
  const sink: FileSink = {
    columns: (found) => {
      for (const name of found) names.add(name);
      throw new Enough();
    },
    bad: () => undefined,
    row: (_, row) => {
      for (const name of Object.keys(row)) names.add(name);
      rows += 1;
      if (rows >= HEAD_ROWS) throw new Enough();
    },
  };
  await readRows(body, shape, sink).catch((error: unknown) => {
    if (!(error instanceof Enough)) throw error;
  });
  return [...names];
}
