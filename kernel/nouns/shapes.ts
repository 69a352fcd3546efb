import { z } from "zod";
import type { ColumnFacts } from "../database/facts.ts";
import { isDeeperThan } from "../depth.ts";
import { editsBetween } from "../nearest.ts";
import { hasVersion, type Noun } from "./noun.ts";

/** Integers beyond this one go out, and may come in, as text. */
const EXACT_MAX = Number.MAX_SAFE_INTEGER;
const BIGINT_MAX = 9_223_372_036_854_775_807n;
export const INTEGER_RANGES: Record<string, readonly [number, number]> = {
  smallint: [-32_768, 32_767],
  integer: [-2_147_483_648, 2_147_483_647],
};
/** A text without a limit of its own, in characters. */
const TEXT_LENGTH_MAX = 1_000_000;
const TEXTS_MAX = 1_000;
/** How deep JSON may be. */
const LEVELS_MAX = 64;
/** How many letters a name may be off to be taken for another. */
const TYPOS_MAX = 3;

const rowShapes = new WeakMap<Noun, z.ZodObject>();

/** A row as it is answered. To those who see a part of the rows some columns are not shown. */
export function rowShape(noun: Noun): z.ZodObject {
  const known = rowShapes.get(noun);
  if (known) return known;
  const columns = Object.entries(noun.columns).map(([name, column]) => {
    const shape = answerShape(column);
    return [name, column.hiddenFrom ? shape.optional() : shape] as const;
  });
  const made = z.object(Object.fromEntries(columns));
  rowShapes.set(noun, made);
  return made;
}

/** What names a row in an address: the columns of its key, as texts that PostgreSQL can read. */
export function addressShape(noun: Noun): z.ZodObject {
  const columns = noun.key.flatMap((name) => {
    const column = noun.facts.columns[name];
    return column ? [[name, textOf(column).describe(column.comment)] as const] : [];
  });
  return z.object(Object.fromEntries(columns));
}

/** PostgreSQL knows no year 0000, and no offset of 16 hours or more. */
const SOME_YEAR = /^(?!0000)/;
const SOME_OFFSET = /(Z|[+-](0\d|1[0-5]):\d\d)$/;
const INTEGER_TEXT = /^-?\d{1,10}$/;

function textOf({ kind, type }: ColumnFacts): z.ZodType {
  if (kind === "uuid") return z.uuid();
  if (kind === "integer") {
    const [lowest = 0, highest = 0] = INTEGER_RANGES[type] ?? [];
    const isInRange = (text: string) => Number(text) >= lowest && Number(text) <= highest;
    return z.string().regex(INTEGER_TEXT).refine(isInRange, `A whole number from ${lowest} to ${highest}.`);
  }
  // Refined, not by patterns of their own: beside those a description would not tell that it is a day or a moment.
  if (kind === "date") return z.iso.date().refine((text) => SOME_YEAR.test(text), "There is no year 0000.");
  if (kind === "timestamp")
    return z.iso
      .datetime({ offset: true })
      .refine((text) => SOME_YEAR.test(text) && SOME_OFFSET.test(text), "There is no year 0000, and no such offset.");
  return z.string();
}

/** What creates a row: what must be there is there, and nothing else than may be set. */
export function createShape(noun: Noun): z.ZodObject {
  return shapeOf(noun, noun.creatable, (column) =>
    column.optional || column.nullable ? inputShape(column).optional() : inputShape(column),
  );
}

/** What changes a row: any of what may be set, and only that. */
export function updateShape(noun: Noun): z.ZodObject {
  return shapeOf(noun, noun.writable, (column) => inputShape(column).optional());
}

/** One of many rows to be changed: which one, what is to be changed, and in which version if that matters. */
export function updatedRowShape(noun: Noun): z.ZodObject {
  return updateShape(noun).extend({ ...keyShape(noun).shape, ...versionShape(noun) });
}

/** One of many rows to be deleted. */
export function deletedRowShape(noun: Noun): z.ZodObject {
  return keyShape(noun).extend(versionShape(noun)).strict();
}

function versionShape(noun: Noun): Record<string, z.ZodType> {
  if (!hasVersion(noun)) return {};
  const version = z.union([z.int().min(1), z.string().regex(/^\d{1,18}$/)]);
  return { version: version.optional().describe("The version that is meant: another one is left alone.") };
}

/** What names a row: the columns of its key, as they stand in an answer. */
export function keyShape(noun: Noun): z.ZodObject {
  return z.object(
    Object.fromEntries(
      noun.key.map((name) => {
        const column = noun.facts.columns[name];
        return [name, column ? answerShape({ ...column, nullable: undefined } as typeof column) : z.string()];
      }),
    ),
  );
}

function shapeOf(noun: Noun, names: readonly string[], shape: (column: ColumnFacts) => z.ZodType): z.ZodObject {
  const columns = names.flatMap((name) => {
    const column = noun.facts.columns[name];
    return column ? [[name, shape(column)] as const] : [];
  });
  const others = z
    .unknown()
    .refine(() => false, { error: ({ path = [] }) => whyNot(noun, names, String(path.at(-1))) });
  return z.object(Object.fromEntries(columns)).catchall(others).meta({ additionalProperties: false });
}

