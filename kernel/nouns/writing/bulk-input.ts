import { z } from "zod";
import { type FieldFault, Problem } from "../../errors.ts";
import { faultsOf } from "../../http/problem-document.ts";
import { countUnknown } from "../../http/unknown-fields.ts";
import type { Noun, Write } from "../noun.ts";
import { BULK_ROWS_MAX, bulkRowShapes } from "./bulk-shapes.ts";

/** Of a row with more columns that nobody knows just that is told, and of so many wrong rows which columns they may have meant. */
const UNKNOWN_TOLD_MAX = 20;
const SUGGESTED_MAX = 100;
const TOO_MANY_UNKNOWN: FieldFault[] = [{ field: "", message: "Most of its columns are not known here." }];

/** A row that came at a place of its list, from 0. */
export type PlacedRow = { place: number; row: object };

/** The rows of one verb: those that are right by themselves, and what is wrong with the others, by place. */
export type BulkPart = { verb: Write; size: number; rows: PlacedRow[]; refused: Map<number, Problem> };

/** Checks each row of a call by itself. Throws invalid for too many rows or none. */
export function readBulk(noun: Noun, body: Record<string, unknown>): BulkPart[] {
  const parts = [...bulkRowShapes(noun)].map(([verb, shape]) =>
    partOf(noun, verb, shape, (body[verb] ?? []) as unknown[]),
  );
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (size === 0) throw new Problem("invalid", { detail: "There are no rows in it." });
  if (size > BULK_ROWS_MAX) {
    throw new Problem("invalid", {
      detail: `These are ${size} rows, and a call takes at most ${BULK_ROWS_MAX}.`,
      hint: "Send several calls, or import a file.",
    });
  }
  return parts;
}

function partOf(noun: Noun, verb: Write, shape: z.ZodObject, given: readonly unknown[]): BulkPart {
  const refused = new Map<number, Problem>();
  const rows: PlacedRow[] = [];
  const places = new Map<string, number>();
  const strict = shape.catchall(z.never());
  for (const [place, row] of given.entries()) {
    const errors = countUnknown(shape, row) > UNKNOWN_TOLD_MAX ? TOO_MANY_UNKNOWN : faultsIn(row, place);
    if (errors.length > 0) refused.set(place, new Problem("invalid", { errors }));
    else rows.push({ place, row: row as object });
  }
  return { verb, size: given.length, rows, refused };

  function faultsIn(row: unknown, place: number): FieldFault[] {
    // Which column was meant is found out for the first of them.
    const result = (refused.size < SUGGESTED_MAX ? shape : strict).safeParse(row);
    return result.success ? faultsOfRow(noun, verb, result.data, place, places) : faultsOf(result.error);
  }
}

/** What is wrong with a row that a shape alone cannot tell. */
function faultsOfRow(noun: Noun, verb: Write, row: object, place: number, places: Map<string, number>): FieldFault[] {
  if (verb === "create") return [];
  const values = row as Record<string, unknown>;
  const key = JSON.stringify(noun.key.map((name) => keyPart(noun, name, values[name])));
  const first = places.get(key);
  if (first !== undefined) return [{ field: noun.key.join(), message: `The same row is at place ${first} already.` }];
  places.set(key, place);
  const isIdle = verb === "update" && !noun.writable.some((name) => name in values);
  return isIdle ? [{ field: "", message: "Nothing is given to be changed." }] : [];
}

/** A part of a key as PostgreSQL compares it: a UUID is the same in small letters and in large ones. */
function keyPart({ facts }: Noun, name: string, value: unknown): unknown {
  return facts.columns[name]?.kind === "uuid" ? String(value).toLowerCase() : value;
}
