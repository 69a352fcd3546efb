import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";

/** Asks a function of the database, such as `organizations.list_roles()`, and passes its JSON on. Throws not_found for null. */
export async function askFunction(context: Context, call: string, values: readonly unknown[] = []): Promise<JsonText> {
  const json = await queryText(context, { text: `select ${call}`, values, fixed: true });
  if (json === null) throw new Problem("not_found");
  return { json };
}

/** Has a function of the database do something that has no answer. */
export async function tellFunction(context: Context, call: string, values: readonly unknown[]): Promise<undefined> {
  await queryText(context, { text: `select ${call}`, values, fixed: true });
  return undefined;
}

/** The id and the secret of the session in which a person asks; nulls for a program with an API key. */
export function sessionOf({ credential }: Context): [sessionId: string | null, secret: string | null] {
  return credential.kind === "session" ? [credential.sessionId, credential.secret] : [null, null];
}
