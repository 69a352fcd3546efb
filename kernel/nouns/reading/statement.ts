import { answeredColumns, columnsFor, quoted } from "../columns.ts";
import type { Noun } from "../noun.ts";
import { conditionOf, needsSearchView } from "./filters.ts";
import type { ListQuery } from "./list-query.ts";
import { type Scope, sourceOf, wordColumns } from "./scope.ts";
import { isBehind, LIKENESS, orderBy, orderOf } from "./sorting.ts";
import { isMeant, isWritten, likenessOf, RANKED_MAX } from "./words.ts";

/** What rows show for whoever asks. */
export function shownColumns({ fields }: ListQuery, { noun, role }: Scope): readonly string[] {
  return fields ?? columnsFor(noun, role);
}

/** The rows that match, in their order, behind the cursor if there is one: a statement that answers the columns that are needed. */
export function matchingRows(query: ListQuery, scope: Scope, limit?: number): string {
  const { order, cursor } = query;
  const behind = cursor ? [isBehind(order, cursor, scope)] : [];
  const end = `${orderBy(order)}${limit === undefined ? "" : ` limit ${limit}`}`;
  if (!query.isRanked) return `${selectWhere(query, scope, [...conditionsOf(query, scope), ...behind])}${end}`;
  const where = behind.length > 0 ? ` where ${behind[0]}` : "";
  return `select * from (${rankedRows(query, scope)}) t${where}${end}`;
}

/** Just that rows match, for counting; `limit` ends it early. */
export function matches(query: ListQuery, scope: Scope, limit?: number): string {
  const end = limit === undefined ? "" : ` limit ${limit}`;
  return `select from ${fromOf(query, scope)} where ${conditionsOf(query, scope).join(" and ")}${end}`;
}

/** What a row shows, as a select list over `t`: its columns, and the rows that it names. */
export function shownRow(query: ListQuery, scope: Scope): string {
  const columns = answeredColumns(scope.noun, shownColumns(query, scope), "t.");
  return [columns, ...embeddedRows(query, scope)].join(", ");
}

/**
 * What is found by words, with its likeness to them. Where they stand nowhere as they are written, what is like them is taken:
 * PostgreSQL does not begin with the second search unless the first found nothing.
 */
function rankedRows(query: ListQuery, scope: Scope): string {
  const { words } = query;
  const newest = `${orderBy(orderOf(scope.noun, [], false))} limit ${RANKED_MAX}`;
  const meant = [...filtersOf(query, scope), "not exists (select from written)", isMeant(words, scope)];
  return `with written as materialized (${selectWhere(query, scope, conditionsOf(query, scope))}${newest}),
      meant as materialized (${selectWhere(query, scope, meant)}${newest})
    select *, ${likenessOf(words, scope)} as ${quoted(LIKENESS)} from (table written union all table meant) found`;
}

function selectWhere(query: ListQuery, scope: Scope, conditions: readonly string[]): string {
  const columns = neededColumns(query, scope).map((name) => `t.${quoted(name)}`);
  return `select ${columns.join(", ")} from ${fromOf(query, scope)} where ${conditions.join(" and ")}`;
}

function neededColumns(query: ListQuery, scope: Scope): string[] {
  const sorted = query.order.map(({ name }) => name).filter((name) => name !== LIKENESS);
  const words = query.isRanked ? [...wordColumns(scope), ...scope.noun.key] : [];
  const embedded = query.embed.map(({ column }) => column);
  return [...new Set([...shownColumns(query, scope), ...sorted, ...words, ...embedded])];
}

function fromOf(query: ListQuery, scope: Scope): string {
  return `${sourceOf(scope, query.words.length > 0 || query.filters.some(needsSearchView))} t`;
}

function conditionsOf(query: ListQuery, scope: Scope): string[] {
  const words = query.words.length > 0 ? [isWritten(query.words, scope)] : [];
  return [...filtersOf(query, scope), ...words];
}

function filtersOf({ filters, tags }: ListQuery, scope: Scope): string[] {
  const tagged = tags.flatMap(({ operator, values }) =>
    operator === "any" ? [isTagged(values, scope)] : values.map((value) => isTagged([value], scope)),
  );
  const conditions = filters.map((filter) => conditionOf(filter, scope));
  return [`t.organization_id = ${scope.organization}`, ...conditions, ...tagged];
}

/** The row has one of the tags, which are named by their words or ids. */
function isTagged(values: readonly string[], { noun, bind, organization }: Scope): string {
  const { table, column } = noun.tags ?? { table: noun.table, column: noun.key[0] ?? "" };
  const wanted = `${bind(values)}::text[]`;
  return `exists (select from ${nameOf(table)} g where g.organization_id = ${organization}
      and g.${quoted(column)} = t.${quoted(noun.key[0] ?? "")} and g.tag_id = any (array(
        select w.id from organizations.tags w where w.organization_id = ${organization}
          and (w.name_key in (select lower(v) from unnest(${wanted}) v) or w.id::text = any (${wanted})))))`;
}

/** One look-up by key for each row that is embedded, all within the one statement. */
function embeddedRows({ embed }: ListQuery, scope: Scope): string[] {
  if (embed.length === 0) return [];
  const rows = embed.map(({ column, noun }) => `'${column}', ${embeddedRow(column, noun, scope)}`);
  return [`json_build_object(${rows.join(", ")}) as embedded`];
}

function embeddedRow(column: string, noun: Noun, { role, organization }: Scope): string {
  const columns = answeredColumns(noun, columnsFor(noun, role), "e.");
  const key = quoted(noun.key[0] ?? "");
  return `(select row_to_json(shown) from (select ${columns} from ${nameOf(noun.table)} e
      where e.organization_id = ${organization} and e.${key} = t.${quoted(column)}) shown)`;
}

function nameOf(table: string): string {
  return table.split(".").map(quoted).join(".");
}
