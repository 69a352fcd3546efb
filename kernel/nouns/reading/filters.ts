import type { ColumnFacts } from "../../database/facts.ts";
import { quoted } from "../columns.ts";
import { jsonCondition } from "./json-filters.ts";
import { COMPARISONS, type Filter, literally } from "./operators.ts";
import type { Scope } from "./scope.ts";
import { expectedOf, readValue } from "./values.ts";

/** Most values that one filter names. */
const FILTER_VALUES_MAX = 200;
const NULLNESS: ColumnFacts = { kind: "boolean", type: "boolean", comment: "" };

/** Checks the values of a filter, and makes them what PostgreSQL takes. Returns what is wrong with them as text. */
export function readFilter(filter: Omit<Filter, "values">, given: readonly string[]): Filter | string {
  const { operator, facts, path } = filter;
  const takesMany = operator === "in" || operator === "between" || (operator === "contains" && facts.kind === "texts");
  if (!takesMany && given.length > 1) return "This is given more than once. To find any of several values, use [in].";
  const texts = takesMany && given.length === 1 ? (given[0] ?? "").split(",") : given;
  if (texts.length > FILTER_VALUES_MAX) return `At most ${FILTER_VALUES_MAX} values.`;
  if (operator === "between" && texts.length !== 2) return "Give two values, the lower one first.";
  const valueFacts = operator === "is_null" ? NULLNESS : facts;
  const isFree = path.length > 0 && operator !== "is_null";
  const isPart = operator === "contains" || operator === "starts_with";
  const values = texts.map((text) => (isFree || isPart ? text : readValue(text, valueFacts)));
  const bad = texts.find((_, place) => values[place] === undefined);
  if (bad !== undefined) return `"${bad.slice(0, 100)}" is not ${expectedOf(valueFacts)}.`;
  return { ...filter, values: values as string[] };
}

/**
 * Whether an index serves the filter only in the search view: under row-level security PostgreSQL looks at rows first with what
 * can reveal nothing of them.
 */
export function needsSearchView({ facts, operator, path }: Filter): boolean {
  return path.length > 0 || operator === "contains" || facts.type.startsWith("numeric");
}

/** The filter in SQL. None of its operators can fail, whatever a row holds. */
export function conditionOf(filter: Filter, { bind }: Pick<Scope, "bind">): string {
  const { column, facts, operator, values } = filter;
  const [first, second] = values;
  if (filter.path.length > 0) return jsonCondition(filter, bind);
  const name = asText(`t.${quoted(column)}`, facts);
  switch (operator) {
    case "eq":
      return `${name} = ${bind(first)}`;
    case "ne":
      return `${name} is distinct from ${bind(first)}`;
    case "in":
      return `${name} = any (${bind(values)})`;
    case "between":
      return `${name} between ${bind(first)} and ${bind(second)}`;
    case "is_null":
      return `${name} is ${first === "true" ? "" : "not "}null`;
    case "contains":
      return facts.kind === "texts" ? `${name} @> ${bind(values)}` : `${name} ilike ${bind(`%${literally(first)}%`)}`;
    case "starts_with":
      return `${name} ^@ ${bind(first)}`;
    default:
      return `${name} ${COMPARISONS[operator]} ${bind(first)}`;
  }
}

/** A column of a kind that JSON has no type for, as JSON writes it; any other as it is. */
export function asText(column: string, { kind }: ColumnFacts): string {
  return kind === "other" ? `(to_json(${column}) #>> '{}')` : column;
}
