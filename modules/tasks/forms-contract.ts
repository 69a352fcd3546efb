import { z } from "zod";

// What people fill in: a list of fields, in the order in which they are shown. Only what the web can show is a field.

const FIELDS_MAX = 30;
const OPTIONS_MAX = 50;
const TEXT_LENGTH_MAX = 10_000;
const WORDS_LENGTH_MAX = 200;
const HINT_LENGTH_MAX = 500;

const common = {
  /** What the answer calls it. */
  name: z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, "This must be a name such as tracking_number."),
  title: z.string().trim().min(1).max(WORDS_LENGTH_MAX),
  hint: z.string().max(HINT_LENGTH_MAX).optional(),
  required: z.boolean().default(false),
};
const Options = z
  .array(z.string().trim().min(1).max(WORDS_LENGTH_MAX))
  .min(1)
  .max(OPTIONS_MAX)
  .refine((options) => new Set(options).size === options.length, "No two options may be the same.");
const Count = z.int().min(0).max(OPTIONS_MAX);
const Length = z.int().min(0).max(TEXT_LENGTH_MAX);

const FormField = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("text"),
    ...common,
    min: Length.optional(),
    max: Length.default(1_000),
    long: z.boolean().default(false),
    /** What stands there until somebody changes it. */
    initial: z.string().max(TEXT_LENGTH_MAX).optional(),
  }),
  z.object({
    type: z.literal("number"),
    ...common,
    min: z.number().optional(),
    max: z.number().optional(),
    whole: z.boolean().default(false),
  }),
  z.object({ type: z.literal("choice"), ...common, options: Options }),
  z.object({ type: z.literal("choices"), ...common, options: Options, min: Count.optional(), max: Count.optional() }),
  z.object({ type: z.literal("boolean"), ...common }),
  z.object({ type: z.literal("date"), ...common, min: z.iso.date().optional(), max: z.iso.date().optional() }),
]);
export type FormField = z.infer<typeof FormField>;

/** A form: what is asked, of which kind, and within which limits (`min` and `max` of a text are lengths, of choices how many). */
export const Form = z
  .array(FormField)
  .max(FIELDS_MAX)
  .refine(
    (fields) => new Set(fields.map(({ name }) => name)).size === fields.length,
    "No two fields may have the same name.",
  )
  .refine(
    (fields) => fields.every((field) => !("min" in field && "max" in field) || isOrdered(field.min, field.max)),
    "The least of a field is more than its most.",
  );
export type Form = z.infer<typeof Form>;
/** A form as it is given: what has a default may be left out. */
export type FormInput = z.input<typeof Form>;

function isOrdered(min: number | string | undefined, max: number | string | undefined): boolean {
  return min === undefined || max === undefined || min <= max;
}

/** What answers to a form must be like: an object with the names of its fields. What is not required may be left out. */
export function answerShape(form: Form): z.ZodType<Record<string, unknown>> {
  const shapes = form.map((field) => {
    const shape = fieldShape(field);
    return [field.name, field.required ? shape : shape.optional()] as const;
  });
  return z.strictObject(Object.fromEntries(shapes));
}

/** What is missing is told in words for people; the rest says what it had to be. */
const GIVEN = { error: ({ input }: { input?: unknown }) => (input === undefined ? "Fill this in." : undefined) };

function fieldShape(field: FormField): z.ZodType {
  switch (field.type) {
    case "text": {
      const text = z.string(GIVEN).max(field.max);
      const enough = text.refine((value) => value.trim() !== "" || !field.required, "Fill this in.");
      return field.min === undefined ? enough : enough.min(field.min);
    }
    case "number":
      return within(field.whole ? z.int(GIVEN) : z.number(GIVEN), field);
    case "choice":
      return z.enum(field.options, GIVEN);
    case "choices":
      return z
        .array(z.enum(field.options), GIVEN)
        .min(field.min ?? (field.required ? 1 : 0))
        .max(field.max ?? field.options.length)
        .refine((chosen) => new Set(chosen).size === chosen.length, "Choose each once.");
    case "boolean":
      return z.boolean(GIVEN);
    case "date":
      return z.iso
        .date(GIVEN)
        .refine((day) => field.min === undefined || day >= field.min, `This must be ${field.min} or later.`)
        .refine((day) => field.max === undefined || day <= field.max, `This must be ${field.max} or earlier.`);
  }
}

function within(shape: z.ZodNumber, { min, max }: { min?: number | undefined; max?: number | undefined }): z.ZodNumber {
  const least = min === undefined ? shape : shape.min(min);
  return max === undefined ? least : least.max(max);
}
