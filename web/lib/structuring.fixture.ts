import fc from "fast-check";
import type { ListField, Structuring } from "../../modules/studio/structuring-contract.ts";
import { ITEM_FIELDS, type Item, itemsOf, LIST_FIELDS, TEXT_FIELDS } from "./structuring.ts";

/** Few texts and ids, so that two sides often meet at the same one. */
const anyText = fc.constantFrom("", "dark", "cold", "loud");
/** Objects as JSON has them. */
const PLAIN = { noNullPrototype: true };
const anyId = fc.constantFrom("a", "b", "c", "d", "e");

function anyItem(field: ListField): fc.Arbitrary<Item> {
  const parts = Object.fromEntries(ITEM_FIELDS[field].map((part) => [part, anyText]));
  return fc.record({ id: anyId, ...parts }, PLAIN) as fc.Arbitrary<Item>;
}

function anyList(field: ListField): fc.Arbitrary<Item[]> {
  return fc.uniqueArray(anyItem(field), { selector: ({ id }) => id, maxLength: 5 });
}

/** Any content. */
export const anyStructuring = fc.record(
  Object.fromEntries([
    ...TEXT_FIELDS.map((field) => [field, anyText]),
    ...LIST_FIELDS.map((field) => [field, anyList(field)]),
  ]),
  PLAIN,
) as unknown as fc.Arbitrary<Structuring>;

/** What somebody makes of it: each text and list stays or is another, whose items are often the same. */
export function changedFrom(base: Structuring): fc.Arbitrary<Structuring> {
  return fc.record(
    Object.fromEntries([
      ...TEXT_FIELDS.map((field) => [field, fc.oneof(fc.constant(base[field]), anyText)]),
      ...LIST_FIELDS.map((field) => [field, fc.oneof(fc.constant(base[field]), editedList(base, field))]),
    ]),
    PLAIN,
  ) as unknown as fc.Arbitrary<Structuring>;
}

/** Some items taken out, some changed, some added, and all in another order. */
function editedList(base: Structuring, field: ListField): fc.Arbitrary<Item[]> {
  return fc
    .tuple(fc.subarray(itemsOf(base, field)), anyList(field))
    .map(([kept, others]) => [...kept, ...others.filter(({ id }) => !kept.some((item) => item.id === id))])
    .chain((items) => fc.shuffledSubarray(items, { minLength: items.length }));
}

export function itemsById(content: Structuring, field: ListField): Item[] {
  return itemsOf(content, field).toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
