import { likeness } from "../../data-model/words.ts";
import { PAGE_ROWS_MAX } from "../../http/paging.ts";
import type { Noun } from "../noun.ts";
import { readFilter } from "./filters.ts";
import type { Asked, Draft } from "./list-query.ts";
import { type Operator, operatorsOf } from "./operators.ts";
import { SORT_KEYS_MAX, sortableColumns } from "./sorting.ts";
import { SEARCH_LENGTH_MAX, SEARCH_WORDS_MAX, wordsOf } from "./words.ts";

/** Most steps into a JSON value, columns whose rows are embedded, and tags of one filter. */
const PATH_STEPS_MAX = 8;
const EMBEDDED_MAX = 5;
const TAGS_MAX = 20;
const LIKENESS_MIN = 0.35;
/** `created_at[gte]`, or `custom_fields.size.width[gt]`. */
const FILTER_NAME = /^([^.[\]]+)(?:\.(.+?))?(?:\[([^[\]]*)\])?$/s;

/** Takes one parameter of a query into the draft. Returns what is wrong with it as text. */
type Reader = (value: string, draft: Draft, asked: Asked) => string | undefined;

const READERS: Record<string, Reader> = {
  limit: readLimit,
  cursor: (value, draft) => {
    draft.cursor = value;
  },
  sort: readSort,
  q: readSearch,
  fields: readFields,
  embed: readEmbed,
};

/** The parameters beside filters that a list of the noun takes. */
export function settingsOf(noun: Noun, nouns: Asked["nouns"]): string[] {
  return ["limit", "cursor", "sort", ...showSettings(noun, nouns), ...searchSettings(noun)];
}

/** Those that a count takes. */
export function searchSettings({ facts }: Noun): string[] {
  return facts.words.length > 0 ? ["q"] : [];
}

/** Those that one row takes. */
export function showSettings(noun: Noun, nouns: Asked["nouns"]): string[] {
  return ["fields", ...(embeddable(noun, nouns).size > 0 ? ["embed"] : [])];
}

/** The columns whose rows can be embedded, and the nouns of these. */
export function embeddable({ columns }: Noun, nouns: Asked["nouns"]): Map<string, Noun> {
  return new Map(
    Object.entries(columns).flatMap(([name, { references }]) => {
      const noun = references === undefined ? undefined : nouns.get(references);
      return noun?.key.length === 1 ? [[name, noun] as const] : [];
    }),
  );
}

export function readParameter(name: string, values: readonly string[], draft: Draft, asked: Asked): string | undefined {
  if (asked.settings.includes(name)) {
    if (values.length > 1) return "This is given more than once.";
    return READERS[name]?.(values[0] ?? "", draft, asked);
  }
  if (!asked.filters) return unknown(name, asked);
  if (asked.noun.tags && (name === "tags[any]" || name === "tags[all]"))
    return readTags(name === "tags[any]" ? "any" : "all", values, draft);
  return readFilterOf(name, values, draft, asked);
}

function readFilterOf(name: string, values: readonly string[], draft: Draft, asked: Asked): string | undefined {
  const [, column = "", steps, operator = "eq"] = FILTER_NAME.exec(name) ?? [];
  const facts = Object.hasOwn(asked.noun.columns, column) ? asked.noun.columns[column] : undefined;
  if (!facts) return unknown(name, asked);
  const path = steps === undefined ? [] : steps.split(".");
  if (path.length > 0 && facts.kind !== "json") return `${column} holds no JSON, so nothing is within it.`;
  if (path.length > PATH_STEPS_MAX) return `At most ${PATH_STEPS_MAX} steps into a JSON value.`;
  const operators = operatorsOf(facts, path.length > 0);
  if (!operators.includes(operator as Operator)) {
    const hint = facts.kind === "json" && path.length === 0 ? `, and all there are for a part: ${column}.name` : "";
    return `${column} takes ${operators.map((one) => `[${one}]`).join(", ")}${hint}.`;
  }
  const filter = readFilter({ column, facts, path, operator: operator as Operator }, values);
  if (typeof filter === "string") return filter;
  draft.filters.push(filter);
  return undefined;
}

