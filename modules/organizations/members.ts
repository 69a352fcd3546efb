import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type { listMembers as listMembersEndpoint } from "./contract.ts";

type MemberPlace = { member: string };

/** A page of members by name: `{ items: MemberRow[], next_cursor }` as JSON. */
export async function listMembers(
  context: Context,
  { query }: Pick<InputOf<typeof listMembersEndpoint>, "query">,
): Promise<JsonText> {
  const { cursor = null, search = null, status = null, role = null, limit } = query;
  return askJson(context, "select organizations.list_members($1, $2, $3, $4, $5)", [
    cursor,
    search,
    status,
    role,
    limit,
  ]);
}

/** A member with grants, denials and effective permissions, as JSON. Throws not_found. */
export async function readMember(context: Context, { member }: MemberPlace): Promise<JsonText> {
  return askJson(context, "select organizations.read_member($1)", [member]);
}

/** Suspends a member, or lets one in again. Throws `forbidden` for one who may do more than the actor. */
export async function setMemberStatus(
  context: Context,
  { member, status }: MemberPlace & { status: "active" | "suspended" },
): Promise<undefined> {
  return tell(context, "select organizations.set_member_status($1, $2)", [member, status]);
}

/** Ends a membership and tells the person. Throws `conflict` for the last owner. */
export async function removeMember(context: Context, { member }: MemberPlace): Promise<undefined> {
  await tell(context, "select organizations.remove_member($1)", [member]);
  context.services.wakeWorkers();
  return undefined;
}
