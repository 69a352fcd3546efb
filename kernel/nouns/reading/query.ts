import { type FieldFault, Problem } from "../../errors.ts";
import { PAGE_ROWS } from "../../http/paging.ts";
import type { Noun } from "../noun.ts";
import type { Asked, Draft, ListQuery } from "./list-query.ts";
import { readCursor } from "./paging.ts";
import { readParameter } from "./parameters.ts";
import { orderOf } from "./sorting.ts";
import { wordsOf } from "./words.ts";

const PARAMETERS_MAX = 50;
const QUERIES_KEPT_MAX = 1_000;
const QUERY_KEPT_LENGTH_MAX = 500;

/**
 * Makes the reader of a query's text (`status=active&limit=10`), which throws every fault at once, by the name as written. The same texts come
 * again and again, so the latest are kept with what became of them.
 */
export function queryReader(asked: Asked): (text: string) => ListQuery {
  const asker = `${asked.noun.table} ${asked.settings}`;
  return (text) => {
    const key = `${asker} ${text}`;
    const known = kept.get(key);
    if (known) return known;
    const query = readQuery(asked, text);
    if (text.length <= QUERY_KEPT_LENGTH_MAX) keep(key, query);
    return query;
  };
}

const kept = new Map<string, ListQuery>();

function keep(key: string, query: ListQuery): void {
  kept.set(key, query);
  const oldest = kept.keys().next().value;
  if (kept.size > QUERIES_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
}

function readQuery(asked: Asked, text: string): ListQuery {
  const draft: Draft = {
    filters: [],
    tags: [],
    search: "",
    sort: [],
    limit: PAGE_ROWS,
    cursor: undefined,
    fields: undefined,
    embed: [],
  };
  const parameters = parametersOf(text);
  // What is wrong with each of thousands would take long to find out.
  if (parameters.size > PARAMETERS_MAX)
    throw new Problem("invalid", { detail: `At most ${PARAMETERS_MAX} parameters at once.` });
  const faults: FieldFault[] = [...parameters].flatMap(([name, values]) => {
    const message = [name, ...values].some(isUnstorable)
      ? "This holds a NUL character, which cannot be stored. Delete it."
      : readParameter(name, values, draft, asked);
    return message === undefined ? [] : [{ field: name, message }];
  });
  if (faults.length > 0) throw new Problem("invalid", { errors: faults });
  return complete(asked.noun, draft);
}

/** The cursor is of an order, so it is read when that is known. */
function complete(noun: Noun, { sort, cursor: written, ...draft }: Draft): ListQuery {
  const isRanked = draft.search !== "" && sort.length === 0;
  const order = orderOf(noun, sort, isRanked);
  const cursor = written === undefined ? undefined : readCursor(written, order, draft.search);
  if (typeof cursor === "string") throw new Problem("invalid", { errors: [{ field: "cursor", message: cursor }] });
  return { ...draft, words: wordsOf(draft.search), isRanked, order, cursor };
}

function parametersOf(text: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = parameters.get(name);
    if (values) values.push(value);
    else parameters.set(name, [value]);
  }
  return parameters;
}

function isUnstorable(text: string): boolean {
  return text.includes("\0") || !text.isWellFormed();
}
