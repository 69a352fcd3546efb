import { createHash } from "node:crypto";

/**
 * Which of these answers the public score is of, by their place: `percentage` of them, rounded up. It follows from the ids of the answers, which
 * nobody who predicts can see, and is the same whenever it is asked.
 */
export function publicPlaces(answers: readonly string[], benchmark: string, percentage: number): ReadonlySet<number> {
  const shuffled = answers
    .map((answer, place) => ({ place, key: createHash("sha256").update(`${benchmark} ${answer}`).digest("hex") }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  return new Set(shuffled.slice(0, Math.ceil((answers.length * percentage) / 100)).map(({ place }) => place));
}
