import type { ZodObject } from "zod";

/** How many members of a body its shape knows nothing of. Telling of each costs more than counting them. */
export function countUnknown(shape: ZodObject, value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  for (const name of Object.keys(value)) if (!Object.hasOwn(shape.shape, name)) count += 1;
  return count;
}
