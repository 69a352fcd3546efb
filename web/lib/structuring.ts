import type { ListField, Structuring } from "../../modules/studio/structuring-contract.ts";

/** The texts of the section, and its lists with the fields of their items. */
export const TEXT_FIELDS = ["problem", "current_state", "desired_solution"] as const;
export const ITEM_FIELDS = {
  goals: ["text"],
  stakeholders: ["name", "role", "interest"],
  constraints: ["text"],
  success_measures: ["measure", "target"],
} as const satisfies Record<ListField, readonly string[]>;
export const LIST_FIELDS = Object.keys(ITEM_FIELDS) as ListField[];

/** An item of any list: its id, and its fields, which are texts. */
export type Item = { id: string } & Record<string, string>;

/** Something in the section that has a value of its own: a text, a field of an item, or (without `part`) an item as a whole. */
export type Spot = { field: keyof Structuring; item?: string; part?: string };

/** Both sides changed the same. What is null was deleted. The draft has `mine`, unless that is null. */
export type Conflict = { spot: Spot; mine: string | Item | null; theirs: string | Item | null };

export type Merge = { content: Structuring; conflicts: Conflict[] };

const ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 12;

/** A new item of a list, with nothing in it. */
export function newItem(field: ListField): Item {
  // Not `randomUUID`, which a page without TLS has not.
  const letters = [...crypto.getRandomValues(new Uint8Array(ID_LENGTH))].map((byte) => ID_LETTERS[byte % 36]);
  return emptyItem(field, letters.join(""));
}

/**
 * Merges what two sides made of the same base, field by field: what one side changed is taken, and what both changed otherwise is a
 * conflict. Nothing that either side wrote is lost without one. Items are the same by their ids, wherever they were moved.
 */
export function mergeStructuring(base: Structuring, mine: Structuring, theirs: Structuring): Merge {
  const conflicts: Conflict[] = [];
  const content: Record<string, unknown> = {};
  for (const field of TEXT_FIELDS)
    content[field] = mergeText(base[field], mine[field], theirs[field], { field }, conflicts);
  for (const field of LIST_FIELDS) content[field] = mergeList(field, base, mine, theirs, conflicts);
  return { content: content as Structuring, conflicts };
}

function mergeText(base: string, mine: string, theirs: string, spot: Spot, conflicts: Conflict[]): string {
  if (mine === theirs || theirs === base) return mine;
  if (mine === base) return theirs;
  conflicts.push({ spot, mine, theirs });
  return mine;
}

function mergeList(
  field: ListField,
  base: Structuring,
  mine: Structuring,
  theirs: Structuring,
  conflicts: Conflict[],
): Item[] {
  const [before, here, there] = [base, mine, theirs].map((content) => itemsOf(content, field)) as [
    Item[],
    Item[],
    Item[],
  ];
  return mergeOrder(before, here, there).flatMap((id) => {
    const [old, own, other] = [before, here, there].map((items) => items.find((item) => item.id === id));
    return mergeItem(field, { id, old, own, other }, conflicts) ?? [];
  });
}

type Sides = { id: string; old: Item | undefined; own: Item | undefined; other: Item | undefined };

function mergeItem(field: ListField, { id, old, own, other }: Sides, conflicts: Conflict[]): Item | undefined {
  if (own && other) {
    const start = old ?? emptyItem(field, id);
    const fields = ITEM_FIELDS[field].map((part) => {
      const spot = { field, item: id, part };
      return [part, mergeText(start[part] ?? "", own[part] ?? "", other[part] ?? "", spot, conflicts)];
    });
    return { id, ...Object.fromEntries(fields) };
  }
  const left = own ?? other;
  if (!left || (old && isSame(field, left, old))) return undefined;
  // One side made it, or one deleted what the other changed: that is not deleted without a question.
  if (old) conflicts.push({ spot: { field, item: id }, mine: own ?? null, theirs: other ?? null });
  return left;
}

