import { quote } from "../../../kernel/import/fault.ts";
import { nameOfType, readJsonLines } from "../../../kernel/import/json-lines.ts";
import type { LineBlock } from "../../../kernel/import/lines.ts";
import { setColumns } from "./columns.ts";
import { addError, addText, countBlankLine, countRow, type Reading } from "./reading.ts";

/**
 * Reads JSON lines: on each line an object whose member for the text is a string, or a string alone. The first object
 * says what columns there are. Blank lines are passed over.
 */
export function readJsonTexts(blocks: AsyncIterable<LineBlock>, reading: Reading): Promise<void> {
  return readJsonLines(blocks, {
    blank: (line) => countBlankLine(reading, line),
    bad: (line, reason) => {
      countRow(reading, line);
      addError(reading, { line, column: null, reason });
    },
    row: (line, value) => {
      countRow(reading, line);
      if (typeof value === "string") addText(reading, { line, column: null }, value);
      else if (isObject(value)) readObject(reading, line, value);
      else addError(reading, { line, column: null, reason: notARow(value) });
    },
  });
}

function readObject(reading: Reading, line: number, row: Record<string, unknown>): void {
  if (reading.columns.length === 0) setColumns(reading, line, Object.keys(row));
  const column = reading.textColumn ?? "text";
  const text = Object.hasOwn(row, column) ? row[column] : undefined;
  if (typeof text === "string") addText(reading, { line, column }, text);
  else addError(reading, { line, column, reason: notAText(column, text) });
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
