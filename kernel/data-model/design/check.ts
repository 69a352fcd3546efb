import { checkField } from "./check-field.ts";
import { columnNamed, columnsOf, type Design, type DesignFault, type Entity, MEMBERS } from "./design.ts";
import { columnNameFault, NAME_FORM, nameFault } from "./names.ts";

type Finding = Omit<DesignFault, "place"> & { part?: string | undefined };

/** What does not fit together in a design whose parts are each well formed. */
export function checkDesign(design: Design): DesignFault[] {
  return design.entities.flatMap((entity) =>
    [
      ...checkColumns(entity),
      ...checkRelations(design, entity),
      ...checkStates(entity),
      ...checkOwner(entity),
      ...checkUses(entity),
      ...entity.fields.flatMap((field) =>
        checkField(field).map((finding) => ({ part: `field ${field.name}`, ...finding })),
      ),
    ].map(({ part, problem, advice }) => ({
      place: [`entity ${entity.name}`, ...(part ? [part] : [])].join(", "),
      problem,
      advice,
    })),
  );
}

function checkColumns(entity: Entity): Finding[] {
  const columns = columnsOf(entity);
  const twice = columns.flatMap(({ column, place }, index) => {
    const first = columns.findIndex((other) => other.column === column);
    if (first === index) return [];
    const problem = `its column ${column} is that of ${columns[first]?.place} too`;
    return [{ part: place, problem, advice: "Give one of them another name." }];
  });
  if (columns.length === 0)
    twice.push({
      part: "fields",
      problem: "there is nothing in this entity",
      advice: "Give it a field or a relation.",
    });
  const named = entity.fields.flatMap(({ name }) => withPart(`field ${name}`, columnNameFault(name)));
  const related = entity.relations.flatMap(({ name }) => withPart(`relation ${name}`, relationNameFault(name)));
  const state = entity.states ? withPart("states, field", columnNameFault(entity.states.field)) : [];
  return [...named, ...related, ...state, ...twice];
}

function withPart(part: string, fault: Omit<DesignFault, "place"> | undefined): Finding[] {
  return fault ? [{ part, ...fault }] : [];
}

/** A relation's column ends with `_id`, so its name may be any word but the one that makes the tenant's column. */
function relationNameFault(name: string): Omit<DesignFault, "place"> | undefined {
  if (name === "organization")
    return { problem: "every table names its organization already", advice: "Leave the relation out." };
  return NAME_FORM.test(name) ? undefined : nameFault(name);
}

function checkRelations({ entities }: Design, { relations }: Entity): Finding[] {
  return relations.flatMap(({ name, to, on_delete }) => {
    const part = `relation ${name}`;
    if (to === MEMBERS && on_delete === "cascade")
      return [
        {
          part,
          problem: "a member is never deleted while the organization lives",
          advice: "Write on_delete: restrict.",
        },
      ];
    if (to === MEMBERS || entities.some((entity) => entity.name === to) || isTableElsewhere(to)) return [];
    const known = [...entities.map((entity) => entity.name), MEMBERS].join(", ");
    return [
      {
        part,
        problem: `there is no entity ${JSON.stringify(to)}`,
        advice: `Name one of ${known}, or a table of another module as crm.customers.`,
      },
    ];
  });
}

function isTableElsewhere(to: string): boolean {
  const names = to.split(".");
  return names.length === 2 && names.every((name) => nameFault(name) === undefined);
}

function checkStates({ states }: Entity): Finding[] {
  if (!states) return [];
  const names = Object.keys(states.order);
  if (names.length === 0)
    return [{ part: "states", problem: "there are none", advice: "Write each state with those that may follow." }];
  const misnamed = names.flatMap((name) =>
    NAME_FORM.test(name) ? [] : withPart(`states, order, ${name}`, nameFault(name)),
  );
  const unknown = Object.entries(states.order).flatMap(([state, next]) =>
    next
      .filter((name) => !names.includes(name))
      .map((name) => ({
        part: `states, order, ${state}`,
        problem: `there is no state ${JSON.stringify(name)}`,
        advice: `Name one of ${names.join(", ")}, or write ${JSON.stringify(name)} as a state with those that may follow.`,
      })),
  );
  return [...misnamed, ...unknown];
}

/** The relations of an entity to members. */
export function relationsToMembers({ relations }: Entity): string[] {
  return relations.filter(({ to }) => to === MEMBERS).map(({ name }) => name);
}

function checkOwner(entity: Entity): Finding[] {
  const { owner, sensitivity } = entity;
  const people = relationsToMembers(entity);
  if (sensitivity !== "own") {
    if (owner === undefined) return [];
    return [
      { part: "owner", problem: "only an own entity has an owner", advice: "Write sensitivity: own, or take it out." },
    ];
  }
  if (owner === undefined && people.length === 1) return [];
  if (owner !== undefined && people.includes(owner)) return [];
  const advice = people.length > 0 ? `Write owner: ${people.join(" or ")}.` : `Add a relation to ${MEMBERS}.`;
  return [{ part: "owner", problem: "nothing says whose a row is", advice }];
}

/** What indexes and unique sets name is there. */
function checkUses(entity: Entity): Finding[] {
  const sets = [
    ...entity.unique.map((fields) => ({ part: "unique", fields })),
    ...entity.indexes.map(({ fields }) => ({ part: "indexes", fields })),
  ];
  return sets.flatMap(({ part, fields }) =>
    fields.flatMap((name, index) => useFaults(entity, part, fields, name, index)),
  );
}

/** PostgreSQL compares these slowly under row-level security, or not at all. */
const UNSORTED = ["decimal", "json"];

function useFaults(entity: Entity, part: string, fields: string[], name: string, index: number): Finding[] {
  if (fields.indexOf(name) !== index)
    return [{ part, problem: `${JSON.stringify(name)} is there twice`, advice: "Take one out." }];
  if (columnNamed(entity, name) === undefined)
    return [
      {
        part,
        problem: `there is no field or relation ${JSON.stringify(name)}`,
        advice: "Name one of this entity, relations without _id.",
      },
    ];
  const type = entity.fields.find((field) => field.name === name)?.type;
  if (type === undefined || !UNSORTED.includes(type)) return [];
  return [
    { part, problem: `${name} is ${type}, which no index serves here`, advice: "Use another type, or take it out." },
  ];
}
