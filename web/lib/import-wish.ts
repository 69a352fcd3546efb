import {
  type DryRun,
  type Format,
  type ImportQuery,
  LINE_COLUMN,
  type Target,
} from "../../modules/imports/contract.ts";

export type Column = Target["columns"][number];

/** A file, and how its rows become those of a table. */
export type Wish = {
  target: Target;
  file: File;
  format: Format;
  /** Of CSV; where none is said, the header tells. */
  delimiter: string | undefined;
  /** Column of the table → column of the file; what the server proposes until somebody changes it. */
  mapping: Readonly<Record<string, string>> | undefined;
  /** Column of the table → the value of every row, as it was typed. */
  constants: Readonly<Record<string, string>>;
  key: readonly string[];
  onError: ImportQuery["on_error"];
};

/** Where the values of a column come from. */
export type Source = { kind: "nowhere" | "line" | "constant" } | { kind: "file"; column: string };

/** A dry run looks at so much of a file: whatever is changed is looked at again, and soon. */
const HEAD_BYTES = 4_000_000;

const FORMATS: [ending: RegExp, format: Format][] = [
  [/\.(jsonl|ndjson)$/i, "ndjson"],
  [/\.json$/i, "json"],
];

/** What is wished for a file before anybody changes it: rows that only verbs make are changed, so they are told apart by their key. */
export function wishOf(target: Target, file: File): Wish {
  return {
    target,
    file,
    format: FORMATS.find(([ending]) => ending.test(file.name))?.[1] ?? "csv",
    delimiter: undefined,
    mapping: undefined,
    constants: {},
    key: target.makes ? [] : target.columns.filter(({ is_key }) => is_key).map(({ name }) => name),
    onError: "stop",
  };
}

/** The query that asks for it. Constants that nobody has typed yet are left out. */
export function queryOf({ target, format, delimiter, mapping, constants, key, onError }: Wish): ImportQuery {
  const typed = Object.entries(constants).filter(([, text]) => text.trim() !== "");
  return {
    noun: target.noun,
    format,
    ...(format === "csv" && { delimiter }),
    mapping,
    constants: Object.fromEntries(typed.map(([name, text]) => [name, jsonOf(target, name, text)])),
    ...(key.length > 0 && { key: [...key] }),
    on_error: onError,
  };
}

/** As much of the file as a dry run looks at. */
export function headOf({ file }: Wish): { file: Blob; is_head: boolean } {
  return { file: file.slice(0, HEAD_BYTES), is_head: file.size > HEAD_BYTES };
}

/** The columns that rows may bring: those of new ones, and the key of those that are there. */
export function columnsOf({ target, key }: Wish): Column[] {
  return target.columns.filter(({ name, is_created }) => is_created || key.includes(name));
}

/** Where a column's values come from, as it is wished or else proposed. */
export function sourceOf({ mapping, constants }: Wish, proposed: DryRun | undefined, name: string): Source {
  if (name in constants) return { kind: "constant" };
  const column = (mapping ?? proposed?.mapping)?.[name];
  if (column === undefined) return { kind: "nowhere" };
  return column === LINE_COLUMN ? { kind: "line" } : { kind: "file", column };
}

/** The wish with another source of a column. */
export function withSource(wish: Wish, proposed: DryRun | undefined, column: Column, source: Source): Wish {
  const { [column.name]: _, ...mapping } = wish.mapping ?? proposed?.mapping ?? {};
  const { [column.name]: known = firstValueOf(column), ...constants } = wish.constants;
  if (source.kind === "nowhere") return { ...wish, mapping, constants };
  if (source.kind === "constant") return { ...wish, mapping, constants: { ...constants, [column.name]: known } };
  const from = source.kind === "file" ? source.column : LINE_COLUMN;
  return { ...wish, mapping: { ...mapping, [column.name]: from }, constants };
}

/** The wish with another key. A column that only tells rows apart comes from the one of its name, and goes when it does not. */
export function withKey(wish: Wish, proposed: DryRun | undefined, key: readonly string[]): Wish {
  if (!wish.mapping) return { ...wish, key };
  const { columns = [] } = proposed ?? {};
  const isOnlyKey = (name: string) => wish.target.columns.some((one) => one.name === name && !one.is_created);
  const kept = Object.entries(wish.mapping).filter(([name]) => !isOnlyKey(name) || key.includes(name));
  const added = key.filter((name) => isOnlyKey(name) && columns.includes(name)).map((name) => [name, name] as const);
  return { ...wish, key, mapping: Object.fromEntries([...added, ...kept]) };
}

function firstValueOf({ kind, values }: Column): string {
  return values?.[0] ?? (kind === "boolean" ? "true" : "");
}

/** A value as it was typed, as JSON has it. What is none of its kind is sent as it is: the server says why not. */
function jsonOf({ columns }: Target, name: string, text: string): NonNullable<ImportQuery["constants"]>[string] {
  const { kind } = columns.find((column) => column.name === name) ?? {};
  if (kind === "boolean") return text === "true";
  if (kind === "texts")
    return text
      .split(";")
      .map((word) => word.trim())
      .filter(Boolean);
  if (kind === "number" || kind === "integer") return Number.isNaN(Number(text)) ? text : Number(text);
  if (kind !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A name of the API in words: `assigned_to` as "Assigned to", `crm.customer` as "Customer (crm)". */
export function wordsOf(name: string): string {
  const [module, noun] = name.includes(".") ? name.split(".") : [undefined, name];
  const words = (noun ?? "").replaceAll("_", " ");
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return module === undefined ? title : `${title} (${module})`;
}
