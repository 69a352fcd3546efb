import { hasStrayQuote } from "./csv-quotes.ts";
import { type CsvRow, type CsvStream, openCsvStream } from "./csv-stream.ts";
import { detectDelimiter, nameOfDelimiter } from "./delimiter.ts";
import { FileFault } from "./fault.ts";
import { type FileLimits, formatCount } from "./limits.ts";
import type { LineBlock } from "./lines.ts";
import type { CsvSink } from "./sink.ts";

type CsvOptions = {
  limits: Pick<FileLimits, "lineBytes">;
  /** One character; the header tells it where it is not given. */
  delimiter?: string | undefined;
};

/**
 * Reads CSV with a header. Throws FileFault for JSON, a quote that is never closed, a row that is too long, and what the
 * sink throws of the header.
 */
export async function readCsv(blocks: AsyncIterable<LineBlock>, options: CsvOptions, sink: CsvSink): Promise<void> {
  let stream: CsvStream | undefined;
  for await (const block of blocks) {
    stream ??= openAtHeader(block, options, sink);
    await stream?.write(block.bytes);
    await sink.drain?.();
  }
  await stream?.end();
}

/** Undefined while there are only blank lines. */
function openAtHeader(
  { line, bytes }: LineBlock,
  { limits, delimiter: wanted }: CsvOptions,
  sink: CsvSink,
): CsvStream | undefined {
  const headerLine = /[^\r\n]+/.exec(bytes.toString("utf8"))?.[0];
  if (headerLine === undefined) return undefined;
  if (/^\s*[[{]/.test(headerLine)) {
    throw new FileFault(line, "The file begins like JSON, not like CSV. Import it as JSON lines.");
  }
  const delimiter = wanted ?? detectDelimiter(headerLine);
  let columns: number | undefined;
  const onRow = (row: CsvRow) => {
    if (isBlank(row)) sink.blank(row.line);
    else if (columns === undefined) {
      const names = row.values.map((name) => name.trim());
      columns = names.length;
      sink.columns(row.line, names);
    } else {
      const fault = faultOfRow(row, columns, delimiter);
      if (fault) sink.bad(row.line, fault);
      else sink.row(row.line, row.values);
    }
  };
  return openCsvStream({ line, delimiter, limits, onRow });
}

/** A quoted empty value is a row; an empty line is not. */
function isBlank({ values, source }: CsvRow): boolean {
  return values.length === 1 && values[0] === "" && !source.includes('"');
}

function faultOfRow({ values, source }: CsvRow, columns: number, delimiter: string): string | undefined {
  if (values.length !== columns) {
    const has = values.length === 1 ? "1 column" : `${formatCount(values.length)} columns`;
    return `This row has ${has}, the header has ${formatCount(columns)}. Put values that hold ${nameOfDelimiter(delimiter)} or a line break between double quotes, and fill in values that are missing.`;
  }
  if (hasStrayQuote(values, source)) {
    return 'A value in this row begins with a double quote and goes on behind the closing one. Write a double quote inside a quoted value twice ("").';
  }
  return undefined;
}