/** All ids in one order: that of whoever moved items, of mine where both did, with what the other side added behind what it stood behind. */
function mergeOrder(base: Item[], mine: Item[], theirs: Item[]): string[] {
  const [before, here, there] = [base, mine, theirs].map((items) => items.map(({ id }) => id)) as [
    string[],
    string[],
    string[],
  ];
  const isMoved = !isInOrder(here, before);
  const [first, second] = isMoved ? [here, there] : [there, here];
  const order = [...first];
  for (const [index, id] of second.entries()) {
    if (order.includes(id)) continue;
    const behind = second.slice(0, index).findLast((known) => order.includes(known));
    order.splice(behind === undefined ? 0 : order.indexOf(behind) + 1, 0, id);
  }
  return order;
}

function isInOrder(ids: string[], before: string[]): boolean {
  const known = ids.filter((id) => before.includes(id));
  const order = before.filter((id) => ids.includes(id));
  return known.every((id, index) => id === order[index]);
}

/** Whether two are the same, in what they say and in its order. */
export function isSameStructuring(one: Structuring, other: Structuring): boolean {
  return (
    TEXT_FIELDS.every((field) => one[field] === other[field]) &&
    LIST_FIELDS.every((field) => {
      const [here, there] = [itemsOf(one, field), itemsOf(other, field)];
      return (
        here.length === there.length &&
        here.every((item, index) => item.id === there[index]?.id && isSame(field, item, there[index]))
      );
    })
  );
}

/** What stands at a spot; null where its item is not there. */
export function valueAt(content: Structuring, { field, item, part }: Spot): string | Item | null {
  if (item === undefined) return content[field as (typeof TEXT_FIELDS)[number]];
  const found = itemsOf(content, field as ListField).find(({ id }) => id === item);
  if (!found) return null;
  return part === undefined ? found : (found[part] ?? "");
}

/** The content with another value at a spot; null takes the item away, and an item that is not there comes last. */
export function withValue(content: Structuring, { field, item, part }: Spot, value: string | Item | null): Structuring {
  if (item === undefined) return { ...content, [field]: value };
  const items = itemsOf(content, field as ListField);
  if (value === null) return { ...content, [field]: items.filter(({ id }) => id !== item) };
  const found = items.find(({ id }) => id === item) ?? emptyItem(field as ListField, item);
  const made = typeof value === "string" ? { ...found, [part ?? ""]: value } : value;
  const isThere = items.some(({ id }) => id === item);
  return {
    ...content,
    [field]: isThere ? items.map((known) => (known.id === item ? made : known)) : [...items, made],
  };
}

/** A spot as a text, which is the same for the same spot. */
export function keyOf({ field, item, part }: Spot): string {
  return [field, item, part].filter((name) => name !== undefined).join("/");
}

/** What became of one content to another, spot by spot; what is null was not there, or is not any more. */
export function differences(before: Structuring, after: Structuring): { spot: Spot; from: string; to: string }[] {
  const texts = TEXT_FIELDS.map((field) => ({ spot: { field }, from: before[field], to: after[field] }));
  const items = LIST_FIELDS.flatMap((field) => {
    const ids = new Set([...itemsOf(before, field), ...itemsOf(after, field)].map(({ id }) => id));
    return [...ids].map((item) => {
      const spot = { field, item };
      return { spot, from: wordsOf(field, valueAt(before, spot)), to: wordsOf(field, valueAt(after, spot)) };
    });
  });
  return [...texts, ...items].filter(({ from, to }) => from !== to);
}

/** An item, or a text, in a line. */
export function wordsOf(field: keyof Structuring, value: string | Item | null): string {
  if (value === null || typeof value === "string") return value ?? "";
  const parts: readonly string[] = ITEM_FIELDS[field as ListField];
  return parts
    .map((part) => value[part] ?? "")
    .filter((text) => text !== "")
    .join(" · ");
}

export function itemsOf(content: Structuring, field: ListField): Item[] {
  return content[field] as Item[];
}

function emptyItem(field: ListField, id: string): Item {
  return { id, ...Object.fromEntries(ITEM_FIELDS[field].map((part) => [part, ""])) };
}

function isSame(field: ListField, one: Item, other: Item): boolean {
  const parts: readonly string[] = ITEM_FIELDS[field];
  return parts.every((part) => one[part] === other[part]);
}
