import { type FieldFault, Problem } from "../../kernel/errors.ts";
import type { FileRow } from "../../kernel/import/rows.ts";
import { type CellReader, cellReader, isFault } from "../../kernel/nouns/cells.ts";
import type { Noun } from "../../kernel/nouns/noun.ts";
import { LINE_COLUMN } from "./contract.ts";

/** So many faults of a row are told. */
const ROW_FAULTS_MAX = 10;

/** How the rows of a file become those of a noun. */
export type Wish = {
  /** Column of the noun → column of the file, or `#line`. */
  mapping: Readonly<Record<string, string>>;
  /** Column of the noun → the value that it has in every row. */
  constants: Readonly<Record<string, unknown>>;
  /** The columns that tell which row of the noun one of the file is. */
  key: readonly string[];
};

/** A column of the noun that rows bring. */
type PlanColumn = {
  name: string;
  type: string;
  /** The column of the file. */
  from: string | null;
  references: string | undefined;
  isCreated: boolean;
  isUpdated: boolean;
  read(row: FileRow, line: number): ReturnType<CellReader["text"]>;
};

/** An import, compiled: made once, used for every row. */
export type Plan = {
  noun: Noun;
  columns: readonly PlanColumn[];
  /** The places of the key among the columns; none where every row is new. */
  key: readonly number[];
  /** Whether the key is the primary key, which nobody but the database gives: then no row is new. */
  isUpdateOnly: boolean;
};

/** A row that is right as far as it can be told from itself; cells in the order of the plan's columns. */
export type PlanRow = { line: number; cells: (string | null | undefined)[] };

/**
 * Makes the plan. `columns` are those of the file, where it has a header. Throws invalid, with every fault by its field:
 * `mapping.email`, `constants.source`, `key`.
 */
export function makePlan(noun: Noun, wish: Wish, columns?: readonly string[]): Plan {
  const faults: FieldFault[] = [];
  const isUpdateOnly = wish.key.some((name) => noun.key.includes(name) && !noun.creatable.includes(name));
  if (!isUpdateOnly && !noun.writes.includes("create")) {
    const message = `Rows of ${noun.name} are made by operations of their own. To change those that are there, name their key: ${noun.key.join(",")}.`;
    faults.push({ field: "key", message });
  }
  const allowed = new Set([...noun.creatable, ...wish.key.filter((name) => noun.key.includes(name))]);
  const known = (field: string, name: string) => {
    if (allowed.has(name)) return true;
    const message = `Rows of ${noun.name} have no column "${name}" that can be imported. There are: ${[...noun.creatable].join(", ")}.`;
    faults.push({ field: `${field}.${name}`, message });
    return false;
  };
  const mapped = Object.entries(wish.mapping).flatMap(([name, from]) => {
    if (!known("mapping", name)) return [];
    const place = columns?.indexOf(from);
    if (place === -1 && from !== LINE_COLUMN)
      faults.push({ field: `mapping.${name}`, message: `The file has no column "${from}".` });
    return [mappedColumn(noun, name, from, place, isUpdateOnly)];
  });
  const constant = Object.entries(wish.constants).flatMap(([name, value]) => {
    if (!known("constants", name)) return [];
    if (name in wish.mapping)
      faults.push({ field: `constants.${name}`, message: "It is mapped to a column of the file already." });
    const cell = readerOf(noun, name).json(value);
    if (isFault(cell)) faults.push({ field: `constants.${name}`, message: cell.fault });
    return [{ ...targetOf(noun, name), from: null, read: () => cell }];
  });
  const all = [...mapped, ...constant];
  for (const name of wish.key)
    if (!mapped.some((column) => column.name === name))
      faults.push({
        field: "key",
        message: `"${name}" must be mapped to a column of the file: rows are told apart by it.`,
      });
  if (!isUpdateOnly)
    faults.push(
      ...missingColumns(
        noun,
        all.map(({ name }) => name),
      ),
    );
  if (faults.length > 0) throw new Problem("invalid", { errors: faults });
  return {
    noun,
    columns: all,
    key: wish.key.map((name) => all.findIndex((column) => column.name === name)),
    isUpdateOnly,
  };
}

function missingColumns(noun: Noun, names: readonly string[]): FieldFault[] {
  return noun.creatable
    .filter((name) => {
      const { nullable, optional } = noun.facts.columns[name] ?? {};
      return !nullable && !optional && !names.includes(name);
    })
    .map((name) => ({
      field: `mapping.${name}`,
      message: "Every row needs it. Map a column of the file to it, or give it a constant.",
    }));
}

function mappedColumn(
  noun: Noun,
  name: string,
  from: string,
  place: number | undefined,
  mayBeLeftOut: boolean,
): PlanColumn {
  const reader = readerOf(noun, name, mayBeLeftOut);
  const target = { ...targetOf(noun, name), from };
  if (from === LINE_COLUMN) return { ...target, read: (_, line) => reader.text(String(line)) };
  const read =
    place === undefined
      ? (row: FileRow) => reader.json(Object.hasOwn(row, from) ? (row as Record<string, unknown>)[from] : undefined)
      : (row: FileRow) => reader.text((row as readonly string[])[place] ?? "");
  return { ...target, read };
}

function targetOf(noun: Noun, name: string) {
  const { type = "text", references } = noun.facts.columns[name] ?? {};
  return {
    name,
    type,
    references,
    isCreated: noun.writes.includes("create") && noun.creatable.includes(name),
    isUpdated: noun.writes.includes("update") && noun.writable.includes(name),
  };
}

function readerOf(noun: Noun, name: string, mayBeLeftOut = false): CellReader {
  const facts = noun.facts.columns[name];
  if (!facts) throw new Error(`${noun.table} has no column ${name}.`);
  const reader = cellReader(facts);
  if (mayBeLeftOut || facts.nullable || facts.optional) return reader;
  // What every row needs is missing where JSON leaves it out.
  return { ...reader, json: (given) => (given === undefined ? { fault: "It is missing." } : reader.json(given)) };
}

/** Reads a row by the plan; tells each of its faults, or resolves with what it brings. */
export function readPlanRow(
  { columns, key }: Plan,
  line: number,
  row: FileRow,
  refuse: (column: string | null, reason: string) => void,
): PlanRow | undefined {
  let faults = 0;
  const cells: PlanRow["cells"] = [];
  for (const { read, from } of columns) {
    const cell = read(row, line);
    if (!isFault(cell)) cells.push(cell);
    else if (faults++ < ROW_FAULTS_MAX) refuse(from, cell.fault);
  }
  if (faults > 0) return undefined;
  for (const place of key)
    if (cells[place] === null || cells[place] === undefined) {
      refuse(columns[place]?.from ?? null, "It is empty, and rows are told apart by it. Fill it in.");
      return undefined;
    }
  return { line, cells };
}
