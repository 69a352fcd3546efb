/** Every kind of failure that a caller can act on, and the HTTP status it travels as. */
export const PROBLEMS = {
  invalid: { status: 400, title: "Something in the request is not right" },
  unauthenticated: { status: 401, title: "Not signed in" },
  payment_required: { status: 402, title: "This is beyond the plan or the credits" },
  forbidden: { status: 403, title: "Not permitted" },
  proof_needed: { status: 403, title: "Prove once more who you are" },
  second_factor_needed: { status: 403, title: "A second factor is needed" },
  not_found: { status: 404, title: "There is nothing here" },
  method_not_allowed: { status: 405, title: "This address does not answer that method" },
  not_acceptable: { status: 406, title: "This kind of answer is not given here" },
  conflict: { status: 409, title: "The request does not fit what is there" },
  gone: { status: 410, title: "This is over" },
  too_large: { status: 413, title: "Too large" },
  unsupported_media_type: { status: 415, title: "This kind of content is not understood here" },
  limit_reached: { status: 429, title: "A limit is reached" },
  too_many_requests: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Tenon made a mistake" },
  too_busy: { status: 503, title: "Too busy" },
  timed_out: { status: 504, title: "It took too long" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** A fault in one field: `labels.3.name`, and what is wrong with it. */
export type FieldFault = { field: string; message: string };

type ProblemParts = {
  detail?: string;
  hint?: string;
  errors?: FieldFault[];
  retryAfterSeconds?: number;
  cause?: unknown;
};

/** An expected failure. The HTTP kernel turns it into a problem document (RFC 9457); everything else is a mistake of ours. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly errors: FieldFault[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, { detail, hint, errors = [], retryAfterSeconds, cause }: ProblemParts = {}) {
    super(detail ?? PROBLEMS[code].title, { cause });
    this.name = "Problem";
    this.code = code;
    this.detail = detail;
    this.hint = hint;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
