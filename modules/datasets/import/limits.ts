import { COLUMNS_MAX } from "../../../kernel/import/header.ts";
import { type FileLimits, LINE_BYTES_MAX } from "../../../kernel/import/limits.ts";

/** How large a file of texts may be. */
export type ImportLimits = FileLimits & { rows: number; textBytes: number; columns: number };

export const ERRORS_MAX = 1_000;
export const PREVIEW_TEXTS_MAX = 5;

export const IMPORT_LIMITS: ImportLimits = {
  fileBytes: 100_000_000,
  rows: 1_000_000,
  lineBytes: LINE_BYTES_MAX,
  textBytes: 64_000,
  columns: COLUMNS_MAX,
};