/** Why a column cannot be set, or which one was meant. */
function whyNot(noun: Noun, names: readonly string[], name: string): string {
  if (noun.creatable.includes(name)) return "It is set once, when the row is made.";
  if (noun.columns[name]?.computed) return "It is worked out of other columns.";
  if (name in noun.columns)
    return "It is not written here: it is kept by the system, or changed by operations of its own.";
  const [nearest] = names
    .map((candidate) => ({ candidate, edits: editsBetween(name, candidate, TYPOS_MAX) }))
    .filter(({ edits }) => edits <= TYPOS_MAX)
    .toSorted((a, b) => a.edits - b.edits);
  return nearest ? `There is no such column. Did you mean ${nearest.candidate}?` : "There is no such column.";
}

/** How a value of a column looks in an answer. */
function answerShape(column: ColumnFacts): z.ZodType {
  const shape = answerShapes[column.kind](column).describe(column.comment);
  return column.nullable ? shape.nullable() : shape;
}

// Its parts are of the same shape: named where it stands, and not as a copy, it is described once.
const JsonValue = z.json();
z.globalRegistry.add(JsonValue, { id: "JsonValue" });
const Timestamp = z.string().meta({ format: "date-time" });

const answerShapes: Record<ColumnFacts["kind"], (column: ColumnFacts) => z.ZodType> = {
  uuid: () => z.uuid(),
  text: ({ values }) => (values ? z.enum(values) : z.string()),
  boolean: () => z.boolean(),
  integer: () => z.int(),
  bigint: () => z.union([z.int(), z.string().regex(/^-?\d+$/)]),
  number: () => z.number(),
  date: () => z.string().meta({ format: "date" }),
  timestamp: () => Timestamp,
  json: () => JsonValue,
  texts: () => z.array(z.string()),
  other: () => z.string(),
};

/** What a column takes. */
export function inputShape(column: ColumnFacts): z.ZodType {
  const shape = inputShapes[column.kind](column).describe(column.comment);
  return column.nullable ? shape.nullable() : shape;
}

const inputShapes: Record<ColumnFacts["kind"], (column: ColumnFacts) => z.ZodType> = {
  ...answerShapes,
  uuid: () => z.uuid("It is not an id (a UUID)."),
  text: textShape,
  integer: ({ type, min, max }) => {
    const [lowest = min, highest = max] = INTEGER_RANGES[type] ?? [];
    return z
      .int()
      .min(min ?? lowest ?? -EXACT_MAX)
      .max(max ?? highest ?? EXACT_MAX);
  },
  bigint: bigintShape,
  number: ({ min, max }) =>
    z
      .number()
      .min(min ?? -Number.MAX_VALUE)
      .max(max ?? Number.MAX_VALUE),
  date: () => z.iso.date().refine(hasYear, NO_YEAR),
  timestamp: () =>
    z.iso.datetime({ offset: true }).refine(hasYear, NO_YEAR).refine(hasOffset, "An offset is less than 16 hours."),
  json: () => Json,
  texts: () => z.array(z.string().max(TEXT_LENGTH_MAX)).max(TEXTS_MAX),
};

/** The calendar of PostgreSQL has no year 0, and its offsets end before 16 hours. */
const NO_YEAR = "There is no year 0.";
const hasYear = (text: string) => !text.startsWith("0000");
const hasOffset = (text: string) => !/[+-](?:1[6-9]|2\d):\d\d$/.test(text);

function textShape({ values, min = 0, max = TEXT_LENGTH_MAX, pattern }: ColumnFacts): z.ZodType {
  if (values) return z.enum(values);
  // PostgreSQL counts characters, and JavaScript the halves of some.
  const isRight = (text: string) => {
    const length = text.length > max ? [...text].length : text.length;
    return length >= min && length <= max;
  };
  const limits = { ...(min > 0 && { minLength: min }), maxLength: max };
  const shape = z.string().refine(isRight, `Between ${min} and ${max} characters.`).meta(limits);
  return pattern ? shape.regex(new RegExp(pattern, "u"), FORMS[pattern] ?? `It must match ${pattern}.`) : shape;
}

/** What patterns that columns have say, in words. */
const FORMS: Record<string, string> = {
  "^[^@\\s]+@[^@\\s]+$": "It is not an e-mail address.",
  "^https?://": "It must begin with http:// or https://.",
  "^https?://[^\\s]+$": "It must begin with http:// or https://, and have no spaces.",
  "^[A-Z]{3}$": "It must be three capital letters, such as EUR.",
  "^#[0-9a-f]{6}$": "It is not a colour such as #1f6feb.",
  "^[a-z][a-z0-9_]*$": "It must be small letters, digits and underscores, beginning with a letter.",
};

/** JSON of any form, but not deeper than what reads it bears, and of numbers that there are here: a larger one would be kept as null. */
const Json = z
  .unknown()
  .refine((value) => !isDeeperThan(value, LEVELS_MAX), {
    error: `At most ${LEVELS_MAX} levels of lists and objects.`,
    abort: true,
  })
  .refine((value) => !holdsInfinity(value), "A number in it is beyond 1.79e308. Write it as a text.");

function holdsInfinity(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsInfinity);
}

function bigintShape({ min, max }: ColumnFacts): z.ZodType {
  const lowest = min === undefined ? -BIGINT_MAX : BigInt(min);
  const highest = max === undefined ? BIGINT_MAX : BigInt(max);
  const digits = z
    .string()
    .regex(/^-?\d{1,19}$/, { abort: true })
    .refine((text) => BigInt(text) >= lowest && BigInt(text) <= highest, `Between ${lowest} and ${highest}.`);
  return z.union([
    z
      .int()
      .min(min ?? -EXACT_MAX)
      .max(max ?? EXACT_MAX),
    digits,
  ]);
}
