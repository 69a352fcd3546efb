import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { classifyResponse } from "../../../kernel/outbound/classify.ts";
import { type OutboundCode, OutboundError } from "../../../kernel/outbound/errors.ts";
import { type OutboundRequest, type OutboundResponse, sendRequest } from "../../../kernel/outbound/request.ts";
import { type FailureClass, TaskFailure } from "../../../kernel/work.ts";
import type { Shop } from "./connector.ts";

/** For one answer in full. */
const TIMEOUT_SECONDS = 60;
/** A page of 100 orders with many lines has a few hundred kilobytes. */
const ANSWER_BYTES_MAX = 32_000_000;
/** Before a store is called again that failed or did not say how long it wants to rest; doubled with each time. */
const FIRST_WAIT_SECONDS = 1;
/** A store that says it may be called at once, and fails each time, is believed less and less. */
const LEAST_WAIT = 0.05;
const SHOWN_LENGTH_MAX = 300;

const FAILURES: Record<OutboundCode, FailureClass> = {
  bad_url: "invalid",
  refused_address: "invalid",
  unresolvable: "transient",
  connection_failed: "transient",
  timed_out: "timed_out",
  too_large: "invalid",
  too_many_redirects: "invalid",
};

/** What a store answered; `retryAfterSeconds` asks to be called again, after which time is told or not. */
export type StoreAnswer = { status: number; headers: IncomingHttpHeaders; body: unknown };
export type StoreRequest = Pick<OutboundRequest, "method" | "headers"> & { path: string; json?: object };
/** Seconds to wait before the store is called again as it said; `isRefused` where the answer is none because of that. */
export type Delay = { seconds: number; isRefused: boolean };

/**
 * Calls a store, and again where it asks for time, as long as the shop's patience lasts. Resolves with its answer in JSON, and 404 too. Throws a
 * `TaskFailure` for all else: it says when the store wants to be called again.
 */
export async function callStore(
  shop: Shop,
  request: StoreRequest,
  delayOf: (answer: StoreAnswer) => Delay = () => ({ seconds: 0, isRefused: false }),
): Promise<StoreAnswer> {
  let patience = shop.patienceSeconds;
  for (let wait = FIRST_WAIT_SECONDS; ; wait *= 2) {
    const tried = await tryOnce(shop, request, delayOf);
    const seconds = "answer" in tried ? tried.seconds : secondsUntilAgain(tried.failure, wait);
    const isPatient = seconds <= patience;
    if (isPatient && seconds > 0) {
      patience -= seconds;
      await delay(seconds * 1_000, undefined, { signal: shop.signal });
    }
    if ("answer" in tried) return tried.answer;
    if (!isPatient) throw tried.failure;
  }
}

function secondsUntilAgain({ failureClass, retryAfterSeconds }: TaskFailure, wait: number): number {
  if (!["transient", "rate_limited", "timed_out"].includes(failureClass)) return Number.POSITIVE_INFINITY;
  return Math.max(retryAfterSeconds ?? wait, wait * LEAST_WAIT);
}

/** An answer, with how long to rest before the next call; or why there is none. */
async function tryOnce(
  shop: Shop,
  request: StoreRequest,
  delayOf: (answer: StoreAnswer) => Delay,
): Promise<{ answer: StoreAnswer; seconds: number } | { failure: TaskFailure }> {
  try {
    const response = await send(shop, request);
    const outcome = classifyResponse(response.status, response.headers);
    if (outcome !== "succeeded" && outcome !== "accepted" && response.status !== 404)
      return { failure: failureOf(response, outcome) };
    const answer = { status: response.status, headers: response.headers, body: parsed(response) };
    const { seconds, isRefused } = delayOf(answer);
    if (!isRefused) return { answer, seconds };
    return { failure: new TaskFailure("rate_limited", "The store asks for time.", { retryAfterSeconds: seconds }) };
  } catch (error) {
    if (error instanceof TaskFailure) return { failure: error };
    if (!(error instanceof OutboundError)) throw error;
    return { failure: new TaskFailure(FAILURES[error.code], error.message, { cause: error }) };
  }
}

function send(shop: Shop, { path, json, method, headers }: StoreRequest): Promise<OutboundResponse> {
  return sendRequest(shop.outbound, {
    url: shop.address + path,
    method,
    headers: { accept: "application/json", ...(json && { "content-type": "application/json" }), ...headers },
    ...(json && { body: JSON.stringify(json) }),
    timeoutSeconds: TIMEOUT_SECONDS,
    maxResponseBytes: ANSWER_BYTES_MAX,
    ...(shop.signal && { signal: shop.signal }),
  });
}

function failureOf(
  { status, headers, body }: OutboundResponse,
  outcome: Exclude<ReturnType<typeof classifyResponse>, string>,
): TaskFailure {
  const shown = body.toString("utf8", 0, SHOWN_LENGTH_MAX).replaceAll("\0", "").toWellFormed().trim();
  const after = "retryAfterSeconds" in outcome ? outcome.retryAfterSeconds : undefined;
  const options = after === undefined ? {} : { retryAfterSeconds: after };
  if (outcome.failure === "unauthorized")
    return new TaskFailure(
      "unauthorized",
      `The store does not accept its keys (${status}). Connect it again with new ones.`,
    );
  if (headers.location !== undefined)
    return new TaskFailure(
      "invalid",
      `The store is elsewhere: it answers ${status} and names ${headers.location}. Connect it by that address.`,
    );
  return new TaskFailure(outcome.failure, `The store answered ${status}${shown === "" ? "." : `: ${shown}`}`, options);
}

function parsed({ status, body }: OutboundResponse): unknown {
  if (status === 404) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new TaskFailure(
      "invalid",
      "The store answered what is not JSON. Check that its address is that of the store itself.",
      { cause },
    );
  }
}

/** Whether a signature in base64 is the HMAC-SHA256 of a body. With no secret nothing is signed: anybody could do that. */
export function isSigned(body: Buffer, signature: string | undefined, secret: string): boolean {
  const given = Buffer.from(signature ?? "", "base64");
  const made = createHmac("sha256", secret).update(body).digest();
  return secret !== "" && given.length === made.length && timingSafeEqual(given, made);
}
