import { AISDKError, APICallError } from "ai";
import { type OutboundCode, OutboundError } from "../../kernel/outbound/errors.ts";
import { type FailureClass, TaskFailure } from "../../kernel/work.ts";

/** A reply that cannot go on, in words for the person who waits for it. */
export class ReplyFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReplyFailure";
  }
}

const WORDS_MAX = 300;
/** What another try finds as it is. */
const REFUSED: readonly OutboundCode[] = ["bad_url", "refused_address", "too_large", "too_many_redirects"];

/** What went wrong at the provider, in words for the person who waits; undefined where it is a mistake of ours. */
export function wordsOf(error: unknown): string | undefined {
  if (error instanceof ReplyFailure || error instanceof OutboundError) return error.message;
  if (APICallError.isInstance(error))
    return error.cause instanceof OutboundError ? error.cause.message : refusalOf(error);
  if (AISDKError.isInstance(error)) {
    if (error.cause instanceof OutboundError) return error.cause.message;
    return brokeOff(error.message);
  }
  // What providers tell in the middle of a stream is an object of their own, or a text.
  const told = typeof error === "string" ? error : messageIn(error);
  return told === undefined ? undefined : brokeOff(told);
}

/** What went wrong at the provider, as a task fails by it; undefined where it is a mistake of ours. */
export function taskFailureOf(error: unknown): TaskFailure | undefined {
  if (error instanceof TaskFailure) return error;
  const words = wordsOf(error);
  if (words === undefined) return undefined;
  const retryAfterSeconds = APICallError.isInstance(error) ? secondsIn(error) : undefined;
  return new TaskFailure(classOf(error), words, { cause: error, ...(retryAfterSeconds && { retryAfterSeconds }) });
}

function classOf(error: unknown): FailureClass {
  const cause = AISDKError.isInstance(error) ? error.cause : error;
  if (cause instanceof OutboundError) return REFUSED.includes(cause.code) ? "invalid" : "transient";
  if (!APICallError.isInstance(error)) return "transient";
  const { statusCode = 0 } = error;
  if (statusCode === 401 || statusCode === 403) return "unauthorized";
  if (statusCode === 429) return "rate_limited";
  return statusCode >= 500 || statusCode === 408 || statusCode === 0 ? "transient" : "invalid";
}

function brokeOff(why: string): string {
  return `The provider broke off: ${why.slice(0, WORDS_MAX)}`;
}

function refusalOf(error: APICallError): string {
  const { statusCode = 0, message } = error;
  if (statusCode === 401 || statusCode === 403)
    return "The provider does not accept the key. Whoever looks after the assistant can give another one.";
  if (statusCode === 404) return "The provider does not know this model, or answers at another address.";
  if (statusCode === 429) {
    const seconds = secondsIn(error);
    return `The provider has too much to do. Try again ${seconds ? `in ${seconds} seconds` : "in a moment"}.`;
  }
  if (statusCode >= 500) return `The provider failed (${statusCode}). Try again in a moment.`;
  return `The provider refused this (${statusCode}): ${message.slice(0, WORDS_MAX)}`;
}

/** When the provider wants to be asked again. */
function secondsIn({ responseHeaders }: APICallError): number | undefined {
  const seconds = Number(responseHeaders?.["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : undefined;
}

function messageIn(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || error instanceof Error) return undefined;
  const { message, error: inner } = error as { message?: unknown; error?: unknown };
  return typeof message === "string" ? message : messageIn(inner);
}
