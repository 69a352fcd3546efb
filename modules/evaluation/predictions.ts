import { quote } from "../../kernel/import/fault.ts";
import { formatCount, LINE_BYTES_MAX } from "../../kernel/import/limits.ts";
import { type RowsRead, readNamedRows, textOf } from "../../kernel/import/named-rows.ts";
import { readLabel } from "../datasets/public.ts";
import { PREDICTION_FILE_BYTES_MAX, PREDICTION_ROWS_MAX } from "./contract.ts";

const LIMITS = { fileBytes: PREDICTION_FILE_BYTES_MAX, lineBytes: LINE_BYTES_MAX, rows: PREDICTION_ROWS_MAX };

/** Position and id of an item. */
export type ItemKey = readonly [position: number, id: string];

/** A file of predictions: the label of each item by its place among the keys, where it has one. */
export type Predictions = { read: RowsRead; labels: (string | undefined)[]; predicted: number };

/** Reads predictions of these items. Each row names its item by `id` or `position`, and gives a `label`; an item has one row or none. */
export async function readPredictions(
  body: AsyncIterable<Buffer>,
  format: "csv" | "jsonl",
  keys: readonly ItemKey[],
): Promise<Predictions> {
  const find = openFinder(keys);
  const labels = new Array<string | undefined>(keys.length);
  const lines = new Array<number | undefined>(keys.length);
  const read = await readNamedRows(body, format, LIMITS, {
    faultOfColumns: (names) =>
      names.includes("label") && (names.includes("id") || names.includes("position"))
        ? undefined
        : 'The first line must name the columns "id" or "position", and "label".',
    row: (line, cell, refuse) => {
      const { column, place, fault } = find(cell("id"), cell("position"));
      const first = lines[place];
      if (fault) refuse(column, fault);
      else if (first) refuse(column, `Line ${formatCount(first)} predicts this item already. Delete one of the two.`);
      else lines[place] = line;
      const given = readLabel(cell("label"), "label");
      if ("fault" in given) refuse("label", given.fault);
      else if (!fault) labels[place] = given.label;
    },
  });
  return { read, labels, predicted: labels.filter((label) => label !== undefined).length };
}

type Found = { column: "id" | "position"; place: number; fault?: string };

/** Finds the place of an item among the keys by its id, or else by its position. */
function openFinder(keys: readonly ItemKey[]): (id: unknown, position: unknown) => Found {
  const places = {
    id: new Map(keys.map(([, id], place) => [id, place])),
    position: new Map(keys.map(([position], place) => [String(position), place])),
  };
  return (id, position) => {
    const column = textOf(id)?.trim() ? "id" : "position";
    const name = textOf(column === "id" ? id : position)
      ?.trim()
      .toLowerCase();
    const place = places[column].get(name ?? "") ?? -1;
    if (!name) return { column, place, fault: 'The row names no item. Give its "id" or its "position".' };
    return place < 0
      ? { column, place, fault: `This benchmark has no item with the ${column} ${quote(name)}.` }
      : { column, place };
  };
}
