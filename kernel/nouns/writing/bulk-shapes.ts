import { z } from "zod";
import type { Noun, Write } from "../noun.ts";
import { createShape, deletedRowShape, keyShape, updatedRowShape } from "../shapes.ts";

/** Most rows of a call, and most bytes of it. What is more goes by an import. */
export const BULK_ROWS_MAX = 10_000;
export const BULK_BYTES_MAX = 32 * 1024 * 1024;
const TOO_MANY = `A list of at most ${BULK_ROWS_MAX} rows.`;

/** What a call can do to a noun's rows, in the order in which it is done, with the shape of a row. */
export function bulkRowShapes(noun: Noun): Map<Write, z.ZodObject> {
  const shapes = { create: createShape, update: updatedRowShape, delete: deletedRowShape };
  return new Map(noun.writes.map((verb) => [verb, shapes[verb](noun)]));
}

/** The body of a call. Its rows are checked one by one afterwards: a wrong one need not be in the way of the others. */
export function bulkShape(noun: Noun): z.ZodObject {
  const lists = [...bulkRowShapes(noun)].map(([verb, shape]) => {
    const { $schema: _, ...schema } = z.toJSONSchema(shape, { io: "input", unrepresentable: "any" });
    // Millions of values are no list of rows: that is found out by its length, before anything is done for each.
    const list = z
      .custom<unknown[]>((value) => Array.isArray(value) && value.length <= BULK_ROWS_MAX, TOO_MANY)
      .meta({ type: "array", items: schema, maxItems: BULK_ROWS_MAX });
    return [verb, list.optional()];
  });
  return z.strictObject({
    ...Object.fromEntries(lists),
    atomic: z.boolean().optional().describe("Whether all is done or nothing, which is so unless told otherwise."),
  });
}

/** What became of the rows, in the order in which they came. */
export function bulkAnswerShape(noun: Noun): z.ZodObject {
  const result = z.object({
    ...keyShape(noun).partial().shape,
    ok: z.boolean(),
    version: z.int().optional(),
    code: z.string().optional(),
    detail: z.string().optional(),
    hint: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  });
  const lists = [...bulkRowShapes(noun).keys()].map((verb) => [verb, z.array(result)]);
  return z.object({ done: z.int(), failed: z.int(), ...Object.fromEntries(lists) });
}
