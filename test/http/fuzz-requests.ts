import fc from "fast-check";
import type { Operation, Parameter } from "./description.ts";
import { idOf, oddText, type ValueMaker } from "./fuzz-values.ts";

/** Who asks; `key` is an API key of the owner's. */
export type FuzzCaller = "owner" | "labeler" | "client" | "key" | "nobody";

/**
 * A request to an operation, that can be sent again to any world: `~own.customer_id~` stands for the id that it has there, and
 * `~foreign.customer_id~` for that of another organization.
 */
export type FuzzRequest = {
  operation: string;
  caller: FuzzCaller;
  method: string;
  url: string;
  headers: Record<string, string>;
  payload?: string;
};

type Pair = readonly [name: string, value: string];
type Body = { type: string; payload: string };
type Parts = { path: string[]; query: Pair[]; headers: Record<string, string>; body: Body | undefined };

const QUERY_MAX = 3;
const JSON_TYPE = "application/json";

const callers = fc.oneof(
  { weight: 12, arbitrary: fc.constant<FuzzCaller>("owner") },
  { weight: 4, arbitrary: fc.constantFrom<FuzzCaller>("labeler", "client", "key", "nobody") },
);

/** Headers that mean something to some operation. */
const HEADERS: Record<string, readonly string[]> = {
  "if-match": ['"1"', '"2"', "*"],
  "if-none-match": ['"1"', 'W/"1", "2"', "*"],
  "idempotency-key": ["fuzz-1", "fuzz-2", "fuzz-3"],
  accept: [JSON_TYPE, "*/*", "text/csv", "application/x-ndjson", "text/event-stream", "text/html,*/*;q=0.1"],
  "tenon-version": ["2026-11-01"],
  "last-event-id": ["1"],
};
const ODD_HEADERS = [
  "",
  " ",
  '"',
  "W/",
  "99999999999999999999",
  "\xff",
  "a".repeat(5_000),
  "*/*;q=0",
  "2020-01-01",
  ",",
  "null",
];

const BODIES: readonly Body[] = [
  ...["", "{", "null", "[]", '"text"', '{"__proto__": {"a": 1}, "constructor": {"prototype": {}}}'].map(json),
  json(`${"[".repeat(5_000)}${"]".repeat(5_000)}`),
  { type: "application/x-www-form-urlencoded", payload: "a=1" },
  { type: "text/csv", payload: "\0,\ud800\n\xff" },
  { type: "application/x-ndjson", payload: '{"a":1}\n{' },
  { type: "text/plain; charset=utf-99", payload: "x" },
  { type: "nonsense", payload: "x" },
];

function json(payload: string): Body {
  return { type: JSON_TYPE, payload };
}

/** Requests to an operation: such as its description asks for, and such as are wrong in one of their parts. */
export function requestsTo(operation: Operation, maker: ValueMaker): fc.Arbitrary<FuzzRequest> {
  const good = {
    path: goodPath(operation),
    query: goodQuery(operation, maker),
    headers: goodHeaders(),
    body: goodBody(operation, maker),
  };
  const wrong = {
    path: wrongPath(operation),
    query: wrongQuery(operation, maker),
    headers: wrongHeaders(),
    body: wrongBody(operation, maker),
  };
  const parts = fc
    .oneof(
      { weight: 4, arbitrary: fc.constant(undefined) },
      { weight: 3, arbitrary: fc.constant("body" as const) },
      { weight: 2, arbitrary: fc.constant("query" as const) },
      { weight: 1, arbitrary: fc.constantFrom("path" as const, "headers" as const) },
    )
    .chain((spoilt) => fc.record<Parts>({ ...good, ...(spoilt && { [spoilt]: wrong[spoilt] }) }));
  return fc.tuple(callers, parts).map(([caller, request]) => written(operation, caller, request));
}

function written({ operationId, method, path }: Operation, caller: FuzzCaller, parts: Parts): FuzzRequest {
  const segments = [...parts.path];
  const address = path.replaceAll(/\{\w+\}/g, () => encoded(segments.shift() ?? ""));
  const search = parts.query.map((pair) => pair.map(encoded).join("=")).join("&");
  const { type, payload } = parts.body ?? {};
  return {
    operation: operationId,
    caller,
    method,
    url: search === "" ? address : `${address}?${search}`,
    headers: { ...(type !== undefined && { "content-type": type }), ...parts.headers },
    ...(payload !== undefined && { payload }),
  };
}

/** What no text is, such as half a character, goes as bytes that no text is. */
function encoded(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : "%ff%00";
}

function placed({ parameters }: Operation, place: Parameter["in"]): Parameter[] {
  return parameters.filter((parameter) => parameter.in === place);
}

function goodPath(operation: Operation): fc.Arbitrary<string[]> {
  return fc.tuple(...placed(operation, "path").map(({ name }) => idOf(name)));
}

function wrongPath(operation: Operation): fc.Arbitrary<string[]> {
  const parts = placed(operation, "path").map(({ name }) => fc.oneof(fc.constant(`~own.${name}~`), oddText));
  return fc.tuple(...parts);
}

