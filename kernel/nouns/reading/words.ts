import { quoted } from "../columns.ts";
import { literally } from "./operators.ts";
import { type Scope, wordColumns } from "./scope.ts";

/** A search is ranked among so many rows, the newest that match. */
export const RANKED_MAX = 1_000;
/** Most words of a search, and its longest. */
export const SEARCH_WORDS_MAX = 8;
export const SEARCH_LENGTH_MAX = 200;
/** An index over trigrams finds shorter words only where a word begins. */
const INNER_WORD_LENGTH_MIN = 3;

/** The words of a search. */
export function wordsOf(search: string): string[] {
  return [...new Set(search.trim().split(/\s+/))].filter((word) => word !== "");
}

/** Each of the words stands somewhere in the row, in any case. */
export function isWritten(words: readonly string[], scope: Scope): string {
  return allWords(words, scope, writtenIn);
}

/** Each of the words, or something like it, stands in the row. */
export function isMeant(words: readonly string[], scope: Scope): string {
  return allWords(
    words,
    scope,
    (column, word) => `${writtenIn(column, word, scope)} or kernel.is_like(${column}, ${scope.bind(word)})`,
  );
}

function writtenIn(column: string, word: string, { bind }: Scope): string {
  if ([...word].length >= INNER_WORD_LENGTH_MIN) return `${column} ilike ${bind(`%${literally(word)}%`)}`;
  return `${column} ilike ${bind(`${literally(word)}%`)} or ${column} ilike ${bind(`% ${literally(word)}%`)}`;
}

type Condition = (column: string, word: string, scope: Scope) => string;

function allWords(words: readonly string[], scope: Scope, condition: Condition): string {
  const columns = wordColumns(scope).map((name) => `t.${quoted(name)}`);
  if (columns.length === 0) return "false";
  return words.map((word) => `(${columns.map((column) => condition(column, word, scope)).join(" or ")})`).join(" and ");
}

/** How near a row comes to the search. */
export function likenessOf(words: readonly string[], scope: Scope): string {
  const wanted = scope.bind(words.join(" "));
  const columns = wordColumns(scope).map((name) => `kernel.likeness(${quoted(name)}, ${wanted})`);
  return `coalesce(greatest(${["null::real", ...columns].join(", ")}), 0)`;
}
