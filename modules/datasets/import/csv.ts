import { readCsv } from "../../../kernel/import/csv.ts";
import type { LineBlock } from "../../../kernel/import/lines.ts";
import { setColumns } from "./columns.ts";
import { addError, addText, countBlankLine, countRow, type Reading } from "./reading.ts";

/** Reads CSV with a header; the delimiter is the header's. Blank lines are passed over. */
export function readCsvTexts(blocks: AsyncIterable<LineBlock>, reading: Reading): Promise<void> {
  let place = 0;
  return readCsv(blocks, reading, {
    blank: (line) => countBlankLine(reading, line),
    columns: (line, names) => {
      setColumns(reading, line, names);
      place = names.indexOf(reading.textColumn ?? "");
    },
    bad: (line, reason) => {
      countRow(reading, line);
      addError(reading, { line, column: null, reason });
    },
    row: (line, values) => {
      countRow(reading, line);
      addText(reading, { line, column: reading.textColumn }, values[place] ?? "");
    },
  });
}
