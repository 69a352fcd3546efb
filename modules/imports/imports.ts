import type { Readable } from "node:stream";
import { stringify } from "csv-stringify/sync";
import { Problem } from "../../kernel/errors.ts";
import type { Download, JsonText } from "../../kernel/http/route.ts";
import { FileFault } from "../../kernel/import/fault.ts";
import type { Noun } from "../../kernel/nouns/noun.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText, type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { askForTask, cancelTask, readFile, removeFile, storeFile, wishOf } from "../tasks/public.ts";
import { ERRORS_SHOWN_MAX, FILE_BYTES_MAX, type Format, type ImportQuery } from "./contract.ts";
import { readColumns } from "./file.ts";
import { IMPORT_TYPE } from "./job.ts";
import { importKind, undoKind } from "./kinds.ts";
import { proposeMapping } from "./mapping.ts";
import { makePlan, type Wish } from "./plan.ts";
import { requirePermission, targetOf } from "./targets.ts";

const ERRORS_PAGE = 5_000;
const MEDIA_TYPES: Record<Format, string> = {
  csv: "text/csv",
  json: "application/json",
  ndjson: "application/x-ndjson",
};
const FORMATS: Record<string, Format> = {
  "text/csv": "csv",
  "text/tab-separated-values": "csv",
  "application/json": "json",
  "application/x-ndjson": "ndjson",
  "application/jsonl": "ndjson",
};

/** How the file is written: as was said, else as its media type says. Throws invalid where neither tells. */
export function formatOf(query: Pick<ImportQuery, "format">, body: Readable): Format {
  const { "content-type": type = "" } = (body as { headers?: Record<string, string> }).headers ?? {};
  const format = query.format ?? FORMATS[type.split(";")[0]?.trim().toLowerCase() ?? ""];
  if (format) return format;
  throw new Problem("invalid", {
    errors: [{ field: "format", message: "Say how the file is written: csv, json or ndjson." }],
  });
}

/** The mapping that was sent, or the one that the names suggest. */
export function wishFrom(noun: Noun, query: ImportQuery, columns: readonly string[]): Wish {
  const proposed = proposeMapping(noun, [...columns]);
  for (const name of Object.keys(query.constants ?? {})) delete proposed[name];
  // Rows that are told apart by the primary key, as an export has it, are found by the column of that name.
  for (const name of query.key ?? []) if (noun.key.includes(name) && columns.includes(name)) proposed[name] = name;
  return { mapping: query.mapping ?? proposed, constants: query.constants ?? {}, key: query.key ?? [] };
}

/** A fault of the file as the caller's. */
export function refuseFile(error: unknown): never {
  if (!(error instanceof FileFault)) throw error;
  throw new Problem("invalid", { errors: [{ field: "body", message: `Line ${error.line}: ${error.message}` }] });
}

const INSERT = `
  insert into imports.imports (organization_id, noun, format, delimiter, mapping, constants, key_columns, on_error, file_id, bytes, created_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, kernel.user_id()) returning id`;

/** Keeps the file, looks at its columns, and has a task take in its rows. Throws invalid, forbidden, too_large. */
export async function startImport(context: Context, query: ImportQuery, body: Readable): Promise<JsonText> {
  const noun = await targetOf(context, query.noun);
  const format = formatOf(query, body);
  const organization = context.organization.id;
  const file = await storeFile(
    context,
    { type: IMPORT_TYPE, name: `${noun.name}.${format}`, mediaType: MEDIA_TYPES[format] },
    body.iterator({ destroyOnReturn: false }),
    FILE_BYTES_MAX,
  );
  try {
    const columns = await readColumns(readFile(context, file), { format, delimiter: query.delimiter }).catch(
      refuseFile,
    );
    const wish = wishFrom(noun, query, columns);
    makePlan(noun, wish, columns);
    const { mapping, constants, key } = wish;
    const id = await transaction(context, async (tx) => {
      const values = [
        organization,
        noun.name,
        format,
        query.delimiter ?? null,
        ...[mapping, constants, key].map((part) => JSON.stringify(part)),
      ];
      const [made] = await tx.query<{ id: string }>(INSERT, [...values, query.on_error, file.id, file.bytes]);
      if (!made) throw new Error("The import was not made.");
      const name = `Import into ${noun.name}`;
      await setTask(
        tx,
        context,
        made.id,
        await askForTask(tx, wishOf(importKind, { name, input: { import: made.id } })),
      );
      return made.id;
    });
    context.services.wakeWorkers();
    const answer = await readShown(context, id);
    return { ...answer, createdAt: `/api/organizations/${context.organization.slug}/imports/${id}` };
  } catch (error) {
    await removeFile(context, file.id);
    throw error;
  }
}

