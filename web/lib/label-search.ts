import type { Label } from "../../modules/labeling/contract.ts";

/** The labels that hold every word of the query, those that begin with it first. An empty query matches all. */
export function searchLabels(labels: Label[], query: string): Label[] {
  const words = normalize(query).split(" ").filter(Boolean);
  if (words.length === 0) return labels;
  const first = words[0] ?? "";
  const ranked: Label[][] = [[], [], []];
  for (const label of labels) {
    const name = normalize(label.name);
    if (words.every((word) => name.includes(word))) ranked[rank(name, first)]?.push(label);
  }
  return ranked.flat();
}

/** 0 when the name begins with the word, 1 when another of its words does, else 2. */
function rank(name: string, word: string): number {
  if (name.startsWith(word)) return 0;
  return name.includes(` ${word}`) ? 1 : 2;
}

/** A text as it is searched: without accents, in small letters, its words with one space between. */
export function normalize(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[\s_\-./]+/g, " ")
    .trim();
}
