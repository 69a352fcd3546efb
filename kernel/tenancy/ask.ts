import { Problem } from "../errors.ts";
import type { JsonText } from "../http/route.ts";
import type { Context } from "./context.ts";
import { queryText } from "./transaction.ts";

/** Runs one fixed statement in the organization and passes PostgreSQL's JSON on. Throws not_found where there is none. */
export async function askJson(context: Context, text: string, values: readonly unknown[] = []): Promise<JsonText> {
  const json = await queryText(context, { text, values, fixed: true });
  if (json === null) throw new Problem("not_found");
  return { json };
}

/** Runs one fixed statement in the organization that has no answer. */
export async function tell(context: Context, text: string, values: readonly unknown[]): Promise<undefined> {
  await queryText(context, { text, values, fixed: true });
  return undefined;
}
