import { isMap, isPair, isScalar, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { checkDesign } from "./check.ts";
import {
  type Design,
  type DesignFault,
  type Entity,
  type Field,
  MEMBERS,
  type Relation,
  type States,
} from "./design.ts";
import { moduleNameFault, type NameFault, nameFault } from "./names.ts";
import { designShape, entityShape, fieldShape, relationShape, statesShape } from "./shapes.ts";

/** A design is written by hand or by an assistant; what is longer is something else. */
const TEXT_LENGTH_MAX = 256 * 1024;

/** Every fault, in the order of the file. */
export type Faulty = { faults: DesignFault[] };

type Read<T> = { value: T | undefined; faults: DesignFault[] };

/**
 * Reads a design from YAML or JSON, which is YAML too. Returns the design, or all that is wrong with it at once: each
 * fault names the entity and the field, and says what to do. Never throws, whatever the text is.
 */
export function readDesign(text: string): Design | Faulty {
  const { value, faults } = parse(text);
  if (faults.length > 0 || value === undefined) return { faults };
  const design = assemble(value, faults);
  return faults.length > 0 ? { faults } : design;
}

function parse(text: string): Read<unknown> {
  const fault = (problem: string, advice: string): Read<unknown> => ({
    value: undefined,
    faults: [{ place: "the file", problem, advice }],
  });
  if (text.length > TEXT_LENGTH_MAX) return fault("it is too long", "A design has 256 KB at most: divide it.");
  const document = parseDocument(text, { uniqueKeys: false });
  if (document.errors.length > 0) {
    return {
      value: undefined,
      faults: document.errors.map(({ message, linePos }) => ({
        place: `the file, line ${linePos?.[0].line ?? 1}`,
        problem: `it is no YAML: ${firstLine(message)}`,
        advice: "Look at the indentation, the colons and the brackets there.",
      })),
    };
  }
  const faults = duplicateFaults(document);
  try {
    const value: unknown = document.toJS();
    if (value === null || value === undefined)
      return fault("it is empty", "Write a module and its entities; docs/data-model.md has an example.");
    return { value, faults };
  } catch (error) {
    return fault(`it cannot be read: ${firstLine(String(error))}`, "Write it without aliases.");
  }
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "");
}

/** YAML keeps the last of two that are called the same, so the first would be lost without a word. */
function duplicateFaults(document: ReturnType<typeof parseDocument>): DesignFault[] {
  const faults: DesignFault[] = [];
  visit(document, {
    Map(_, map, path) {
      const above = path.flatMap((node) => (isPair(node) && isScalar(node.key) ? [String(node.key.value)] : []));
      const names = map.items.map(({ key }) => (isScalar(key) ? String(key.value) : ""));
      for (const name of new Set(names.filter((one, index) => names.indexOf(one) !== index)))
        faults.push({
          place: placeOf(above),
          problem: `${JSON.stringify(name)} is there twice`,
          advice: "Give each a name of its own, or take one out.",
        });
    },
  });
  return isMap(document.contents) ? faults : [];
}

const KINDS: Record<string, string> = { fields: "field", relations: "relation" };

/** `entities`, `tasks`, `fields`, `name`, `max` is “entity tasks, field name, max”. */
function placeOf(path: PropertyKey[]): string {
  const [top, entity, part, name, ...rest] = path.map(String);
  if (top !== "entities") return top === undefined ? "the file" : path.join(", ");
  const kind = KINDS[part ?? ""];
  const inEntity = kind && name !== undefined ? [`${kind} ${name}`] : [part, name];
  return [entity === undefined ? "entities" : `entity ${entity}`, ...inEntity, ...rest]
    .filter((word) => word !== undefined)
    .join(", ");
}

/** Reads one part, and says of each fault where it is. */
function readPart<T>(shape: z.ZodType<T>, input: unknown, path: string[], faults: DesignFault[]): T | undefined {
  const result = shape.safeParse(input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) faults.push(faultOf(issue, path));
  return undefined;
}

function faultOf(issue: z.core.$ZodIssue, path: string[]): DesignFault {
  const place = placeOf([...path, ...issue.path]);
  if (issue.code === "unrecognized_keys")
    return { place, problem: `it has no ${issue.keys.join(", no ")}`, advice: "Take it out, or look at its spelling." };
  // Our own messages say what to do behind the first full stop.
  const [, problem = issue.message, advice] = /^(.+?)\. (.+)$/.exec(issue.message) ?? [];
  return { place, problem: plain(problem), advice: advice ?? "Correct it; docs/data-model.md says what it may be." };
}

function plain(message: string): string {
  return message.replace(/^Invalid input: /, "").replace(/received undefined$/, "and it is missing");
}

/** The parts of an object, by name. What is no object is a fault. */
function partsOf(input: unknown, path: string[], faults: DesignFault[]): [string, unknown][] {
  if (input === undefined || input === null) return [];
  if (typeof input === "object" && !Array.isArray(input)) return Object.entries(input);
  faults.push({ place: placeOf(path), problem: "it is no list of names", advice: "Write each as `name: …`." });
  return [];
}

function assemble(input: unknown, faults: DesignFault[]): Design {
  const head = readPart(designShape, input, [], faults);
  if (head) note(moduleNameFault(head.module), ["module"], faults);
  const parts = partsOf((input as { entities?: unknown }).entities, ["entities"], faults);
  if (parts.length === 0)
    faults.push({ place: "entities", problem: "there are none", advice: "Write one entity at least." });
  const entities = parts.map(([name, part]) => readEntity(name, part, faults));
  const design = { module: head?.module ?? "", description: head?.description ?? "", entities };
  faults.push(...checkDesign(design));
  return design;
}

function note(fault: NameFault, path: string[], faults: DesignFault[]): void {
  if (fault) faults.push({ place: placeOf(path), ...fault });
}

const MEMBERS_FAULT = {
  problem: `${MEMBERS} are Tenon's own`,
  advice: "Leave the entity out, and write relations to: members.",
};

type Below = { fields?: unknown; relations?: unknown; states?: unknown };

function readEntity(name: string, input: unknown, faults: DesignFault[]): Entity {
  const path = ["entities", name];
  note(name === MEMBERS ? MEMBERS_FAULT : nameFault(name), path, faults);
  const head = readPart(entityShape, input ?? {}, path, faults);
  // What stands below a faulty head is read all the same, so that its faults are told too.
  const below: Below = typeof input === "object" && input !== null ? input : {};
  const { description = "", sensitivity = "open", owner, unique = [], indexes = [] } = head ?? {};
  const fields = partsOf(below.fields, [...path, "fields"], faults).map(([field, part]): Field => {
    const read = readPart(fieldShape, part, [...path, "fields", field], faults);
    return { ...(read ?? { ...UNREAD, type: "text" }), name: field };
  });
  const relations = partsOf(below.relations, [...path, "relations"], faults).map(([relation, part]): Relation => {
    const read = readPart(relationShape, part, [...path, "relations", relation], faults);
    return { ...(read ?? { ...UNREAD, to: name, on_delete: "restrict" }), name: relation };
  });
  const states = readStates(below.states, [...path, "states"], faults);
  return { name, description, sensitivity, owner, fields, relations, states, unique, indexes };
}

/** A part with a fault keeps its name, so that nothing that uses the name is a fault too. */
const UNREAD = { description: "", required: false, unique: false };

function readStates(input: unknown, path: string[], faults: DesignFault[]): States | undefined {
  if (input === undefined || input === null) return undefined;
  return readPart(statesShape, input, path, faults) ?? { field: "status", description: "", order: { unread: [] } };
}
