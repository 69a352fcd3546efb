import type { Column, Constraint, Table } from "../database/catalog/catalog.ts";
import { cardinalityOf, constraintsOf, keysOf, tenantColumnOf } from "./keys.ts";
import { plainId, shortType } from "./type-names.ts";

// What Mermaid draws at most in one diagram: 50,000 characters and 500 lines, unless it is told otherwise.
const CHARACTERS_MAX = 45_000;
const RELATIONS_MAX = 450;

/** Words that Mermaid takes for something else than a name. */
const RESERVED = new Set(
  "erdiagram title direction acctitle accdescr style class classdef subgraph end one many only zero to optionally u o default constructor prototype".split(
    " ",
  ),
);

/** The diagrams of some tables in Mermaid's language, as few as Mermaid can draw. `schema` is the one whose tables go by their names alone. */
export function drawDiagrams(tables: Table[], schema: string | undefined): string[] {
  const nameOf = entityNames(tables, schema);
  const diagrams: { entities: string[]; relations: string[]; size: number }[] = [];
  for (const table of tables) {
    const entity = drawEntity(table, nameOf(table.id));
    const relations = constraintsOf(table, "foreign key").map((key) => drawRelation(table, key, nameOf));
    const size = entity.length + relations.join("\n").length;
    let last = diagrams.at(-1);
    if (!last || last.size + size > CHARACTERS_MAX || last.relations.length + relations.length > RELATIONS_MAX) {
      last = { entities: [], relations: [], size: 0 };
      diagrams.push(last);
    }
    last.entities.push(entity);
    last.relations.push(...relations);
    last.size += size;
  }
  return diagrams.map(({ entities, relations }) => ["erDiagram", ...entities, ...relations].join("\n"));
}

/** Gives every table a name of its own that Mermaid can take. */
function entityNames(tables: Table[], schema: string | undefined): (id: string) => string {
  const known = new Map(tables.map((table) => [table.id, table]));
  const given = new Map<string, string>();
  const taken = new Set<string>();
  return (id) => {
    const existing = given.get(id);
    if (existing !== undefined) return existing;
    const table = known.get(id);
    const wanted = printable(table?.schema === schema ? (table?.name ?? id) : plainId(id));
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted} ${number}`;
    taken.add(name);
    const quoted = isPlain(name) ? name : `"${name}"`;
    given.set(id, quoted);
    return quoted;
  };
}

function isPlain(name: string): boolean {
  return /^[a-z_][a-z0-9_]*$/i.test(name) && !RESERVED.has(name.toLowerCase());
}

/** What may stand between quotation marks: no quotation mark, no per cent, no backslash, nothing that ends a line or the block. */
function printable(text: string): string {
  return text
    .replaceAll('"', "'")
    .replaceAll("`", "'")
    .replace(/[%\\;#]/g, "_")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .replace(/(direction)\s+(tb|bt|rl|lr)/gi, "$1_$2");
}

function drawEntity(table: Table, name: string): string {
  const lines = table.columns.map((column) => `    ${drawColumn(table, column)}`);
  return lines.length === 0 ? `  ${name}` : `  ${name} {\n${lines.join("\n")}\n  }`;
}

function drawColumn(table: Table, column: Column): string {
  const name = attributeWord(column.name);
  const keys = keysOf(table, column).join(", ");
  const comment = name === column.name ? "" : `"${printable(column.name)}"`;
  return [attributeWord(wordOf(column.type)), name, keys, comment].filter((part) => part !== "").join(" ");
}

/** A type without what Mermaid cannot take: the comma of a scale, and the fields of an interval. */
function wordOf(type: string): string {
  return shortType(type)
    .replace(/^numeric\(.*\)/, "numeric")
    .replace(/^interval[^[]*/, "interval");
}

/** Mermaid takes letters, digits, hyphens, underscores and brackets, and the first is a letter. */
function attributeWord(text: string): string {
  const word = text.replace(/[^A-Za-z0-9_[\]()\u00C0-\uFFFF-]|\s/gu, "_").replace(/[\uD800-\uDFFF]/g, "_");
  return /^[A-Za-z_\u00C0-\uFFFF]/.test(word) && !/^(?:pk|fk|uk)\b/i.test(word) ? word : `_${word}`;
}

function drawRelation(table: Table, key: Constraint, nameOf: (id: string) => string): string {
  const { parent, child } = cardinalityOf(table, key);
  const tenant = tenantColumnOf(table);
  const columns = key.columns.filter((column) => column !== tenant || key.columns.length === 1);
  const label = printable(columns.join(", "));
  return `  ${nameOf(key.references?.table ?? table.id)} ${parent}--${child} ${nameOf(table.id)} : "${label}"`;
}
