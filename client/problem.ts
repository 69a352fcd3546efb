/** What a server says when it refuses (RFC 9457), with Tenon's own members. */
export type Problem = {
  title: string;
  status: number;
  /** What went wrong, in a word that stays the same, such as `not_found`. */
  code: string;
  detail?: string;
  hint?: string;
  errors?: FieldError[];
  /** What is there instead of what the request went by: the row as it is, the times that are free. */
  current?: unknown;
  request_id?: string;
};

/** What is wrong with one field; `field` is its path, such as `labels.3.name`. */
export type FieldError = { field: string; message: string };

const UNREACHABLE: Problem = {
  title: "The server can't be reached",
  status: 0,
  code: "unreachable",
  detail: "Nothing came back. Either this device is offline or the server is not running.",
  hint: "Check the connection, then try again.",
};

/** An answer of the server that is not a success, or none at all (status 0). */
export class ApiProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail ?? problem.title, options);
    this.name = "ApiProblem";
    this.problem = problem;
  }
}

export function unreachable(cause?: unknown): ApiProblem {
  return new ApiProblem(UNREACHABLE, { cause });
}

/** Makes the error of an answer. What comes from a proxy in between is not a problem document and gets a title of its own. */
export function problemOf(status: number, text: string): ApiProblem {
  const document = parseObject(text);
  if (document && typeof document.title === "string" && typeof document.code === "string")
    return new ApiProblem({ ...(document as Problem), status });
  return new ApiProblem({
    title: `The server answered ${status}`,
    status,
    code: `http_${status}`,
    detail: "The answer held no explanation.",
    hint: "Try again in a moment.",
  });
}

function parseObject(text: string): Partial<Problem> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === "object" ? (value as Partial<Problem>) : undefined;
  } catch {
    return undefined;
  }
}
