import fc from "fast-check";

/** A schema of the description, as far as values are made from it. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  format?: string;
  pattern?: string;
};

type Values = fc.Arbitrary<unknown>;

/** Makes values by schemas: such as they take, and such as they do not. */
export type ValueMaker = {
  /** What the schema takes, as far as a schema tells; ids are words that the world fills in, by the name of what they belong to. */
  valid(schema: Schema, name: string): Values;
  /** The same with one thing wrong: in a part of it, or in a part of that; what else an object holds may be given. */
  nearly(schema: Schema, name: string, whole?: object): Values;
};

const DEPTH_MAX = 4;
const ITEMS_MAX = 3;
const TEXT_MAX = 40;
const NIL = "00000000-0000-0000-0000-000000000000";

/** What nobody means to send, of every type. */
const ODD: readonly unknown[] = [
  ...[null, true, -1, 1.5, 2 ** 31, 2 ** 53, 1e300, [], {}, [null], [[]], { "\0": "\0" }, { a: { b: [1e300] } }],
  ...["", " ", "\0", "\ud800", "x".repeat(50_000), "\u{1f600}".repeat(200), "\u202e\ufeff", "%00", "'; --", "1e999"],
  ...["-1", "99999999999999999999", "NaN", "infinity", "2026-02-30", "null", "undefined", "__proto__", "constructor"],
  ...["275760-09-13T00:00:00.000Z", "0000-01-01T00:00:00Z", "2026-01-01T00:00:00+23:00", "24:00", "Factory"],
  ...["é@xn--.example", "a@b", "10.0.0.0/99", "::ffff:1.2.3.4", "tot_a_b_c", NIL, "../..", "a,b", "{a,b}", "$1"],
];
const odd = fc.constantFrom(...ODD);
export const oddText = fc.oneof(
  fc.constantFrom(...ODD.filter((each): each is string => typeof each === "string" && each.length < 1_000)),
  fc.string({ unit: "binary", maxLength: TEXT_MAX }),
);

/** An id by its name: one that is there, mostly; another organization's; one that names nothing. */
export function idOf(name: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: name === "organization" ? 40 : 8, arbitrary: fc.constant(`~own.${name}~`) },
    { weight: 1, arbitrary: fc.constant(`~foreign.${name}~`) },
    { weight: 1, arbitrary: fc.constant("0198f0c2-7a51-7000-8000-000000000000") },
  );
}

const DAY_MS = 86_400_000;
const moments = fc
  .integer({ min: -20_000, max: 40_000 })
  .map((day) => new Date(day * DAY_MS).toISOString().replace(".000", ""));
const FORMATS: Record<string, fc.Arbitrary<string>> = {
  "date-time": moments,
  date: moments.map((moment) => moment.slice(0, 10)),
  email: fc.constantFrom("bo@example.com", "a.b+c@sub.example.org"),
  uri: fc.constantFrom("https://example.com/a?b=c#d", "https://93.184.215.14/"),
};

