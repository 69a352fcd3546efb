import type { Step } from "../../database/batch.ts";
import { answeredColumns, keyCondition, quoted, tableOf } from "../columns.ts";
import { hasVersion, type Noun, type Write } from "../noun.ts";

/*
  What is written comes as one JSON value, so that a noun has one text for each operation whichever columns are given: PostgreSQL keeps
  it prepared, and a thousand rows with different columns are one statement. `given` is a row as it came, `p` the same as a row of the table.
*/

/** One row, and where it stands: `$2` is it. */
const ONE = (noun: Noun) => `(select $2::jsonb as given, 1 as place) e cross join lateral ${readAs(noun)}`;
/** Many rows, each with its place from 1: `$2` is the list of them. */
const MANY = (noun: Noun) =>
  `jsonb_array_elements($2::jsonb) with ordinality e (given, place) cross join lateral ${readAs(noun)}`;

function readAs(noun: Noun): string {
  return `jsonb_populate_record(null::${tableOf(noun)}, e.given) p`;
}

/** What a column gets: what was given for it, or else something. */
function given(name: string, otherwise: string): string {
  return `case when e.given ? '${name.replaceAll("'", "''")}' then p.${quoted(name)} else ${otherwise} end`;
}

/** The insert; what it made is `made`, and `incoming` what it was given, in order. A column that is left out gets its default. */
function insertion(noun: Noun, rows: string): string {
  const names = [...new Set([...noun.key, ...noun.creatable])];
  const values = names.map((name) => {
    const fallback = noun.facts.columns[name]?.default;
    const value = fallback === undefined ? `p.${quoted(name)}` : given(name, fallback);
    return `${value} as ${quoted(name)}`;
  });
  const columns = names.map(quoted).join(", ");
  return `incoming as materialized (select e.place, ${values.join(", ")} from ${rows}),
    made as (insert into ${tableOf(noun)} as r (organization_id, ${columns}) select $1, ${columns} from incoming order by place returning ${returned(noun)})`;
}

/** The update of rows that `condition` finds; what it changed is `changed`. A column that is left out stays as it is. */
function change(noun: Noun, rows: string, condition: string): string {
  const values = noun.writable.map((name) => `${quoted(name)} = ${given(name, `r.${quoted(name)}`)}`);
  return `changed as (update ${tableOf(noun)} r set ${values.join(", ")} from ${rows} where ${condition} returning e.place, ${returned(noun)})`;
}

/** Columns that are in both the table and what was given are the table's here. */
function returned(noun: Noun): string {
  return [...new Set([...noun.key, ...Object.keys(noun.columns)])].map((name) => `r.${quoted(name)}`).join(", ");
}

/** The version as it is answered beside the row. */
function versionOf(noun: Noun, from: string): string {
  return hasVersion(noun) ? `${from}."version"` : "null";
}

/** Says a row again as it is answered: its JSON, its version, and its key. */
function answer(noun: Noun, from: string): string {
  const key = noun.key.map((name) => `k.${quoted(name)}::text`).join(", ");
  return `select (select row_to_json(a)::text from (select ${answeredColumns(noun)} from (select k.*) as s) a), ${versionOf(noun, "k")}, ${key} from ${from} k`;
}

/** What finds the row of a path in the version that the caller knows, if one: the key begins at `first`, and the version follows it. */
function known(noun: Noun, first: number): string {
  const key = keyCondition(noun, first, "r.");
  return hasVersion(noun)
    ? `${key} and ($${first + noun.key.length}::bigint is null or r."version" = $${first + noun.key.length})`
    : key;
}

/** The same for rows that name themselves, and may name the version. */
function knownByRow(noun: Noun): string {
  const key = ["organization_id", ...noun.key].map(
    (name) => `r.${quoted(name)} = ${name === "organization_id" ? "$1" : `p.${quoted(name)}`}`,
  );
  return [...key, ...(hasVersion(noun) ? [`(p."version" is null or r."version" = p."version")`] : [])].join(" and ");
}

/** Keeps what is made of a noun once. */
function perNoun<T>(make: (noun: Noun) => T): (noun: Noun) => T {
  const made = new WeakMap<Noun, T>();
  return (noun) => {
    const value = made.get(noun) ?? make(noun);
    made.set(noun, value);
    return value;
  };
}

/** A row's key in its path, and the version that the caller knows. */
export type Known = { key: Record<string, string>; ifVersion?: string | undefined };

function knownValues(noun: Noun, { key, ifVersion }: Known): unknown[] {
  return [...noun.key.map((name) => key[name]), ...(hasVersion(noun) ? [ifVersion ?? null] : [])];
}

