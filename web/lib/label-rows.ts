import type { Label } from "../../modules/labeling/contract.ts";
import { assignKeys } from "./label-keys.ts";

/** A label while it is edited. `key` undefined: one is assigned; empty: it shall have none. */
export type LabelRow = { id: string; name: string; key: string | undefined };

export function emptyRow(): LabelRow {
  return { id: crypto.randomUUID(), name: "", key: undefined };
}

/** One label per line. Rows whose name is still there keep their key. */
export function rowsFromText(text: string, before: LabelRow[]): LabelRow[] {
  const known = new Map(before.map((row) => [row.name, row]));
  const names = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  return names.filter(Boolean).map((name) => ({ ...emptyRow(), key: known.get(name)?.key, name }));
}

export function textFromRows(rows: LabelRow[]): string {
  return namedRows(rows)
    .map((row) => row.name)
    .join("\n");
}

export function labelsFromRows(rows: LabelRow[]): Label[] {
  const named = namedRows(rows);
  const keys = assignKeys(named.map((row) => row.key));
  return named.map((row, index) => {
    const key = keys[index];
    return key ? { name: row.name.trim(), key } : { name: row.name.trim() };
  });
}

/** The rows that become labels; the server counts its complaints (`labels.3.name`) by these. */
export function namedRows(rows: LabelRow[]): LabelRow[] {
  return rows.filter((row) => row.name.trim() !== "");
}

/** The values that occur more than once. */
export function repeated(values: string[]): string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const value of values) (seen.has(value) ? again : seen).add(value);
  return [...again];
}
