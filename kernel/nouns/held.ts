import type { Step } from "../database/batch.ts";
import type { Noun } from "./noun.ts";

/** Refuses who may not read the rows of these nouns: they are shown beside what the operation's own permission opens. */
export function mayRead(nouns: readonly Noun[]): Step[] {
  if (nouns.length === 0) return [];
  const permissions = [...new Set(nouns.map(({ read }) => read))];
  return [{ text: "select kernel.require_held($1)", values: [permissions], fixed: true }];
}
