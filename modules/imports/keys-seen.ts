import { hash } from "node:crypto";

const FIRST_SLOTS = 1 << 16;
/** Fuller, and most look-ups would go through many others. */
const FILL_MAX = 0.7;

/** `add` is false where the key was there. */
export type KeysSeen = { add(key: string): boolean };

/**
 * Remembers keys by 64 bits of their hash, 8 bytes each: as many as a file may have rows take 64 MB. Two different keys are taken for
 * one once in a million files of that size.
 */
export function openKeysSeen(): KeysSeen {
  let slots = new BigUint64Array(FIRST_SLOTS);
  let count = 0;
  const put = (into: BigUint64Array, mark: bigint): boolean => {
    const mask = into.length - 1;
    let place = Number(mark & 0xffffffffn) & mask;
    while (into[place] !== 0n) {
      if (into[place] === mark) return false;
      place = (place + 1) & mask;
    }
    into[place] = mark;
    return true;
  };
  return {
    add(key) {
      if (count > slots.length * FILL_MAX) {
        const wider = new BigUint64Array(slots.length * 2);
        for (const mark of slots) if (mark !== 0n) put(wider, mark);
        slots = wider;
      }
      const digest = hash("sha256", key, "buffer");
      const isNew = put(slots, digest.readBigUInt64LE(0) || 1n);
      if (isNew) count += 1;
      return isNew;
    },
  };
}
