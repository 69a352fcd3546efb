import { z } from "zod";
import { FIELD_TYPES, type FieldType, SENSITIVITIES } from "./design.ts";

// What each part of a design looks like in the file. Names are held against their rules elsewhere.

const TEXT_LENGTH_MAX = 2_000;
const VALUE_LENGTH_MAX = 200;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** One line, whatever breaks it had in the file: a comment in SQL ends with its line. */
const sentence = z
  .string()
  .max(TEXT_LENGTH_MAX)
  .refine((text) => !CONTROL.test(text), "has characters that cannot be printed")
  .transform((text) => text.replace(/\s+/gu, " ").trim());

const value = z
  .string()
  .min(1)
  .max(VALUE_LENGTH_MAX)
  .refine((text) => !CONTROL.test(text), "has characters that cannot be printed");

/** What other systems call our types. */
const ALSO_CALLED: Record<string, FieldType> = {
  string: "text",
  varchar: "text",
  int: "integer",
  float: "number",
  double: "number",
  numeric: "decimal",
  bool: "boolean",
  datetime: "moment",
  timestamp: "moment",
  timestamptz: "moment",
  jsonb: "json",
};

const TYPE_NAMES = Object.keys(FIELD_TYPES) as FieldType[];

const type = z.enum(TYPE_NAMES, {
  error: ({ input }) => {
    const meant = typeof input === "string" ? ALSO_CALLED[input.toLowerCase()] : undefined;
    const known = `The types are ${TYPE_NAMES.join(", ")}.`;
    if (input === undefined) return `is missing. ${known}`;
    return `there is no type ${JSON.stringify(input)}. ${meant ? `Write ${meant}.` : known}`;
  },
});

export const fieldShape = z.preprocess(
  (input) => (typeof input === "string" ? { type: input } : input),
  z.strictObject({
    type,
    description: sentence.default(""),
    required: z.boolean().default(false),
    unique: z.boolean().default(false),
    default: z.union([value, z.number(), z.boolean()]).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    values: z.array(value).min(1).optional(),
  }),
);

export const relationShape = z.preprocess(
  (input) => (typeof input === "string" ? { to: input } : input),
  z.strictObject({
    to: z.string(),
    description: sentence.default(""),
    required: z.boolean().default(false),
    unique: z.boolean().default(false),
    on_delete: z.enum(["cascade", "restrict"]).default("restrict"),
  }),
);

export const statesShape = z.strictObject({
  field: z.string().default("status"),
  description: sentence.default(""),
  order: z.record(z.string(), z.array(z.string())),
});

/** An entity without its fields, relations and states, which are read one by one. */
export const entityShape = z.strictObject({
  description: sentence.default(""),
  sensitivity: z
    .enum(SENSITIVITIES, {
      error: ({ input }) =>
        `there is no sensitivity ${JSON.stringify(input)}. The sensitivities are ${SENSITIVITIES.join(", ")}.`,
    })
    .default("open"),
  owner: z.string().optional(),
  fields: z.unknown().optional(),
  relations: z.unknown().optional(),
  states: z.unknown().optional(),
  unique: z.array(z.array(z.string()).min(1)).default([]),
  indexes: z.array(z.strictObject({ fields: z.array(z.string()).min(1), purpose: sentence.default("") })).default([]),
});

export const designShape = z.strictObject({
  module: z.string(),
  description: sentence.default(""),
  entities: z.unknown().optional(),
});
