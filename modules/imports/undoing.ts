import { TABLE_FACTS } from "../../kernel/database/facts.gen.ts";
import { quoted, tableOf } from "../../kernel/nouns/columns.ts";
import { hasVersion, type Noun } from "../../kernel/nouns/noun.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { takeEach } from "../../kernel/tenancy/take-each.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure } from "../../kernel/work.ts";
import { type Advance, advance, type Job, readJob, tellAdvance } from "./job.ts";
import { type NewValues, setColumns } from "./writing.ts";

/** Entries of the record that are read at once; an entry has up to 1,000 rows. */
const ENTRIES_AT_ONCE = 500;
const ROWS_AT_ONCE = 2_000;

type Undoing = { job: Job; noun: Noun; worker: Context; task: RunningTask<unknown> };
type Values = Record<string, unknown>;
type Entry = {
  seq: string;
  action: "insert" | "update";
  ids: string[];
  old_values: Values | null;
  new_values: Values | null;
};
/** A row that stays as the import left it, or as somebody changed it since. */
type Kept = { row_key: string; reason: string };

/** Undoes what an import did, from where that stands. */
export async function runUndo(task: RunningTask<{ import: string }>): Promise<{ state: string }> {
  const job = await readJob(task.entry, task.input.import);
  const noun = task.services.nouns.get(job.noun);
  if (!noun?.write) throw new TaskFailure("invalid", `Nothing of ${job.noun} can be undone any more.`);
  // The import's own id is left out: what undoes it is no part of it.
  if (job.state === "undoing") await undoAll({ job, noun, worker: task.entry, task }, "undone");
  return { state: job.state };
}

/** Goes back through the record of the import, the latest first, and notes with each step how far it is. */
export async function undoAll(undoing: Undoing, ends: "undone" | "failed"): Promise<void> {
  const { job, noun, task } = undoing;
  const worker: Context = { ...undoing.worker, request: { requestId: undoing.worker.request.requestId } };
  for (;;) {
    const apply = await transaction(worker, async (tx) => {
      await requireWrite(tx, noun);
      const entries = await entriesBefore(tx, worker, noun, job);
      if (entries.length === 0) return undefined;
      const { done, kept } = await undoEntries(tx, worker, noun, entries);
      return tellAdvance(tx, job, { ...done, undone_before: Number(entries.at(-1)?.seq) }, kept);
    });
    if (!apply) break;
    apply();
    task.progress(job.progress, "Undoing the import");
  }
  await advance({ job, worker }, { state: ends });
}

async function requireWrite(tx: Transaction, noun: Noun): Promise<void> {
  const [held] = await tx.query<{ holds: boolean }>("select kernel.holds($1) as holds", [noun.write]);
  if (!held?.holds)
    throw new TaskFailure("unauthorized", `Who undoes this may not write rows of ${noun.name} any more.`);
}

/** The next entries to be undone: as many as make a handful of rows. */
async function entriesBefore(tx: Transaction, { organization }: Context, noun: Noun, job: Job): Promise<Entry[]> {
  const entries = await tx.query<Omit<Entry, "ids"> & { ids: string[] }>(
    `select seq, action, old_values, new_values,
       case when resource_id is null then array(select jsonb_array_elements_text(details -> 'ids')) else array[resource_id] end as ids
     from audit.audit_logs
     where organization_id = $1 and import_id = $2 and resource_type = $3 and action in ('insert', 'update') and seq < coalesce($4::bigint, 9223372036854775807)
     order by seq desc limit ${ENTRIES_AT_ONCE}`,
    [organization.id, job.id, noun.table, job.undone_before],
  );
  let rows = 0;
  const most = entries.findIndex(({ ids }) => {
    rows += ids.length;
    return rows >= ROWS_AT_ONCE;
  });
  return most < 0 ? entries : entries.slice(0, most + 1);
}

async function undoEntries(
  tx: Transaction,
  context: Context,
  noun: Noun,
  entries: readonly Entry[],
): Promise<{ done: Advance; kept: Kept[] }> {
  const made = entries.filter(({ action }) => action === "insert").flatMap(({ ids }) => ids);
  const changed = entries.filter(({ action }) => action === "update");
  const deleted = await deleteMade(tx, context, noun, made);
  const restored = await restoreChanged(tx, context, noun, changed);
  const kept = [...deleted.kept, ...restored.kept];
  return { done: { rows_deleted: deleted.count, rows_restored: restored.count, rows_kept: kept.length }, kept };
}

type Current = { id: string; key: string[]; is_changed: boolean; is_named: boolean; row: Values };

