import { randomUUID } from "node:crypto";
import type { InjectOptions } from "fastify";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { AUDIT } from "./examples/audit.ts";
import { CREDITS } from "./examples/credits.ts";
import type { Example, Examples } from "./examples/example.ts";
import { IDENTITY } from "./examples/identity.ts";
import { KERNEL } from "./examples/kernel.ts";
import { LABELING } from "./examples/labeling.ts";
import { ORGANIZATIONS } from "./examples/organizations.ts";
import { TASK_SCHEDULES } from "./examples/task-schedules.ts";
import { TASKS } from "./examples/tasks.ts";

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
  token: () => `tcb_${randomUUID()}_${randomUUID()}_${"x".repeat(43)}`,
  schedule: () => randomUUID(),
  approval: () => randomUUID(),
  file: () => randomUUID(),
  task: () => randomUUID(),
  workflow: () => randomUUID(),
  schema: () => `s-${randomUUID()}`,
  account: () => randomUUID(),
  target: () => randomUUID(),
};

export type Ids = Record<keyof typeof MISSING, string>;

/** What is sent along, by the endpoint's name, so that nothing but the ids can be wrong. */
const EXAMPLES: Examples = {
  ...AUDIT,
  ...CREDITS,
  ...KERNEL,
  ...IDENTITY,
  ...LABELING,
  ...ORGANIZATIONS,
  ...TASKS,
  ...TASK_SCHEDULES,
};

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

/** A good request to an endpoint. Throws when the endpoint takes a body and these tests have no example of it. */
export function requestOf(endpoint: Endpoint, ids: Ids): InjectOptions & { url: string } {
  const { body, text, query } = fillIn(EXAMPLES[endpoint.name] ?? {}, ids);
  if ((endpoint.body || endpoint.bodyMedia === "stream") && !body && text === undefined)
    throw new Error(`${endpoint.name} takes a body, of which test/http/requests.ts has no example.`);
  const path = parametersOf(endpoint).reduce((url, name) => url.replace(`:${name}`, ids[name]), endpoint.path);
  return {
    method: endpoint.method,
    url: query ? `${path}?${new URLSearchParams(query)}` : path,
    ...(body && { payload: body }),
    ...(text !== undefined && { payload: text, headers: { "content-type": "text/csv" } }),
  };
}

/** Where an example says `:member`, the id of a member goes, and so on. */
function fillIn(example: Example, ids: Ids): Example {
  const names = Object.keys(ids).filter(isKnown);
  return JSON.parse(
    names.reduce((json, name) => json.replaceAll(`":${name}"`, `"${ids[name]}"`), JSON.stringify(example)),
  );
}

/** The same request with parameters and a body that no endpoint takes. */
export function badRequestOf(endpoint: Endpoint, organization: string): InjectOptions {
  const ids = { ...missingIds(), ...Object.fromEntries(Object.keys(MISSING).map((name) => [name, "X"])), organization };
  return { ...requestOf(endpoint, ids), ...(endpoint.body && { payload: { nonsense: true } }) };
}
