import type pg from "pg";
import { hasState } from "../../kernel/database/errors.ts";
import { Problem, type ProblemCode } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";

/** Runs one fixed statement and passes PostgreSQL's JSON on. Throws a Problem when it refuses, or when nothing is there. */
export async function askJson(context: Context, text: string, values: readonly unknown[]): Promise<JsonText> {
  const json = await refusing(() => queryText(context, { text, values, fixed: true }));
  if (json === null) throw new Problem("not_found");
  return { json };
}

/** Runs `work` and turns what the database refuses, in words for people, into a Problem. */
export async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw problemOf(error) ?? error;
  }
}

/** The same answer for what does not exist and for what is another organization's: nothing more is said of either. */
function problemOf(error: unknown): Problem | undefined {
  if (hasState(error, "nothing_there")) return new Problem("not_found", { cause: error });
  if (hasState(error, "permission_missing")) return refusal("forbidden", error);
  if (hasState(error, "in_conflict")) return refusal("conflict", error);
  if (hasState(error, "not_valid")) return refusal("invalid", error);
  return undefined;
}

function refusal(code: ProblemCode, error: pg.DatabaseError): Problem {
  return new Problem(code, { detail: `${error.message}.`, ...(error.hint && { hint: error.hint }), cause: error });
}
