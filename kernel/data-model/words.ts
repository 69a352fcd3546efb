const STOP_WORDS = new Set(
  "a an and any are as at by for from has have in into is it its of on or our that the their this to what when which who whose with management data model schema table tables".split(
    " ",
  ),
);

/** Words that people use for the same thing. */
const SYNONYMS = [
  ["annotator", "labeler", "annotation", "label", "worker"],
  ["submission", "submit", "prediction"],
  ["scoring", "score", "metric", "evaluation", "review", "leaderboard"],
  ["user", "person", "member", "account"],
  ["customer", "client", "contact"],
  ["login", "sign in", "session", "password", "credential"],
  ["organization", "tenant", "workspace", "company"],
  ["payment", "invoice", "billing", "price"],
  ["appointment", "calendar", "booking", "event"],
  ["permission", "right", "role"],
  ["history", "audit", "record", "log"],
  ["file", "document", "attachment"],
];

const ENDINGS = [
  "ship",
  "ments",
  "ment",
  "ations",
  "ation",
  "ators",
  "ator",
  "ions",
  "ion",
  "ings",
  "ing",
  "ers",
  "er",
  "ates",
  "ate",
  "ies",
  "es",
  "ed",
  "s",
  "e",
  "y",
];
const STEM_LENGTH_MIN = 4;
const SYNONYM_WEIGHT = 0.7;

/** What is left of a word without its endings, so that `submission` meets `submitted` and `categories` meet a `category`. */
export function stemOf(word: string): string {
  const lower = word.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const ending = ENDINGS.find((end) => lower.endsWith(end) && lower.length - end.length >= STEM_LENGTH_MIN);
  const plain = ending ? lower.slice(0, -ending.length) : lower.replace(/(?<=..[^s])s$/, "");
  if (ending && /^(?:ship|ments?)$/.test(ending)) return stemOf(plain);
  return plain.replace(/miss$/, "mit").replace(/([bdgmnpt])\1$/, "$1");
}

/** The stems of a text's words: `labeling.project_figures` has three. Words that stand in every text have none. */
export function stemsOf(text: string): string[] {
  const words = text.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !STOP_WORDS.has(word.toLowerCase())).map(stemOf);
}

/** A word of a question, with what else is meant by it and how much that counts. */
export type Wanted = { word: string; stems: Map<string, number> };

/** The words of a question. */
export function wantedIn(text: string): Wanted[] {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return words
    .filter((word) => !STOP_WORDS.has(word.toLowerCase()))
    .map((word) => {
      const own = stemOf(word);
      const groups = SYNONYMS.filter((group) => group.some((other) => stemOf(other) === own));
      const others = groups.flat().flatMap(stemsOf);
      return { word, stems: new Map([...others.map((stem) => [stem, SYNONYM_WEIGHT] as const), [own, 1]]) };
    });
}

/** How alike two words are, from 0 to 1: the share of pairs of neighbouring letters that they have in common. */
export function likeness(a: string, b: string): number {
  const [left, right] = [pairsOf(a), pairsOf(b)];
  const shared = [...left].filter((pair) => right.has(pair)).length;
  return left.size + right.size === 0 ? 0 : (2 * shared) / (left.size + right.size);
}

function pairsOf(word: string): Set<string> {
  const text = ` ${word.toLowerCase()} `;
  return new Set(Array.from({ length: text.length - 1 }, (_, place) => text.slice(place, place + 2)));
}
