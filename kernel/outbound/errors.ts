export type OutboundCode =
  | "bad_url"
  | "refused_address"
  | "unresolvable"
  | "connection_failed"
  | "timed_out"
  | "too_large"
  | "too_many_redirects";

/** A request that did not come to an answer; the message is for whoever gave the address. The cause may name internal addresses and is for the log. */
export class OutboundError extends Error {
  readonly code: OutboundCode;

  constructor(code: OutboundCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OutboundError";
    this.code = code;
  }
}
