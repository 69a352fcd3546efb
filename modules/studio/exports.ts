import { z } from "zod";
import { refusalOf } from "../../kernel/http/problem-document.ts";
import type { Download, JsonText } from "../../kernel/http/route.ts";
import { printPdf } from "../../kernel/pdf/print.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { TaskFailure, taskKind } from "../../kernel/work.ts";
import { CREDIT } from "../credits/public.ts";
import { storeFile, wishOf } from "../tasks/public.ts";
import { PDF_CREDITS } from "./outlets-contract.ts";
import { type PrintedSession, sessionHtml } from "./session-html.ts";

const TIME_LIMIT_SECONDS = 120;
const ATTEMPTS_MAX = 3;
/** A Chromium takes some 200 MB: so many run at once for an organization. */
const PLACES = 2;
const COST = PDF_CREDITS * CREDIT;
const FILE_NAME_LENGTH_MAX = 100;

const ExportInput = z.object({ session: z.uuid() });
type ExportInput = z.infer<typeof ExportInput>;
type OfExport = { session: string; export: string };

/** Has a PDF made by a task: `Export` as JSON. Throws not_found, forbidden, payment_required and limit_reached. */
export async function startExport(context: Context, input: ExportInput): Promise<JsonText> {
  const wish = wishOf(exportKind, { input, creditPolicy: "fail" });
  const answer = await askJson(context, "select studio.start_export($1, $2)", [input.session, JSON.stringify(wish)]);
  context.services.wakeWorkers();
  return answer;
}

/** The documents made of a session, the latest first: `{ items: Export[] }` as JSON. Throws not_found. */
export async function listExports(context: Context, { session }: { session: string }): Promise<JsonText> {
  return askJson(context, "select studio.list_exports($1)", [session]);
}

/** The file of an export. Throws not_found: it was never made, or more than a day ago. */
export async function downloadExport(context: Context, { session, export: id }: OfExport): Promise<Download> {
  const { json } = await askJson(context, "select studio.read_export($1, $2)", [session, id]);
  const { name, media_type } = JSON.parse(json) as { name: string; media_type: string };
  return { stream: piecesOf(context, { session, export: id }), mediaType: media_type, fileName: name };
}

/** Each piece is read by itself: to whom the session is closed meanwhile gets no more. */
async function* piecesOf(context: Context, { session, export: id }: OfExport): AsyncGenerator<Buffer> {
  for (let piece = 0; ; piece++) {
    const values = [session, id, piece];
    const text = await queryText(context, {
      text: "select studio.read_export_piece($1, $2, $3)",
      values,
      fixed: true,
    });
    if (text === null) return;
    yield Buffer.from(text, "base64");
  }
}

/** Prints a session into a file, and notes what that used: the export as it is then. Tried again, it is noted once. */
export const exportKind = taskKind<ExportInput>({
  type: "studio.export_pdf",
  summary: "Makes a PDF of a studio session",
  category: "content",
  workerType: "internal",
  input: ExportInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  estimateCost: () => COST,
  limits: () => ({ lane: { name: "studio.export_pdf", places: PLACES } }),
  isOpen: false,
  run: async ({ id: task, entry, signal, progress, spend }) => {
    const { done, ...session } = await beginExport(entry, task);
    if (done) {
      // What an earlier try printed is paid by this one: that one was lost before it could tell what it cost.
      spend(COST);
      return { export: done.id };
    }
    progress(10, "Printing");
    const pdf = await printPdf(sessionHtml(session), { signal });
    progress(90, "Storing");
    const file = { type: exportKind.type, name: fileNameOf(session.title), mediaType: "application/pdf" };
    const { id } = await storeFile(entry, file, piecesOfBuffer(pdf));
    const { json } = await askJson(entry, "select studio.complete_export($1, $2, $3)", [task, id, COST]);
    spend(COST);
    return { export: (JSON.parse(json) as { id: string }).id };
  },
});

/** What is to be printed, or the export, done, where an earlier try did it. */
async function beginExport(entry: Context, task: string): Promise<PrintedSession & { done?: { id: string } }> {
  try {
    const { json } = await askJson(entry, "select studio.begin_export($1)", [task]);
    return JSON.parse(json);
  } catch (error) {
    if (!refusalOf(error)) throw error;
    throw new TaskFailure("unauthorized", "The session is not open to who asked any more.", { cause: error });
  }
}

async function* piecesOfBuffer(buffer: Buffer): AsyncGenerator<Buffer> {
  yield buffer;
}

function fileNameOf(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "");
  return `${[...words].slice(0, FILE_NAME_LENGTH_MAX).join("") || "session"}.pdf`;
}
