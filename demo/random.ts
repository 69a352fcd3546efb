const MULTIPLIER = 0x6d2b79f5;
const WORD = 2 ** 32;

/** Numbers that look like chance and are the same each time. */
export type Chance = {
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** True this often: 0 never, 1 always. */
  happens(probability: number): boolean;
};

/** Starts a sequence of chances (mulberry32); the same seed gives the same sequence. */
export function openChance(seed: number): Chance {
  let state = seed;
  const next = () => {
    state = (state + MULTIPLIER) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / WORD;
  };
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    whole,
    pick: (list) => {
      const picked = list[whole(0, list.length - 1)];
      if (picked === undefined) throw new Error("Nothing can be picked from an empty list.");
      return picked;
    },
    happens: (probability) => next() < probability,
  };
}
