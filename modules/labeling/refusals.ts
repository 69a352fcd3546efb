import { Problem } from "../../kernel/errors.ts";
import { refusalOf } from "../../kernel/http/problem-document.ts";
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
    throw refusalOf(error) ?? error;
  }
}
