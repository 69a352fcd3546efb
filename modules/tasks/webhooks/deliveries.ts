import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { classifyResponse } from "../../../kernel/outbound/classify.ts";
import { OutboundError } from "../../../kernel/outbound/errors.ts";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";
import type { Job, Work, Workplace } from "../../../kernel/work.ts";
import { beginningOf, postSigned } from "./call.ts";
import { openSecrets } from "./endpoints.ts";

/** The most that is read of an answer to a delivery, in bytes. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** After so long an organization makes room for others that wait. */
const TURN_MS = 20_000;
const LOOK_AGAIN_MS = 1_000;
/** While another one is at it. */
const BUSY_SECONDS = 1;
/** Deliveries are kept so long after they were over. */
const KEPT_DAYS = 15;
const REMOVED_AT_ONCE = 1_000;
const RETENTION_EVERY_SECONDS = 6 * 60 * 60;
const GONE = 410;

type Taken = {
  id: string;
  endpoint_id: string;
  url: string;
  timeout_seconds: number;
  sealed_secrets: Buffer[];
  message: string;
};

/** How a call went. */
type Outcome = {
  outcome: "delivered" | "failed" | "gone";
  status?: number;
  message: string;
  retryAfterSeconds?: number | undefined;
};

/**
 * Sends the deliveries of an organization that are due: several of each endpoint at once, but one after the other of each row. One
 * process at a time does so; the number that it gives itself keeps one that was thought dead from going on.
 */
export async function deliver(workplace: Workplace, organizationId: string): Promise<number | undefined> {
  const { database, signal } = workplace;
  const runner = randomUUID();
  const ask = <Row>(text: string, values: unknown[]) =>
    callOutside<Row>(database, "dispatcher", text, [organizationId, runner, ...values]);
  const [begun] = await ask<{ is_begun: boolean | null }>("select tasks.begin_webhooks($1, $2) as is_begun", []);
  if (!begun?.is_begun) return begun?.is_begun === false ? BUSY_SECONDS : undefined;
  const underWay = new Map<string, { endpoint: string; ended: Promise<void> }>();
  const send = async (taken: Taken) => {
    const began = performance.now();
    const { outcome, status, message, retryAfterSeconds } = await call(workplace, organizationId, taken);
    const duration = Math.round(performance.now() - began);
    const values = [taken.id, outcome, status, duration, message, retryAfterSeconds];
    await ask("select tasks.settle_delivery($1, $2, $3, $4, $5, $6, $7, $8)", values);
  };
  const takeMore = async () => {
    const endpoints = [...underWay.values()].map(({ endpoint }) => endpoint);
    const values = [[...underWay.keys()], endpoints];
    for (const taken of await ask<Taken>("select * from tasks.take_deliveries($1, $2, $3, $4)", values)) {
      const ended = send(taken).finally(() => underWay.delete(taken.id));
      underWay.set(taken.id, { endpoint: taken.endpoint_id, ended });
    }
  };
  try {
    for (const end = performance.now() + TURN_MS; performance.now() < end && !signal.aborted; ) {
      await takeMore();
      if (underWay.size > 0) await firstOf([...underWay.values()].map(({ ended }) => ended));
      else if (await isResting(ask)) return undefined;
    }
    return 0;
  } finally {
    await Promise.allSettled([...underWay.values()].map(({ ended }) => ended));
  }
}

/** Something else may be due before the first of these ends. */
async function firstOf(ends: readonly Promise<void>[]): Promise<void> {
  const ended = new AbortController();
  const pause = delay(LOOK_AGAIN_MS, undefined, { signal: ended.signal }).catch(() => undefined);
  await Promise.race([...ends, pause]).finally(() => ended.abort());
}

async function isResting(ask: <Row>(text: string, values: unknown[]) => Promise<Row[]>): Promise<boolean> {
  const [row] = await ask<{ is_resting: boolean }>("select tasks.rest_webhooks($1, $2) as is_resting", []);
  return row?.is_resting ?? true;
}

async function call({ services, signal }: Workplace, organizationId: string, taken: Taken): Promise<Outcome> {
  const { id, endpoint_id: endpointId, url, timeout_seconds: timeoutSeconds, sealed_secrets, message: body } = taken;
  const secrets = openSecrets(services.keyring, sealed_secrets, { organizationId, endpointId });
  try {
    const message = { id, body, bytesMax: ANSWER_BYTES_MAX };
    const {
      status,
      headers,
      body: answer,
    } = await postSigned(message, { url, timeoutSeconds, secrets }, services, signal);
    const shown = { status, message: beginningOf(answer) };
    if (status === GONE) return { outcome: "gone", ...shown };
    const result = classifyResponse(status, headers);
    if (typeof result === "string") return { outcome: "delivered", ...shown };
    return {
      outcome: "failed",
      ...shown,
      ...("retryAfterSeconds" in result && { retryAfterSeconds: result.retryAfterSeconds }),
    };
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { outcome: "failed", message: error.message };
  }
}

/** In line by the organization's id, whenever one of its deliveries is due. */
export const deliveryJob: Job = { type: "tasks.webhooks", run: deliver };

export const deliveryRetention: Work = {
  name: "tasks.webhook_retention",
  everySeconds: RETENTION_EVERY_SECONDS,
  run: async ({ database, signal }) => {
    const statement = "select tasks.remove_old_deliveries(make_interval(days => $1), $2) as removed";
    for (let removed = REMOVED_AT_ONCE; removed === REMOVED_AT_ONCE && !signal.aborted; ) {
      const [row] = await callOutside<{ removed: number }>(database, "dispatcher", statement, [
        KEPT_DAYS,
        REMOVED_AT_ONCE,
      ]);
      removed = row?.removed ?? 0;
    }
  },
};
