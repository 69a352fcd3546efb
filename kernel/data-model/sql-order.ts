import type { Catalog, Routine, Sequence, Table, UserType } from "../database/catalog/catalog.ts";

/** Objects that are made together: types and functions, and the statements that make them in an order that works. */
type Made = { types: UserType[]; functions: Routine[]; statements: string[] };

/** What some tables need: before they are made, and after; and the sequences of their columns. */
export function needsOf(catalog: Catalog, tables: Table[]): { early: Made; late: Made; sequences: Sequence[] } {
  const objects = new Map<string, UserType | Routine>([...catalog.types, ...catalog.functions].map((o) => [o.id, o]));
  const closure = (wanted: string[]) => {
    const found = new Set<string>();
    const visit = (id: string) => {
      const object = objects.get(id);
      if (!object || found.has(id)) return;
      found.add(id);
      object.needs.forEach(visit);
    };
    wanted.forEach(visit);
    return found;
  };
  const before = closure(tables.flatMap(({ needs }) => needs.before));
  // What views and triggers name may be a type too, and those come before any table.
  const all = closure(tables.flatMap(({ needs }) => [...needs.before, ...needs.after]));
  const typesWanted = closure([...all].filter((id) => isType(objects.get(id))));
  const early = new Set([...before, ...typesWanted]);
  const pick = (isWanted: (id: string) => boolean) => madeOf([...objects.values()].filter(({ id }) => isWanted(id)));
  const wanted = new Set(tables.flatMap(({ needs }) => needs.before));
  const ids = new Set(tables.map(({ id }) => id));
  return {
    early: pick((id) => early.has(id)),
    late: pick((id) => all.has(id) && !early.has(id)),
    sequences: catalog.sequences.filter(({ id, ownedBy }) => wanted.has(id) || (ownedBy && ids.has(ownedBy.table))),
  };
}

function madeOf(objects: (UserType | Routine)[]): Made {
  return {
    types: objects.filter(isType),
    functions: objects.filter((object): object is Routine => !isType(object)),
    statements: inOrder(objects, ({ needs }) => needs).map(({ definition }) => `${definition.trimEnd()};`),
  };
}

function isType(object: UserType | Routine | undefined): object is UserType {
  return object !== undefined && "kind" in object;
}

/** Puts each thing behind those that it needs, and else leaves the order as it is. */
export function inOrder<T extends { id: string }>(things: T[], needsOfThing: (thing: T) => string[]): T[] {
  const known = new Map(things.map((thing) => [thing.id, thing]));
  const placed = new Set<T>();
  const visit = (thing: T, trail: Set<string>) => {
    if (placed.has(thing) || trail.has(thing.id)) return;
    const further = new Set([...trail, thing.id]);
    for (const need of needsOfThing(thing)) {
      const needed = known.get(need);
      if (needed) visit(needed, further);
    }
    placed.add(thing);
  };
  for (const thing of things) visit(thing, new Set());
  return [...placed];
}
