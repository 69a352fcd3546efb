import type { Catalog, Routine, Sequence, Table, UserType } from "../database/catalog/catalog.ts";
import { literal, quoted } from "./sql-text.ts";

/** The statements that write the comments back. */
export function commentStatements(
  { schemas }: Catalog,
  tables: Table[],
  types: UserType[],
  functions: Routine[],
  sequences: Sequence[],
): string[] {
  return [
    ...schemas
      .filter(({ name }) => tables.some(({ schema }) => schema === name))
      .flatMap(({ name, comment }) => commentOn(`schema ${quoted(name)}`, comment)),
    ...types.flatMap(({ id, kind, comment }) => commentOn(`${kind === "domain" ? "domain" : "type"} ${id}`, comment)),
    ...functions.flatMap(({ id, comment }) => commentOn(`routine ${id}`, comment)),
    ...sequences.flatMap(({ id, comment }) => commentOn(`sequence ${id}`, comment)),
    ...tables.flatMap(ofTable),
  ];
}

function ofTable(table: Table): string[] {
  const { id } = table;
  const kind = table.kind.endsWith("view") ? table.kind : "table";
  return [
    ...commentOn(`${kind} ${id}`, table.comment),
    ...table.columns.flatMap(({ name, comment }) => commentOn(`column ${id}.${quoted(name)}`, comment)),
    ...table.constraints
      .filter(({ inherited }) => !inherited)
      .flatMap(({ name, comment }) => commentOn(`constraint ${quoted(name)} on ${id}`, comment)),
    ...table.indexes.flatMap((index) => commentOn(`index ${index.id}`, index.comment)),
    ...table.policies.flatMap(({ name, comment }) => commentOn(`policy ${quoted(name)} on ${id}`, comment)),
    ...table.triggers.flatMap(({ name, comment }) => commentOn(`trigger ${quoted(name)} on ${id}`, comment)),
  ];
}

function commentOn(object: string, comment: string | null): string[] {
  return comment === null ? [] : [`comment on ${object} is ${literal(comment)};`];
}
