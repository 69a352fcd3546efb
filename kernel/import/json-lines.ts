import { FileFault } from "./fault.ts";
import type { LineBlock } from "./lines.ts";
import type { RowSink } from "./sink.ts";

/** Reads JSON lines: a value on each. Throws FileFault where the file is one array. */
export async function readJsonLines(blocks: AsyncIterable<LineBlock>, sink: RowSink<unknown>): Promise<void> {
  let isFirst = true;
  for await (const { line: firstLine, bytes } of blocks) {
    let line = firstLine;
    for (const source of bytes.toString("utf8").split(/\r\n|\n|\r/)) {
      if (source.trim() === "") sink.blank(line);
      else {
        if (isFirst) refuseArray(line, source);
        isFirst = false;
        readLine(sink, line, source);
      }
      line += 1;
    }
    await sink.drain?.();
  }
}

function readLine(sink: RowSink<unknown>, line: number, source: string): void {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    sink.bad(line, `This line is not valid JSON: ${cause.toWellFormed()}. Each line must be one whole JSON object.`);
    return;
  }
  sink.row(line, value);
}

function refuseArray(line: number, source: string): void {
  if (!source.trimStart().startsWith("[")) return;
  throw new FileFault(
    line,
    "The file is one JSON array. JSON lines have one object on each line, without the brackets around them and the commas between them; `jq -c '.[]'` makes them.",
  );
}

/** What kind of JSON a value is, for messages. */
export function nameOfType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
