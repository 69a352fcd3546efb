import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askGateAs, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import type * as contract from "./contract.ts";

/** What who is signed in says of themselves. */
export async function readProfile(caller: PersonCaller): Promise<JsonText> {
  const [row] = await askGateAs<{ read_profile: string }>(caller, "identity.read_profile");
  return { json: row?.read_profile ?? "" };
}

/** Address and name of who is signed in. Throws when the session is not alive (TN001). */
export async function personOfSession(caller: PersonCaller): Promise<{ email: string; name: string }> {
  const { email, full_name: name } = JSON.parse((await readProfile(caller)).json) as contract.Profile;
  return { email, name };
}

/**
 * Changes the given fields of the profile. Resolves with the whole of it; colleagues see a new name or picture in every
 * organization. Throws when the username is taken (TN011) or the database does not know the time zone (TN012).
 */
export async function updateProfile(
  caller: PersonCaller,
  { body }: InputOf<typeof contract.updateProfile>,
): Promise<JsonText> {
  const [row] = await askGateAs<{ update_profile: string }>(caller, "identity.update_profile", [JSON.stringify(body)]);
  return { json: row?.update_profile ?? "" };
}
