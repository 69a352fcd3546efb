import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type { NewRole, RoleChanges } from "./contract.ts";

/** The roles of the organization: `{ items: Role[] }` as JSON. */
export async function listRoles(context: Context): Promise<JsonText> {
  return askJson(context, "select organizations.list_roles()");
}

/** Makes a role. Resolves with the `Role` as JSON. Throws `forbidden` for what the actor does not have. */
export async function createRole(context: Context, role: NewRole): Promise<JsonText> {
  const { name, scope, description, permissions } = role;
  return askJson(context, "select organizations.create_role($1, $2, $3, $4)", [name, scope, description, permissions]);
}

/** Changes what is given. Resolves with the `Role` as JSON. Throws `conflict` for a built-in one. */
export async function updateRole(
  context: Context,
  { role, changes }: { role: string; changes: RoleChanges },
): Promise<JsonText> {
  return askJson(context, "select organizations.update_role($1, $2)", [role, JSON.stringify(changes)]);
}

/** Deletes a role. Throws `conflict` for a built-in one and for one that somebody holds. */
export async function deleteRole(context: Context, { role }: { role: string }): Promise<undefined> {
  return tell(context, "select organizations.delete_role($1)", [role]);
}
