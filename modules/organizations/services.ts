import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";

/**
 * Makes a service member: it has roles like a person, acts through API keys, and cannot sign in. `roles` are ids; refused are
 * roles that permit what the maker may not do (TN003), the owner's, and unknown ones (TN012). Resolves with `{ id }` as JSON.
 */
export async function createService(
  context: Context,
  { name, roles }: { name: string; roles: readonly string[] },
): Promise<JsonText> {
  return askJson(context, "select organizations.create_service($1, $2)::text", [name, roles]);
}

/** The services that have not been removed, with their roles and number of live keys, as JSON. */
export async function listServices(context: Context): Promise<JsonText> {
  return askJson(context, "select organizations.list_services()::text", []);
}

/** Removes a service; its keys end with it. Throws not_found when the id is no service's. */
export async function removeService(context: Context, { service }: { service: string }): Promise<undefined> {
  await queryText(context, { text: "select organizations.remove_service($1)", values: [service], fixed: true });
}

async function askJson(context: Context, text: string, values: readonly unknown[]): Promise<JsonText> {
  const json = await queryText(context, { text, values, fixed: true });
  if (json === null) throw new Error("The database answered nothing.");
  return { json };
}
