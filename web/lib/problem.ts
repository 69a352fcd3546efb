import { ApiProblem, type Problem } from "../../client/problem.ts";

/** The problem of anything that was thrown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ApiProblem) return error.problem;
  return {
    title: "This page ran into a mistake of its own",
    status: 0,
    code: "page",
    detail: error instanceof Error ? error.message : String(error),
    hint: "Load the page again.",
  };
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiProblem ? error.problem.status : undefined;
}

/** The stable code of what went wrong, such as `proof_needed`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof ApiProblem ? error.problem.code : undefined;
}

/** The same failure, told at a field of a form. */
export function atField(field: string, error: unknown): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const { detail, hint, ...problem } = error.problem;
  const message = [detail, hint].filter(Boolean).join(" ");
  return new ApiProblem({ ...problem, errors: [{ field, message }] }, { cause: error });
}

/** The same failure, with its fields called as a form calls them. */
export function atFieldsOf(nameOf: (field: string) => string, error: unknown): unknown {
  if (!(error instanceof ApiProblem) || !error.problem.errors) return error;
  const errors = error.problem.errors.map(({ field, ...fault }) => ({ ...fault, field: nameOf(field) }));
  return new ApiProblem({ ...error.problem, errors }, { cause: error });
}
