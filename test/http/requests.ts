import { randomInt, randomUUID } from "node:crypto";
import type { InjectOptions } from "fastify";
import { routes } from "../../app.ts";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { fillIn } from "../../kernel/http/openapi/examples.ts";

/** What the parameters of a path can name. A new kind of parameter needs an entry here, and one in `makeWorld`. */
const MISSING = {
  organization: () => `t-${randomUUID()}`,
  project: () => randomUUID(),
  assignment: () => randomUUID(),
  label: () => randomUUID(),
  provider: () => `p-${randomUUID()}`,
  identity: () => randomUUID(),
  key: () => randomUUID(),
  service: () => randomUUID(),
  grant: () => randomUUID(),
  factor: () => randomUUID(),
  passkey: () => randomUUID(),
  member: () => randomUUID(),
  role: () => randomUUID(),
  session: () => randomUUID(),
  invitation: () => randomUUID(),
  domain: () => randomUUID(),
  request: () => randomUUID(),
  hold: () => randomUUID(),
  endpoint: () => randomUUID(),
  delivery: () => randomUUID(),
  token: () => `tcb_${randomUUID()}_${randomUUID()}_${"x".repeat(43)}`,
  schedule: () => randomUUID(),
  approval: () => randomUUID(),
  file: () => randomUUID(),
  task: () => randomUUID(),
  workflow: () => randomUUID(),
  schema: () => `s-${randomUUID()}`,
  account: () => randomUUID(),
  target: () => randomUUID(),
  import: () => randomUUID(),
  comment: () => randomUUID(),
  contact: () => randomUUID(),
  customer: () => randomUUID(),
  invoice: () => randomUUID(),
  print: () => randomUUID(),
  document: () => randomUUID(),
  export: () => randomUUID(),
  run: () => randomUUID(),
  share: () => randomUUID(),
  version: () => String(randomInt(1_000_000, 2_000_000)),
  user: () => randomUUID(),
  card: () => randomUUID(),
  appointment: () => randomUUID(),
  feed: () => `tcf_${randomUUID()}_${randomUUID()}_${"x".repeat(43)}.ics`,
  gold_version: () => randomUUID(),
  benchmark: () => randomUUID(),
  submission: () => randomUUID(),
  item: () => randomUUID(),
  page: () => `p-${randomUUID()}`,
  conversation: () => randomUUID(),
  store: () => randomUUID(),
  product: () => randomUUID(),
  hook: () => `${randomUUID()}_${randomUUID()}`,
};

export type Ids = Record<keyof typeof MISSING, string>;

/** The routes that are asked for one by one; those of nouns are all alike, and asked for in nouns.test.ts. */
export const verbRoutes = routes.filter(({ endpoint }) => endpoint.noun === undefined);

/** Ids of the right form that name nothing. */
export function missingIds(): Ids {
  return Object.fromEntries(Object.entries(MISSING).map(([name, make]) => [name, make()])) as Ids;
}

/** The names of a path's parameters. Throws when these tests do not know one of them. */
export function parametersOf({ name, path }: Endpoint): (keyof Ids)[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, parameter = ""]) => {
    if (isKnown(parameter)) return parameter;
    throw new Error(`${name} has the parameter :${parameter}, for which test/http/requests.ts has no maker.`);
  });
}

function isKnown(parameter: string): parameter is keyof Ids {
  return Object.hasOwn(MISSING, parameter);
}

/** A good request to an endpoint, by the example in its contract. Throws when it takes a body and has no example. */
export function requestOf(endpoint: Endpoint, ids: Ids): InjectOptions & { url: string } {
  const { body, text, query } = fillIn(endpoint.example ?? {}, (name) => (isKnown(name) ? ids[name] : name));
  if ((endpoint.body || endpoint.bodyMedia === "stream") && !body && text === undefined)
    throw new Error(`${endpoint.name} takes a body, of which its contract has no example.`);
  const path = parametersOf(endpoint).reduce((url, name) => url.replace(`:${name}`, ids[name]), endpoint.path);
  return {
    method: endpoint.method,
    url: query ? `${path}?${new URLSearchParams(query)}` : path,
    ...(body && { payload: body }),
    ...(text !== undefined && { payload: text, headers: { "content-type": "text/csv" } }),
  };
}

/** The same request with parameters and a body that no endpoint takes. */
export function badRequestOf(endpoint: Endpoint, organization: string): InjectOptions {
  const ids = { ...missingIds(), ...Object.fromEntries(Object.keys(MISSING).map((name) => [name, "X"])), organization };
  return { ...requestOf(endpoint, ids), ...(endpoint.body && { payload: { nonsense: true } }) };
}