function readLimit(value: string, draft: Draft): string | undefined {
  const limit = /^\d{1,4}$/.test(value) ? Number(value) : 0;
  if (limit < 1 || limit > PAGE_ROWS_MAX) return `A whole number from 1 to ${PAGE_ROWS_MAX}.`;
  draft.limit = limit;
  return undefined;
}

function readSort(value: string, draft: Draft, { noun }: Asked): string | undefined {
  const keys = value.split(",").map((key) => ({ name: key.replace(/^-/, ""), descending: key.startsWith("-") }));
  const sortable = sortableColumns(noun);
  const bad = keys.find(({ name }) => !sortable.includes(name));
  if (bad) return `There is no order by ${quote(bad.name)}.${suggestion(bad.name, sortable)}`;
  if (keys.length > SORT_KEYS_MAX) return `At most ${SORT_KEYS_MAX} columns.`;
  if (new Set(keys.map(({ name }) => name)).size < keys.length) return "Each column once.";
  draft.sort = keys.map((key) => ({ ...key, nullable: noun.columns[key.name]?.nullable ?? false }));
  return undefined;
}

function readSearch(value: string, draft: Draft): string | undefined {
  const words = wordsOf(value);
  if (words.length === 0) return "Say what to look for.";
  if (words.length > SEARCH_WORDS_MAX || value.length > SEARCH_LENGTH_MAX)
    return `At most ${SEARCH_WORDS_MAX} words and ${SEARCH_LENGTH_MAX} characters.`;
  draft.search = value;
  return undefined;
}

function readFields(value: string, draft: Draft, { noun }: Asked): string | undefined {
  const names = [...new Set(value.split(","))];
  const bad = names.find((name) => !Object.hasOwn(noun.columns, name));
  if (bad !== undefined) return `There is no field ${quote(bad)}.${suggestion(bad, Object.keys(noun.columns))}`;
  draft.fields = names;
  return undefined;
}

function readEmbed(value: string, draft: Draft, { noun, nouns }: Asked): string | undefined {
  const known = embeddable(noun, nouns);
  const columns = [...new Set(value.split(","))];
  if (columns.length > EMBEDDED_MAX) return `At most ${EMBEDDED_MAX} at once.`;
  const embedded = [];
  for (const column of columns) {
    const target = known.get(column);
    if (!target)
      return `${quote(column)} names no row that can be embedded. There are: ${[...known.keys()].join(", ")}.`;
    embedded.push({ column, noun: target });
  }
  draft.embed = embedded;
  return undefined;
}

function readTags(operator: "any" | "all", given: readonly string[], draft: Draft): string | undefined {
  const values = given.length === 1 ? (given[0] ?? "").split(",") : given;
  if (values.length > TAGS_MAX) return `At most ${TAGS_MAX} tags.`;
  draft.tags.push({ operator, values });
  return undefined;
}

function unknown(name: string, { noun, settings, filters }: Asked): string {
  const [column = ""] = name.split(/[.[]/);
  const tags = noun.tags ? ["tags[any]", "tags[all]"] : [];
  const known = filters ? [...settings, ...tags, ...Object.keys(noun.columns)] : settings;
  return `This is not known here.${suggestion(column, known)}`;
}

function suggestion(name: string, names: readonly string[]): string {
  const [nearest] = names
    .map((candidate) => ({ candidate, nearness: likeness(name.slice(0, 100), candidate) }))
    .toSorted((a, b) => b.nearness - a.nearness);
  return nearest && nearest.nearness >= LIKENESS_MIN
    ? ` Did you mean ${nearest.candidate}?`
    : ` There are: ${names.join(", ")}.`;
}

function quote(name: string): string {
  return `"${name.slice(0, 100)}"`;
}
