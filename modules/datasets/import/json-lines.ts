import { setColumns } from "./columns.ts";
import { FileFault, quote } from "./fault.ts";
import type { LineBlock } from "./lines.ts";
import { addError, addText, countBlankLine, countRow, type Reading } from "./reading.ts";

/**
 * Reads JSON lines: on each line an object whose member for the text is a string, or a string alone. The first object
 * says what columns there are. Blank lines are passed over.
 */
export async function readJsonLines(blocks: AsyncIterable<LineBlock>, reading: Reading): Promise<void> {
  for await (const { line: firstLine, bytes } of blocks) {
    let line = firstLine;
    for (const source of bytes.toString("utf8").split(/\r\n|\n|\r/)) {
      if (source.trim() === "") countBlankLine(reading, line);
      else readRow(reading, line, source);
      line += 1;
    }
  }
}

function readRow(reading: Reading, line: number, source: string): void {
  if (reading.rows === 0) refuseArray(line, source);
  countRow(reading, line);
  const parsed = parse(source);
  if ("fault" in parsed) addError(reading, { line, column: null, reason: parsed.fault });
  else if (typeof parsed.value === "string") addText(reading, { line, column: null }, parsed.value);
  else if (isObject(parsed.value)) readObject(reading, line, parsed.value);
  else addError(reading, { line, column: null, reason: notARow(parsed.value) });
}

function readObject(reading: Reading, line: number, row: Record<string, unknown>): void {
  if (reading.columns.length === 0) setColumns(reading, line, Object.keys(row));
  const column = reading.textColumn ?? "text";
  const text = Object.hasOwn(row, column) ? row[column] : undefined;
  if (typeof text === "string") addText(reading, { line, column }, text);
  else addError(reading, { line, column, reason: notAText(column, text) });
}

function parse(source: string): { value: unknown } | { fault: string } {
  try {
    return { value: JSON.parse(source) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { fault: `This line is not valid JSON: ${cause.toWellFormed()}. Each line must be one whole JSON object.` };
  }
}

function refuseArray(line: number, source: string): void {
  if (!source.trimStart().startsWith("[")) return;
  throw new FileFault(
    line,
    "The file is one JSON array. JSON lines have one object on each line, without the brackets around them and the commas between them; `jq -c '.[]'` makes them.",
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notARow(value: unknown): string {
  return `This line is ${nameOfType(value)}. It must be an object with the text as a member, or a string.`;
}

function notAText(column: string, value: unknown): string {
  if (value === undefined) return `There is no member ${quote(column)}. Add it, with the text as a string.`;
  return `The member ${quote(column)} is ${nameOfType(value)}. It must be a string.`;
}

function nameOfType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
