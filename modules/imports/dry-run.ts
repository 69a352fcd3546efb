import type { Readable } from "node:stream";
import { Problem } from "../../kernel/errors.ts";
import { FileFault } from "../../kernel/import/fault.ts";
import type { RowError } from "../../kernel/import/sink.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { DRY_RUN_ROWS_MAX, type DryRun, type DryRunQuery, ERRORS_SHOWN_MAX, PREVIEW_ROWS } from "./contract.ts";
import { examineRows } from "./examining.ts";
import { readColumns } from "./file.ts";
import { formatOf, refuseFile, wishFrom } from "./imports.ts";
import { gatherRows, type Piece } from "./pieces.ts";
import { makePlan, type Plan, type PlanRow } from "./plan.ts";
import { targetOf } from "./targets.ts";

const HEAD_BYTES = 2_000_000;

/** Ends the reading. */
class Enough extends Error {}

/** Tells what an import of the file would do, and writes nothing. Throws invalid, forbidden. */
export async function dryRunImport(context: Context, query: DryRunQuery, body: Readable): Promise<DryRun> {
  const noun = await targetOf(context, query.noun);
  const format = formatOf(query, body);
  const pieces: AsyncIterator<Buffer> = body.iterator({ destroyOnReturn: false });
  const head = await headOf(pieces);
  const shape = { format, delimiter: query.delimiter };
  const isHead = query.is_head || head.reduce((bytes, piece) => bytes + piece.length, 0) >= HEAD_BYTES;
  const columns = await readColumns(listed(head), shape, isHead).catch(refuseFile);
  const wish = wishFrom(noun, query, columns);
  const found: DryRun = {
    format,
    columns,
    mapping: wish.mapping,
    unused: columns.filter((column) => !Object.values(wish.mapping).includes(column)),
    faults: faultsOfPlan(() => makePlan(noun, wish, columns)),
    ...{
      rows: 0,
      is_whole: !query.is_head,
      wrong: 0,
      creates: 0,
      updates: 0,
      preview: [],
      errors: [],
      errors_total: 0,
    },
  };
  if (found.faults.length > 0) return { ...found, is_whole: false };
  try {
    const source = { ...shape, ...wish, position: 0, isHead: query.is_head };
    await gatherRows(joined(head, pieces), noun, source, (plan, piece) => add(context, found, plan, piece));
  } catch (error) {
    if (error instanceof FileFault) addErrors(found, [{ line: error.line, column: null, reason: error.message }]);
    else if (!(error instanceof Enough)) throw error;
  }
  return found;
}

/** A mapping that is not whole yet is no fault of the request: it is what a dry run is for. */
function faultsOfPlan(make: () => unknown): DryRun["faults"] {
  try {
    make();
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [...error.errors];
  }
}

async function add(context: Context, found: DryRun, plan: Plan, piece: Piece): Promise<void> {
  const { creates, changes, errors } = await transaction(context, (tx) =>
    examineRows(tx, context.organization.id, plan, piece.rows),
  );
  found.rows += piece.count;
  found.wrong += piece.wrong + errors.length;
  found.creates += creates.length;
  found.updates += changes.length;
  addErrors(
    found,
    [...piece.errors, ...errors].sort((a, b) => a.line - b.line),
  );
  const shown = [
    ...creates.slice(0, PREVIEW_ROWS).map((row) => ({ action: "create" as const, row })),
    ...changes.slice(0, PREVIEW_ROWS).map(({ row }) => ({ action: "update" as const, row })),
  ].sort((a, b) => a.row.line - b.row.line);
  for (const { action, row } of shown)
    if (found.preview.length < PREVIEW_ROWS)
      found.preview.push({ line: row.line, action, values: valuesOf(plan, row) });
  if (found.rows < DRY_RUN_ROWS_MAX) return;
  found.is_whole = false;
  throw new Enough();
}

function valuesOf({ columns }: Plan, { cells }: PlanRow): Record<string, string | null> {
  return Object.fromEntries(
    columns.flatMap(({ name }, place) => {
      const cell = cells[place];
      return cell === undefined ? [] : [[name, cell]];
    }),
  );
}

function addErrors(found: DryRun, errors: readonly RowError[]): void {
  found.errors_total += errors.length;
  for (const error of errors.slice(0, ERRORS_SHOWN_MAX - found.errors.length))
    found.errors.push({ ...error, row: null });
}

async function headOf(pieces: AsyncIterator<Buffer>): Promise<Buffer[]> {
  const head: Buffer[] = [];
  for (let bytes = 0; bytes < HEAD_BYTES; ) {
    const { done, value } = await pieces.next();
    if (done) break;
    head.push(value);
    bytes += value.length;
  }
  return head;
}

async function* listed(head: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* head;
}

async function* joined(head: readonly Buffer[], others: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* head;
  yield* { [Symbol.asyncIterator]: () => others };
}
