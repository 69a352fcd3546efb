import type { RowError } from "../../kernel/import/sink.ts";
import { quoted, tableOf } from "../../kernel/nouns/columns.ts";
import type { Noun } from "../../kernel/nouns/noun.ts";
import type { Transaction } from "../../kernel/tenancy/transaction.ts";
import type { Change } from "./examining.ts";
import type { Plan, PlanRow } from "./plan.ts";

/** The record keeps what rows of a statement were before for so many of them: more could not be undone. */
const CHANGES_AT_ONCE = 1_000;

/** Copies rows in. Those that leave different columns to their defaults go by different statements. */
export async function copyRows(
  tx: Transaction,
  organization: string,
  { noun, columns }: Plan,
  rows: readonly PlanRow[],
): Promise<void> {
  const created = columns.flatMap(({ isCreated }, place) => (isCreated ? [place] : []));
  for (const [given, group] of groupsOf(rows, (row) => row.cells, created)) {
    const names = ["organization_id", ...given.map((place) => columns[place]?.name ?? "")];
    const text = `copy ${tableOf(noun)} (${names.map(quoted).join(", ")}) from stdin`;
    await tx.copy(text, linesOf(organization, given, group));
  }
}

const LINES_LENGTH = 65_536;

function* linesOf(organization: string, places: readonly number[], rows: readonly PlanRow[]): Generator<string> {
  let lines = "";
  for (const { cells } of rows) {
    lines += organization;
    for (const place of places) lines += `\t${copied(cells[place])}`;
    lines += "\n";
    if (lines.length < LINES_LENGTH) continue;
    yield lines;
    lines = "";
  }
  if (lines !== "") yield lines;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function copied(cell: string | null | undefined): string {
  if (cell === null || cell === undefined) return "\\N";
  return SPECIAL.test(cell) ? cell.replaceAll(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found) : cell;
}

/** Changes rows to what the file says of them. Resolves with how many were not so before. */
export async function changeRows(
  tx: Transaction,
  organization: string,
  { noun, columns }: Plan,
  changes: readonly Change[],
): Promise<number> {
  const updated = columns.flatMap(({ isUpdated }, place) => (isUpdated ? [place] : []));
  let count = 0;
  for (const [given, group] of groupsOf(changes, ({ row }) => row.cells, updated)) {
    if (given.length === 0) continue;
    const names = given.map((place) => columns[place]?.name ?? "");
    const rows = group.map(({ key, row }) => ({
      key,
      json: `{${given.map((place, index) => `${JSON.stringify(names[index])}:${jsonOf(noun, names[index] ?? "", row.cells[place])}`).join(",")}}`,
    }));
    count += await setColumns(tx, organization, noun, names, rows);
  }
  return count;
}

/** The cell as `jsonb_populate_recordset` reads it: JSON as it is, all else as a text that the column's type understands. */
function jsonOf(noun: Noun, name: string, cell: string | null | undefined): string {
  if (cell === null || cell === undefined) return "null";
  return noun.facts.columns[name]?.kind === "json" ? cell : JSON.stringify(cell);
}

/** A row by its key, and an object of columns as JSON. */
export type NewValues = { key: readonly string[]; json: string };

/** Sets columns of rows. Resolves with how many were not so before. */
export async function setColumns(
  tx: Transaction,
  organization: string,
  noun: Noun,
  names: readonly string[],
  rows: readonly NewValues[],
): Promise<number> {
  const list = names.map(quoted);
  const keys = noun.key.map((name, index) => ({
    name: quoted(name),
    type: noun.facts.columns[name]?.type ?? "text",
    index,
  }));
  const text = `
    update ${tableOf(noun)} t set ${list.map((name) => `${name} = v.${name}`).join(", ")}
    from unnest($2::text[], ${keys.map(({ index }) => `$${index + 3}::text[]`).join(", ")}) as d (json, ${keys.map(({ index }) => `k${index}`).join(", ")})
    cross join lateral jsonb_populate_record(null::${tableOf(noun)}, d.json::jsonb) v
    where t.organization_id = $1 and ${keys.map(({ name, type, index }) => `t.${name} = d.k${index}::${type}`).join(" and ")}
      and (${list.map((name) => `t.${name}`).join(", ")}) is distinct from (${list.map((name) => `v.${name}`).join(", ")})
    returning 1`;
  let count = 0;
  for (let at = 0; at < rows.length; at += CHANGES_AT_ONCE) {
    const some = rows.slice(at, at + CHANGES_AT_ONCE);
    const values = [
      organization,
      some.map(({ json }) => json),
      ...keys.map(({ index }) => some.map(({ key }) => key[index])),
    ];
    count += (await tx.query(text, values)).length;
  }
  return count;
}

function groupsOf<Row>(
  rows: readonly Row[],
  cellsOf: (row: Row) => PlanRow["cells"],
  places: readonly number[],
): Iterable<[readonly number[], Row[]]> {
  const groups = new Map<string, [readonly number[], Row[]]>();
  for (const row of rows) {
    const cells = cellsOf(row);
    let mark = "";
    for (const place of places) mark += cells[place] === undefined ? "-" : "+";
    const group = groups.get(mark);
    if (group) group[1].push(row);
    else groups.set(mark, [places.filter((place) => cells[place] !== undefined), [row]]);
  }
  return groups.values();
}

/** Errors of rows that the database refused. */
export function errorsOf(refused: readonly { item: PlanRow; reason: string }[]): RowError[] {
  return refused.map(({ item: { line }, reason }) => ({ line, column: null, reason }));
}
