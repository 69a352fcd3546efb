import { Problem } from "../../kernel/errors.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";

const FIND = `
  select exists (select from crm.contacts where organization_id = $1 and id = $2) as contact,
    $3::uuid is null or exists (select from organizations.memberships where organization_id = $1 and user_id = $3) as member`;
const SET =
  "update crm.contacts set user_id = $3 where organization_id = $1 and id = $2 and user_id is distinct from $3";

/** Says which member a contact is, or that it is none. Throws not_found, invalid (no such member). */
export async function setContactMember(
  context: Context,
  { contact, user_id }: { contact: string; user_id: string | null },
): Promise<undefined> {
  const values = [context.organization.id, contact, user_id];
  await transaction(context, async (tx) => {
    const [there] = await tx.query<{ contact: boolean; member: boolean }>(FIND, values);
    if (!there?.contact) throw new Problem("not_found");
    if (!there.member)
      throw new Problem("invalid", { errors: [{ field: "user_id", message: "There is no such member." }] });
    await tx.query(SET, values);
  });
}
