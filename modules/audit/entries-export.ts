import { stringify } from "csv-stringify/sync";
import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { Download } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { type EntryFilter, EXPORT_ENTRIES_MAX, type exportEntries } from "./contract.ts";
import { ACTOR, ENTRY_COLUMNS, FILTER_VALUES, filterValues, MATCHING_ENTRIES } from "./entries.ts";

const PAGE_ENTRIES = 1_000;

/** What an entry says, in the order of the CSV's columns. */
const COLUMNS = [
  "id",
  "created_at",
  "actor",
  "user_id",
  "impersonator",
  "impersonator_id",
  "api_key_id",
  "operation",
  "action",
  "resource_type",
  "resource_id",
  "old_values",
  "new_values",
  "details",
  "address",
  "agent",
  "request_id",
  "erased",
] as const;

const MEDIA_TYPES = { csv: "text/csv; charset=utf-8; header=present", jsonl: "application/jsonl; charset=utf-8" };
type Format = keyof typeof MEDIA_TYPES;

/** A page as PostgreSQL wrote it: whole lines of JSON, or cells of text. Its values are never parsed, so no number loses a digit. */
type Page = { last: string | null; rows: (string | null)[][] };

/**
 * The entries that a filter lets through, newest first, as JSON lines, or as CSV in which a cell that a spreadsheet would take for
 * a formula begins with an apostrophe. After `most` entries it ends with a line that tells from where to go on.
 */
export async function exportRecord(
  context: Context,
  { query }: InputOf<typeof exportEntries>,
  most = EXPORT_ENTRIES_MAX,
): Promise<Download> {
  const { format, ...filter } = query;
  return {
    stream: writeEntries(context, filter, format, most),
    mediaType: MEDIA_TYPES[format],
    fileName: `record-of-${context.organization.slug}.${format}`,
  };
}

/**
 * Page by page, each in a transaction of its own: a slow reader holds neither a connection nor a snapshot, and who loses the
 * permission meanwhile gets no more.
 */
async function* writeEntries(
  context: Context,
  filter: EntryFilter,
  format: Format,
  most: number,
): AsyncGenerator<string> {
  if (format === "csv") yield csvOf([[...COLUMNS]]);
  let { cursor } = filter;
  for (let left = most; ; left -= PAGE_ENTRIES) {
    const size = Math.min(PAGE_ENTRIES, left);
    const { last, rows } = await readPage(context, { ...filter, cursor }, format, size);
    yield format === "csv" ? csvOf(rows) : rows.map(([line]) => `${line}\n`).join("");
    if (last === null || rows.length < size) return;
    cursor = last;
    if (left > size) continue;
    const { rows: more } = await readPage(context, { ...filter, cursor }, format, 1);
    if (more.length > 0) yield endOf(format, most, cursor);
    return;
  }
}

async function readPage(context: Context, filter: EntryFilter, format: Format, size: number): Promise<Page> {
  const values = [...filterValues(context, filter), size];
  const json = await queryText(context, { text: format === "csv" ? CELLS : LINES, values });
  return JSON.parse(json ?? '{"last": null, "rows": []}') as Page;
}

function endOf(format: Format, most: number, cursor: string): string {
  const hint = `Only ${most} entries are taken out at a time. Ask again with cursor=${cursor} for the rest.`;
  return format === "csv" ? csvOf([[hint]]) : `${JSON.stringify({ next_cursor: cursor, hint })}\n`;
}

function csvOf(rows: (string | null)[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: "windows" });
}

const pageOf = (row: string) => `
  select json_build_object('last', (array_agg(id order by id))[1], 'rows', coalesce(json_agg(${row} order by id desc), '[]'))::text
  from (
    select e.id, ${ENTRY_COLUMNS}
    from (select e.* ${MATCHING_ENTRIES} order by e.id desc limit $${FILTER_VALUES + 1}) e ${ACTOR}
  ) told`;

const LINES = pageOf("json_build_array(row_to_json(told)::text)");
const CELLS = pageOf(`json_build_array(${COLUMNS.map(cellOf).join(", ")})`);

function cellOf(column: string): string {
  if (column === "created_at") return "to_json(created_at)#>>'{}'";
  return column === "erased" ? "array_to_string(erased, ' ')" : `${column}::text`;
}