/** The rows as they are now; `id` is their key as the record writes it. */
async function currentRows(
  tx: Transaction,
  { organization }: Context,
  noun: Noun,
  ids: readonly string[],
): Promise<Map<string, Current>> {
  const keys = noun.key.map((name) => `t.${quoted(name)}`);
  const typed = noun.key.map(
    (name, index) => `t.${quoted(name)} = split_part(d.id, '/', ${index + 1})::${noun.facts.columns[name]?.type}`,
  );
  const dependants = noun.facts.dependants.filter(({ table }) => TABLE_FACTS[table]?.writes);
  const named = dependants.map(
    ({ table, column }) =>
      `exists (select from ${table.split(".").map(quoted).join(".")} x where x.organization_id = $1 and x.${quoted(column)} = ${keys[0]})`,
  );
  const found = await tx.query<Current>(
    `select d.id, array[${keys.map((key) => `${key}::text`).join(", ")}] as key, ${hasVersion(noun) ? "t.version > 1" : "false"} as is_changed,
       ${["false", ...named].join(" or ")} as is_named, to_jsonb(t) as row
     from unnest($2::text[]) d (id) join ${tableOf(noun)} t on t.organization_id = $1 and ${typed.join(" and ")}`,
    [organization.id, ids],
  );
  return new Map(found.map((row) => [row.id, row]));
}

async function deleteMade(tx: Transaction, context: Context, noun: Noun, ids: readonly string[]) {
  const kept: Kept[] = [];
  const current = await currentRows(tx, context, noun, ids);
  const free = [...current.values()].filter(({ id, is_changed, is_named }) => {
    if (is_changed) kept.push({ row_key: id, reason: "It was changed since." });
    else if (is_named) kept.push({ row_key: id, reason: "Other rows name it." });
    return !is_changed && !is_named;
  });
  const unchanged = hasVersion(noun) ? " and t.version = 1" : "";
  const text = `
    delete from ${tableOf(noun)} t using unnest(${noun.key.map((_, index) => `$${index + 2}::text[]`).join(", ")}) d (${noun.key.map((_, index) => `k${index}`).join(", ")})
    where t.organization_id = $1 and ${noun.key.map((name, index) => `t.${quoted(name)} = d.k${index}::${noun.facts.columns[name]?.type}`).join(" and ")}${unchanged}`;
  const refused = await takeEach(tx, free, async (rows) => {
    await tx.query(text, [context.organization.id, ...noun.key.map((_, index) => rows.map(({ key }) => key[index]))]);
  });
  kept.push(...refused.map(({ item, reason }) => ({ row_key: item.id, reason })));
  return { count: free.length - refused.length, kept };
}

async function restoreChanged(tx: Transaction, context: Context, noun: Noun, entries: readonly Entry[]) {
  const kept: Kept[] = [];
  const current = await currentRows(
    tx,
    context,
    noun,
    entries.flatMap(({ ids }) => ids),
  );
  const restorations = entries.flatMap((entry) => {
    const [id = ""] = entry.ids;
    const now = current.get(id);
    if (!now || !entry.new_values) {
      kept.push({ row_key: id, reason: now ? "The record does not have what it was." : "It was deleted since." });
      return [];
    }
    const { before, lost } = restorable(noun, entry, now.row);
    if (lost.length > 0)
      kept.push({ row_key: id, reason: `${lost.join(", ")}: changed since, or too large for the record.` });
    return Object.keys(before).length > 0
      ? [{ id, names: Object.keys(before).sort(), new: { key: now.key, json: JSON.stringify(before) } }]
      : [];
  });
  const groups = Map.groupBy(restorations, ({ names }) => names.join());
  let refusedCount = 0;
  for (const group of groups.values()) {
    const names = group[0]?.names ?? [];
    const refused = await takeEach(tx, group, async (rows) => {
      const values: NewValues[] = rows.map((row) => row.new);
      await setColumns(tx, context.organization.id, noun, names, values);
    });
    refusedCount += refused.length;
    kept.push(...refused.map(({ item, reason }) => ({ row_key: item.id, reason })));
  }
  return { count: restorations.length - refusedCount, kept };
}

/** What a row was before, of the columns that nobody changed since. */
function restorable(noun: Noun, { old_values, new_values }: Entry, now: Values): { before: Values; lost: string[] } {
  const before: Values = {};
  const lost: string[] = [];
  for (const [name, value] of Object.entries(new_values ?? {})) {
    if (!noun.creatable.includes(name)) continue;
    const old = old_values?.[name];
    if (JSON.stringify(now[name]) !== JSON.stringify(value) || isDigest(noun, name, old)) lost.push(name);
    else before[name] = old ?? null;
  }
  return { before, lost };
}

/** The record keeps the hash and the size of a large value. */
function isDigest(noun: Noun, name: string, value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    noun.facts.columns[name]?.kind !== "texts" &&
    Object.keys(value).sort().join() === "bytes,sha256"
  );
}
