import type { Database } from "../database/pool.ts";
import type { Services } from "../services.ts";
import { type RequestInfo, recordOf } from "./context.ts";
import type { SessionCredential } from "./credential.ts";
import { callOutside } from "./transaction.ts";

/** Someone outside of every organization who wants something: signing in, accepting an invitation. */
export type Caller = { database: Database; services: Services; operation: string; request: RequestInfo };

/** A signed-in person outside of every organization. */
export type PersonCaller = Caller & { credential: SessionCredential };

/** A definer function of the gate's, with its schema. */
export type GateFunction = `${string}.${string}`;

/**
 * Calls a function of the gate's for anyone: `name(…args, request)`. Resolves with its rows; a function that returns one
 * value gives rows with one column of the function's own name.
 */
export async function askGate<Row = Record<string, unknown>>(
  { database, operation, request }: Caller,
  name: GateFunction,
  args: readonly unknown[] = [],
): Promise<Row[]> {
  const values = [...args, recordOf(operation, request)];
  return callOutside<Row>(database, "gate", `select * from ${name}(${placeholders(values.length)})`, values);
}

/** Calls a function of the gate's for the person of a session: `name(holder, session, secret, …args, request)`. */
export async function askGateAs<Row = Record<string, unknown>>(
  caller: PersonCaller,
  name: GateFunction,
  args: readonly unknown[] = [],
): Promise<Row[]> {
  const { userId, sessionId, secret } = caller.credential;
  return askGate<Row>(caller, name, [userId, sessionId, secret, ...args]);
}

/**
 * Calls a definer function of the public role's for whoever has a link, or none at all: `name(…args, request)`. Each such function
 * shows one thing that an organization has published or shared. Resolves with its first column, JSON as PostgreSQL wrote it, or null.
 */
export async function askPublic(
  { database, operation, request }: Caller,
  name: GateFunction,
  args: readonly unknown[] = [],
): Promise<string | null> {
  const values = [...args, recordOf(operation, request)];
  const text = `select ${name}(${placeholders(values.length)})::text as shown`;
  const [row] = await callOutside<{ shown: string | null }>(database, "public", text, values);
  return row?.shown ?? null;
}

function placeholders(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(", ");
}
