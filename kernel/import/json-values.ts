import { isUtf8 } from "node:buffer";
import { FileFault } from "./fault.ts";
import { type FileLimits, formatCount } from "./limits.ts";
import type { RowSink } from "./sink.ts";

const [LINE_FEED, QUOTE, BACKSLASH, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [
  10, 34, 92, 44, 91, 93, 123, 125,
];
const SPACE_MAX = 32;

/**
 * Reads JSON whose rows are the elements of one array, however they are broken into lines, or objects one behind the other.
 * Never holds more than a row and a chunk of UTF-8. Throws FileFault at what is no JSON: nobody knows where the next row
 * begins then.
 */
export async function readJsonValues(
  chunks: AsyncIterable<Buffer>,
  limits: FileLimits,
  sink: RowSink<unknown>,
): Promise<void> {
  const scanner = openScanner(limits, sink);
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limits.fileBytes)
      throw new FileFault(
        scanner.line(),
        `The file is larger than ${formatCount(limits.fileBytes)} bytes. Split it into several files and import them one after the other.`,
      );
    scanner.write(chunk);
    await sink.drain?.();
  }
  scanner.end();
}

type Scanner = { write(chunk: Buffer): void; end(): void; line(): number };

/** Finds where values begin and end by brackets and quotes alone; what is between them is parsed when it is whole. */
function openScanner(limits: FileLimits, sink: RowSink<unknown>): Scanner {
  let line = 1;
  let rowLine = 1;
  const between = openBetween();
  const within = openWithin();
  let isWithin = false;
  let held: Buffer[] = [];
  let heldBytes = 0;

  const hold = (piece: Buffer) => {
    held.push(piece);
    heldBytes += piece.length;
    if (heldBytes > limits.lineBytes)
      throw new FileFault(
        rowLine,
        `The row that begins here is longer than ${formatCount(limits.lineBytes)} bytes. Look for a bracket or a double quote that is never closed; if there is none, shorten the row.`,
      );
  };
  const close = (piece: Buffer) => {
    hold(piece);
    sink.row(rowLine, parse(held.length === 1 ? piece : Buffer.concat(held), rowLine));
    held = [];
    heldBytes = 0;
    isWithin = false;
  };

  let start = 0;
  const step = (chunk: Buffer, place: number) => {
    const byte = chunk[place] as number;
    if (byte === LINE_FEED) line += 1;
    if (isWithin) {
      if (within(byte)) close(chunk.subarray(start, place + 1));
    } else if (between.begins(byte, line)) {
      within(byte);
      [isWithin, start, rowLine] = [true, place, line];
    }
  };

  return {
    line: () => line,
    write(chunk) {
      start = 0;
      for (let place = 0; place < chunk.length; place += 1) step(chunk, place);
      if (isWithin) hold(chunk.subarray(start));
    },
    end() {
      if (isWithin) throw new FileFault(rowLine, "The file ends within the row that begins here. Send the whole file.");
      if (between.isOpen()) throw new FileFault(line, "The file ends before its array does (]). Send the whole file.");
    },
  };
}

/** Takes the bytes of a row from its first bracket on; true for the last one. */
function openWithin(): (byte: number) => boolean {
  let depth = 0;
  let isInText = false;
  let isEscaped = false;
  const inText = (byte: number) => {
    if (isEscaped) isEscaped = false;
    else if (byte === BACKSLASH) isEscaped = true;
    else if (byte === QUOTE) isInText = false;
    return false;
  };
  return (byte) => {
    if (isInText) return inText(byte);
    if (byte === QUOTE) isInText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    return depth === 0;
  };
}

/** Takes what is between rows: the brackets of the array, commas and spaces. True where a row begins. */
function openBetween(): { begins(byte: number, line: number): boolean; isOpen(): boolean } {
  let array: "none" | "open" | "closed" = "none";
  let last: "nothing" | "row" | "comma" = "nothing";
  const step = (byte: number): boolean => {
    if (byte === OPEN_ARRAY && array === "none" && last === "nothing") array = "open";
    else if (byte === CLOSE_ARRAY && array === "open" && last !== "comma") array = "closed";
    else if (byte === COMMA && array === "open" && last === "row") last = "comma";
    else return false;
    return true;
  };
  return {
    isOpen: () => array === "open",
    begins(byte, line) {
      if ((byte <= SPACE_MAX && byte !== 0) || step(byte)) return false;
      const mayBegin = array === "none" || (array === "open" && last !== "row");
      if (byte !== OPEN_OBJECT || !mayBegin) throw new FileFault(line, notARow(byte));
      last = "row";
      return true;
    },
  };
}

function parse(bytes: Buffer, line: number): unknown {
  if (!isUtf8(bytes))
    throw new FileFault(
      line,
      "This row holds bytes that are not valid Unicode: the file is in another encoding, such as Windows-1252. Save the file as UTF-8 and import it again.",
    );
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new FileFault(line, `The row that begins here is not valid JSON: ${cause.toWellFormed()}.`);
  }
}

function notARow(byte: number): string {
  if (byte === 0)
    return "This line holds a NUL byte, so the file is not plain text (or is UTF-16 without a byte order mark). Save the file as UTF-8 and import it again.";
  const found = byte < 127 ? `"${String.fromCharCode(byte)}"` : "a byte that is no character of JSON";
  return `There is ${found} where a row was to begin. The file must be an array of objects, [{…}, {…}], or objects alone; CSV is imported with format=csv.`;
}
