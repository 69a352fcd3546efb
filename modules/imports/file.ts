import { FileFault } from "../../kernel/import/fault.ts";
import { refuseNames } from "../../kernel/import/header.ts";
import { LINE_BYTES_MAX } from "../../kernel/import/limits.ts";
import { type FileShape, type FileSink, readRows } from "../../kernel/import/rows.ts";
import { FILE_BYTES_MAX, ROWS_MAX } from "./contract.ts";

/** How large a file of an import may be. */
const LIMITS = { fileBytes: FILE_BYTES_MAX, lineBytes: LINE_BYTES_MAX, rows: ROWS_MAX };

/** Reads the rows of an import's file. Throws as `readRows` of the kernel does. */
export function readFileRows(body: AsyncIterable<Buffer>, shape: FileShape, sink: FileSink): Promise<void> {
  return readRows(body, shape, LIMITS, sink);
}

/**
 * Reads the beginning of a file that was cut off anywhere, so that its last row may be half of one: neither that is told, nor what is wrong
 * with the end. Throws as readFileRows does.
 */
export async function readRowsOfHead(body: AsyncIterable<Buffer>, shape: FileShape, sink: FileSink): Promise<void> {
  let isAtEnd = false;
  let tellLast = () => {};
  const hold = (tell: () => void) => {
    tellLast();
    tellLast = tell;
  };
  const head = async function* () {
    yield* body;
    isAtEnd = true;
  };
  try {
    await readFileRows(head(), shape, {
      ...sink,
      bad: (line, reason) => hold(() => sink.bad(line, reason)),
      row: (line, row) => hold(() => sink.row(line, row)),
    });
  } catch (error) {
    if (!isAtEnd || !(error instanceof FileFault)) throw error;
    // The fault is of the row that was cut off.
    tellLast();
  }
}

const HEAD_ROWS = 100;
/** Ends the reading once enough is known. */
class Enough extends Error {}

/**
 * The columns of a file, or of its beginning: those of its header, or the names in its first hundred rows of JSON. Throws FileFault.
 */
export async function readColumns(body: AsyncIterable<Buffer>, shape: FileShape, isHead = false): Promise<string[]> {
  const names = new Set<string>();
  let rows = 0;
  const sink: FileSink = {
    columns: (line, found) => {
      refuseNames(line, found);
      for (const name of found) names.add(name);
      throw new Enough();
    },
    bad: () => undefined,
    row: (_, row) => {
      for (const name of Object.keys(row)) names.add(name);
      rows += 1;
      if (rows >= HEAD_ROWS) throw new Enough();
    },
  };
  await (isHead ? readRowsOfHead : readFileRows)(body, shape, sink).catch((error: unknown) => {
    if (!(error instanceof Enough)) throw error;
  });
  return [...names];
}
