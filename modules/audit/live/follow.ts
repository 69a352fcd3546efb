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

/** What somebody listens to: what they may hear, which changes they are told by it, and which of these may change it. */
export type Hearing<Rights> = {
  /** Asks in the organization. Rejects where the caller may not listen at all, or not any more. */
  askRights(): Promise<Rights>;
  isTold(change: Change, rights: Rights): boolean;
  decides(change: Change): boolean;
};
/** Where one goes on, and for how long. */
type Start = { lastEventId?: string | undefined; seconds: number };
/** What one listener has yet to be told. */
type Waiting = Omit<Look, "reading"> & { isAsked: boolean };

/**
 * Tells which rows change that the caller may read, as it happens: an event `change` each, without values, and `reset` when some may have
 * been missed. Whoever comes back with the id of the last event is told what came in between. It ends where the caller loses the right:
 * within two seconds after the membership or a role has changed, and within 30 otherwise.
 */
export async function followChanges(context: Context, from: Start, pace = PACE): Promise<EventStream> {
  const hearing: Hearing<Permissions> = {
    askRights: () => permissionsOf(context),
    isTold: ({ resource_type }, permissions) => isPermitted(resource_type, permissions),
    decides: ({ resource_type }) => resource_type.startsWith(DECIDES),
  };
  return follow(context, from, hearing, pace);
}

/** Tells changes in the same way of which something else than the kind of a row decides who hears of it. */
export async function follow<Rights>(
  context: Context,
  { lastEventId, seconds }: Start,
  hearing: Hearing<Rights>,
  pace = PACE,
): Promise<EventStream> {
  const rights = await hearing.askRights();
  const { database, organization, credential } = context;
  const bell = makeBell();
  const waiting: Waiting = { place: "", isCut: false, changes: [], isAsked: false };
  const hear = ({ place, isCut, changes }: Omit<Look, "reading">) => {
    waiting.place = place;
    waiting.isCut ||= isCut || waiting.changes.length + changes.length > WAITING_MAX;
    waiting.isAsked ||= waiting.isCut || changes.some((change) => hearing.decides(change));
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
  return { events: tell(context, hearing, { rights, waiting, bell, leave, pace, endsAt }) };
}

type Telling<Rights> = { rights: Rights; waiting: Waiting; bell: Bell; leave(): void; pace: Pace; endsAt: number };

async function* tell<Rights>(
  context: Context,
  hearing: Hearing<Rights>,
  { rights, waiting, bell, leave, pace, endsAt }: Telling<Rights>,
): AsyncGenerator<ServerEvent> {
  let held: Rights | undefined = rights;
  let checkedAt = performance.now();
  try {
    while (!context.signal?.aborted) {
      if (waiting.isAsked || performance.now() - checkedAt >= pace.checkMs) {
        held = await askAgain(context, hearing, waiting);
        checkedAt = performance.now();
        if (!held) return;
      }
      const { place, isCut, changes } = waiting;
      waiting.isCut = false;
      waiting.changes = [];
      if (isCut) yield { id: place, event: "reset", json: "{}" };
      else yield* eventsOf(toldOf(changes, hearing, held), place);
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
async function askAgain<Rights>(
  context: Context,
  hearing: Hearing<Rights>,
  waiting: Waiting,
): Promise<Rights | undefined> {
  let held: Rights | undefined;
  do {
    waiting.isAsked = false;
    held = await stillPermitted(context, hearing);
  } while (held && waiting.isAsked);
  return held;
}

function toldOf<Rights>(changes: readonly Change[], hearing: Hearing<Rights>, held: Rights): Change[] {
  return changes.filter((change) => hearing.isTold(change, held));
}

/** Only behind the last one is nothing missing: those before it have no id of their own. */
function* eventsOf(told: readonly Change[], place: string): Generator<ServerEvent> {
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
async function stillPermitted<Rights>(context: Context, { askRights }: Hearing<Rights>): Promise<Rights | undefined> {
  try {
    return await askRights();
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
