import type { Operation } from "./api-description.ts";
import { normalize } from "./label-search.ts";

/** So many scopes the server gives a key. */
export const SCOPES_MAX = 100;

/** What permissions let one do, by their names. */
export type Descriptions = Record<string, string>;

/** Permissions of a kind: those whose names begin with the same word. */
export type Kind = { name: string; permissions: string[] };

/** The permissions that hold every word of a search in their name or description, kind by kind. */
export function kindsOf(permissions: readonly string[], descriptions: Descriptions, search: string): Kind[] {
  const words = normalize(search).split(" ").filter(Boolean);
  const found = permissions.filter((name) => {
    const text = normalize(`${name} ${descriptions[name] ?? ""}`);
    return words.every((word) => text.includes(word));
  });
  const kinds = Map.groupBy(found.toSorted(), (name) => name.split(".")[0] ?? name);
  return [...kinds].map(([name, all]) => ({ name, permissions: all }));
}

/** A command line by which a key with these scopes gets an answer; undefined where they let nothing be read. */
export function firstCallOf(
  operations: readonly Operation[],
  scopes: readonly string[],
  { origin, organization, token }: { origin: string; organization: string; token: string },
): string | undefined {
  const open = operations.filter(
    (operation) => answersAtOnce(operation) && scopes.includes(operation["x-permission"] ?? ""),
  );
  const operation = open.find(({ operationId }) => operationId === "organizations.key.current") ?? open[0];
  if (!operation) return undefined;
  const address = `${origin}${operation.path.replace("{organization}", organization)}`;
  return `curl '${address}' -H 'Authorization: Bearer ${token}'`;
}

/** Whether an operation reads something, and needs nothing but the organization for it. */
function answersAtOnce({ method, path, parameters, responses }: Operation): boolean {
  const isClosed = parameters.some(({ name, required }) => required && name !== "organization");
  const isJson = "application/json" in (responses["200"]?.content ?? {});
  return method === "GET" && path.includes("{organization}") && !isClosed && isJson;
}