function goodQuery(operation: Operation, maker: ValueMaker): fc.Arbitrary<Pair[]> {
  const parameters = placed(operation, "query");
  const required = parameters.filter((parameter) => parameter.required);
  const others = parameters.filter((parameter) => !parameter.required);
  return fc.subarray(others, { maxLength: Math.min(others.length, QUERY_MAX) }).chain((some) => {
    const values = [...required, ...some].map((parameter) =>
      valuesOf(parameter, parameters, maker).map((value) => pairsOf(parameter.name, value)),
    );
    return fc.tuple(...values).map((pairs) => pairs.flat());
  });
}

/** Some parameters hold names of others: the columns of a list. */
function valuesOf(parameter: Parameter, all: readonly Parameter[], maker: ValueMaker): fc.Arbitrary<unknown> {
  const { name, schema, example, description = "" } = parameter;
  const columns = all.filter(({ style }) => style === "deepObject").map((each) => each.name);
  const words: Record<string, string[]> = {
    sort: columns.flatMap((column) => [column, `-${column}`]),
    fields: columns,
    embed: description.split(": ").at(-1)?.replace(".", "").split(",") ?? [],
  };
  const known = words[name] ?? [];
  if (known.length > 0)
    return fc.subarray(known, { minLength: 1, maxLength: Math.min(known.length, QUERY_MAX) }).map(String);
  const valid = maker.valid(schema, name);
  return example === undefined ? valid : fc.oneof(fc.constant(example), valid);
}

function wrongQuery(operation: Operation, maker: ValueMaker): fc.Arbitrary<Pair[]> {
  const parameters = placed(operation, "query");
  const strange = fc.tuple(oddText, oddText).map((pair): Pair[] => [pair]);
  if (parameters.length === 0) return strange;
  const spoilt = fc.constantFrom(...parameters).chain(({ name, schema }) => {
    const path = fc.tuple(oddText, fc.constantFrom("", "[gt]", "[contains]", "[in]", "[nonsense]"), oddText);
    return fc.oneof(
      maker.nearly(schema, name).map((value) => pairsOf(name, value)),
      oddText.map((value): Pair[] => [[name, value]]),
      oddText.map((value): Pair[] => [
        [`${name}[]`, value],
        [name, value],
      ]),
      path.map(([part, operator, value]): Pair[] => [[`${name}.${part}${operator}`, value]]),
      path.map(([, operator, value]): Pair[] => [[`${name}${operator}`, value]]),
    );
  });
  return fc
    .tuple(goodQuery(operation, maker), fc.oneof(strange, { weight: 4, arbitrary: spoilt }))
    .map((parts) => parts.flat());
}

/** How a value stands in a query: a list repeated, the members of an object in brackets. */
function pairsOf(name: string, value: unknown): Pair[] {
  if (Array.isArray(value)) return value.slice(0, 50).map((each): Pair => [name, textOf(each)]);
  if (typeof value !== "object" || value === null) return [[name, textOf(value).slice(0, 2_000)]];
  return Object.entries(value).flatMap(([member, each]) => pairsOf(`${name}[${member}]`, each));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function goodHeaders(): fc.Arbitrary<Record<string, string>> {
  const one = fc
    .constantFrom(...Object.entries(HEADERS))
    .chain(([name, values]) => fc.record({ [name]: fc.constantFrom(...values) }));
  return fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, one as fc.Arbitrary<Record<string, string>>);
}

function wrongHeaders(): fc.Arbitrary<Record<string, string>> {
  const names = [...Object.keys(HEADERS), "content-type", "authorization", "cookie", "origin", "x-forwarded-for"];
  return fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...ODD_HEADERS), { minKeys: 1, maxKeys: 2 });
}

function goodBody({ requestBody }: Operation, maker: ValueMaker): fc.Arbitrary<Body | undefined> {
  const [type = "", { schema = {}, example } = {}] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (!requestBody) return fc.constant(undefined);
  if (type !== JSON_TYPE) return fc.oneof(fc.constant(textOf(example)), oddText).map((payload) => ({ type, payload }));
  const made = maker.valid(schema, "body");
  // The example holds what a schema cannot tell: what goes together.
  const shown = made.map((value) => ({ ...(value as object), ...(example as object) }));
  const bodies = example === undefined ? made : fc.oneof(fc.constant(example), shown, made);
  return bodies.map((body) => json(JSON.stringify(body)));
}

function wrongBody({ requestBody }: Operation, maker: ValueMaker): fc.Arbitrary<Body | undefined> {
  const raw = fc.constantFrom(...BODIES);
  const { schema, example } = requestBody?.content[JSON_TYPE] ?? {};
  if (!schema) return raw;
  const nearly = fc.oneof(maker.nearly(schema, "body"), maker.nearly(schema, "body", example as object | undefined));
  const written = nearly.map((value) => json(JSON.stringify(value) ?? ""));
  return fc.oneof({ weight: 8, arbitrary: written }, { weight: 1, arbitrary: raw });
}
