import type pg from "pg";
import { candidateValues, literals, randomStart } from "./candidates.ts";
import type { Column, Relation } from "./catalog.ts";
import { type Making, noRow, type Row } from "./making.ts";

const CHECK_VIOLATION = "23514";
const TRIES_PER_COLUMN_MAX = 12;
/** What a row points to is given up last. */
const REFERENCE_WEIGHT = 100;

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

/** After a check over several columns refused a row: gives those of them that are free other values that pass. False when there are none. */
export async function satisfyCheck(
  { admin }: Making,
  table: Relation,
  values: Row,
  refusal: pg.DatabaseError,
  elsewhere: string[],
): Promise<boolean> {
  if (refusal.code !== CHECK_VIOLATION || !refusal.constraint) return false;
  const { rows } = await admin.query<{ condition: string; names: string[] }>(
    `select pg_get_expr(k.conbin, k.conrelid) as condition,
            array(select attname::text from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey)) as names
     from pg_constraint k where k.conrelid = $1::regclass and k.conname = $2`,
    [table.name, refusal.constraint],
  );
  const [check] = rows;
  if (!check) return false;
  const start = randomStart();
  const free = table.columns.filter(
    ({ name, generated }) => check.names.includes(name) && !generated && !elsewhere.includes(name),
  );
  const choices = free.map((column) => ({ column, tries: triesFor(table, column, values, start, check.condition) }));
  const joins = choices.map(
    (_, place) => `cross join jsonb_array_elements($${place + 2}::jsonb) with ordinality as c${place} (value, place)`,
  );
  const picked = choices.map(({ column }, place) => `'${column.name}', c${place}.value`).join(", ");
  const conditions = ["true", ...free.flatMap(({ checks }) => checks)].map(
    (condition) => `(${condition}) is not false`,
  );
  const places = choices.map(
    ({ column }, place) => `c${place}.place * ${isReference(table, column) ? REFERENCE_WEIGHT : 1}`,
  );
  const order = [["0", ...places].join(" + "), ...places].join(", ");
  const { rows: found } = await admin.query<{ picked: Row }>(
    `select picked from (select 1) one ${joins.join(" ")}
     cross join lateral jsonb_build_object(${picked}) as picked
     cross join lateral jsonb_populate_record(null::${table.name}, $1::jsonb || picked)
     where (${check.condition}) and ${conditions.join(" and ")} order by ${order} limit 1`,
    [JSON.stringify(values), ...choices.map(({ tries }) => JSON.stringify(tries))],
  );
  Object.assign(values, found[0]?.picked);
  return found.length > 0;
}

function isReference({ foreignKeys }: Relation, { name }: Column): boolean {
  return foreignKeys.some(({ columns }) => columns.includes(name));
}

/** What a column has, nothing where it may be empty, and what its type suggests; what points to a row only points to it or not. */
function triesFor(table: Relation, column: Column, values: Row, start: Date, condition: string): unknown[] {
  const own = values[column.name] ?? null;
  const empty = column.notNull ? [] : [null];
  if (isReference(table, column)) return own === null ? [null] : [own, ...empty];
  const place = table.columns.indexOf(column);
  const listed = column.category === "S" ? literals([...column.checks, condition]) : [];
  const suggested = [...listed, ...candidateValues({ ...column, checks: [...column.checks, condition] }, place, start)];
  return [...(own === null ? [] : [own]), ...empty, ...suggested].slice(0, TRIES_PER_COLUMN_MAX);
}
