import { setTimeout as delay } from "node:timers/promises";
import { PROBLEMS } from "../../kernel/errors.ts";
import { problemOf } from "../../kernel/http/problem-document.ts";
import type { EventStream, ServerEvent } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

/** How often a listener looks, and after how long without news it is told that the line stands; milliseconds. */
export type Pace = { lookMs: number; heartbeatMs: number };

const PACE: Pace = { lookMs: 1_000, heartbeatMs: 15_000 };

const LOOK = `
  select json_build_object('version', t.version::text, 'is_over', t.status in ('completed', 'failed', 'cancelled'), 'progress', json_build_object(
    'status', t.status, 'progress_percentage', t.progress_percentage, 'progress_note', t.progress_note,
    'attempt', t.attempts + (t.status = 'processing')::integer, 'updated_at', t.updated_at))::text
  from tasks.tasks t where t.organization_id = $1 and t.id = $2`;

type Look = { version: string; is_over: boolean; progress: unknown };

/**
 * Tells how far a task is, as it goes on: an event `progress` for each version that a look finds, and `over` with the last. Who has
 * seen one, by its id, is told only what came after. Each look enters anew, so it ends where the caller loses the right. Throws not_found.
 */
export async function followTask(
  context: Context,
  { task }: { task: string },
  lastEventId: string | undefined,
  pace = PACE,
): Promise<EventStream> {
  const first = await look(context, task);
  return { events: tellProgress(context, task, first, lastEventId, pace) };
}

async function look(context: Context, task: string): Promise<Look> {
  const { json } = await askJson(context, LOOK, [context.organization.id, task]);
  return JSON.parse(json) as Look;
}

async function* tellProgress(
  context: Context,
  task: string,
  first: Look,
  lastEventId: string | undefined,
  { lookMs, heartbeatMs }: Pace,
): AsyncGenerator<ServerEvent> {
  let seen = lastEventId;
  let quietMs = 0;
  for (let found: Look | undefined = first; found; found = await nextLook(context, task, lookMs)) {
    const { version, is_over, progress } = found;
    if (is_over) {
      yield { id: version, event: "over", json: JSON.stringify(progress) };
      return;
    }
    quietMs = version === seen ? quietMs + lookMs : 0;
    if (version !== seen) yield { id: version, event: "progress", json: JSON.stringify(progress) };
    else if (quietMs >= heartbeatMs) {
      quietMs = 0;
      yield "heartbeat";
    }
    seen = version;
  }
}

/** The look after a pause; undefined when there is to be none: the caller has gone or may not look any more, or the server closes. */
async function nextLook(context: Context, task: string, lookMs: number): Promise<Look | undefined> {
  try {
    await delay(lookMs, undefined, context.signal && { signal: context.signal });
    return await look(context, task);
  } catch (error) {
    // Whoever still wants to know comes back, and is told then what is the matter.
    if (context.signal?.aborted || PROBLEMS[problemOf(error).code].status !== 500) return undefined;
    throw error;
  }
}
