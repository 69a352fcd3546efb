import { literal } from "../sql-text.ts";
import {
  currencyColumn,
  type Entity,
  FIELD_TYPES,
  type Field,
  MEMBERS,
  relationColumn,
  type States,
} from "./design.ts";

/** A column, or two for money: what stands in the table, and what is said of each. */
export type ColumnSql = { lines: string[]; comments: [column: string, text: string][] };

const TEXT_LENGTH = 200;
const LONG_TEXT_LENGTH = 20_000;
const JSON_BYTES = 65_536;

/** The column of a field, with its default and its check. */
export function fieldColumn(field: Field): ColumnSql {
  const { name, type, required } = field;
  const words = [name, FIELD_TYPES[type], ...(required ? ["not null"] : []), ...defaultOf(field), ...checkOf(field)];
  const comment = field.description === "" ? titleOf(name) : sentenceOf(field.description);
  if (type !== "money") return { lines: [words.join(" ")], comments: [[name, comment]] };
  const currency = currencyColumn(name);
  return {
    lines: [
      words.join(" "),
      `${currency} text${required ? " not null" : ""} check (${currency} ~ '^[A-Z]{3}$')`,
      ...(required ? [] : [`constraint ${name}_whole check (num_nonnulls(${name}, ${currency}) in (0, 2))`]),
    ],
    comments: [
      [name, `${comment} In minor units of its currency.`],
      [currency, `The currency of ${name.replaceAll("_", " ")}, as three letters.`],
    ],
  };
}

/** The column of a relation. */
export function relationColumnSql({ name, to, required, description }: Entity["relations"][number]): ColumnSql {
  const meant = to === MEMBERS ? "The member." : `The row of ${to} it belongs to.`;
  const comment = description === "" ? meant : sentenceOf(description);
  return {
    lines: [`${relationColumn(name)} uuid${required ? " not null" : ""}`],
    comments: [[relationColumn(name), comment]],
  };
}

/** The column of an entity's states. */
export function stateColumn({ field, description, order }: States): ColumnSql {
  const names = Object.keys(order);
  return {
    lines: [`${field} text not null default ${literal(names[0] ?? "")} check (${field} in (${listOf(names)}))`],
    comments: [[field, description === "" ? "How far it has come." : sentenceOf(description)]],
  };
}

function defaultOf({ type, default: given }: Field): string[] {
  if (given === undefined) return [];
  if (type === "moment") return ["default now()"];
  return [`default ${typeof given === "string" ? literal(given) : given}`];
}

function checkOf({ name, type, required, values, min, max }: Field): string[] {
  if (values) return [`check (${name} in (${listOf(values)}))`];
  if (type === "json") return [`check (pg_column_size(${name}) <= ${max ?? JSON_BYTES})`];
  if (type === "text" || type === "long_text") {
    const length = max ?? (type === "text" ? TEXT_LENGTH : LONG_TEXT_LENGTH);
    return [`check (${required ? `length(btrim(${name})) between 1 and ${length}` : `length(${name}) <= ${length}`})`];
  }
  if (min !== undefined && max !== undefined) return [`check (${name} between ${min} and ${max})`];
  if (min !== undefined) return [`check (${name} >= ${min})`];
  return max === undefined ? [] : [`check (${name} <= ${max})`];
}

function listOf(texts: string[]): string {
  return texts.map(literal).join(", ");
}

/** `dataset_items` is “Dataset items.” where nobody said more. */
export function titleOf(name: string): string {
  return sentenceOf(`${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll("_", " ")}`);
}

/** A description with the full stop that it may lack. */
export function sentenceOf(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
