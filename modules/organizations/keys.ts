import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { tokenOf } from "../../kernel/tenancy/credential.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { newSecret } from "../identity/public.ts";
import { sessionOf } from "./session.ts";

/** So much of a secret tells keys apart, and leaves 208 bits of it unknown. */
const PREFIX_LENGTH = 8;

export type NewKey = {
  name: string;
  scopes: readonly string[];
  expires_in_days: number;
  allowed_addresses: readonly string[];
  member?: string | undefined;
};

/** A key as its maker gets it: the token is kept nowhere. */
export type MadeKey = { id: string; token: string; expires_at: string };

/**
 * Makes an API key. Refused are scopes that the maker, or the member that it acts as, does not hold (TN003, TN012), a member
 * who is another person (TN012), more than 100 live keys (TN011), and a person who has not proved lately who they are (TN007).
 */
export async function createKey(context: Context, key: NewKey): Promise<MadeKey> {
  const secret = newSecret();
  const json = await queryText(context, {
    text: "select organizations.make_key($1, $2, $3, $4, $5, $6, $7, $8, $9)::text",
    values: [
      key.name,
      key.scopes,
      key.expires_in_days,
      key.allowed_addresses,
      key.member ?? null,
      secret.hash,
      secret.text.slice(0, PREFIX_LENGTH),
      ...sessionOf(context),
    ],
    fixed: true,
  });
  return withToken<{ id: string; expires_at: string }>(context, json, secret.text);
}

/** Gives a key a new secret; the old one is good for `overlap_hours` more, 0 to 168. Refused for another person's key (TN003), and without a proof of late (TN007). */
export async function rotateKey(
  context: Context,
  { key, overlap_hours }: { key: string; overlap_hours: number },
): Promise<MadeKey & { old_secret_until: string | null }> {
  const secret = newSecret();
  const json = await queryText(context, {
    text: "select organizations.rotate_key($1, $2, $3, $4, $5, $6)::text",
    values: [key, overlap_hours, secret.hash, secret.text.slice(0, PREFIX_LENGTH), ...sessionOf(context)],
    fixed: true,
  });
  return withToken<Omit<MadeKey, "token"> & { old_secret_until: string | null }>(context, json, secret.text);
}

function withToken<Made extends { id: string }>(context: Context, json: string | null, secret: string) {
  if (json === null) throw new Error("The database made no key and said nothing.");
  const made = JSON.parse(json) as Made;
  const token = tokenOf({ kind: "api_key", organizationId: context.organization.id, keyId: made.id, secret });
  return { ...made, token };
}

/** Renames a key, or changes from where it may be used; what is left out stays. */
export async function changeKey(
  context: Context,
  key: { key: string; name?: string | undefined; allowed_addresses?: readonly string[] | undefined },
): Promise<undefined> {
  const values = [key.key, key.name ?? null, key.allowed_addresses ?? null];
  await queryText(context, { text: "select organizations.change_key($1, $2, $3)", values, fixed: true });
}

/** Ends a key at once. */
export async function revokeKey(context: Context, { key }: { key: string }): Promise<undefined> {
  await queryText(context, { text: "select organizations.revoke_key($1)", values: [key], fixed: true });
}

/** The keys that who asks may see, the newest 500; with `unused_for_days` only live ones that were not used for so long. */
export async function listKeys(
  context: Context,
  { unused_for_days }: { unused_for_days?: number | undefined },
): Promise<JsonText> {
  const text = "select organizations.list_keys($1)::text";
  return jsonOf(await queryText(context, { text, values: [unused_for_days ?? null], fixed: true }));
}

/** The key that the request came with. Refused when it came with none (TN011). */
export async function readCurrentKey(context: Context): Promise<JsonText> {
  return jsonOf(await queryText(context, { text: "select organizations.read_current_key()::text", fixed: true }));
}

function jsonOf(json: string | null): JsonText {
  if (json === null) throw new Error("The database answered nothing.");
  return { json };
}