async function setTask(tx: Transaction, { organization }: Context, id: string, task: string): Promise<void> {
  await tx.query("update imports.imports set task_id = $3 where organization_id = $1 and id = $2", [
    organization.id,
    id,
    task,
  ]);
}

/** An import whose task came to an end that it does not know of has failed. */
const STATE = `case when i.state in ('waiting', 'checking', 'loading', 'undoing') and coalesce(t.status in ('completed', 'failed', 'cancelled'), true)
  then 'failed' else i.state end`;

/** As answered, of the imports into what the caller may read: $2 are names of nouns, and $3 the permissions that reading them needs. */
const SHOWN = `
  with seen as materialized (select n.noun from unnest($2::text[], $3::text[]) as n (noun, permission) where kernel.holds(n.permission))
  select i.id, i.noun, i.format, i.delimiter, i.mapping, i.constants, i.key_columns as key, i.on_error, ${STATE} as state,
    coalesce(i.reason, case when ${STATE} = 'failed' then t.error_details ->> 'message' end) as reason, i.bytes, i.progress,
    json_build_object('total', i.rows_total, 'created', i.rows_created, 'updated', i.rows_updated, 'wrong', i.rows_wrong,
      'deleted', i.rows_deleted, 'restored', i.rows_restored, 'kept', i.rows_kept) as rows,
    i.errors_total, i.task_id, i.created_by, i.created_at, i.ended_at
  from imports.imports i left join tasks.tasks t on t.organization_id = i.organization_id and t.id = i.task_id
  where i.organization_id = $1 and i.noun in (select noun from seen)`;

const ERROR = "json_build_object('line', e.line, 'column', e.column_name, 'row', e.row_key, 'reason', e.reason)";

function seenBy({ organization, services }: Context): unknown[] {
  const nouns = [...services.nouns.values()];
  return [organization.id, nouns.map(({ name }) => name), nouns.map(({ read }) => read)];
}

/** Imports, newest first. */
export async function listImports(
  context: Context,
  { noun, before, limit }: { noun?: string | undefined; before?: string | undefined; limit: number },
): Promise<JsonText> {
  const text = `select json_build_object('items', coalesce(json_agg(s order by s.id desc), '[]'))::text from (${SHOWN}
    and ($4::text is null or i.noun = $4) and ($5::uuid is null or i.id < $5) order by i.id desc limit $6) s`;
  return askJson(context, text, [...seenBy(context), noun ?? null, before ?? null, limit]);
}

/** One import with its first errors. Throws not_found. */
export async function readImport(context: Context, { import: id }: { import: string }): Promise<JsonText> {
  const text = `
    select row_to_json(r)::text from (
      select s.*, (select coalesce(json_agg(${ERROR} order by e.part, e.number), '[]') from (
        select * from imports.errors e where e.organization_id = $1 and e.import_id = s.id order by e.part, e.number limit ${ERRORS_SHOWN_MAX}) e) as errors
      from (${SHOWN} and i.id = $4) s) r`;
  return askJson(context, text, [...seenBy(context), id]);
}

/** One import as starting, cancelling and undoing answer it. Throws not_found. */
async function readShown(context: Context, id: string): Promise<JsonText> {
  return askJson(context, `select row_to_json(s)::text from (${SHOWN} and i.id = $4) s`, [...seenBy(context), id]);
}

/** The errors of an import as a file. Throws not_found. */
export async function downloadErrors(
  context: Context,
  { import: id, part, format }: { import: string; part: "import" | "undo"; format: "csv" | "ndjson" },
): Promise<Download> {
  await readShown(context, id);
  return {
    stream: errorLines(context, id, part, format),
    mediaType: MEDIA_TYPES[format],
    fileName: `errors-of-${part}.${format}`,
  };
}

