import type { Readable } from "node:stream";
import { z } from "zod";
import { Problem } from "../../kernel/errors.ts";
import type { Call } from "../../kernel/http/route.ts";
import { askGate } from "../../kernel/tenancy/gate.ts";
import { callOutside, transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, taskKind, type Work } from "../../kernel/work.ts";
import { wishOf } from "../tasks/public.ts";
import type { HookEvent } from "./connectors/connector.ts";
import { connectorOf } from "./connectors/connectors.ts";
import { HOOK_BYTES_MAX } from "./contract.ts";
import { readHookAddress } from "./hook-address.ts";
import { openKeys, openShop } from "./shops.ts";
import { takeFound } from "./taking.ts";

const TIME_LIMIT_SECONDS = 300;
const ATTEMPTS_MAX = 8;
/** A store tells an event again for hours at most. */
const KEPT = "30 days";
const REMOVED_AT_ONCE = 1_000;

const EventInput = z.strictObject({
  store: z.uuid(),
  event: z.string(),
  kind: z.enum(["product", "order"]),
  id: z.string(),
});

/**
 * Takes what a store tells by itself: proves the signature over the bytes as they came, keeps the event once, and has a task ask the store what became of
 * the thing. Throws unauthenticated for whatever is not signed, whether there is such a store or not, and too_large.
 */
export async function takeHook(call: Call, hook: string, stream: Readable): Promise<undefined> {
  const body = await readBody(stream);
  // WooCommerce calls once without a signature, when a webhook is set up, to see whether anybody answers.
  if (/^webhook_id=\d+$/.test(body.toString("latin1", 0, 50))) return undefined;
  const place = readHookAddress(hook);
  type Row = { platform: string; sealed: Buffer };
  const [found] = place ? await askGate<Row>(call, "commerce.hook_of", [place.organization, place.store]) : [];
  if (!place || !found) throw notSigned();
  const connector = connectorOf(found.platform);
  const keys = openKeys(call.services, found.sealed, place.organization, place.store);
  if (!connector.verifyHook(call.readHeader, body, keys)) throw notSigned();
  const event = readEvent(() => connector.readHook(call.readHeader, body));
  if (!event) return undefined;
  await askGate(call, "commerce.take_hook", [
    place.organization,
    place.store,
    event.id,
    event.topic,
    event.kind,
    event.thing,
    JSON.stringify(
      wishOf(eventKind, { name: `Take over ${event.kind} ${event.thing}`, input: inputOf(place.store, event) }),
    ),
  ]);
  call.services.wakeWorkers();
  return undefined;
}

/** Asks the store for what an event was about, and takes that over. */
export const eventKind = taskKind<z.infer<typeof EventInput>>({
  type: "commerce.take_event",
  summary: "Takes over what a store told by itself",
  category: "ecommerce",
  workerType: "integration",
  input: EventInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  limits: ({ store }) => ({ lane: { name: `commerce.take_event:${store}`, places: 4 } }),
  isOpen: false,
  run: takeEvent,
});

async function takeEvent(task: RunningTask<z.infer<typeof EventInput>>): Promise<object> {
  const { store, event, kind, id } = task.input;
  const { connector, shop } = await openShop(task, store);
  const found = await connector.getOne(shop, kind, id);
  return transaction(task.entry, async (tx) => {
    const taken = found ? await takeFound(tx, store, kind, [found]) : { created: 0, updated: 0, faults: [] };
    if (!found) await tx.query("select commerce.take_loss($1, $2, $3)", [store, kind, id]);
    await tx.query("select commerce.settle_hook($1, $2, $3)", [store, event, taken.faults[0]?.reason ?? null]);
    return { ...taken, is_gone: found === undefined };
  });
}

/** Removes what nobody will tell again. */
export const hookRetention: Work = {
  name: "commerce.retention",
  everySeconds: 6 * 3_600,
  run: async ({ database, signal }) => {
    for (let removed = REMOVED_AT_ONCE; removed >= REMOVED_AT_ONCE && !signal.aborted; ) {
      const statement = "select commerce.remove_old_events($1, $2) as removed";
      const [row] = await callOutside<{ removed: number }>(database, "dispatcher", statement, [KEPT, REMOVED_AT_ONCE]);
      removed = row?.removed ?? 0;
    }
  },
};

async function readBody(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > HOOK_BYTES_MAX)
      throw new Problem("too_large", { detail: `A webhook has at most ${HOOK_BYTES_MAX} bytes.` });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Signed, but no JSON: what it is about cannot be known. */
function readEvent(read: () => HookEvent | undefined): HookEvent | undefined {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Problem("invalid", { detail: "The body is not JSON.", cause });
  }
}

function inputOf(store: string, { id, kind, thing }: HookEvent): z.infer<typeof EventInput> {
  return { store, event: id, kind, id: thing };
}

function notSigned(): Problem {
  return new Problem("unauthenticated", {
    detail: "This is not signed by a store that is connected here.",
    hint: "Check the address of the webhook and its secret.",
  });
}
