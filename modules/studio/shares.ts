import { Problem } from "../../kernel/errors.ts";
import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson, tell } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { tokenForm } from "../../kernel/tenancy/credential.ts";
import { askPublic, type Caller } from "../../kernel/tenancy/gate.ts";
import { hashSecret, newSecret } from "../identity/public.ts";
import type { makeShare } from "./outlets-contract.ts";

/** Tenon share: its organization, its own id, and its secret. */
const FORM = tokenForm("tsh");

/** The public links to a session: `{ items: Share[] }` as JSON. Throws not_found and forbidden. */
export async function listShares(context: Context, { session }: { session: string }): Promise<JsonText> {
  return askJson(context, "select studio.list_shares($1)", [session]);
}

/** Makes a public link: `Share` with its token, which nobody is told again. Throws not_found, forbidden and conflict. */
export async function shareSession(
  context: Context,
  { session, sections, days }: { session: string } & InputOf<typeof makeShare>["body"],
): Promise<JsonText> {
  const { text, hash } = newSecret();
  const { json } = await askJson(context, "select studio.make_share($1, $2, $3, $4)", [session, hash, sections, days]);
  const share = JSON.parse(json) as { id: string };
  return { json: JSON.stringify({ ...share, token: `tsh_${context.organization.id}_${share.id}_${text}` }) };
}

/** Takes a public link back. Throws not_found and forbidden. */
export async function revokeShare(
  context: Context,
  { session, share }: { session: string; share: string },
): Promise<undefined> {
  return tell(context, "select studio.revoke_share($1, $2)", [session, share]);
}

/** What a public link shows: `SharedSession` as JSON. Throws not_found for whatever opens nothing, and says no more. */
export async function openShare(caller: Caller, { token }: { token: string }): Promise<JsonText> {
  const [, organization, share, secret] = FORM.exec(token) ?? [];
  const json = secret && (await askPublic(caller, "studio.open_share", [organization, share, hashSecret(secret)]));
  if (json) return { json };
  throw new Problem("not_found", {
    detail: "This link opens nothing.",
    hint: "It may be over or taken back. Ask whoever gave it to you for another.",
  });
}
