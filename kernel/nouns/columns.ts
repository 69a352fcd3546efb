import type { ColumnFacts } from "../database/facts.ts";
import type { EnteringRole } from "../tenancy/context.ts";
import type { Noun } from "./noun.ts";

/** A name in SQL. It is one of the catalog's, never a caller's. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The table in SQL. */
export function tableOf({ table }: Noun): string {
  return table.split(".").map(quoted).join(".");
}

/** A column as it is answered: integers that JavaScript would bend go out as text. */
function answered(name: string, { kind }: ColumnFacts, from = ""): string {
  const column = `${from}${quoted(name)}`;
  if (kind !== "bigint" || name === "version") return `${column}`;
  return `case when ${column} between -9007199254740991 and 9007199254740991 then to_json(${column}) else to_json(${column}::text) end as ${quoted(name)}`;
}

/** The columns that a role sees: to those who see a part of the rows, some are not shown. */
export function columnsFor({ columns }: Noun, role: EnteringRole): string[] {
  const isNarrow = role === "own" || role === "client";
  return Object.keys(columns).filter((name) => !isNarrow || !columns[name]?.hiddenFrom?.includes(role));
}

/** The columns of a noun as they are answered, for a select list. */
export function answeredColumns(
  noun: Noun,
  names: readonly string[] = Object.keys(noun.columns),
  from: string | undefined = undefined,
): string {
  return names
    .flatMap((name) => {
      const column = noun.columns[name];
      return column ? [answered(name, column, from)] : [];
    })
    .join(", ");
}

/** The condition that finds one row: `$1` is the organization, and `first` the number of the key's first parameter. */
export function keyCondition(noun: Noun, first = 2, from = ""): string {
  const key = noun.key.map((name, place) => `${from}${quoted(name)} = $${first + place}`);
  return [`${from}organization_id = $1`, ...key].join(" and ");
}
