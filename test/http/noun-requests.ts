import { randomUUID } from "node:crypto";
import type { InjectOptions } from "fastify";
import { nouns, routes } from "../../app.ts";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import type { Noun } from "../../kernel/nouns/noun.ts";
import type { Row } from "../isolation/making.ts";

/** What a noun's routes do, by the last word of their names. */
export type Operation = "list" | "count" | "get" | "create" | "update" | "delete" | "restore" | "bulk";
const OPERATIONS = new Set<string>(["list", "count", "get", "create", "update", "delete", "restore", "bulk"]);
const READS = new Set<Operation>(["list", "count", "get"]);

export type NounEndpoint = { endpoint: Endpoint; operation: Operation };

/** A noun with the operations that it has. */
export type Served = { noun: Noun; endpoints: NounEndpoint[] };

/** Every noun with its endpoints, as they are found among the routes. */
export const served: readonly Served[] = nouns.map((noun) => ({
  noun,
  endpoints: routes.filter(({ endpoint }) => endpoint.noun === noun.table).map(({ endpoint }) => found(endpoint)),
}));

function found(endpoint: Endpoint): NounEndpoint {
  const operation = endpoint.name.split(".").at(-1) ?? "";
  if (!isOperation(operation))
    throw new Error(`test/http/noun-requests.ts does not know how to ask for ${endpoint.name}.`);
  return { endpoint, operation };
}

function isOperation(word: string): word is Operation {
  return OPERATIONS.has(word);
}

export function isRead(operation: Operation): boolean {
  return READS.has(operation);
}

/** The endpoint of an operation, where the noun has it. */
export function endpointOf({ endpoints }: Served, wanted: Operation): Endpoint | undefined {
  return endpoints.find(({ operation }) => operation === wanted)?.endpoint;
}

/** The columns of a row's key. */
export function keyOf({ key }: Noun, row: Row): Row {
  return Object.fromEntries(key.map((name) => [name, row[name]]));
}

/** The same key with ids that name nothing; undefined where there is no id in it, and so nothing to tell organizations apart by. */
export function missingKey({ key, facts }: Noun, row: Row): Row | undefined {
  const ids = key.filter((name) => facts.columns[name]?.kind === "uuid");
  if (ids.length === 0) return undefined;
  return { ...row, ...Object.fromEntries(ids.map((name) => [name, randomUUID()])) };
}

/** What no part of a key is, by its kind, as it stands in an address. */
const WRONG: Record<string, readonly string[]> = {
  uuid: ["x", "%00"],
  integer: ["x", "-", "70000", "99999999999"],
  date: ["x", "2026-02-30", "0000-01-01"],
  timestamp: ["infinity", "0000-01-01T00:00:00Z", "2026-01-01T00:00:00%2B23:00"],
  text: ["%00", "%F0%9F%98%80"],
};

/** Addresses of a row in which one part of the key is wrong, or names nothing. */
export function wrongAddresses({ noun }: Served, path: string, slug: string, row: Row): string[] {
  const fill = (part: string, word: string) =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => {
      if (name === part) return word;
      return name === "organization" ? slug : encodeURIComponent(String(row[name]));
    });
  return noun.key.flatMap((part) =>
    (WRONG[noun.facts.columns[part]?.kind ?? ""] ?? []).map((word) => fill(part, word)),
  );
}

/** A key of the right form that names nothing, out of nothing. */
export function anyKey({ key, facts }: Noun): Row {
  const texts = { uuid: randomUUID(), date: "2026-01-31", timestamp: "2026-01-31T09:00:00Z", integer: "1" };
  return Object.fromEntries(
    key.map((name) => [name, texts[facts.columns[name]?.kind as keyof typeof texts] ?? `x${randomUUID()}`]),
  );
}

/** Keys, and what they point to. */
const OWN = /_(key|pkey|fkey)$/;

/** The example of the description, about the rows that this one names, and with what must be its own. */
function exampleOf({ facts }: Noun, { example }: Endpoint, row: Row): Row {
  const own = Object.entries(facts.constraints).filter(([name]) => OWN.test(name));
  // A text is unique by its form in lower case.
  const names = new Set(own.flatMap(([, columns]) => columns.flatMap((name) => [name, name.replace(/_key$/, "")])));
  const body = Object.entries(example?.body ?? {});
  return Object.fromEntries(
    body.map(([name, value]) => [name, names.has(name) || facts.columns[name]?.kind === "uuid" ? row[name] : value]),
  );
}

/** The column that is changed for a try: one that has a value, or needs none. */
function changed({ writable, facts }: Noun, row: Row): string {
  return writable.find((name) => row[name] != null) ?? writable.find((name) => facts.columns[name]?.nullable) ?? "";
}

/** A good request to an endpoint of a noun: about a row, or with a new one. */
export function nounRequest({ noun }: Served, { endpoint, operation }: NounEndpoint, slug: string, row: Row): Request {
  const url = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    name === "organization" ? slug : encodeURIComponent(String(row[name])),
  );
  const bodies: Partial<Record<Operation, object>> = {
    create: exampleOf(noun, endpoint, row),
    update: { [changed(noun, row)]: row[changed(noun, row)] ?? null },
    bulk: { delete: [keyOf(noun, row)] },
  };
  const payload = bodies[operation];
  return { method: endpoint.method, url, ...(payload && { payload }) };
}

type Request = InjectOptions & { url: string };