type ErrorLine = { number: number; line: number | null; column: string | null; row: string | null; reason: string };

async function* errorLines(
  context: Context,
  id: string,
  part: string,
  format: "csv" | "ndjson",
): AsyncGenerator<string> {
  if (format === "csv") yield stringify([["line", "column", "row", "reason"]], { record_delimiter: "windows" });
  const text = `
    select coalesce(json_agg(r), '[]')::text from (
      select number, line, column_name as column, row_key as row, reason from imports.errors
      where organization_id = $1 and import_id = $2 and part = $3 and number > $4 order by number limit ${ERRORS_PAGE}) r`;
  for (let after = 0; ; ) {
    const values = [context.organization.id, id, part, after];
    const lines = JSON.parse((await queryText(context, { text, values, fixed: true })) ?? "[]") as ErrorLine[];
    if (lines.length === 0) return;
    after = lines.at(-1)?.number ?? after;
    if (format === "ndjson") yield lines.map(({ number: _, ...line }) => `${JSON.stringify(line)}\n`).join("");
    else
      yield stringify(
        lines.map(({ line, column, row, reason }) => [line, column, row, reason]),
        { escape_formulas: true, record_delimiter: "windows" },
      );
  }
}

const LOCK = `
  select i.noun, ${STATE} as state, i.task_id, i.rows_created + i.rows_updated - i.rows_deleted - i.rows_restored - i.rows_kept as done
  from imports.imports i left join tasks.tasks t on t.organization_id = i.organization_id and t.id = i.task_id
  where i.organization_id = $1 and i.id = $2 for no key update of i`;

type Locked = { noun: string; state: string; task_id: string | null; done: string };

async function lock(tx: Transaction, context: Context, id: string): Promise<Locked> {
  const [found] = await tx.query<Locked>(LOCK, [context.organization.id, id]);
  const noun = context.services.nouns.get(found?.noun ?? "");
  if (!found || !noun?.write) throw new Problem("not_found");
  await requirePermission(tx, noun.write);
  return found;
}

async function setState(tx: Transaction, { organization }: Context, id: string, state: string): Promise<void> {
  await tx.query(
    "update imports.imports set state = $3, is_half = false, ended_at = case when $3 = 'cancelled' then now() end where organization_id = $1 and id = $2",
    [organization.id, id, state],
  );
}

/** Stops an import: no row is taken in behind that. Throws not_found, forbidden, conflict where it is over. */
export async function cancelImport(
  context: Context,
  { import: id, undo }: { import: string; undo: boolean },
): Promise<JsonText> {
  const task = await transaction(context, async (tx) => {
    const { state, task_id, done } = await lock(tx, context, id);
    if (!["waiting", "checking", "loading"].includes(state))
      throw new Problem("conflict", { detail: "The import is over.", hint: "Undo it where its rows are not wanted." });
    await setState(tx, context, id, "cancelled");
    if (undo && Number(done) > 0) await beginUndo(tx, context, id);
    return task_id;
  });
  if (task) await cancelTask(context, { task }).catch(unlessGone);
  context.services.wakeWorkers();
  return readShown(context, id);
}

function unlessGone(error: unknown): void {
  if (!(error instanceof Problem) || error.code !== "not_found") throw error;
}

/** Has a task undo an import. Throws not_found, forbidden, conflict where it is under way or there is nothing to undo. */
export async function undoImport(context: Context, { import: id }: { import: string }): Promise<JsonText> {
  await transaction(context, async (tx) => {
    const { state, done } = await lock(tx, context, id);
    if (!["completed", "failed", "cancelled"].includes(state))
      throw new Problem("conflict", {
        detail: `The import is ${state}.`,
        hint: "Wait until it is over, or cancel it.",
      });
    if (Number(done) === 0) throw new Problem("conflict", { detail: "There is nothing to undo: no row was taken in." });
    await beginUndo(tx, context, id);
  });
  context.services.wakeWorkers();
  return readShown(context, id);
}

async function beginUndo(tx: Transaction, context: Context, id: string): Promise<void> {
  await setState(tx, context, id, "undoing");
  await setTask(
    tx,
    context,
    id,
    await askForTask(tx, wishOf(undoKind, { name: "Undo an import", input: { import: id } })),
  );
}
