/** A source of random numbers that gives the same ones for the same seed (mulberry32). */
export type Random = { integer: (below: number) => number; pick: <Item>(items: readonly Item[]) => Item };

export function openRandom(seed: number): Random {
  let state = seed;
  const integer = (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
  return { integer, pick: (items) => items[integer(items.length)] as (typeof items)[number] };
}

const PIECES = [
  "a",
  "Zoë",
  " ",
  '"',
  '""',
  ",",
  ";",
  "\t",
  "|",
  "\n",
  "\r",
  "\r\n",
  "\\",
  "'",
  "😀",
  "👩‍👩‍👧",
  "שלום",
  "\u2028",
];

/** A value with everything in it that CSV and JSON find hard; it may be empty. */
export function randomValue(random: Random): string {
  return Array.from({ length: random.integer(12) }, () => random.pick(PIECES)).join("");
}

/** A value that is not blank. */
export function randomText(random: Random): string {
  return `${randomValue(random)}${random.pick(["x", "é", "א"])}${randomValue(random)}`;
}

/** Cuts the bytes at random places into chunks of at most `size` bytes, some of them empty. */
export function cutAtRandom(random: Random, bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + random.integer(size + 1);
    chunks.push(bytes.subarray(start, end));
    start = end;
  }
  return chunks;
}
