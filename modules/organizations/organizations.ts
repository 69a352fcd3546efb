import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { slugOf } from "../identity/public.ts";
import { isSlugTaken, slugTaken, withTail } from "./slugs.ts";

export type NewOrganization = { name: string; slug?: string | undefined };

/**
 * Makes an organization with the built-in roles; the person of the session becomes its owner. Resolves with its id and slug:
 * the wanted one, or one made of the name, with a random tail when that is taken. Throws when the session is not alive
 * (TN001), the person has made too many (TN003), or the wanted slug is taken (`conflict`).
 */
export async function createOrganization(
  caller: PersonCaller,
  { name, slug }: NewOrganization,
): Promise<{ id: string; slug: string }> {
  const wanted = slug ?? slugOf(name);
  try {
    return await foundOrganization(caller, name, wanted);
  } catch (error) {
    if (!isSlugTaken(error)) throw error;
    if (slug !== undefined) throw slugTaken(error);
  }
  return foundOrganization(caller, name, withTail(wanted));
}

async function foundOrganization(caller: PersonCaller, name: string, slug: string) {
  const [row] = await askGateAs<{ create_organization: string }>(caller, "organizations.create_organization", [
    name,
    slug,
  ]);
  if (!row) throw new Error("The database made no organization and said nothing.");
  return { id: row.create_organization, slug };
}
