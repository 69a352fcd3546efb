import { z } from "zod";
import type { Accepted, Download, JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { taskKind } from "../../kernel/work.ts";
import { askForTask, findFile, readFile, readMadeFile, storeFile, wishOf } from "../tasks/public.ts";
import { readProjectName } from "./projects.ts";
import { exportResults, PAGE_ROWS } from "./results.ts";

const TIME_LIMIT_SECONDS = 600;
const ATTEMPTS_MAX = 3;

const COUNT_APPROVED = `
  select coalesce(sum(approved), 0)::text from labeling.metrics where organization_id = $1 and project_id = $2`;

const ExportInput = z.object({ project: z.uuid(), format: z.enum(["csv", "jsonl"]) });
type ExportInput = z.infer<typeof ExportInput>;

/** Has a file of the results made by a task, whose output names it. Resolves with the task's id. Throws not_found. */
export async function startExport(context: Context, input: ExportInput): Promise<Accepted> {
  const name = await readProjectName(context, input);
  const id = await askForTask(
    context,
    wishOf(exportKind, { name: `Export the results of ${name}`.slice(0, 200), input }),
  );
  return { accepted: { task_id: id } };
}

/** How far the task of an export is: `MadeFile` as JSON. Throws not_found. */
export async function readExport(context: Context, { task }: { task: string }): Promise<JsonText> {
  return readMadeFile(context, { task, type: exportKind.type });
}

/** A file that an export has made. Throws not_found: it was never made, or more than a day ago. */
export async function downloadFile(context: Context, { file }: { file: string }): Promise<Download> {
  const { id, name, media_type } = await findFile(context, { id: file, type: exportKind.type });
  return { stream: readFile(context, { id }), mediaType: media_type, fileName: name };
}

/** Writes the approved labels into a file: `{ file, name, bytes }`. */
export const exportKind = taskKind<ExportInput>({
  type: "labeling.export_results",
  summary: "Writes the approved labels of a labeling project into a file",
  category: "labeling",
  workerType: "internal",
  input: ExportInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  isOpen: false,
  run: async ({ entry, input, progress }) => {
    const approved = Number((await askJson(entry, COUNT_APPROVED, [entry.organization.id, input.project])).json);
    const { stream: pages, mediaType, fileName: name } = await exportResults(entry, input);
    const told = async function* () {
      let rows = 0;
      for await (const page of pages) {
        yield page;
        rows = Math.min(rows + PAGE_ROWS, approved);
        progress((100 * rows) / Math.max(approved, 1), `${rows} of ${approved} labels`);
      }
    };
    const { id: file, bytes } = await storeFile(entry, { type: exportKind.type, name, mediaType }, told());
    return { file, name, bytes };
  },
});
