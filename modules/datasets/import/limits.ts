/** How large a file of texts may be. Bytes are those of UTF-8, whatever encoding the file came in. */
export type ImportLimits = {
  fileBytes: number;
  rows: number;
  lineBytes: number;
  textBytes: number;
  columns: number;
};

const FILE_BYTES_MAX = 100_000_000;
const ROWS_MAX = 1_000_000;
/** Of a line, and of a CSV row that goes over several lines. */
const LINE_BYTES_MAX = 1_000_000;
const TEXT_BYTES_MAX = 64_000;
const COLUMNS_MAX = 200;
export const COLUMN_LENGTH_MAX = 200;
export const ERRORS_MAX = 1_000;
export const PREVIEW_TEXTS_MAX = 5;

/** How much of a file is looked at in one go. Even, so that no unit of UTF-16 is cut in two. */
export const CHUNK_BYTES = 65_536;

export const IMPORT_LIMITS: ImportLimits = {
  fileBytes: FILE_BYTES_MAX,
  rows: ROWS_MAX,
  lineBytes: LINE_BYTES_MAX,
  textBytes: TEXT_BYTES_MAX,
  columns: COLUMNS_MAX,
};

/** 1000000 → "1,000,000". */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
