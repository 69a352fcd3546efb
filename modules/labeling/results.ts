import { stringify } from "csv-stringify/sync";
import type { Download } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { readProjectName } from "./projects.ts";
import { askJson } from "./refusals.ts";

export type ResultFormat = "csv" | "jsonl";

/** How many results are read at a time. */
export const PAGE_ROWS = 1_000;

/** What a result says, in the order of the CSV's columns. */
const COLUMNS = [
  "position",
  "text",
  "label",
  "labeler",
  "reviewer",
  "rework",
  "lead_time_ms",
  "submitted_at",
  "approved_at",
] as const;

/** Where a result stands: behind it begins the next page. */
export type Place = { position: number; slot: number };
export const FIRST_PLACE: Place = { position: 0, slot: 0 };
type Cell = string | number | null;
type Result = Place & Record<(typeof COLUMNS)[number], Cell>;

// The page is cut out first: of what it is joined with, no more is read than belongs to it.
const READ_PAGE = `
  select coalesce(json_agg(json_build_object(
    'position', a.position, 'slot', a.slot, 'text', datasets.text_of(i.input, i.input_json), 'label', c.name, 'labeler', labeler.display_name,
    'reviewer', reviewer.display_name, 'rework', l.rework, 'lead_time_ms', l.lead_time_ms,
    'submitted_at', l.submitted_at, 'approved_at', r.created_at) order by a.position, a.slot), '[]')
  from (
    select organization_id, id, task_id, position, slot from labeling.assignments
    where organization_id = $1 and project_id = $2 and status = 'approved' and (position, slot) > ($3, $4)
    order by position, slot limit ${PAGE_ROWS}
  ) a
  join labeling.tasks t on t.organization_id = a.organization_id and t.id = a.task_id
  join datasets.dataset_items i on i.organization_id = t.organization_id and i.id = t.item_id
  join lateral (
    select id, choice_id, user_id, revision, rework, lead_time_ms, submitted_at from labeling.labels
    where organization_id = a.organization_id and assignment_id = a.id limit 1
  ) l on true
  join labeling.choices c on c.organization_id = a.organization_id and c.id = l.choice_id
  join labeling.reviews r on r.organization_id = a.organization_id and r.label_id = l.id and r.revision = l.revision
  join organizations.memberships labeler on labeler.organization_id = a.organization_id and labeler.user_id = l.user_id
  join organizations.memberships reviewer on reviewer.organization_id = r.organization_id and reviewer.user_id = r.reviewer_id`;

/**
 * The approved labels in the order of the texts, as JSON lines, or as CSV in which a cell that a spreadsheet would take for a
 * formula begins with an apostrophe. An approval is final, so every line stays right; what is approved while the stream runs
 * may be missing. Throws not_found before the first byte.
 */
export async function exportResults(
  context: Context,
  { project, format }: { project: string; format: ResultFormat },
): Promise<Download> {
  const name = await readProjectName(context, { project });
  return resultsFile({ name, format, columns: COLUMNS }, (place = FIRST_PLACE) => readPage(context, project, place));
}

type ResultsFile<Column extends string> = { name: string; format: ResultFormat; columns: readonly Column[] };

/** Results as a file with these columns. `readPage` gives those behind a place, the first ones where there is none. */
export function resultsFile<Column extends string>(
  { name, format, columns }: ResultsFile<Column>,
  readPage: (behind?: Place) => Promise<(Place & Record<Column, Cell>)[]>,
): Download {
  const mediaType = format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/jsonl; charset=utf-8";
  return { stream: writeResults(format, columns, readPage), mediaType, fileName: `${name}.${format}` };
}

/**
 * Page by page, each in a transaction of its own: a slow reader holds neither a connection nor a snapshot, and who loses the
 * permission meanwhile gets no more.
 */
async function* writeResults<Column extends string>(
  format: ResultFormat,
  columns: readonly Column[],
  readPage: (behind?: Place) => Promise<(Place & Record<Column, Cell>)[]>,
): AsyncGenerator<string> {
  if (format === "csv") yield csvOf([[...columns]]);
  let place: Place | undefined;
  for (;;) {
    const page = await readPage(place);
    const last = page.at(-1);
    if (!last) return;
    const rows = page.map((row) => columns.map((column) => row[column]));
    yield format === "csv" ? csvOf(rows) : rows.map((cells) => jsonLineOf(columns, cells)).join("");
    place = last;
  }
}

async function readPage(context: Context, project: string, { position, slot }: Place): Promise<Result[]> {
  const { json } = await askJson(context, READ_PAGE, [context.organization.id, project, position, slot]);
  return JSON.parse(json) as Result[];
}

function jsonLineOf(columns: readonly string[], cells: Cell[]): string {
  return `${JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, cells[index]])))}\n`;
}

function csvOf(rows: Cell[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: "windows" });
}
