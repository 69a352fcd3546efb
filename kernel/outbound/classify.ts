import type { IncomingHttpHeaders } from "node:http";

/** What kind of failure an answer is: it decides whether, and when, the request is tried again. */
export type ResponseFailure =
  | { failure: "transient" | "unauthorized" | "invalid" }
  /** Without seconds the host did not say when. */
  | { failure: "rate_limited"; retryAfterSeconds?: number };

const RETRY_AFTER_SECONDS_MAX = 3_600;

const TRANSIENT = [408, 425];
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** What became of a request, by its answer. 202 means that the outcome is told later. A redirect that was not followed is a failure. */
export function classifyResponse(
  status: number,
  headers: IncomingHttpHeaders,
  now: Date = new Date(),
): "succeeded" | "accepted" | ResponseFailure {
  if (status === 202) return "accepted";
  if (status >= 200 && status < 300) return "succeeded";
  const retryAfterSeconds = readRetryAfter(headers["retry-after"], now);
  if (status === 429 || (status === 503 && retryAfterSeconds !== undefined))
    return { failure: "rate_limited", ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  if (status >= 500 || TRANSIENT.includes(status)) return { failure: "transient" };
  return { failure: status === 401 || status === 403 ? "unauthorized" : "invalid" };
}

/** Seconds until then, 0 to `RETRY_AFTER_SECONDS_MAX`; undefined when the header is missing or neither seconds nor a date. */
function readRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const seconds = HTTP_DATE.test(value)
    ? Math.ceil((Date.parse(value) - now.getTime()) / 1000)
    : /^\d+$/.test(value)
      ? Number(value)
      : Number.NaN;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(seconds, 0), RETRY_AFTER_SECONDS_MAX);
}
