import { z } from "zod";
import { transaction } from "../../../kernel/tenancy/transaction.ts";
import { TaskFailure, taskKind, WAIT_FOR_ANSWER } from "../../../kernel/work.ts";
import { callWebhook } from "./call.ts";
import { openCallback } from "./callbacks.ts";
import { readEndpointForCall } from "./endpoints.ts";

/** Longer than an endpoint may take at most, with the look-up of its name. */
const TIME_LIMIT_SECONDS = 90;
const CALLBACK_HOURS_DEFAULT = 24;
const CALLBACK_HOURS_MAX = 30 * 24;
const HOUR_MS = 3_600_000;

/** A task that a program elsewhere executes: it is called, and answers at once or by its callback. */
export const callWebhookKind = taskKind({
  type: "tasks.call_webhook",
  summary: "Have a program elsewhere do it, by a signed call",
  category: "system",
  workerType: "webhook",
  input: z.strictObject({
    endpoint: z.uuid().describe("The webhook endpoint that is called"),
    body: z.json().optional().describe("What it is to work on"),
    callback_hours: z.number().int().min(1).max(CALLBACK_HOURS_MAX).default(CALLBACK_HOURS_DEFAULT),
  }),
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: 5,
  isOpen: true,
  // A slow endpoint has a few places of its own, and takes none from the others.
  limits: ({ endpoint }) => ({ lane: { name: `webhook:${endpoint}`, places: 10 } }),
  run: async ({ id, type, input, attempt, entry, services, signal, log }) => {
    const { id: organizationId } = entry.organization;
    const expiresAt = new Date(Date.now() + input.callback_hours * HOUR_MS);
    const { endpoint, callback } = await transaction(entry, async (tx) => ({
      endpoint: await readEndpointForCall(tx, services, { organizationId, endpointId: input.endpoint }),
      callback: await openCallback(tx, { organizationId, taskId: id, expiresAt }),
    }));
    if (!endpoint) throw new TaskFailure("invalid", "The webhook endpoint is not there any more.");
    if (endpoint.status === "paused")
      throw new TaskFailure("transient", "The webhook endpoint is paused.", { retryAfterSeconds: 600 });
    const outcome = await callWebhook(
      { id, type, input: input.body ?? null, attempt, callback },
      endpoint,
      services,
      signal,
    );
    if (outcome.outcome === "waiting") return WAIT_FOR_ANSWER;
    if (outcome.outcome === "succeeded") return outcome.output;
    const { failure, message, status, retryAfterSeconds } = outcome;
    if (status !== undefined) log(`The endpoint answered ${status}.`);
    throw new TaskFailure(failure, message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  },
});
