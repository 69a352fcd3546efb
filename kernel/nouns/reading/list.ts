import { isDataException } from "../../database/errors.ts";
import { Problem } from "../../errors.ts";
import { NO_CURSOR, PAGE_ROWS } from "../../http/paging.ts";
import type { JsonText } from "../../http/route.ts";
import type { Context, EnteringRole } from "../../tenancy/context.ts";
import { queryRow } from "../../tenancy/transaction.ts";
import { quoted } from "../columns.ts";
import { mayRead } from "../held.ts";
import type { Noun } from "../noun.ts";
import { keptByRole } from "./kept.ts";
import type { ListQuery } from "./list-query.ts";
import { writeCursor } from "./paging.ts";
import { openScope } from "./scope.ts";
import { matchingRows, shownRow } from "./statement.ts";

/** A page is held in memory as a whole: two hundred rows with large texts would be more than a process has, or a string may be long. */
const PAGE_BYTES_MAX = 32 * 1024 * 1024;
const TOO_LARGE = `These rows are more than ${PAGE_BYTES_MAX / 1024 / 1024} MB. Ask for fewer of them, or with fields for less of each.`;

/**
 * A page of the rows that match: `items`, and in `next_cursor` where it goes on, or null at the end. PostgreSQL writes the rows; the
 * columns behind them are whether there are more, whether it is too much, and the sort keys of the last one.
 * Throws invalid where they are too large together, and forbidden where a row that is to be embedded is none that the caller may read.
 */
export async function listRows(context: Context, noun: Noun, query: ListQuery): Promise<JsonText> {
  const { text, values, fixed } = statementFor(query, context.role, noun);
  const statement = { text, values: [context.organization.id, ...values], fixed };
  const [items, hasMore, isTooLarge, ...last] = await queryRow(
    context,
    statement,
    mayRead(query.embed.map(({ noun }) => noun)),
  ).catch(explain(query));
  if (isTooLarge === "t") throw new Problem("invalid", { errors: [{ field: "limit", message: TOO_LARGE }] });
  const next = hasMore === "t" ? `"${writeCursor(query.order, query.search, last)}"` : "null";
  return { json: `{"items":[${items ?? ""}],"next_cursor":${next}}` };
}

type Statement = { text: string; values: readonly unknown[]; fixed: boolean };

/**
 * The statement of a query, without the organization, which is its first value. The offset keeps PostgreSQL from writing a row's JSON
 * anew wherever it is named.
 */
const statementFor = keptByRole((query: ListQuery, role: EnteringRole, noun: Noun): Statement => {
  const { scope, values } = openScope(noun, role, "");
  const { limit, order } = query;
  const keys = order.map(({ name }, place) => `t.${quoted(name)} as k${place}`);
  const lasts = order.map((_, place) => `(array_agg(k${place}))[${limit}]::text`);
  const isTooLarge = `sum(octet_length(j)) > ${PAGE_BYTES_MAX}`;
  const items = `case when ${isTooLarge} then null else array_to_string((array_agg(j))[:${limit}], ',') end`;
  const text = `select ${[items, `count(*) > ${limit}`, isTooLarge, ...lasts].join(", ")} from (
    select ${["row_to_json(r)::text as j", ...keys].join(", ")} from (${matchingRows(query, scope, limit + 1)}) t
    cross join lateral (select ${shownRow(query, scope)}) r offset 0) page`;
  return { text, values: values.slice(1), fixed: isPlain(query) };
});

/** Few texts are like this, and all lists begin with one: connections keep them prepared. */
function isPlain({ filters, tags, words, order, limit, fields, embed, cursor }: ListQuery): boolean {
  const isWhole = filters.length + tags.length + words.length + embed.length === 0 && fields === undefined;
  return isWhole && limit === PAGE_ROWS && order.every(({ descending }) => descending) && cursor === undefined;
}

/** All other values were checked: what PostgreSQL cannot read came out of a cursor that somebody made up. */
function explain({ cursor }: ListQuery): (error: unknown) => never {
  return (error) => {
    if (cursor === undefined || !isDataException(error)) throw error;
    throw new Problem("invalid", { errors: [{ field: "cursor", message: NO_CURSOR }], cause: error });
  };
}
