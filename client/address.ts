import type { Endpoint, InputOf } from "../kernel/http/endpoint.ts";

/** What an endpoint must be given: a part whose shape is empty is left out. */
export type Given<E> = {
  [Part in keyof InputOf<E> as undefined extends InputOf<E>[Part] ? never : Part]: InputOf<E>[Part];
};

/** The same, of any endpoint. */
export type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };

/** The path and query at which an endpoint answers. In a query, lists are written with commas between, and objects as JSON. */
export function addressOf<E extends Endpoint>(endpoint: E, given: Omit<Given<E>, "body">): string {
  const { params = {}, query = {} } = given as Parts;
  const path = endpoint.path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, textOf(value));
  return search.size > 0 ? `${path}?${search}` : path;
}

function textOf(value: unknown): string {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? JSON.stringify(value) : String(value);
}
