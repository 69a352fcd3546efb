import type { Constraint } from "../database/catalog/catalog.ts";

/** A name as SQL takes it, whatever it is made of. No key word has an underscore, but for those that begin like these. */
export function quoted(name: string): string {
  if (/^(?!current_|session_|system_)[a-z][a-z0-9]*_[a-z0-9_]+$/.test(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL takes it. */
export function literal(text: string): string {
  const marks = text.replaceAll("'", "''");
  return text.includes("\\") ? `E'${marks.replaceAll("\\", "\\\\")}'` : `'${marks}'`;
}

/** The statement that adds a constraint to a table. */
export function alterTable(table: string, { name, definition }: Constraint): string {
  return `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(name)}\n  ${definition};`;
}
