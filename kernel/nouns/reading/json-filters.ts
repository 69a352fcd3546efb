import { quoted } from "../columns.ts";
import { COMPARISONS, type Filter, literally } from "./operators.ts";
import type { Bind } from "./scope.ts";
import { NUMBER } from "./values.ts";

/** A step of a path that may also be a place in an array. */
const PLACE = /^\d+$/;

/**
 * A filter into a JSON value. What is looked for has no type of its own: `size=3` finds the number and the text. Being equal is
 * asked by containment, which an index serves.
 */
export function jsonCondition(filter: Filter, bind: Bind): string {
  const { path, operator, values } = filter;
  const [first = "", second = ""] = values;
  const name = `t.${quoted(filter.column)}`;
  const at = () => `(${name} #> ${bind(path)})`;
  const text = () => `(${name} #>> ${bind(path)})`;
  switch (operator) {
    case "eq":
    case "in":
      return isOneOf(name, filter, bind);
    case "ne":
      return `not coalesce(${isOneOf(name, filter, bind)}, false)`;
    case "is_null":
      return `coalesce(jsonb_typeof${at()}, 'null') ${first === "true" ? "=" : "<>"} 'null'`;
    case "contains":
      return `${text()} ilike ${bind(`%${literally(first)}%`)}`;
    case "starts_with":
      return `${text()} ^@ ${bind(first)}`;
    case "between":
      return `(${compare(at, text, ">=", first, bind)} and ${compare(at, text, "<=", second, bind)})`;
    default:
      return compare(at, text, COMPARISONS[operator] ?? "=", first, bind);
  }
}

/** Numbers are compared with numbers, and texts with texts, by their characters. */
function compare(at: () => string, text: () => string, comparison: string, value: string, bind: Bind): string {
  return NUMBER.test(value)
    ? `(jsonb_typeof${at()} = 'number' and ${at()} ${comparison} ${bind(value)}::jsonb)`
    : `(jsonb_typeof${at()} = 'string' and ${text()} collate "C" ${comparison} ${bind(value)})`;
}

function isOneOf(name: string, { path, values }: Filter, bind: Bind): string {
  const wanted = values.flatMap(asJson);
  if (path.some((step) => PLACE.test(step))) return `(${name} #> ${bind(path)}) = any (${bind(wanted)}::jsonb[])`;
  const documents = wanted.map((json) => path.reduceRight((inner, step) => `{${JSON.stringify(step)}:${inner}}`, json));
  return `(${documents.map((document) => `${name} @> ${bind(document)}::jsonb`).join(" or ")})`;
}

/** What a text may stand for in JSON. */
function asJson(value: string): string[] {
  const isPlain = NUMBER.test(value) || value === "true" || value === "false";
  return [JSON.stringify(value), ...(isPlain ? [value] : [])];
}
