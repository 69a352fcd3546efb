import type { Label } from "../../modules/labeling/contract.ts";

const KEYS = [..."123456789abcdefghijklmnopqrstuvwxyz"];

/** More labels than this have no single key each: their page gets a field to find them by. */
export const KEYED_LABELS_MAX = KEYS.length;

/** The keys for labels that chose none: 1 to 9, then letters, leaving out what others chose. */
export function assignKeys(chosen: (string | undefined)[]): (string | undefined)[] {
  if (chosen.length > KEYED_LABELS_MAX) return chosen.map(() => undefined);
  const taken = new Set(chosen.map((key) => key?.toLowerCase()));
  const free = KEYS.filter((key) => !taken.has(key));
  return chosen.map((key) => key ?? free.shift());
}

/**
 * The label that a key press gives. Keys of a layout without Latin letters or with shifted digits are taken by their
 * place on the keyboard, once nothing has the typed character itself.
 */
export function findByKey(labels: Label[], event: Pick<KeyboardEvent, "key" | "code">): Label | undefined {
  const typed = [event.key, event.key.toLowerCase()];
  const placed = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1]?.toLowerCase();
  const isLatinLetter = /^[a-z]$/i.test(event.key);
  for (const key of isLatinLetter || !placed ? typed : [...typed, placed]) {
    const found = labels.find((label) => label.key === key);
    if (found) return found;
  }
  return undefined;
}
