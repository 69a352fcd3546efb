import { type FieldFault, Problem } from "../../errors.ts";
import type { JsonText } from "../../http/route.ts";
import type { Context } from "../../tenancy/context.ts";
import { type Transaction, transaction } from "../../tenancy/transaction.ts";
import type { Noun } from "../noun.ts";
import { type BulkPart, type PlacedRow, readBulk } from "./bulk-input.ts";
import { isInUse } from "./delete.ts";
import { writeRefusalOf } from "./refusals.ts";
import { bulkStep, presentStep } from "./statements.ts";

/** So many refused rows are told where nothing is done because of them. */
const TOLD_MAX = 100;
/** So many refused rows are searched out among others; each costs some statements. */
const REFUSED_MAX = 500;
/**
 * From so many rows on, PostgreSQL plans anew how it checks foreign keys. A plan that a connection made when a table was all but
 * empty may read all of an organization's rows for each check, and is kept until the table is analyzed.
 */
const PLANNED_ANEW_ROWS = 1_000;

/**
 * Creates, updates and deletes many rows, in this order: all or nothing, or each that can be. Throws invalid or conflict with what is wrong with
 * which row where nothing is done.
 */
export async function writeMany(context: Context, noun: Noun, body: Record<string, unknown>): Promise<JsonText> {
  const isAtomic = body.atomic !== false;
  const parts = readBulk(noun, body);
  const json = await transaction(context, async (tx) => {
    // Only who is let in is told what is wrong with their rows.
    if (parts.some(({ refused }) => refused.size > 0)) await tx.query("select null");
    if (isAtomic) refuseAny(parts);
    const done = new Map<string, Map<number, string>>();
    if (parts.some(({ rows }) => rows.length >= PLANNED_ANEW_ROWS)) await tx.query("discard plans");
    for (const part of parts) done.set(part.verb, await writePart({ tx, context, noun, part, isAtomic }));
    if (isAtomic) refuseAny(parts);
    return answerOf(parts, done);
  });
  return { json };
}

type Writing = { tx: Transaction; context: Context; noun: Noun; part: BulkPart; isAtomic: boolean };

/** Writes the rows of one verb, and notes what is refused. Resolves with the results of the others as JSON, by place. */
async function writePart(writing: Writing): Promise<Map<number, string>> {
  const { part } = writing;
  const done = new Map<number, string>();
  await writeRows(writing, part.rows, done);
  const absent = part.rows.filter(({ place }) => !done.has(place) && !part.refused.has(place));
  if (absent.length > 0) await refuseAbsent(writing, absent);
  return done;
}

/** Writes rows by one statement. Where that is refused each half is tried by itself, so that a few wrong rows among many cost little. */
async function writeRows(writing: Writing, rows: readonly PlacedRow[], done: Map<number, string>): Promise<void> {
  const { tx, context, noun, part, isAtomic } = writing;
  if (rows.length === 0 || (isAtomic && part.refused.size >= TOLD_MAX)) return;
  const step = bulkStep(
    noun,
    context.organization.id,
    part.verb,
    rows.map(({ row }) => row),
  );
  await tx.query("savepoint rows");
  try {
    const { rows: results } = await tx.send(step);
    await tx.query("release savepoint rows");
    for (const [place, json] of results) done.set(rows[Number(place) - 1]?.place ?? -1, json ?? "");
  } catch (error) {
    const problem = rowRefusalOf(noun, part, error);
    if (!problem) throw error;
    await tx.query("rollback to savepoint rows");
    await tx.query("release savepoint rows");
    const [only] = rows;
    if (only && rows.length === 1) return refuse(writing, only, problem);
    const middle = Math.ceil(rows.length / 2);
    await writeRows(writing, rows.slice(0, middle), done);
    await writeRows(writing, rows.slice(middle), done);
  }
}

function rowRefusalOf(noun: Noun, { verb }: BulkPart, error: unknown): Problem | undefined {
  if (verb === "delete" && isInUse(error))
    return new Problem("conflict", { detail: "Something still depends on it.", cause: error });
  return writeRefusalOf(noun, error);
}

function refuse({ part, isAtomic }: Writing, { place }: PlacedRow, problem: Problem): void {
  part.refused.set(place, problem);
  if (isAtomic || part.refused.size <= REFUSED_MAX) return;
  throw new Problem("conflict", {
    detail: `More than ${REFUSED_MAX} rows were refused, so nothing was changed.`,
    hint: "Send fewer rows at once to be told what is wrong with each.",
  });
}

/** Rows that no statement found are not there, or not in the version that was meant. */
async function refuseAbsent(writing: Writing, rows: readonly PlacedRow[]): Promise<void> {
  const { tx, context, noun, part } = writing;
  const { rows: present } = await tx.send(
    presentStep(
      noun,
      context.organization.id,
      rows.map(({ row }) => row),
    ),
  );
  const places = new Set(present.map(([place]) => Number(place) - 1));
  for (const [index, { place }] of rows.entries()) {
    const problem = places.has(index)
      ? new Problem("changed_meanwhile", { detail: "It has another version by now." })
      : new Problem("not_found", { detail: "There is no such row." });
    part.refused.set(place, problem);
  }
}

/** Throws where a row was refused: what was done to the others is taken back. */
function refuseAny(parts: readonly BulkPart[]): void {
  const refused = parts.flatMap(({ verb, refused }) =>
    [...refused].map(([place, problem]) => ({ place: `${verb}.${place}`, problem })),
  );
  if (refused.length === 0) return;
  const isInvalid = refused.every(({ problem }) => problem.code === "invalid");
  const isMore = refused.length > TOLD_MAX;
  throw new Problem(isInvalid ? "invalid" : "conflict", {
    detail: `${isMore ? `More than ${TOLD_MAX}` : refused.length} of the rows cannot be written, so nothing was changed.`,
    hint: "Send them right, or with atomic: false to have the others written.",
    errors: refused.slice(0, TOLD_MAX).flatMap(({ place, problem }) => faultsAt(place, problem)),
  });
}

function faultsAt(place: string, { errors, message }: Problem): FieldFault[] {
  if (errors.length === 0) return [{ field: place, message }];
  return errors.map((fault) => ({ field: [place, fault.field].filter(Boolean).join("."), message: fault.message }));
}

/** The answer as JSON: PostgreSQL wrote what was done, and it is passed on. */
function answerOf(parts: readonly BulkPart[], done: Map<string, Map<number, string>>): string {
  const failed = parts.reduce((sum, { refused }) => sum + refused.size, 0);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const lists = parts.map(({ verb, size, refused }) => {
    const results = Array.from(
      { length: size },
      (_, place) => done.get(verb)?.get(place) ?? failureOf(refused.get(place)),
    );
    return `,"${verb}":[${results.join(",")}]`;
  });
  return `{"done":${size - failed},"failed":${failed}${lists.join("")}}`;
}

function failureOf(problem: Problem | undefined): string {
  if (!problem) throw new Error("A row of a bulk call has no result.");
  const { code, detail, hint, errors } = problem;
  return JSON.stringify({
    ok: false,
    code,
    ...(detail && { detail }),
    ...(hint && { hint }),
    ...(errors.length > 0 && { errors }),
  });
}
