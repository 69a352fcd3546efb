import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { MAIL_TOKEN } from "../../kernel/mail/outbox.ts";
import { seal } from "../../kernel/secrets/envelope.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import { newSecret } from "../identity/public.ts";
import type { listInvitations, NewInvitations } from "./invitations-contract.ts";

/** A page of the invitations, newest first: `{ items: Invitation[], next_cursor }` as JSON. */
export async function readInvitations(
  context: Context,
  { status, cursor, limit }: InputOf<typeof listInvitations>["query"],
): Promise<JsonText> {
  return askJson(context, "select organizations.list_invitations($1, $2, $3)", [status ?? null, cursor ?? null, limit]);
}

/**
 * Invites addresses with roles, all of them or none: `{ items: Invitation[] }` as JSON. Throws when an address is a member's or
 * has an open invitation (TN011), a role is unknown (TN012), or the roles permit more than the inviter may (TN003).
 */
export async function inviteMembers(
  context: Context,
  { email, emails = [], roles, message }: NewInvitations,
): Promise<JsonText> {
  const wanted = email === undefined ? emails : [email];
  const addresses = [...new Map(wanted.map((address) => [address.toLowerCase(), address])).values()];
  const secrets = addresses.map(() => sealedSecret(context));
  const answer = await askJson(context, "select organizations.invite($1, $2, $3, $4, $5)", [
    addresses,
    secrets.map(({ hash }) => hash),
    secrets.map(({ sealed }) => sealed),
    roles,
    message || null,
  ]);
  context.services.wakeWorkers();
  return answer;
}

/** Sends an invitation again with a new secret: `Invitation` as JSON. Throws when it is over or was sent too often (TN011). */
export async function resendInvitation(context: Context, { invitation }: { invitation: string }): Promise<JsonText> {
  const { hash, sealed } = sealedSecret(context);
  const answer = await askJson(context, "select organizations.resend_invitation($1, $2, $3)", [
    invitation,
    hash,
    sealed,
  ]);
  context.services.wakeWorkers();
  return answer;
}

/** Takes an invitation back. Throws when it was accepted (TN011). */
export async function revokeInvitation(context: Context, { invitation }: { invitation: string }): Promise<undefined> {
  await queryText(context, { text: "select organizations.revoke_invitation($1)", values: [invitation], fixed: true });
}

/** A new secret for a mail: what the database compares, and what the mail carries. */
function sealedSecret({ services }: Context): { hash: Buffer; sealed: Buffer } {
  const { text, hash } = newSecret();
  return { hash, sealed: seal(services.keyring, text, MAIL_TOKEN) };
}
