import type { Readable } from "node:stream";
import type { Context } from "../../kernel/tenancy/context.ts";
import { readTexts } from "../datasets/public.ts";
import type { ImportResult } from "./contract.ts";
import { readProjectName } from "./projects.ts";
import { insertTexts } from "./tasks.ts";

export type Import = {
  project: string;
  body: Readable;
  format: "csv" | "jsonl";
  text_column?: string | undefined;
  dry_run: boolean;
};

/**
 * Reads a file of texts and adds them to the project: all, or none when a row is bad. A dry run only reads. Resolves with what
 * was found, each bad row with its line and reason. Throws not_found.
 */
export async function importTexts(
  context: Context,
  { project, body, format, text_column, dry_run }: Import,
): Promise<ImportResult> {
  await readProjectName(context, { project });
  const found = await readTexts(body.iterator({ destroyOnReturn: false }), {
    format,
    ...(text_column && { textColumn: text_column }),
  });
  const isWhole = found.errorsTotal === 0;
  const { imported } =
    dry_run || !isWhole ? { imported: 0 } : await insertTexts(context, { project, texts: found.texts });
  return {
    dry_run,
    rows: found.rows,
    imported,
    errors: found.errors,
    errors_total: found.errorsTotal,
    text_column: found.textColumn,
    columns: found.columns,
    preview: found.preview,
  };
}
