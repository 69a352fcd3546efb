import { tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

type MemberPlace = { member: string };

/** Gives a member these roles, by id, and no others. Throws `forbidden` for what the actor does not have. */
export async function setMemberRoles(
  context: Context,
  { member, roles }: MemberPlace & { roles: string[] },
): Promise<undefined> {
  return tell(context, "select organizations.set_member_roles($1, $2)", [member, roles]);
}

/** Sets what is granted and denied to a member beside the roles. Throws `forbidden` for what the actor does not have. */
export async function setMemberExceptions(
  context: Context,
  { member, grants, denials }: MemberPlace & { grants: string[]; denials: string[] },
): Promise<undefined> {
  return tell(context, "select organizations.set_member_exceptions($1, $2, $3)", [member, grants, denials]);
}
