import { hasState } from "../../kernel/database/errors.ts";
import { type FieldFault, Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { type SessionCredential, tokenForm } from "../../kernel/tenancy/credential.ts";
import { askGate, askGateAs, type Caller, type GateFunction, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { describePasswordFault, hashPassword, newSecret } from "../identity/public.ts";

const TOKEN = tokenForm("tiv");

/** What stands in the link of an invitation. */
type InvitationToken = [organization: string, invitation: string, secret: string];

/** Where the person is a member now, and the session that was opened for a new account. */
export type Acceptance = { slug: string; credential?: SessionCredential };

/** Who accepts: the person who is signed in, if there is one, and the name and password of an account to be made. */
export type Acceptor = {
  person?: SessionCredential | undefined;
  name?: string | undefined;
  password?: string | undefined;
};

/** What an invitation is about, as JSON. Throws when the token is none (not_found) or the invitation is over (TN013). */
export async function previewInvitation(caller: Caller, token: string): Promise<JsonText> {
  return { json: JSON.stringify(await readPreview(caller, parseInvitation(token))) };
}

/**
 * Makes a member of whoever holds an invitation's token: of the person who is signed in, if the invitation is theirs (else
 * TN003), or of a new account. Throws `unauthenticated` when the address has an account that is not signed in, `invalid`
 * when name or password are missing or too weak, and TN013 when the invitation is over.
 */
export async function acceptInvitation(caller: Caller, token: string, acceptor: Acceptor): Promise<Acceptance> {
  const parts = parseInvitation(token);
  const slug = acceptor.person && (await acceptAsPerson({ ...caller, credential: acceptor.person }, parts));
  return slug ? { slug } : acceptAsNew(caller, parts, acceptor);
}

/** The open invitations to the person's proved address, as JSON. */
export async function readMyInvitations(caller: PersonCaller): Promise<JsonText> {
  const [row] = await askGateAs<{ my_invitations: unknown }>(caller, "organizations.my_invitations");
  return { json: JSON.stringify(row?.my_invitations) };
}

/** Accepts an invitation to the person's proved address. Throws when there is none (TN010) or it is over (TN013). */
export async function acceptMyInvitation(
  caller: PersonCaller,
  { invitation }: { invitation: string },
): Promise<Acceptance> {
  const [row] = await askGateAs<{ accept_my_invitation: string }>(caller, "organizations.accept_my_invitation", [
    invitation,
  ]);
  return { slug: givenSlug(row?.accept_my_invitation) };
}

/** The organization's slug; undefined when the session has ended, so that whoever holds the token counts as not signed in. */
async function acceptAsPerson(caller: PersonCaller, parts: InvitationToken): Promise<string | undefined> {
  try {
    const [row] = await askGateAs<{ accept_invitation: string }>(caller, "organizations.accept_invitation", parts);
    return givenSlug(row?.accept_invitation);
  } catch (error) {
    if (hasState(error, "not_signed_in")) return undefined;
    throw error;
  }
}

async function acceptAsNew(caller: Caller, parts: InvitationToken, { name, password }: Acceptor): Promise<Acceptance> {
  const { has_account, email } = await readPreview(caller, parts);
  if (has_account) {
    throw new Problem("unauthenticated", {
      detail: "There is an account with the address that was invited.",
      hint: "Sign in with that address, then accept the invitation again.",
    });
  }
  const errors = faultsOf(email, name, password);
  if (errors.length > 0 || name === undefined || password === undefined) throw new Problem("invalid", { errors });

  const { salt, hash, memory_kib, passes, parallelism } = await hashPassword(password);
  const secret = newSecret();
  const [row] = await askGate<{ user_id: string; session_id: string; slug: string }>(
    caller,
    "organizations.accept_invitation_as_new" satisfies GateFunction,
    [...parts, name, salt, hash, memory_kib, passes, parallelism, secret.hash],
  );
  const slug = givenSlug(row?.slug);
  if (!row) throw new Error("The database accepted an invitation and said nothing.");
  return { slug, credential: { kind: "session", userId: row.user_id, sessionId: row.session_id, secret: secret.text } };
}

function faultsOf(email: string, name: string | undefined, password: string | undefined): FieldFault[] {
  const weakness =
    password === undefined
      ? "Choose a password for your new account."
      : describePasswordFault(password, { email, name: name ?? "" });
  return [
    ...(name === undefined ? [{ field: "name", message: "Give your name for your new account." }] : []),
    ...(weakness === undefined ? [] : [{ field: "password", message: weakness }]),
  ];
}

async function readPreview(caller: Caller, parts: InvitationToken): Promise<{ has_account: boolean; email: string }> {
  const [row] = await askGate<{ preview_invitation: { has_account: boolean; email: string } }>(
    caller,
    "organizations.preview_invitation",
    parts,
  );
  if (!row) throw new Error("The database said nothing of an invitation.");
  return row.preview_invitation;
}

function parseInvitation(token: string): InvitationToken {
  const [, organization, invitation, secret] = TOKEN.exec(token) ?? [];
  if (organization && invitation && secret) return [organization, invitation, secret];
  throw new Problem("not_found", { hint: "Open the link in the mail once more." });
}

function givenSlug(slug: string | undefined): string {
  if (slug === undefined) throw new Error("The database accepted an invitation and named no organization.");
  return slug;
}