export function openValueMaker(schemas: Record<string, Schema>): ValueMaker {
  const resolve = (schema: Schema): Schema => {
    const { $ref, allOf, ...rest } = schema;
    if ($ref) return resolve(schemas[$ref.replace("#/components/schemas/", "")] ?? {});
    return allOf ? Object.assign({}, rest, ...allOf.map(resolve)) : schema;
  };
  const valid = (schema: Schema, name: string, depth = 0): Values => {
    const known = resolve(schema);
    const { const: fixed, enum: values, type } = known;
    const choices = known.anyOf ?? known.oneOf ?? typesOf(known);
    if (fixed !== undefined) return fc.constant(fixed);
    if (values) return fc.constantFrom(...values);
    if (choices && depth <= DEPTH_MAX) return fc.oneof(...choices.map((each) => valid(each, name, depth)));
    if (type === "object") return fc.oneof(members(known, depth), others(known, name, depth));
    if (type === "array") return items(known, name, depth);
    return scalar(choices?.[0] ? resolve(choices[0]) : known, name);
  };
  const members = (
    { properties = {}, required = [] }: Schema,
    depth: number,
  ): fc.Arbitrary<Record<string, unknown>> => {
    const wanted = Object.entries(properties).filter(([name]) => depth < DEPTH_MAX || required.includes(name));
    const parts = wanted.map(([name, part]) => [name, valid(part, name, depth + 1)] as const);
    return fc.record(Object.fromEntries(parts), { requiredKeys: required.filter((name) => name in properties) });
  };
  // Where any name will do, an object has some names of its own.
  const others = (schema: Schema, name: string, depth: number): Values => {
    const { additionalProperties, propertyNames, properties } = schema;
    if (typeof additionalProperties !== "object" || depth >= DEPTH_MAX) return members(schema, depth);
    const names = valid(propertyNames ?? { type: "string" }, name, depth).map(String);
    const more = fc.dictionary(names, valid(additionalProperties, name, depth + 1), { maxKeys: ITEMS_MAX });
    return properties ? fc.tuple(members(schema, depth), more).map(([own, rest]) => ({ ...rest, ...own })) : more;
  };
  const items = ({ items = {}, minItems = 0, maxItems = ITEMS_MAX }: Schema, name: string, depth: number): Values => {
    const length = depth < DEPTH_MAX ? Math.max(minItems, Math.min(maxItems, ITEMS_MAX)) : minItems;
    return fc.array(valid(items, name, depth + 1), { minLength: minItems, maxLength: length });
  };
  const nearly = (schema: Schema, name: string, whole?: object, depth = 0): Values => {
    const known = resolve(schema);
    const wrong = fc.oneof(odd, beyond(known));
    const choices = known.anyOf ?? known.oneOf;
    if (depth > DEPTH_MAX) return wrong;
    if (choices) return fc.oneof(wrong, ...choices.map((each) => nearly(each, name, whole, depth + 1)));
    if (known.type === "array" && known.items) {
      const part = nearly(known.items, name, undefined, depth + 1);
      return fc.oneof(
        wrong,
        part.map((each) => [each]),
      );
    }
    const names = Object.keys(known.properties ?? {});
    if (known.type !== "object" || names.length === 0) return wrong;
    const spoilt = fc.constantFrom(...names).chain((member) => {
      const part = nearly(known.properties?.[member] ?? {}, member, undefined, depth + 1);
      return fc.oneof(
        { weight: 4, arbitrary: part.map((value) => ({ [member]: value })) },
        // JSON leaves out what is undefined.
        { weight: 1, arbitrary: fc.constant({ [member]: undefined }) },
        { weight: 1, arbitrary: oddText.map((extra) => ({ [extra]: 1 })) },
      );
    });
    const others = whole ? fc.constant(whole) : members(known, depth);
    return fc.tuple(others, spoilt).map(([rest, part]) => ({ ...rest, ...part }));
  };
  return { valid: (schema, name) => valid(schema, name), nearly: (schema, name, whole) => nearly(schema, name, whole) };
}

/** A schema of several types is one of each. */
function typesOf(schema: Schema): Schema[] | undefined {
  return Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : undefined;
}

function scalar(schema: Schema, name: string): Values {
  const { minimum: min = -(2 ** 40), maximum: max = 2 ** 40 } = schema;
  if (schema.type === "null") return fc.constant(null);
  if (schema.type === "boolean") return fc.boolean();
  if (schema.type === "integer") return fc.integer({ min: Math.ceil(min), max: Math.floor(max) });
  if (schema.type === "number") return fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
  if (schema.type === "string") return text(schema, name);
  return fc.jsonValue({ maxDepth: 2 });
}

function text({ format = "", pattern, minLength = 0, maxLength = TEXT_MAX }: Schema, name: string): Values {
  if (format === "uuid") return idOf(name);
  if (FORMATS[format]) return FORMATS[format];
  const length = { minLength, maxLength: Math.max(minLength, Math.min(maxLength, TEXT_MAX)) };
  // A pattern that looks ahead is one of a moment; fast-check writes all others.
  if (pattern) return pattern.includes("(?") ? moments : fc.stringMatching(new RegExp(pattern), { size: "small" });
  return fc.oneof(fc.string(length), fc.string({ ...length, unit: "grapheme" }), fc.constant("World"));
}

/** What is a little more or less than a schema takes. */
function beyond({
  type,
  minimum = 0,
  maximum = 2 ** 31,
  minLength = 0,
  maxLength = 1_000,
  maxItems = 100,
}: Schema): Values {
  if (type === "integer" || type === "number") return fc.constantFrom(minimum - 1, maximum + 1, minimum + 0.5);
  if (type === "string") return fc.constantFrom("x".repeat(maxLength + 1), "x".repeat(Math.max(minLength - 1, 0)));
  if (type === "array") return fc.constantFrom([], Array(Math.min(maxItems + 1, 2_000)).fill("x"));
  return odd;
}
