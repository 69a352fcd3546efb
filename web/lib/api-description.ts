import { formatCount } from "./format.ts";
import { normalize } from "./label-search.ts";

/** As much of an OpenAPI description as a reader needs. */
export type ApiDescription = {
  info: { version: string; description: string };
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Response>;
    parameters: Record<string, Parameter>;
  };
};

export type Schema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
};

type Media = { schema?: Schema; example?: unknown };
type Response = { $ref?: string; description?: string; content?: Record<string, Media> };
export type Parameter = {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
};
type RawOperation = {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  deprecated?: boolean;
  security: object[];
  /** The permission that it needs in the organization. */
  "x-permission"?: string;
  parameters: (Parameter | { $ref: string })[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Response>;
};

export type Operation = Omit<RawOperation, "parameters"> & {
  method: string;
  path: string;
  tag: string;
  parameters: Parameter[];
};

/** A field of a shape: its way from the top, such as `labels[].name`, and what it holds. */
export type Field = { way: string; type: string; isRequired: boolean; notes: string };

/** An answer: its status, what it means, and its media types with their shapes. */
export type Answer = { status: string; description: string; media: [type: string, schema: Schema | undefined][] };

const DEPTH_MAX = 6;
/** Far above what a whole number takes that JSON carries exactly: no limit that anybody set. */
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

export function operationsOf({ paths, components }: ApiDescription): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
      tag: operation.tags[0] ?? "",
      parameters: operation.parameters.flatMap((each) =>
        "$ref" in each ? (components.parameters[each.$ref.split("/").at(-1) ?? ""] ?? []) : [each],
      ),
    })),
  );
}

/** The operations that hold every word in their method, path, name or summary: those first that are named so. */
export function searchOperations(operations: readonly Operation[], query: string): Operation[] {
  const words = normalize(query).split(" ").filter(Boolean);
  const holds = (text: string) => words.every((word) => normalize(text).includes(word));
  const named = operations.filter(({ operationId, summary }) => holds(`${operationId} ${summary}`));
  const others = operations.filter(
    (each) => !named.includes(each) && holds(`${each.method} ${each.path} ${each.operationId}`),
  );
  return words.length === 0 ? [] : [...named, ...others];
}

/** The fields of a shape, those of its parts behind it. */
export function fieldsOf(api: ApiDescription, schema: Schema): Field[] {
  return fieldsWithin(api, schema, "", []);
}

function fieldsWithin(api: ApiDescription, given: Schema, way: string, above: readonly string[]): Field[] {
  if (above.length > DEPTH_MAX || (given.$ref && above.includes(given.$ref))) return [];
  const within = [...above, given.$ref ?? ""];
  const schema = resolve(api, given);
  if (schema.items) return fieldsWithin(api, schema.items, `${way}[]`, within);
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const place = way === "" ? name : `${way}.${name}`;
    const isRequired = schema.required?.includes(name) ?? false;
    const field = { way: place, type: typeOf(api, part), isRequired, notes: notesOf(api, part) };
    return [field, ...fieldsWithin(api, part, place, within)];
  });
  const variants = (schema.anyOf ?? schema.oneOf ?? []).map((part) => fieldsWithin(api, part, way, within));
  return [...own, ...mergeVariants(variants.filter((fields) => fields.length > 0))];
}

/** A field that several variants of a shape have is told once, with all that it may hold there. */
function mergeVariants(variants: readonly Field[][]): Field[] {
  const byWay = Map.groupBy(variants.flat(), ({ way }) => way);
  return [...byWay.values()].map((fields) => ({
    ...(fields[0] as Field),
    type: [...new Set(fields.map(({ type }) => type))].join(" | "),
    isRequired: fields.length === variants.length && fields.every(({ isRequired }) => isRequired),
  }));
}

function resolve(api: ApiDescription, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : (api.components.schemas[name] ?? {});
}

/** What a value is, in a word or two. */
export function typeOf(api: ApiDescription, given: Schema): string {
  const schema = resolve(api, given);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map((part) => typeOf(api, part)))].join(" | ");
  if (schema.items) return `list of ${typeOf(api, schema.items)}`;
  const type = [schema.type ?? "anything"].flat().join(" | ");
  return schema.format ? `${type}, ${schema.format}` : type;
}

function notesOf(api: ApiDescription, given: Schema): string {
  const schema = resolve(api, given);
  return [
    given.description ?? schema.description ?? "",
    rangeOf(schema.minLength, schema.maxLength, "characters"),
    rangeOf(schema.minimum, schema.maximum, ""),
    rangeOf(schema.minItems, schema.maxItems, "items"),
    schema.default === undefined ? "" : `${JSON.stringify(schema.default)} if left out`,
  ]
    .filter(Boolean)
    .join("; ");
}

/** `1 to 200 characters`. */
function rangeOf(min = -NO_LIMIT, max = NO_LIMIT, unit: string): string {
  const [least, most] = [min, max].map((limit) => (Math.abs(limit) < NO_LIMIT ? formatCount(limit) : undefined));
  if (least !== undefined && least === most) return `exactly ${least} ${unit}`.trim();
  if (least !== undefined && most !== undefined) return `${least} to ${most} ${unit}`.trim();
  if (most !== undefined) return `at most ${most} ${unit}`.trim();
  return least === undefined ? "" : `at least ${least} ${unit}`.trim();
}

export function answersOf(api: ApiDescription, { responses }: Operation): Answer[] {
  return Object.entries(responses).map(([status, given]) => {
    const name = given.$ref?.split("/").at(-1);
    const { description = "", content = {} } = (name === undefined ? given : api.components.responses[name]) ?? {};
    return { status, description, media: Object.entries(content).map(([type, { schema }]) => [type, schema]) };
  });
}

/** The operation's example as a command line; `TOKEN` stands for whoever asks. */
export function curlOf(origin: string, { method, path, parameters, requestBody, security }: Operation): string {
  const given = (place: string) => parameters.filter((each) => each.in === place && each.example !== undefined);
  const url = given("path").reduce((rest, { name, example }) => rest.replace(`{${name}}`, String(example)), path);
  const query = new URLSearchParams(
    given("query").map(({ name, example }): [string, string] => [name, String(example)]),
  );
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const body = typeof media?.example === "string" ? media.example : JSON.stringify(media?.example);
  const parts = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quote(`${origin}${url}${query.size > 0 ? `?${query}` : ""}`)}`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    ...(type ? [`-H ${quote(`Content-Type: ${type}`)}`] : []),
    ...(body === undefined ? [] : [`--data-binary ${quote(body)}`]),
  ];
  return parts.join(" \\\n  ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
