import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

/** Everything that can be permitted: `{ items: { name, description }[] }` as JSON. */
export async function listPermissions(context: Context): Promise<JsonText> {
  return askJson(context, "select organizations.list_permissions()");
}

/** Whether a member may do something, and by what: `{ allowed, scope, because }` as JSON. Throws not_found. */
export async function explainPermission(
  context: Context,
  { member, permission }: { member: string; permission: string },
): Promise<JsonText> {
  return askJson(context, "select organizations.explain_permission($1, $2)", [member, permission]);
}
