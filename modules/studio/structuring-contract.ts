import { z } from "zod";

/** The longest of the texts, of the lines of a list, and of names; in characters. */
export const TEXT_LENGTH_MAX = 10_000;
export const LINE_LENGTH_MAX = 300;
export const NAME_LENGTH_MAX = 200;
/** How many items a list has at most. */
export const ITEMS_MAX = 100;

const Text = z.string().max(TEXT_LENGTH_MAX).default("");
const Line = z.string().max(LINE_LENGTH_MAX).default("");
const Name = z.string().max(NAME_LENGTH_MAX).default("");
/** By its id an item is the same one after it was moved or changed, whoever does it. */
const ItemId = z.string().regex(/^[A-Za-z0-9_-]{1,36}$/, "An item's id has 1 to 36 letters, digits, - and _.");

function listOf<Item extends z.ZodType<{ id: string }>>(item: Item) {
  return z
    .array(item)
    .max(ITEMS_MAX)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, "Two items have the same id.")
    .default([]);
}

/** The section in which a problem and its solution are structured. What is left out is empty. */
export const Structuring = z.strictObject({
  problem: Text,
  current_state: Text,
  desired_solution: Text,
  goals: listOf(z.strictObject({ id: ItemId, text: Line })),
  stakeholders: listOf(z.strictObject({ id: ItemId, name: Name, role: Name, interest: Line })),
  constraints: listOf(z.strictObject({ id: ItemId, text: Line })),
  success_measures: listOf(z.strictObject({ id: ItemId, measure: Line, target: Line })),
});
export type Structuring = z.infer<typeof Structuring>;

/** The same as it is kept: where nobody has written anything yet, nothing is there. */
export const SavedStructuring = Structuring.partial();

/** The lists of the section. */
export type ListField = "goals" | "stakeholders" | "constraints" | "success_measures";
