import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

/** Most rows of a dataset that is uploaded with its gold answers, and most bytes of its file. */
export const GOLD_ROWS_MAX = 100_000;
export const GOLD_FILE_BYTES_MAX = 100_000_000;
/** Most bytes (UTF-8) of a text to be labeled. */
export const INPUT_BYTES_MAX = 64_000;

/** What became of a file of rows: all of it was taken, or nothing; `line` is where the row begins in the file, from 1. */
export const RowsRead = z.object({
  dry_run: z.boolean(),
  rows: z.int(),
  /** The bad rows, the first 1,000. */
  errors: z.array(z.object({ line: z.int(), column: z.string().nullable(), reason: z.string() })),
  errors_total: z.int(),
});
export type RowsRead = z.infer<typeof RowsRead>;

export const GoldResult = RowsRead.extend({
  /** How many different answers there are. */
  labels: z.int(),
  dataset: z.object({ id: z.uuid(), version_id: z.uuid(), name: z.string(), items: z.int() }).nullable(),
});
export type GoldResult = z.infer<typeof GoldResult>;

export const RowFormat = z.enum(["csv", "jsonl"]);
export type RowFormat = z.infer<typeof RowFormat>;

export const uploadGold = endpoint({
  name: "datasets.gold.upload",
  summary:
    "Make a dataset with its gold answers of a file with the columns input and answer, and publish it: all rows or none",
  method: "POST",
  path: "/api/organizations/:organization/datasets/gold",
  access: "datasets.answer.manage",
  params: z.object({ organization: z.string() }),
  query: z.object({
    name: z.string().trim().min(1).max(200),
    format: RowFormat,
    /** Only looks for what is wrong. */
    dry_run: z.stringbool().default(false),
  }),
  bodyMedia: "stream",
  answer: GoldResult,
  example: { query: { name: "Example", format: "csv" }, text: "input,answer\nWhere is my card?,card\nHello,other\n" },
});
