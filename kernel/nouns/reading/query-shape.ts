import { z } from "zod";
import type { ColumnFacts, ValueKind } from "../../database/facts.ts";
import { PAGE_ROWS, PAGE_ROWS_MAX, pageOf } from "../../http/paging.ts";
import type { Noun, Nouns } from "../noun.ts";
import { rowShape } from "../shapes.ts";
import { type Operator, operatorsOf } from "./operators.ts";
import { embeddable } from "./parameters.ts";
import { sortableColumns } from "./sorting.ts";

// How a list's query is described. queryReader reads it: in an address `created_at: { gte: … }` is written `created_at[gte]=…`.

const VALUES: Record<ValueKind, z.ZodType> = {
  uuid: z.uuid(),
  text: z.string(),
  boolean: z.boolean(),
  integer: z.int(),
  bigint: z.union([z.int(), z.string().regex(/^-?\d+$/)]),
  number: z.number(),
  date: z.string().meta({ format: "date" }),
  timestamp: z.string().meta({ format: "date-time" }),
  json: z.string(),
  texts: z.string(),
  other: z.string(),
};

/** A filter by kind: a value, or operators with theirs. Every column of the kind shares it. */
const FILTERS = Object.fromEntries(
  Object.entries(VALUES).map(([kind, value]) => {
    const id = `${kind[0]?.toUpperCase()}${kind.slice(1)}Filter`;
    return [kind, filterShape(value, operatorsOf({ kind: kind as ValueKind, type: "", comment: "" })).meta({ id })];
  }),
) as Record<ValueKind, z.ZodType>;

const Tags = z
  .object({ any: z.array(z.string()), all: z.array(z.string()) })
  .partial()
  .meta({ id: "TagFilter", description: "Tags by word or id." });

/** What a list takes. */
export function listQueryShape(noun: Noun, nouns: Nouns): z.ZodObject {
  return countQueryShape(noun).extend({
    limit: z.int().min(1).max(PAGE_ROWS_MAX).optional().describe(`Rows of a page; ${PAGE_ROWS} unless told.`),
    cursor: z.string().optional().describe("Where to go on: next_cursor of the page before."),
    sort: z
      .string()
      .optional()
      .describe(`Columns, the largest first behind a minus: ${sortableColumns(noun).slice(0, 2).join(",-")}.`),
    ...showQueryShape(noun, nouns).shape,
  });
}

/** What one row takes: what to show of it. */
export function showQueryShape(noun: Noun, nouns: Nouns): z.ZodObject {
  const embeds = [...embeddable(noun, nouns).keys()];
  return z.strictObject({
    fields: z.string().optional().describe("The columns to show, by commas."),
    ...(embeds.length > 0 && {
      embed: z
        .string()
        .optional()
        .describe(`Whose rows to put into embedded, by commas: ${embeds.join(", ")}.`),
    }),
  });
}

/** What a count takes: filters alone. */
export function countQueryShape(noun: Noun): z.ZodObject {
  const filters = Object.entries(noun.columns).map(([name, column]) => [name, filterOf(column).optional()] as const);
  return z.strictObject({
    ...Object.fromEntries(filters),
    ...(noun.facts.words.length > 0 && { q: z.string().optional().describe("Words to look for, the likest first.") }),
    ...(noun.tags && { tags: Tags.optional() }),
  });
}

/** A page: the rows, and where it goes on. */
export function pageShape(noun: Noun): z.ZodObject {
  return pageOf(shownShape(noun));
}

const shownShapes = new WeakMap<Noun, z.ZodObject>();

/** A row that shows what was asked for. */
export function shownShape(noun: Noun): z.ZodObject {
  const made =
    shownShapes.get(noun) ??
    rowShape(noun)
      .partial()
      .extend({ embedded: z.record(z.string(), z.unknown()).optional() })
      .meta({ id: `${noun.name}.shown` });
  shownShapes.set(noun, made);
  return made;
}

function filterOf(column: ColumnFacts): z.ZodType {
  if (!column.values) return FILTERS[column.kind];
  return filterShape(z.enum(column.values), operatorsOf(column));
}

function filterShape(value: z.ZodType, operators: readonly Operator[]): z.ZodType {
  const shapes = operators.map((operator) => [operator, operandShape(operator, value).optional()] as const);
  const byOperator = z.object(Object.fromEntries(shapes));
  return operators.includes("eq") ? z.union([value, byOperator]) : byOperator;
}

function operandShape(operator: Operator, value: z.ZodType): z.ZodType {
  if (operator === "is_null") return z.boolean();
  if (operator === "in") return z.array(value);
  return operator === "between" ? z.array(value).min(2).max(2) : value;
}
