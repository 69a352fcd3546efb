import { isUtf8 } from "node:buffer";
import { FileFault } from "./fault.ts";
import { type FileLimits, formatCount } from "./limits.ts";

/** Whole lines of valid UTF-8 with their line ends; `line` is the number of the first, from 1. */
export type LineBlock = { line: number; bytes: Buffer };

type LineLimits = FileLimits;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Cuts UTF-8 into blocks of whole lines. A line ends as editors see it: with LF, CRLF or CR. Never holds more than a line
 * and a chunk. Throws FileFault for an empty or too large file, and for a line that is too long, not UTF-8, or holds NUL;
 * the lines before it have been yielded by then.
 */
export async function* readLineBlocks(chunks: AsyncIterable<Buffer>, limits: LineLimits): AsyncGenerator<LineBlock> {
  let line = 1;
  let fileBytes = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    fileBytes += chunk.length;
    const bytes = Buffer.concat([rest, chunk]);
    const end = endOfLastLine(bytes);
    if (end > 0) line = yield* checkBlock({ line, bytes: bytes.subarray(0, end) }, limits);
    rest = bytes.subarray(end);
    if (rest.length > limits.lineBytes) throw new FileFault(line, tooLong(limits));
    if (fileBytes > limits.fileBytes) throw new FileFault(line, tooLarge(limits));
  }
  if (fileBytes === 0) throw new FileFault(1, "The file is empty. Choose a file that has rows.");
  if (rest.length > 0) yield* checkBlock({ line, bytes: rest }, limits);
}

/** How many line ends (LF, CRLF or CR) there are in a text. */
export function countLineEnds(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit === LINE_FEED || (unit === CARRIAGE_RETURN && text.charCodeAt(index + 1) !== LINE_FEED)) count += 1;
  }
  return count;
}

/** Yields the block's sound lines, returns the number of the line behind them, and throws at the first line at fault. */
function* checkBlock(block: LineBlock, limits: LineLimits): Generator<LineBlock, number> {
  const { bytes } = block;
  const isText = isUtf8(bytes) && !bytes.includes(0);
  let line = block.line;
  let start = 0;
  for (const end of endsOfLines(bytes)) {
    const fault = end - start > limits.lineBytes ? tooLong(limits) : !isText && faultOfText(bytes.subarray(start, end));
    if (fault) {
      if (start > 0) yield { line: block.line, bytes: bytes.subarray(0, start) };
      throw new FileFault(line, fault);
    }
    start = end;
    line += 1;
  }
  yield block;
  return line;
}

/** The offset behind each line of `bytes`, the last one with or without a line end. */
function* endsOfLines(bytes: Buffer): Generator<number> {
  for (const { 0: line, index } of bytes.toString("latin1").matchAll(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g)) {
    yield index + line.length;
  }
}

/** Behind the last line end. A CR at the very end does not count yet: an LF may follow. */
function endOfLastLine(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf(LINE_FEED), bytes.subarray(0, -1).lastIndexOf(CARRIAGE_RETURN)) + 1;
}

function faultOfText(line: Buffer): string | undefined {
  if (line.includes(0)) {
    return "This line holds a NUL byte, so the file is not plain text (or is UTF-16 without a byte order mark). Save the file as UTF-8 and import it again.";
  }
  if (!isUtf8(line)) {
    return "This line holds bytes that are not valid Unicode: the file is in another encoding, such as Windows-1252. Save the file as UTF-8 and import it again.";
  }
  return undefined;
}

function tooLong({ lineBytes }: LineLimits): string {
  return `This line is longer than ${formatCount(lineBytes)} bytes. Break the file into lines with one row each.`;
}

function tooLarge({ fileBytes }: LineLimits): string {
  return `The file is larger than ${formatCount(fileBytes)} bytes. Split it into several files and import them one after the other.`;
}
