import { classifyResponse } from "../../../kernel/outbound/classify.ts";
import { type OutboundCode, OutboundError } from "../../../kernel/outbound/errors.ts";
import { type OutboundResponse, sendRequest } from "../../../kernel/outbound/request.ts";
import { signWebhook } from "../../../kernel/outbound/signature.ts";
import type { Outbound } from "../../../kernel/outbound/target.ts";
import type { Services } from "../../../kernel/services.ts";
import { isShallow } from "../webhooks-contract.ts";
import type { NewCallback } from "./callbacks.ts";

/** The most that a program may answer, in bytes. */
export const OUTPUT_BYTES_MAX = 256 * 1024;

/** A task as its endpoint is told of it, and the callback by which the outcome may be told later. */
export type CalledTask = { id: string; type: string; input: unknown; attempt: number; callback: NewCallback };

/** Where a task is executed. The secrets are opened: the first is the newest, and all of them sign. */
export type CalledEndpoint = { url: string; timeoutSeconds: number; secrets: readonly string[] };

/** What became of a call; failures by the classes that decide whether the task is tried again. The message is for people of the organization. */
export type CallOutcome =
  | { outcome: "succeeded"; output: unknown }
  | { outcome: "waiting" }
  | {
      outcome: "failed";
      failure: "transient" | "rate_limited" | "unauthorized" | "invalid" | "timed_out";
      message: string;
      /** The HTTP status of the answer, when there was one. */
      status?: number;
      /** When the endpoint asks to be called again, at the earliest. */
      retryAfterSeconds?: number;
    };

type Failure = Extract<CallOutcome, { outcome: "failed" }>;

const FAILURES: Record<OutboundCode, Failure["failure"]> = {
  bad_url: "invalid",
  refused_address: "invalid",
  unresolvable: "transient",
  connection_failed: "transient",
  timed_out: "timed_out",
  too_large: "invalid",
  too_many_redirects: "invalid",
};

const SHOWN_LENGTH_MAX = 500;

/**
 * Calls an endpoint to execute a task: a POST of `{id, type, input, attempt, callback: {url, token, expires_at}}`, signed by
 * Standard Webhooks, whose id is the task's at each attempt. 2xx with JSON or nothing is the output; 202 means that the
 * outcome comes by the callback. Redirects are not followed. Rejects only when `signal` is aborted.
 */
export async function callWebhook(
  task: CalledTask,
  endpoint: CalledEndpoint,
  services: Pick<Services, "resolveAddresses" | "allowedAddresses" | "publicUrl">,
  signal?: AbortSignal,
): Promise<CallOutcome> {
  const message = { id: task.id, body: bodyOf(task, services.publicUrl), bytesMax: OUTPUT_BYTES_MAX };
  try {
    const response = await postSigned(message, endpoint, services, signal);
    return outcomeOf(response);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    return { outcome: "failed", failure: FAILURES[error.code], message: error.message };
  }
}

/** POSTs a message, signed by Standard Webhooks; at most `bytesMax` are answered. Rejects with an `OutboundError`, or because of `signal`. */
export async function postSigned(
  { id, body, bytesMax }: { id: string; body: string; bytesMax: number },
  { url, timeoutSeconds, secrets }: CalledEndpoint,
  outbound: Outbound,
  signal?: AbortSignal,
): Promise<OutboundResponse> {
  return sendRequest(outbound, {
    url,
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      ...signWebhook({ id, sentAt: new Date(), body }, secrets),
    },
    body,
    timeoutSeconds,
    maxResponseBytes: bytesMax,
    ...(signal && { signal }),
  });
}

/** The beginning of an answer, as it can be kept and shown: PostgreSQL takes no NUL. */
export function beginningOf(body: Buffer): string {
  return body.toString("utf8", 0, SHOWN_LENGTH_MAX).replaceAll("\0", "").trim();
}

function bodyOf({ id, type, input, attempt, callback }: CalledTask, publicUrl: string): string {
  const { token, expiresAt } = callback;
  const url = `${publicUrl}/api/task-callbacks/${token}`;
  return JSON.stringify({ id, type, input, attempt, callback: { url, token, expires_at: expiresAt.toISOString() } });
}

function outcomeOf({ status, headers, body }: OutboundResponse): CallOutcome {
  const result = classifyResponse(status, headers);
  if (result === "accepted") return { outcome: "waiting" };
  if (result === "succeeded") return readOutput(status, body);
  const shown = beginningOf(body);
  const message = `The endpoint answered ${status}${shown === "" ? "." : `: ${shown}`}`;
  return { outcome: "failed", ...result, message, status };
}

/** The output as it can be kept: PostgreSQL takes no NUL, and no half of a surrogate pair. */
function readOutput(status: number, body: Buffer): CallOutcome {
  if (body.length === 0) return { outcome: "succeeded", output: null };
  const failed = (message: string): CallOutcome => ({ outcome: "failed", failure: "invalid", message, status });
  let output: unknown;
  try {
    output = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return failed("The endpoint answered what is not JSON. Let it answer JSON, or nothing.");
  }
  if (!isShallow(output))
    return failed("The endpoint answered JSON that is nested too deep. Let it answer flatter JSON.");
  if (!isStorable(output))
    return failed("The endpoint answered text with a NUL character or half of a surrogate pair, which cannot be kept.");
  return { outcome: "succeeded", output };
}

function isStorable(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, part]) => isStorable(name) && isStorable(part));
}
