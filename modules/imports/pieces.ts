import { FileFault } from "../../kernel/import/fault.ts";
import { refuseNames } from "../../kernel/import/header.ts";
import type { FileRow, FileShape } from "../../kernel/import/rows.ts";
import type { RowError } from "../../kernel/import/sink.ts";
import type { Noun } from "../../kernel/nouns/noun.ts";
import { isFolded } from "./examining.ts";
import { readFileRows, readRowsOfHead } from "./file.ts";
import { type KeysSeen, openKeysSeen } from "./keys-seen.ts";
import { makePlan, type Plan, type PlanRow, readPlanRow, type Wish } from "./plan.ts";

/** So many rows of a file are done at once. A statement of more than 1,000 rows is short on the record. */
const PIECE_ROWS = 2_000;
/** And no more than so many characters of them are held. */
const PIECE_LENGTH = 2_000_000;

/** Rows of a file that are done together. */
export type Piece = {
  rows: PlanRow[];
  /** What is wrong with the others, and how many these are. */
  errors: RowError[];
  wrong: number;
  /** How many rows of the file it is, and where in the file it ends. */
  count: number;
  bytes: number;
};

/** `isHead` says that the file was cut off somewhere. */
type Source = FileShape & Wish & { position: number; isHead?: boolean };

/**
 * Reads a file piece by piece, from the row behind `position` on. Where pieces end depends on the file and the place where the first one
 * begins, and on nothing else: who goes on with a half one finds the same. Throws FileFault, when what stands before the fault is taken.
 */
export async function gatherRows(
  body: AsyncIterable<Buffer>,
  noun: Noun,
  source: Source,
  take: (plan: Plan, piece: Piece) => Promise<void>,
): Promise<void> {
  let plan = source.format === "csv" ? undefined : makePlan(noun, source);
  const first = source.position;
  const seen = openKeysSeen();
  let [read, bytes, length] = [0, 0, 0];
  let piece = emptyPiece();
  const counted = async function* () {
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  const refuse = (line: number, column: string | null, reason: string) =>
    void piece.errors.push({ line, column, reason });
  const put = (row: PlanRow | undefined) => {
    piece.count += 1;
    if (!row) piece.wrong += 1;
    else {
      piece.rows.push(row);
      for (const cell of row.cells) length += cell?.length ?? 0;
    }
  };
  const flush = async () => {
    if (piece.count === 0 || !plan) return;
    const done = { ...piece, bytes };
    piece = emptyPiece();
    length = 0;
    await take(plan, done);
  };
  const sink = {
    columns: (line: number, names: string[]) => {
      refuseNames(line, names);
      plan = makePlan(noun, source, names);
    },
    bad: (line: number, reason: string) => {
      if (read++ < first) return;
      put(undefined);
      refuse(line, null, reason);
    },
    row: (line: number, row: FileRow) => {
      if (!plan) throw new Error("The columns were not told.");
      const isDone = read++ < first;
      if (isDone && plan.key.length === 0) return;
      const tell = isDone ? () => undefined : (column: string | null, reason: string) => refuse(line, column, reason);
      const found = firstOfItsKey(plan, readPlanRow(plan, line, row, tell), seen, tell);
      if (!isDone) put(found);
    },
    drain: async () => {
      if (piece.count >= PIECE_ROWS || length >= PIECE_LENGTH) await flush();
    },
  };
  try {
    await (source.isHead ? readRowsOfHead : readFileRows)(counted(), source, sink);
  } catch (error) {
    if (error instanceof FileFault) await flush();
    throw error;
  }
  await flush();
}

/** The row, unless the file had another with its key before. */
function firstOfItsKey(
  plan: Plan,
  row: PlanRow | undefined,
  seen: KeysSeen,
  refuse: (column: string | null, reason: string) => void,
): PlanRow | undefined {
  const [first] = plan.key;
  if (!row || first === undefined || seen.add(keyOf(plan, row))) return row;
  refuse(plan.columns[first]?.from ?? null, "An earlier row of the file has the same key.");
  return undefined;
}

function emptyPiece(): Piece {
  return { rows: [], errors: [], wrong: 0, count: 0, bytes: 0 };
}

function keyOf(plan: Plan, { cells }: PlanRow): string {
  return plan.key
    .map((place) => {
      const value = cells[place] ?? "";
      return isFolded(plan, place) || plan.columns[place]?.type === "uuid" ? value.toLowerCase() : value;
    })
    .join("\0");
}