const createText = perNoun((noun) => `with ${insertion(noun, ONE(noun))} ${answer(noun, "made")}`);
const updateText = perNoun((noun) => `with ${change(noun, ONE(noun), known(noun, 3))} ${answer(noun, "changed")}`);
const deleteText = perNoun((noun) => `delete from ${tableOf(noun)} r where ${known(noun, 2)} returning 1`);
const binText = perNoun(
  (noun) =>
    `update ${tableOf(noun)} r set ${binOf(noun)} = now() where ${known(noun, 2)} and ${binOf(noun)} is null returning 1`,
);
const restoreText = perNoun(
  (noun) =>
    `with changed as (update ${tableOf(noun)} r set ${binOf(noun)} = null where ${known(noun, 2)} and ${binOf(noun)} is not null returning ${returned(noun)}) ${answer(noun, "changed")}`,
);

function binOf({ bin = "" }: Noun): string {
  return quoted(bin);
}

/** Makes a row; answers its JSON, version and key. */
export function createStep(noun: Noun, organization: string, row: object): Step {
  return { text: createText(noun), values: [organization, JSON.stringify(row)], fixed: true };
}

/** Changes a row; answers its JSON, version and key, or nothing where there is no such row in this version. */
export function updateStep(noun: Noun, organization: string, row: object, known: Known): Step {
  const values = [organization, JSON.stringify(row), ...knownValues(noun, known)];
  return { text: updateText(noun), values, fixed: true };
}

/** Deletes a row, or puts it into the bin where there is one; answers nothing where there is no such row in this version. */
export function deleteStep(noun: Noun, organization: string, known: Known): Step {
  const text = noun.bin ? binText(noun) : deleteText(noun);
  return { text, values: [organization, ...knownValues(noun, known)], fixed: true };
}

/** Takes a row out of the bin; answers its JSON, version and key, or nothing where it is not there in this version. */
export function restoreStep(noun: Noun, organization: string, known: Known): Step {
  return { text: restoreText(noun), values: [organization, ...knownValues(noun, known)], fixed: true };
}

const bulkTexts: Record<Write, (noun: Noun) => string> = {
  create: perNoun((noun) => {
    const same = noun.key.map((name) => `m.${quoted(name)} = i.${quoted(name)}`).join(" and ");
    return `with ${insertion(noun, MANY(noun))} select ${report(noun, "i.place", "m")} from incoming i join made m on ${same}`;
  }),
  update: perNoun(
    (noun) =>
      `with ${change(noun, MANY(noun), knownByRow(noun))} select ${report(noun, "c.place", "c")} from changed c`,
  ),
  delete: perNoun((noun) => {
    const where = `where ${knownByRow(noun)}`;
    return noun.bin
      ? `with changed as (update ${tableOf(noun)} r set ${binOf(noun)} = coalesce(r.${binOf(noun)}, now()) from ${MANY(noun)} ${where} returning e.place, ${returned(noun)}) select ${report(noun, "c.place", "c")} from changed c`
      : `with changed as (delete from ${tableOf(noun)} r using ${MANY(noun)} ${where} returning e.place, ${returned(noun)}) select ${report(noun, "c.place", "c")} from changed c`;
  }),
};

/** The place of a row, and as JSON what is told of it: its key, and its version. */
function report(noun: Noun, place: string, from: string): string {
  const names = [...noun.key, ...(hasVersion(noun) ? ["version"] : [])];
  const told = names.map((name) => `'${name.replaceAll("'", "''")}', ${from}.${quoted(name)}`);
  return `${place}, json_build_object('ok', true, ${told.join(", ")})::text`;
}

/** Does something to many rows; answers the place (from 1) and the result as JSON of each that it was done to. */
export function bulkStep(noun: Noun, organization: string, verb: Write, rows: readonly object[]): Step {
  return { text: bulkTexts[verb](noun), values: [organization, JSON.stringify(rows)], fixed: true };
}

/** Which of many rows are there, whatever their version; answers the places. */
export function presentStep(noun: Noun, organization: string, rows: readonly object[]): Step {
  return { text: presentText(noun), values: [organization, JSON.stringify(rows)], fixed: true };
}

const presentText = perNoun((noun) => {
  const same = noun.key.map((name) => `r.${quoted(name)} = p.${quoted(name)}`).join(" and ");
  return `select e.place from ${MANY(noun)} where exists (select from ${tableOf(noun)} r where r.organization_id = $1 and ${same})`;
});
