import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";

/** Runs one fixed statement in the organization and passes PostgreSQL's JSON on. Throws not_found where there is none. */
export async function askJson(context: Context, text: string, values: readonly unknown[]): Promise<JsonText> {
  const json = await queryText(context, { text, values, fixed: true });
  if (json === null) throw new Problem("not_found");
  return { json };
}
