import type { Part } from "./model.ts";

/** Text that Markdown leaves as it is, in one line. */
export function textOf(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|]/g, (sign, place: number) => (isWithinWord(text, place) ? sign : `\\${sign}`))
    .replace(/\s*[\r\n\v\f\u2028\u2029]+\s*/g, " ");
}

/** An underscore between letters means nothing to Markdown. */
function isWithinWord(text: string, place: number): boolean {
  return text[place] === "_" && /\w/.test(text[place - 1] ?? "") && /\w/.test(text[place + 1] ?? "");
}

/** A table of Markdown. */
export function tableOf(headings: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(textOf).join(" | ")} |`;
  return [line(headings), `|${"---|".repeat(headings.length)}`, ...rows.map(line)].join("\n");
}

/** A block of code; its fence is longer than any within. */
export function codeBlock(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A table's name as a part of the document calls it. */
export function nameIn(part: Part, { schema, name }: { schema: string; name: string }): string {
  return part.schema === schema ? name : `${schema}.${name}`;
}
