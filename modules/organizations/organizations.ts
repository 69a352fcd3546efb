import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";

export type NewOrganization = { name: string; slug: string };

/**
 * Makes an organization with the built-in roles; the person of the session becomes its owner. Resolves with its id. Throws
 * when the session is not alive (TN001) or the slug is taken (23505).
 */
export async function createOrganization(caller: PersonCaller, { name, slug }: NewOrganization): Promise<string> {
  const [row] = await askGateAs<{ create_organization: string }>(caller, "organizations.create_organization", [
    name,
    slug,
  ]);
  if (!row) throw new Error("The database made no organization and said nothing.");
  return row.create_organization;
}
