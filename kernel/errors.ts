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
  changed_meanwhile: { status: 412, title: "Somebody changed this meanwhile" },
  gone: { status: 410, title: "This is over" },
  too_large: { status: 413, title: "Too large" },
  unsupported_media_type: { status: 415, title: "This kind of content is not understood here" },
  key_reused: { status: 422, title: "This Idempotency-Key belongs to another request" },
  limit_reached: { status: 429, title: "A limit is reached" },
  too_many_requests: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Tenon made a mistake" },
  too_busy: { status: 503, title: "Too busy" },
  timed_out: { status: 504, title: "It took too long" },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** A fault in one field: `labels.3.name`, and what is wrong with it. */
export type FieldFault = { field: string; message: string };

/** Rows that point to another: what they are called, and how many; at least so many where `more` says so. */
export type Dependants = { noun: string; count: number; more?: true };

type ProblemParts = {
  detail?: string;
  hint?: string;
  errors?: FieldFault[];
  retryAfterSeconds?: number;
  /** The row as it is now, where it is not what the caller thought. */
  current?: unknown;
  /** What still points to a row that cannot be deleted because of it. */
  dependants?: readonly Dependants[];
  cause?: unknown;
};

/** An expected failure. The HTTP kernel turns it into a problem document (RFC 9457); everything else is a mistake of ours. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly errors: FieldFault[];
  readonly retryAfterSeconds: number | undefined;
  readonly current: unknown;
  readonly dependants: readonly Dependants[];

  constructor(code: ProblemCode, parts: ProblemParts = {}) {
    const { detail, hint, errors = [], retryAfterSeconds, current, dependants = [], cause } = parts;
    super(detail ?? PROBLEMS[code].title, { cause });
    this.name = "Problem";
    this.code = code;
    this.detail = detail;
    this.hint = hint;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.current = current;
    this.dependants = dependants;
  }
}
