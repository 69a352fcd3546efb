import { Problem } from "../../errors.ts";
import type { JsonText } from "../../http/route.ts";
import type { Context, EnteringRole } from "../../tenancy/context.ts";
import { queryRow } from "../../tenancy/transaction.ts";
import { answeredColumns, columnsFor, keyCondition, tableOf } from "../columns.ts";
import { mayRead } from "../held.ts";
import type { Noun } from "../noun.ts";
import { keptByRole } from "./kept.ts";
import type { ListQuery } from "./list-query.ts";
import { openScope } from "./scope.ts";
import { shownRow } from "./statement.ts";

/**
 * One row by its key, with its version; `query` says what to show of it. With rows embedded it has none, for these change by themselves.
 * Throws not_found where the organization has none that the caller may see, and forbidden where a row that is to be embedded is none
 * that the caller may read.
 */
export async function getRow(
  context: Context,
  noun: Noun,
  key: Record<string, string>,
  query?: ListQuery,
): Promise<JsonText> {
  const values = [context.organization.id, ...noun.key.map((name) => key[name])];
  const text = query ? shownStatement(query, context.role, noun) : wholeStatement(noun, context.role);
  const guards = query ? mayRead(query.embed.map(({ noun }) => noun)) : [];
  const [json, version] = await queryRow(context, { text, values, fixed: query === undefined }, guards);
  if (!json) throw new Problem("not_found");
  return { json, ...(version && { version }) };
}

const wholeStatement = keptByRole((noun: Noun, role: EnteringRole): string => {
  const names = columnsFor(noun, role);
  const version = names.includes("version") ? "r.version" : "null";
  return `select row_to_json(r)::text, ${version} from (select ${answeredColumns(noun, names)} from ${tableOf(noun)} where ${keyCondition(noun)}) r`;
});

const shownStatement = keptByRole((query: ListQuery, role: EnteringRole, noun: Noun): string => {
  const { scope } = openScope(noun, role, "");
  const isVersioned = query.embed.length === 0 && columnsFor(noun, role).includes("version");
  return `select row_to_json(r)::text, ${isVersioned ? "t.version" : "null"} from ${tableOf(noun)} t
    cross join lateral (select ${shownRow(query, scope)}) r where ${keyCondition(noun, 2, "t.")}`;
});
