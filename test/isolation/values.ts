import { candidateValues, randomStart } from "./candidates.ts";
import type { Column, Relation } from "./catalog.ts";
import { type Making, noRow, type Row } from "./making.ts";

/** Gives every column a value that must have one, would not get one by itself, and is not `elsewhere` given one. */
export async function fillColumns(making: Making, table: Relation, values: Row, elsewhere: string[]): Promise<void> {
  const start = randomStart();
  for (const [place, column] of table.columns.entries()) {
    const given = column.name in values || elsewhere.includes(column.name);
    if (given || !column.notNull || column.hasDefault || column.generated) continue;
    values[column.name] = await chooseValue(making, table, column, candidateValues(column, place, start));
  }
}

/** The first of the candidates that the column's checks let through. */
async function chooseValue(
  { admin }: Making,
  table: Relation,
  column: Column,
  candidates: unknown[],
): Promise<unknown> {
  if (candidates.length === 0) throw noRow(table, [`nothing is known of the type ${column.type} of ${column.name}`]);
  if (column.checks.length === 0) return candidates[0];
  const { rows } = await admin.query<{ place_tried: string }>(
    `select place_tried from jsonb_array_elements($1::jsonb) with ordinality as candidates (value_tried, place_tried)
     cross join lateral jsonb_populate_record(null::${table.name}, jsonb_build_object($2::text, value_tried))
     where ${column.checks.join(" and ")} order by place_tried limit 1`,
    [JSON.stringify(candidates), column.name],
  );
  const [chosen] = rows;
  if (!chosen) throw noRow(table, [`no known value of ${column.name} passes ${column.checks.join(" and ")}`]);
  return candidates[Number(chosen.place_tried) - 1];
}
