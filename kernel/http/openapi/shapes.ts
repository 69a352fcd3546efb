import { z } from "zod";
import type { Endpoint } from "../endpoint.ts";

export type Json = Record<string, unknown>;

/** As what a shape is used: what a caller sends (`input`) may leave out what the server fills in. */
type Way = "input" | "output";

/** The shapes of all endpoints, each described once. */
export type Shapes = {
  /** The descriptions, by name. */
  schemas: Record<string, Json>;
  /** A reference to the description of a body (`input`) or an answer (`output`). */
  refTo(shape: z.ZodType, way: Way): Json;
};

/** Where a shape stands: the endpoint's name, and the field that it is the shape of; none where it is a whole body or answer. */
type Place = { way: Way; operation: string; field?: string };

const READS_ONE = /\.(read|get)$/;

/**
 * Names and describes the bodies and answers of endpoints, and the parts that several of them share. An answer that several endpoints
 * give is named as the thing that they are about (`labeling.project`); a shape with an id of its own (`meta({ id })`) keeps that.
 */
export function collectShapes(endpoints: readonly Endpoint[]): Shapes {
  const places = placesOf(endpoints);
  const names = namesOf(places);
  const nameIn = (shape: z.ZodType, way: Way) => {
    const isBoth = new Set(places.get(shape)?.map((place) => place.way)).size > 1;
    return `${names.get(shape)}${isBoth && way === "input" ? ".input" : ""}`;
  };
  const schemas: Record<string, Json> = {};
  for (const way of ["input", "output"] as const) {
    const registry = z.registry<{ id: string }>();
    for (const shape of names.keys())
      if (places.get(shape)?.some((place) => place.way === way)) registry.add(shape, { id: nameIn(shape, way) });
    Object.assign(schemas, describeAll(registry, way));
  }
  return { schemas, refTo: (shape, way) => ({ $ref: refTo(nameIn(shape, way)) }) };
}

/** Describes one shape by itself, such as that of a query. Parts that have an id (`meta({ id })`) go where all shapes stand. */
export function describeShape(shape: z.ZodType, { schemas }: Shapes): Json {
  const {
    $schema: _,
    $defs = {},
    ...schema
  } = z.toJSONSchema(shape, { io: "input", unrepresentable: "any", override: trim });
  for (const [name, { id: __, ...part }] of Object.entries($defs)) schemas[name] = pointed(part);
  return pointed(schema);
}

function pointed(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', `"${refTo("")}`));
}

function describeAll(registry: z.core.$ZodRegistry<{ id: string }>, io: Way): Record<string, Json> {
  const { schemas } = z.toJSONSchema(registry, { io, uri: refTo, unrepresentable: "any", override: trim });
  // Zod keeps apart what holds itself (any JSON value does), where no reference of a document finds it.
  const { __shared: { $defs = {} } = {}, ...named } = schemas as Record<
    string,
    Json & { $defs?: Record<string, Json> }
  >;
  const parts = Object.entries($defs).map(([name, { id: _, ...schema }]) => [`part.${io}.${name}`, schema]);
  const all = { ...named, ...Object.fromEntries(parts) } as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(all).map(([name, { $schema: _, $id: __, ...schema }]) => [
      name,
      JSON.parse(JSON.stringify(schema).replaceAll(refTo("__shared#/$defs/"), refTo(`part.${io}.`))),
    ]),
  );
}

/** The pattern of a uuid or a date says in 200 letters what its format says. */
function trim({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format) delete jsonSchema.pattern;
}

function refTo(name: string): string {
  return `#/components/schemas/${name}`;
}

function placesOf(endpoints: readonly Endpoint[]): Map<z.ZodType, Place[]> {
  const places = new Map<z.ZodType, Place[]>();
  const add = (shape: z.ZodType, place: Place) => places.set(shape, [...(places.get(shape) ?? []), place]);
  const walk = (shape: z.ZodType, place: Place) => {
    const isKnown = places.has(shape) && places.get(shape)?.some(({ way }) => way === place.way);
    if (isNameable(shape) || !place.field) add(shape, place);
    if (isKnown) return;
    for (const [field, part] of partsOf(shape)) walk(part, { ...place, field: field ?? place.field ?? "part" });
  };
  for (const { name: operation, body, answer, accepted } of endpoints) {
    if (body) walk(body, { way: "input", operation });
    for (const shape of [answer, accepted]) if (shape) walk(shape, { way: "output", operation });
  }
  return places;
}

function isNameable(shape: z.ZodType): boolean {
  return shape instanceof z.ZodObject || shape instanceof z.ZodUnion;
}

/** The shapes that a shape is made of, with the fields of an object. */
function partsOf(shape: z.ZodType): [field: string | undefined, part: z.ZodType][] {
  if (shape instanceof z.ZodObject) return Object.entries(shape.shape as Record<string, z.ZodType>);
  return Object.values(shape.def)
    .flat()
    .filter((part): part is z.ZodType => part instanceof z.ZodType)
    .map((part) => [undefined, part]);
}

/** The names of all bodies and answers, and of what stands in more than one place. */
function namesOf(places: Map<z.ZodType, Place[]>): Map<z.ZodType, string> {
  const names = new Map<z.ZodType, string>();
  const taken = new Set<string>(["Problem"]);
  for (const [shape, found] of places) {
    const whole = found.find(({ field }) => !field);
    if (!whole && found.length < 2) continue;
    const wanted = [z.globalRegistry.get(shape)?.id, ...wishesFor(found, whole)].filter((name) => name !== undefined);
    const last = wanted.at(-1) ?? "shape";
    const name = wanted.find((each) => !taken.has(each)) ?? `${last}.${taken.size}`;
    names.set(shape, name);
    taken.add(name);
  }
  return names;
}

function wishesFor(places: readonly Place[], whole: Place | undefined): string[] {
  const { operation, way, field } = whole ?? places[0] ?? { operation: "", way: "output" };
  const thing = operation.replace(/\.\w+$/, "");
  if (!whole) return [`${thing}.${field}`, `${operation}.${field}`];
  const own = `${operation}.${way === "input" ? "body" : "answer"}`;
  const isThing = way === "output" && (places.length > 1 || READS_ONE.test(operation));
  return isThing ? [thing, own] : [own];
}
