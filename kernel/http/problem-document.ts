import pg from "pg";
import { ZodError } from "zod";
import { TooBusyError } from "../concurrency.ts";
import { SQLSTATE } from "../database/errors.ts";
import { BusyError } from "../database/pool.ts";
import { type Dependants, type FieldFault, PROBLEMS, Problem, type ProblemCode } from "../errors.ts";

/** A problem document, RFC 9457, with Tenon's stable code and what the caller can do. */
export type ProblemDocument = {
  type: string;
  title: string;
  status: number;
  code: string;
  detail?: string;
  hint?: string;
  errors?: FieldFault[];
  current?: unknown;
  dependants?: readonly Dependants[];
  request_id: string;
};

const RETRY_AFTER_SECONDS = 1;

/** The document of a problem. */
export function documentOf(problem: Problem, requestId: string): ProblemDocument {
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: `/api/problems/${problem.code}`,
    title,
    status,
    code: problem.code,
    ...(problem.detail && { detail: problem.detail }),
    ...(problem.hint && { hint: problem.hint }),
    ...(problem.errors.length > 0 && { errors: problem.errors }),
    ...(problem.current !== undefined && { current: problem.current }),
    ...(problem.dependants.length > 0 && { dependants: problem.dependants }),
    request_id: requestId,
  };
}

/** What went wrong, as the caller may know it. Whatever nobody foresaw is `internal` and keeps its cause for the log. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ZodError) return new Problem("invalid", { errors: faultsOf(error) });
  if (error instanceof BusyError || error instanceof TooBusyError) {
    return new Problem("too_busy", {
      hint: "Try again in a moment.",
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      cause: error,
    });
  }
  if (error instanceof pg.DatabaseError) return refusalOf(error) ?? databaseProblem(error);
  if (isConnectionFailure(error)) return databaseAway(error);
  return (
    frameworkProblem(error) ?? new Problem("internal", { hint: "The request id finds it in the log.", cause: error })
  );
}

/** The faults that a shape found, by field. */
export function faultsOf(error: ZodError): FieldFault[] {
  return error.issues.flatMap((issue): FieldFault[] => {
    if (issue.code !== "unrecognized_keys") return [{ field: issue.path.join("."), message: issue.message }];
    return issue.keys.map((key) => ({ field: [...issue.path, key].join("."), message: "There is no such field." }));
  });
}

/** What the functions of the database refuse, by the states that they raise. */
const REFUSALS: Record<string, ProblemCode> = {
  [SQLSTATE.not_signed_in]: "unauthenticated",
  [SQLSTATE.no_such_organization]: "not_found",
  [SQLSTATE.permission_missing]: "forbidden",
  [SQLSTATE.second_factor_needed]: "second_factor_needed",
  [SQLSTATE.proof_needed]: "proof_needed",
  [SQLSTATE.nothing_there]: "not_found",
  [SQLSTATE.in_conflict]: "conflict",
  [SQLSTATE.not_valid]: "invalid",
  [SQLSTATE.over]: "gone",
  [SQLSTATE.payment_required]: "payment_required",
  [SQLSTATE.limit_reached]: "limit_reached",
  [SQLSTATE.key_reused]: "key_reused",
};

/**
 * What a function of the database refuses in words for people, as a problem; undefined for any other error. Of what is not
 * found nothing more is said: it may not exist, or be another organization's.
 */
export function refusalOf(error: unknown): Problem | undefined {
  if (!(error instanceof pg.DatabaseError)) return undefined;
  const code = REFUSALS[error.code ?? ""];
  if (!code) return undefined;
  if (code === "not_found") return new Problem(code, { cause: error });
  if (code === "unauthenticated") return new Problem(code, { hint: "Sign in again.", cause: error });
  return new Problem(code, {
    detail: `${error.message}.`,
    ...(error.hint && { hint: error.hint }),
    ...(code === "limit_reached" && { retryAfterSeconds: secondsUntil(error.detail) }),
    cause: error,
  });
}

/** The whole seconds until a moment that PostgreSQL told; one at least. */
function secondsUntil(moment: string | undefined): number {
  const seconds = Math.ceil((Date.parse(moment ?? "") - Date.now()) / 1000);
  return Math.max(seconds || RETRY_AFTER_SECONDS, RETRY_AFTER_SECONDS);
}

/** PostgreSQL's refusals. Its own words stay in the log: they may name values of rows. */
function databaseProblem(error: pg.DatabaseError): Problem {
  switch (error.code) {
    case "23505":
      return new Problem("conflict", { detail: "Something with this name or key exists already.", cause: error });
    case "23503":
    case "23001":
      return new Problem("conflict", {
        detail: "Something that this belongs to is missing, or something still depends on it.",
        cause: error,
      });
    case "23514":
    case "22P05":
    case "22021":
      return new Problem("invalid", { detail: "A value is not one that can be stored.", cause: error });
    case "40001":
    case "40P01":
    case "55P03":
      return new Problem("too_busy", {
        detail: "Two requests got in each other's way.",
        hint: "Nothing was changed. Try again in a moment.",
        retryAfterSeconds: RETRY_AFTER_SECONDS,
        cause: error,
      });
    case "57014":
      return new Problem("timed_out", { hint: "Ask for less at once, or try again.", cause: error });
    case "53100":
      return new Problem("too_busy", {
        detail: "The database's disk is full.",
        hint: "Tell the operator.",
        cause: error,
      });
    default:
      return isShutdown(error.code) ? databaseAway(error) : new Problem("internal", { cause: error });
  }
}

/** Administrator shutdown, crash, starting up, too many connections. */
function isShutdown(code: string | undefined): boolean {
  return ["57P01", "57P02", "57P03", "53300"].includes(code ?? "");
}

function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return (
    ["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE"].includes(code) ||
    /connection (is closed|terminated|ended)|not queryable/i.test(error.message)
  );
}

function databaseAway(cause: unknown): Problem {
  return new Problem("too_busy", {
    detail: "The database is not answering.",
    hint: "Nothing was changed unless it was already confirmed. Try again in a moment.",
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause,
  });
}

/** Fastify's own refusals: they carry a status below 500. */
function frameworkProblem(error: unknown): Problem | undefined {
  const { statusCode, message, code } = error as { statusCode?: number; message?: string; code?: string };
  // Nothing has a name that long.
  if (code === "FST_ERR_MAX_PARAM_LENGTH") return new Problem("not_found");
  if (statusCode === 413) return new Problem("too_large", { ...(message && { detail: message }) });
  if (statusCode === 415) return new Problem("unsupported_media_type", { ...(message && { detail: message }) });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem("invalid", { ...(message && { detail: message }) });
  return undefined;
}
