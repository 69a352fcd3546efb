import type { AnswerOf, Endpoint, InputOf } from "../../kernel/http/endpoint.ts";
import { problemOf, unreachable } from "./problem.ts";

/** What an endpoint must be given: a part whose shape is empty is left out. */
export type Given<E> = {
  [Part in keyof InputOf<E> as undefined extends InputOf<E>[Part] ? never : Part]: InputOf<E>[Part];
};

/** `keepalive` lets the request outlive the page. */
type Options = { signal?: AbortSignal; keepalive?: boolean };

type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };

/** Calls an endpoint with the session's cookie. Throws an `ApiProblem` unless it succeeds; the server checks all input. */
export async function call<E extends Endpoint>(
  endpoint: E,
  given: Given<E>,
  options: Options = {},
): Promise<AnswerOf<E>> {
  const { body } = given as Parts;
  const response = await send(addressOf(endpoint, given), {
    ...options,
    method: endpoint.method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw problemOf(response.status, text);
  return readAnswer<E>(text);
}

/** Where an endpoint answers, for calls and for download links. */
export function addressOf<E extends Endpoint>(endpoint: E, given: Omit<Given<E>, "body">): string {
  const { params = {}, query = {} } = given as Parts;
  const path = endpoint.path.replace(/:([a-z_]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size > 0 ? `${path}?${search}` : path;
}

/** The answer in a body, which is empty where there is none. */
export function readAnswer<E>(text: string): AnswerOf<E> {
  return (text === "" ? undefined : JSON.parse(text)) as AnswerOf<E>;
}

/** Sends a request. Throws an `ApiProblem` of status 0 when nothing comes back. */
export async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw unreachable(error);
  }
}
