import { randomUUID } from "node:crypto";
import type { InjectOptions } from "fastify";
import type { Endpoint } from "../../kernel/http/endpoint.ts";
import { AUDIT } from "./examples/audit.ts";
import type { Examples } from "./examples/example.ts";
import { IDENTITY } from "./examples/identity.ts";
import { LABELING } from "./examples/labeling.ts";

/** What the parameters of a path can name. A new kind of parameter needs an entry here, and one in `makeWorld`. */
const MISSING = {
  organization: () => `t-${randomUUID()}`,
  project: () => randomUUID(),
  assignment: () => randomUUID(),
  label: () => randomUUID(),
  hold: () => randomUUID(),
};

export type Ids = Record<keyof typeof MISSING, string>;

/** What is sent along, by the endpoint's name, so that nothing but the ids can be wrong. */
const EXAMPLES: Examples = { ...AUDIT, ...IDENTITY, ...LABELING };

/** Ids of the right form that name nothing. */
export function missingIds(): Ids {
  return {
    organization: MISSING.organization(),
    project: MISSING.project(),
    assignment: MISSING.assignment(),
    label: MISSING.label(),
    hold: MISSING.hold(),
  };
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
  const { body, text, query } = EXAMPLES[endpoint.name] ?? {};
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

/** The same request with parameters and a body that no endpoint takes. */
export function badRequestOf(endpoint: Endpoint, organization: string): InjectOptions {
  const ids = { organization, project: "x", assignment: "x", label: "x", hold: "x" };
  return { ...requestOf(endpoint, ids), ...(endpoint.body && { payload: { nonsense: true } }) };
}
