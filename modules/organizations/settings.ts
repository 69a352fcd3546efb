import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type { OrganizationChanges } from "./contract.ts";
import { sessionOf } from "./session.ts";

/** The organization with its settings: `Organization` as JSON. */
export async function readOrganization(context: Context): Promise<JsonText> {
  return askJson(context, "select organizations.read_organization()");
}

/**
 * Changes the settings that are given. Resolves with the `Organization` as JSON. Throws `conflict` (TN011) when the version
 * is old, or when a second factor is demanded in a session that has none.
 */
export async function updateOrganization(context: Context, changes: OrganizationChanges): Promise<JsonText> {
  const values = [JSON.stringify(changes), ...sessionOf(context)];
  return askJson(context, "select organizations.update_organization($1, $2, $3)", values);
}
