import { countLineEnds } from "./lines.ts";

/**
 * Whether a quoted value goes on behind its closing quote, as in `"a"b`. The parser leaves the quotes of such a value in
 * place, so a value that begins with a quote is sound only where the row's source holds it quoted and escaped.
 */
export function hasStrayQuote(values: string[], source: string): boolean {
  let from = 0;
  for (const value of values) {
    if (!value.startsWith('"')) continue;
    const quoted = `"${value.replaceAll('"', '""')}"`;
    const index = source.indexOf(quoted, from);
    if (index < 0) return true;
    from = index + quoted.length;
  }
  return false;
}

/** How many lines into an unfinished row the quote was opened that is never closed; `column` counts from 0. */
export function linesBeforeOpenQuote(source: string, column: number, delimiter: string): number {
  const value = new RegExp(`(?:"[^"]*(?:""[^"]*)*")?[^\\${delimiter}]*\\${delimiter}`, "y");
  for (let skipped = 0; skipped < column && value.test(source); skipped += 1);
  return countLineEnds(source.slice(0, value.lastIndex));
}
