import { z } from "zod";
import { Problem } from "../../kernel/errors.ts";
import type { Accepted, Download, JsonText } from "../../kernel/http/route.ts";
import { printPdf } from "../../kernel/pdf/print.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { TaskFailure, taskKind } from "../../kernel/work.ts";
import { askForTask, findFile, readFile, readMadeFile, storeFile, wishOf } from "../tasks/public.ts";
import type { Invoice } from "./contract.ts";
import { invoiceHtml, invoiceTitle } from "./invoice-html.ts";
import { readInvoice } from "./invoices.ts";

const TIME_LIMIT_SECONDS = 120;
const ATTEMPTS_MAX = 3;

const PrintInput = z.object({ invoice: z.uuid() });
type PrintInput = z.infer<typeof PrintInput>;

/** Has an invoice printed by a task, whose output names the file. Resolves with the task's id. Throws not_found. */
export async function printInvoice(context: Context, input: PrintInput): Promise<Accepted> {
  const invoice = await findInvoice(context, input);
  const name = `Print ${invoiceTitle(invoice).toLowerCase()} to ${invoice.customer.name}`.slice(0, 200);
  return { accepted: { task_id: await askForTask(context, wishOf(printKind, { name, input })) } };
}

/** How far that task is: `MadeFile` as JSON. Throws not_found. */
export async function readPrint(context: Context, { task }: { task: string }): Promise<JsonText> {
  return readMadeFile(context, { task, type: printKind.type });
}

/** A printed invoice. Throws not_found: it was never made, or more than a day ago. */
export async function downloadInvoice(context: Context, { file }: { file: string }): Promise<Download> {
  const { id, name, media_type } = await findFile(context, { id: file, type: printKind.type });
  return { stream: readFile(context, { id }), mediaType: media_type, fileName: name };
}

/** Prints an invoice as a PDF: `{ file, name, bytes }`. */
export const printKind = taskKind<PrintInput>({
  type: "billing.print_invoice",
  summary: "Prints an invoice as a PDF",
  category: "system",
  workerType: "internal",
  input: PrintInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  isOpen: false,
  run: async ({ entry, input, signal }) => {
    const invoice = await findInvoice(entry, input).catch(refuseGone);
    const pdf = await printPdf(invoiceHtml(invoice), { signal });
    const name = `${invoiceTitle(invoice)}.pdf`;
    const { id: file, bytes } = await storeFile(
      entry,
      { type: printKind.type, name, mediaType: "application/pdf" },
      of(pdf),
    );
    return { file, name, bytes };
  },
});

async function findInvoice(context: Context, { invoice }: PrintInput): Promise<Invoice> {
  return JSON.parse((await readInvoice(context, { invoice })).json) as Invoice;
}

function refuseGone(error: unknown): never {
  if (!(error instanceof Problem) || error.code !== "not_found") throw error;
  throw new TaskFailure("invalid", "The invoice is not there any more: a draft can be removed.");
}

async function* of(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
