import { setColumns } from "./columns.ts";
import { hasStrayQuote } from "./csv-quotes.ts";
import { type CsvRow, type CsvStream, openCsvStream } from "./csv-stream.ts";
import { type Delimiter, detectDelimiter, nameOfDelimiter } from "./delimiter.ts";
import { FileFault } from "./fault.ts";
import { formatCount } from "./limits.ts";
import type { LineBlock } from "./lines.ts";
import { addError, addText, countBlankLine, countRow, type Reading } from "./reading.ts";

/**
 * Reads CSV with a header; the delimiter is the header's. Blank lines are passed over. Throws FileFault for a header
 * that cannot be used, a quote that is never closed, and a row that is too long.
 */
export async function readCsv(blocks: AsyncIterable<LineBlock>, reading: Reading): Promise<void> {
  let stream: CsvStream | undefined;
  for await (const block of blocks) {
    stream ??= openAtHeader(block, reading);
    await stream?.write(block.bytes);
  }
  await stream?.end();
}

/** Undefined while there are only blank lines. */
function openAtHeader({ line, bytes }: LineBlock, reading: Reading): CsvStream | undefined {
  const headerLine = /[^\r\n]+/.exec(bytes.toString("utf8"))?.[0];
  if (headerLine === undefined) return undefined;
  if (/^\s*[[{]/.test(headerLine)) {
    throw new FileFault(line, "The file begins like JSON, not like CSV. Import it as JSON lines.");
  }
  const delimiter = detectDelimiter(headerLine);
  return openCsvStream({ line, delimiter, limits: reading.limits, onRow: (row) => readRow(reading, row, delimiter) });
}

function readRow(reading: Reading, row: CsvRow, delimiter: Delimiter): void {
  if (isBlank(row)) countBlankLine(reading, row.line);
  else if (reading.columns.length === 0) readHeader(reading, row);
  else readText(reading, row, delimiter);
}

function readHeader(reading: Reading, { line, values }: CsvRow): void {
  setColumns(
    reading,
    line,
    values.map((name) => name.trim()),
  );
}

function readText(reading: Reading, row: CsvRow, delimiter: Delimiter): void {
  const { line, values } = row;
  const { columns, textColumn: column } = reading;
  countRow(reading, line);
  const reason = faultOfRow(row, columns.length, delimiter);
  if (reason) addError(reading, { line, column: null, reason });
  else addText(reading, { line, column }, values[columns.indexOf(column ?? "")] ?? "");
}

/** A quoted empty value is a row; an empty line is not. */
function isBlank({ values, source }: CsvRow): boolean {
  return values.length === 1 && values[0] === "" && !source.includes('"');
}

function faultOfRow({ values, source }: CsvRow, columns: number, delimiter: Delimiter): string | undefined {
  if (values.length !== columns) {
    const has = values.length === 1 ? "1 column" : `${formatCount(values.length)} columns`;
    return `This row has ${has}, the header has ${formatCount(columns)}. Put values that hold ${nameOfDelimiter(delimiter)} or a line break between double quotes, and fill in values that are missing.`;
  }
  if (hasStrayQuote(values, source)) {
    return 'A value in this row begins with a double quote and goes on behind the closing one. Write a double quote inside a quoted value twice ("").';
  }
  return undefined;
}
