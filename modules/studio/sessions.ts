import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type { browseSessions, NewSession, SessionChanges } from "./contract.ts";

type OfSession = { session: string };

/** The sessions of a kind that are open to the caller, at most 200: `{ items: Session[] }` as JSON. */
export async function listSessions(
  context: Context,
  { which, search, tag }: InputOf<typeof browseSessions>["query"],
): Promise<JsonText> {
  return askJson(context, "select studio.list_sessions($1, $2, $3)", [which, search || null, tag ?? null]);
}

/** One session, in the bin too where it is the caller's: `Session` as JSON. Throws not_found. */
export async function readSession(context: Context, { session }: OfSession): Promise<JsonText> {
  return askJson(context, "select studio.read_session($1)", [session]);
}

/** Makes a session of the caller's, empty or as a copy of another: `Session` as JSON. Throws not_found and conflict. */
export async function makeSession(context: Context, wanted: NewSession, source?: string): Promise<JsonText> {
  return askJson(context, "select studio.make_session($1, $2)", [JSON.stringify(wanted), source ?? null]);
}

/** Changes what is given: `Session` as JSON. Throws not_found, forbidden where it is open for reading, and invalid. */
export async function changeSession(
  context: Context,
  { session, changes }: OfSession & { changes: SessionChanges },
): Promise<JsonText> {
  return askJson(context, "select studio.change_session($1, $2)", [session, JSON.stringify(changes)]);
}

/** Puts a session of the caller's into the bin, or takes it out: `Session` as JSON. Throws not_found and forbidden. */
export async function binSession(context: Context, { session }: OfSession, isBinned: boolean): Promise<JsonText> {
  return askJson(context, "select studio.bin_session($1, $2)", [session, isBinned]);
}

/** Opens a session of the caller's to a member: `Session` as JSON. Throws not_found, forbidden and conflict. */
export async function openToPerson(
  context: Context,
  { session, member, may_write }: OfSession & { member: string; may_write: boolean },
): Promise<JsonText> {
  return askJson(context, "select studio.open_to($1, $2, $3)", [session, member, may_write]);
}

/** Closes a session of the caller's to a member: `Session` as JSON. Throws not_found and forbidden. */
export async function closeToPerson(
  context: Context,
  { session, member }: OfSession & { member: string },
): Promise<JsonText> {
  return askJson(context, "select studio.close_to($1, $2)", [session, member]);
}
