import { stripVTControlCharacters } from "node:util";

/** Rows as a table for a screen: columns as wide as their widest value, two spaces between. Control characters are left out. */
export function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(printable));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? "")].length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** A name could hold what a terminal acts on. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, " ");
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(width - [...cell].length);
}
