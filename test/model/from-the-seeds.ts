/** A row of the tables in docs/from-the-seeds: what another system named, and where that is in Tenon. */
export type Row = { section: string; theirs: string; ours: string; why: string };

const CODE = /`([^`]+)`/g;
const NOWHERE = "—";

/** What stands in backticks. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(CODE)].map(([, code = ""]) => code);
}

/** The rows of all tables of a document, each under the heading it stands below, without its backticks. */
export function rowsOf(document: string): Row[] {
  let section = "";
  const rows: Row[] = [];
  for (const line of document.split("\n")) {
    if (line.startsWith("## ")) section = line.slice(3).replaceAll("`", "").replace("View ", "");
    if (!line.startsWith("| ") || /^\| (?:---|theirs )/.test(line)) continue;
    const [theirs = "", ours = "", why = "", ...more] = line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
    if (more.length > 0) throw new Error(`Too many cells: ${line}`);
    rows.push({ section, theirs, ours, why });
  }
  return rows;
}

/** What is wrong with the rows, given every place there is: unknown places, and those that are neither a place nor told off. */
export function faultsOf(rows: Row[], places: ReadonlySet<string>): string[] {
  return rows.flatMap((row) => {
    const label = `${row.section}, ${row.theirs}`;
    if (row.ours === NOWHERE) return row.why ? [] : [`${label}: does not say why it has no place`];
    const named = codesIn(row.ours);
    if (named.length === 0) return [`${label}: names no place`];
    return named.filter((place) => !isThere(place, places)).map((place) => `${label}: ${place} does not exist`);
  });
}

/** A value of a column is one that a check or the default of the column names. */
function isThere(place: string, places: ReadonlySet<string>): boolean {
  const [, column, kind, value] = /^(\S+) (=|default) (.+)$/.exec(place) ?? [];
  if (!column || !kind || !value) return places.has(place);
  const prefix = `${column} ${kind} `;
  return [...places].some((known) => known.startsWith(prefix) && namesValue(known.slice(prefix.length), value));
}

/** Whether an expression names a value as a word of its own. */
function namesValue(expression: string, value: string): boolean {
  const literal = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<!\\w)${literal}(?!\\w)`).test(expression);
}

/** The tables and columns that a document does not name. */
export function missingFrom(rows: Row[], tables: Record<string, string>): string[] {
  return Object.entries(tables).flatMap(([table, columns]) => {
    const named = rows.filter(({ section }) => section === table);
    if (named.length === 0) return [`${table} is not named`];
    const theirs = new Set(named.flatMap((row) => codesIn(row.theirs)));
    return columns
      .split(/\s+/)
      .filter((column) => !theirs.has(column))
      .map((column) => `${table}.${column} is not named`);
  });
}

/** The roles and permissions that are spoken of as such. */
export function namedIn(document: string, kind: "role" | "permission"): string[] {
  return [...document.matchAll(new RegExp(`\\b${kind} \`([^\`]+)\``, "g"))].map(([, name = ""]) => name);
}
