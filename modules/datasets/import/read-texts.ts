import { rechunk } from "../../../kernel/import/chunks.ts";
import { toUtf8 } from "../../../kernel/import/encoding.ts";
import { FileFault } from "../../../kernel/import/fault.ts";
import { CHUNK_BYTES } from "../../../kernel/import/limits.ts";
import { readLineBlocks } from "../../../kernel/import/lines.ts";
import type { RowError } from "../../../kernel/import/sink.ts";
import { readCsvTexts } from "./csv.ts";
import { readJsonTexts } from "./json-lines.ts";
import { IMPORT_LIMITS, type ImportLimits, PREVIEW_TEXTS_MAX } from "./limits.ts";
import { type Reading, startReading } from "./reading.ts";

const READERS = { csv: readCsvTexts, jsonl: readJsonTexts };

export type ReadTextsOptions = {
  format: keyof typeof READERS;
  /** The column (CSV) or member (JSON lines) with the text; without it `text` in any case, else the only one. */
  textColumn?: string | undefined;
  limits?: Partial<ImportLimits>;
};

export type TextsRead = {
  /** The texts of the good rows, as they stand in the file and in its order; none when the file as a whole is at fault. */
  texts: string[];
  /** Rows read, good and bad, without the header and blank lines. */
  rows: number;
  /** The first 1,000 bad rows, or the one fault that ended the reading. */
  errors: RowError[];
  errorsTotal: number;
  columns: string[];
  /** Null when it is not known, or when every row is a JSON string. */
  textColumn: string | null;
  /** The first five texts. */
  preview: string[];
};

/**
 * Reads an uploaded file of texts, UTF-8 or (by its byte order mark) UTF-16, and holds little more of it than the texts.
 * Whatever the bytes, it resolves: with texts, with errors, or with both. Rejects only when `body` does.
 * A fault of the whole file ends reading at once, which closes `body`: an HTTP request that is still to be answered must
 * come as `request.iterator({ destroyOnReturn: false })`.
 */
export async function readTexts(
  body: AsyncIterable<Buffer>,
  { format, textColumn, limits = {} }: ReadTextsOptions,
): Promise<TextsRead> {
  const reading = startReading({ ...IMPORT_LIMITS, ...limits }, textColumn);
  try {
    await READERS[format](readLineBlocks(toUtf8(rechunk(body, CHUNK_BYTES)), reading.limits), reading);
    if (reading.rows === 0)
      throw new FileFault(1, "The file has no rows, only blank lines or a header. Add one text in each row.");
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    refuseAll(reading, error);
  }
  const { texts, rows, errors, errorsTotal, columns, textColumn: column } = reading;
  return { texts, rows, errors, errorsTotal, columns, textColumn: column, preview: texts.slice(0, PREVIEW_TEXTS_MAX) };
}

function refuseAll(reading: Reading, { line, message: reason }: FileFault): void {
  reading.texts = [];
  reading.errors = [{ line, column: null, reason }];
  reading.errorsTotal = 1;
}
