import { PROBLEMS } from "../../../kernel/errors.ts";
import { problemOf } from "../../../kernel/http/problem-document.ts";
import type { EventStream, ServerEvent } from "../../../kernel/http/route.ts";
import { askJson } from "../../../kernel/tenancy/ask.ts";
import type { Context } from "../../../kernel/tenancy/context.ts";
import { type Change, hubOf, type Look, lookFrom } from "./hub.ts";
import { isPermitted } from "./kinds.ts";

/** When a listener is told that the line stands, and when it is asked anew who listens; milliseconds. */
type Pace = { heartbeatMs: number; checkMs: number };

const PACE: Pace = { heartbeatMs: 15_000, checkMs: 30_000 };
/** Of one who reads too slowly no more is kept: that something was left out is told instead. */
const WAITING_MAX = 1_000;
/** What decides who may hear what: when it changes, everybody in the organization is looked at again. */
const DECIDES = "organizations.";

type Permissions = Record<string, string>;
/** What one listener has yet to be told. */
type Waiting = Omit<Look, "reading"> & { isAsked: boolean };

/**
 * Tells which rows change that the caller may read, as it happens: an event `change` each, without values, and `reset` when some may have
 * been missed. Whoever comes back with the id of the last event is told what came in between. It ends where the caller loses the right:
 * within two seconds after the membership or a role has changed, and within 30 otherwise.
 */
export async function followChanges(
  context: Context,
  { lastEventId, seconds }: { lastEventId?: string | undefined; seconds: number },
  pace = PACE,
): Promise<EventStream> {
  const permissions = await permissionsOf(context);
  const { database, organization, credential } = context;
  const bell = makeBell();
  const waiting: Waiting = { place: "", isCut: false, changes: [], isAsked: false };
  const hear = ({ place, isCut, changes }: Omit<Look, "reading">) => {
    waiting.place = place;
    waiting.isCut ||= isCut || waiting.changes.length + changes.length > WAITING_MAX;
    waiting.isAsked ||= waiting.isCut || changes.some(({ resource_type }) => resource_type.startsWith(DECIDES));
    waiting.changes = waiting.isCut ? [] : [...waiting.changes, ...changes];
    if (waiting.isCut || waiting.isAsked || changes.length > 0) bell.ring();
  };
  const person =
    credential.kind === "session" ? credential.userId : credential.kind === "api_key" ? credential.keyId : "";
  const leave = hubOf(database).join({ organization: organization.id, person, hear });
  try {
    // What was missed is looked for after the place was taken: what comes in between is told twice rather than never.
    hear(await lookFrom(database, lastEventId, organization.id));
  } catch (error) {
    leave();
    throw error;
  }
  const endsAt = performance.now() + seconds * 1_000;
  return { events: tell(context, { permissions, waiting, bell, leave, pace, endsAt }) };
}

type Telling = { permissions: Permissions; waiting: Waiting; bell: Bell; leave(): void; pace: Pace; endsAt: number };

async function* tell(
  context: Context,
  { permissions, waiting, bell, leave, pace, endsAt }: Telling,
): AsyncGenerator<ServerEvent> {
  let held: Permissions | undefined = permissions;
  let checkedAt = performance.now();
  try {
    while (!context.signal?.aborted) {
      if (waiting.isAsked || performance.now() - checkedAt >= pace.checkMs) {
        held = await askAgain(context, waiting);
        checkedAt = performance.now();
        if (!held) return;
      }
      const { place, isCut, changes } = waiting;
      waiting.isCut = false;
      waiting.changes = [];
      if (isCut) yield { id: place, event: "reset", json: "{}" };
      else yield* eventsOf(changes, held, place);
      // An id by itself moves on what the listener comes back with; a line that stands still is not told twice.
      yield { id: place };
      if (performance.now() >= endsAt) return;
      if (isQuiet(waiting)) await bell.wait(Math.min(pace.heartbeatMs, endsAt - performance.now()), context.signal);
    }
  } finally {
    leave();
  }
}

function isQuiet({ changes, isCut, isAsked }: Waiting): boolean {
  return changes.length === 0 && !isCut && !isAsked;
}

/** What the caller may do by now. What comes while it is asked may change the answer. */
async function askAgain(context: Context, waiting: Waiting): Promise<Permissions | undefined> {
  let held: Permissions | undefined;
  do {
    waiting.isAsked = false;
    held = await stillPermitted(context);
  } while (held && waiting.isAsked);
  return held;
}

/** Only behind the last one is nothing missing: those before it have no id of their own. */
function* eventsOf(changes: readonly Change[], held: Permissions, place: string): Generator<ServerEvent> {
  const told = changes.filter(({ resource_type }) => isPermitted(resource_type, held));
  for (const [
    index,
    { operation, action, resource_type: type, resource_id: id, actor_kind: kind, user_id },
  ] of told.entries()) {
    const json = JSON.stringify({ operation, action, resource: { type, id }, actor: { kind, user_id } });
    yield { ...(index === told.length - 1 && { id: place }), event: "change", json };
  }
}

async function permissionsOf(context: Context): Promise<Permissions> {
  const { json } = await askJson(context, "select audit.listener_permissions()::text");
  return JSON.parse(json) as Permissions;
}

/** What the caller may do by now; undefined when they may not listen any more, or have gone. */
async function stillPermitted(context: Context): Promise<Permissions | undefined> {
  try {
    return await permissionsOf(context);
  } catch (error) {
    if (context.signal?.aborted || PROBLEMS[problemOf(error).code].status !== 500) return undefined;
    throw error;
  }
}

type Bell = { ring(): void; wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> };

function makeBell(): Bell {
  let rung = Promise.withResolvers<void>();
  return {
    ring: () => rung.resolve(),
    wait: async (milliseconds, signal) => {
      const timer = setTimeout(() => rung.resolve(), milliseconds);
      const onAbort = () => rung.resolve();
      signal?.addEventListener("abort", onAbort, { once: true });
      if (signal?.aborted) onAbort();
      await rung.promise;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      rung = Promise.withResolvers<void>();
    },
  };
}
