import type { Readable } from "node:stream";
import { z } from "zod";
import { Problem } from "../../kernel/errors.ts";
import type { Accepted } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type RunningTask, TaskFailure, taskKind } from "../../kernel/work.ts";
import { readTexts } from "../datasets/public.ts";
import { askForTask, findFile, noteOutcome, readFile, storeFile, wishOf } from "../tasks/public.ts";
import type { ImportResult } from "./contract.ts";
import { readProjectName } from "./projects.ts";
import { insertTexts } from "./tasks.ts";

/** A file up to this long is taken in while its sender waits; a longer one by a task. */
const IMPORT_AT_ONCE_BYTES_MAX = 1_000_000;
const TIME_LIMIT_SECONDS = 600;
const ATTEMPTS_MAX = 3;
/** What the result of a task may be long, less than the engine's limit; texts of the preview are cut, and then rows left out. */
const OUTPUT_BYTES_MAX = 200_000;
const PREVIEW_LENGTH_MAX = 500;

const ImportInput = z.object({
  project: z.uuid(),
  file: z.uuid(),
  format: z.enum(["csv", "jsonl"]),
  text_column: z.string().max(200).optional(),
});
type ImportInput = z.infer<typeof ImportInput>;
type Shape = Pick<ImportInput, "format" | "text_column">;

export type Import = Shape & {
  project: string;
  body: Readable;
  dry_run: boolean;
  /** Whether a task does it; by the file's size where it is not said. */
  background?: boolean | undefined;
};

/**
 * Reads a file of texts and adds them to the project: all, or none when a row is bad. A dry run only reads. Resolves with what
 * was found, each bad row with its line and reason; or with the id of the task that does it, and has the same as its output.
 * Throws not_found, too_large.
 */
export async function importTexts(context: Context, given: Import): Promise<ImportResult | Accepted> {
  const name = await readProjectName(context, given);
  const pieces: AsyncIterator<Buffer> = given.body.iterator({ destroyOnReturn: false });
  if (given.dry_run || given.background === false) return takeIn(context, given, rest(pieces));
  const head = await readHead(pieces, IMPORT_AT_ONCE_BYTES_MAX);
  const body = joined(head.pieces, rest(pieces));
  if (head.isWhole && !given.background) return takeIn(context, given, body);

  const { project, format, text_column } = given;
  const mediaType = format === "csv" ? "text/csv" : "application/jsonl";
  const { id: file } = await storeFile(context, { type: importKind.type, name: `${name}.${format}`, mediaType }, body);
  const input = { project, file, format, ...(text_column && { text_column }) };
  const id = await askForTask(context, wishOf(importKind, { name: `Import texts into ${name}`.slice(0, 200), input }));
  return { accepted: { task_id: id } };
}

/** Takes in what was stored: the texts once, however often that is tried. */
export const importKind = taskKind<ImportInput>({
  type: "labeling.import_texts",
  summary: "Adds the texts of a file to a labeling project",
  category: "labeling",
  workerType: "internal",
  input: ImportInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  limits: ({ project }) => ({ lane: { name: `labeling.import_texts:${project}`, places: 1 } }),
  isOpen: false,
  run: async (task) => {
    try {
      return await importStored(task);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "conflict") throw error;
      throw new TaskFailure("transient", error.message, { cause: error });
    }
  },
});

async function importStored({ entry, input, progress }: RunningTask<ImportInput>): Promise<unknown> {
  const { project } = input;
  const find = () => findFile(entry, { id: input.file, type: importKind.type }).catch(refuseGone);
  const file = await find();
  if (file.outcome) return file.outcome;
  await readProjectName(entry, { project });
  const found = await readTexts(
    counted(readFile(entry, file), (bytes) => progress((50 * bytes) / Math.max(file.bytes, 1), "Reading the file")),
    optionsOf(input),
  );
  const { texts } = found;
  if (found.errorsTotal > 0) return fitted(resultOf(found, { dry_run: false, imported: 0 }));
  const outcome = fitted(resultOf(found, { dry_run: false, imported: texts.length }));
  const { imported } = await insertTexts(entry, {
    project,
    texts,
    isWanted: (tx) => noteOutcome(tx, entry, { id: file.id, outcome }),
    onProgress: (count) => progress(50 + (50 * count) / texts.length, `${count} of ${texts.length} texts`),
  });
  return imported > 0 ? outcome : (await find()).outcome;
}

async function takeIn(
  context: Context,
  { project, dry_run, ...shape }: Import,
  body: AsyncIterable<Buffer>,
): Promise<ImportResult> {
  const found = await readTexts(body, optionsOf(shape));
  const isWanted = !dry_run && found.errorsTotal === 0;
  const { imported } = isWanted ? await insertTexts(context, { project, texts: found.texts }) : { imported: 0 };
  return resultOf(found, { dry_run, imported });
}

type Found = Awaited<ReturnType<typeof readTexts>>;

function resultOf(found: Found, done: Pick<ImportResult, "dry_run" | "imported">): ImportResult {
  const { rows, errors, errorsTotal: errors_total, textColumn: text_column, columns, preview } = found;
  return { ...done, rows, errors, errors_total, text_column, columns, preview };
}

function optionsOf({ format, text_column }: Shape): Parameters<typeof readTexts>[1] {
  return { format, ...(text_column && { textColumn: text_column }) };
}

/** The result as a task can keep it. */
function fitted(result: ImportResult): ImportResult {
  const preview = result.preview.map((text) => text.slice(0, PREVIEW_LENGTH_MAX).toWellFormed());
  let fit = { ...result, preview };
  while (Buffer.byteLength(JSON.stringify(fit)) > OUTPUT_BYTES_MAX) {
    fit = { ...fit, errors: fit.errors.slice(0, fit.errors.length >> 1) };
    if (fit.errors.length === 0) return { ...fit, columns: [] };
  }
  return fit;
}

function refuseGone(error: unknown): never {
  if (!(error instanceof Problem) || error.code !== "not_found") throw error;
  throw new TaskFailure("invalid", "The file is not there any more: files are kept for a day. Send it again.");
}

/** The pieces until there are more bytes than that, or no more pieces. */
async function readHead(
  pieces: AsyncIterator<Buffer>,
  bytesMax: number,
): Promise<{ pieces: Buffer[]; isWhole: boolean }> {
  const head: Buffer[] = [];
  for (let bytes = 0; bytes <= bytesMax; ) {
    const { done, value } = await pieces.next();
    if (done) return { pieces: head, isWhole: true };
    head.push(value);
    bytes += value.length;
  }
  return { pieces: head, isWhole: false };
}

async function* joined(head: readonly Buffer[], others: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* others;
}

function rest(pieces: AsyncIterator<Buffer>): AsyncIterable<Buffer> {
  return { [Symbol.asyncIterator]: () => pieces };
}

async function* counted(body: AsyncIterable<Buffer>, tell: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    tell(bytes);
    yield piece;
  }
}
