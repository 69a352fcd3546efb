import { createHash } from "node:crypto";
import { sentenceOf } from "./columns.ts";
import { columnNamed, type Entity } from "./design.ts";

/** A key of a table: its name, its columns with the organization first, and what it is for. */
export type Key = { name: string; columns: string[]; purpose: string };

/** PostgreSQL cuts what is longer, and two names could become one. */
const NAME_LENGTH_MAX = 63;
const MARK_LENGTH = 6;

/** The unique constraints of an entity: of its fields, of relations that one row has at most, and of its own sets. */
export function uniquesOf(entity: Entity): Key[] {
  const sets = [
    ...entity.relations.filter(({ unique }) => unique).map(({ name }) => [name]),
    ...entity.fields.filter(({ unique }) => unique).map(({ name }) => [name]),
    ...entity.unique,
  ];
  return different(
    sets.map((fields) => ({
      name: nameOf(entity, "one", fields),
      columns: columnsFor(entity, fields),
      purpose: `An organization has one row of each ${wordsFor(fields)}.`,
    })),
  );
}

/**
 * The indexes of an entity: those it asks for, one for each relation, so that deleting what is named needs not read
 * everything, and one for its states. What another one does already is left out, because every index costs at every write.
 */
export function indexesOf(entity: Entity): Key[] {
  const asked = entity.indexes.map(({ fields, purpose }) => keyBy(entity, fields, purpose));
  const related = entity.relations.map(({ name }) => keyBy(entity, [name], ""));
  const states = entity.states
    ? [{ ...keyBy(entity, [entity.states.field], ""), columns: ["organization_id", entity.states.field, "created_at"] }]
    : [];
  const all = different([...asked, ...states, ...related]);
  const uniques = uniquesOf(entity);
  return all.filter((key) => {
    const others = [...uniques, ...all.filter((other) => other !== key && other.columns.length > key.columns.length)];
    return !others.some(({ columns }) => key.columns.every((column, place) => columns[place] === column));
  });
}

function keyBy(entity: Entity, fields: string[], purpose: string): Key {
  return {
    name: nameOf(entity, "by", fields),
    columns: columnsFor(entity, fields),
    purpose: purpose === "" ? `Finds the rows of a ${wordsFor(fields)}.` : sentenceOf(purpose),
  };
}

function columnsFor(entity: Entity, fields: string[]): string[] {
  return ["organization_id", ...fields.map((name) => columnNamed(entity, name) ?? name)];
}

function wordsFor(fields: string[]): string {
  return fields.map((name) => name.replaceAll("_", " ")).join(" and ");
}

function nameOf({ name }: Entity, kind: "by" | "one", fields: string[]): string {
  const whole = `${name}_${kind}_${fields.join("_")}`;
  if (whole.length <= NAME_LENGTH_MAX) return whole;
  const mark = createHash("sha256").update(whole).digest("hex").slice(0, MARK_LENGTH);
  return `${whole.slice(0, NAME_LENGTH_MAX - MARK_LENGTH - 1)}_${mark}`;
}

/** Each set of columns once: the first that has it. */
function different(keys: Key[]): Key[] {
  const textOf = ({ columns }: Key) => columns.join(" ");
  return keys.filter((key, place) => keys.findIndex((other) => textOf(other) === textOf(key)) === place);
}
