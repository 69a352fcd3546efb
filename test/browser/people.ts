import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { mails } from "../../app.ts";
import { MAIL_TOKEN } from "../../kernel/mail/outbox.ts";
import { unseal } from "../../kernel/secrets/envelope.ts";
import { openAdmin, testServices } from "../harness.ts";
import type { Cast } from "./app.ts";

export const PASSWORD = "a long enough sentence 47";

/** Where the link in the last mail of a kind to an address leads, such as `/verify#tsu_…`. */
export async function linkInMail(email: string, template: string): Promise<string> {
  const admin = await openAdmin();
  const { rows } = await admin.query<{ data: Record<string, string>; sealed_token: Buffer }>(
    "select data, sealed_token from kernel.mails where lower(recipient) = lower($1) and template = $2 order by id desc limit 1",
    [email, template],
  );
  const { data, sealed_token: sealed } = rows[0] ?? assert.fail(`No ${template} went to ${email}.`);
  const link = mails.find(({ name }) => name === template)?.write(data).link ?? assert.fail(`${template} has no link.`);
  return link.path.replace(":token", `${data.form}${unseal(testServices().keyring, sealed, MAIL_TOKEN)}`);
}

/** Invites an address as a labeler, by the window of somebody who may. */
export async function inviteAsLabeler(page: Page, { slug }: Cast<never>, email: string): Promise<void> {
  const organization = `/api/organizations/${slug}`;
  const { items } = await (await page.request.get(`${organization}/roles`)).json();
  const { id } = items.find(({ name }: { name: string }) => name === "labeler");
  const data = { email, roles: [id], message: "We need your eyes.\nCome soon." };
  const answer = await page.request.post(`${organization}/invitations`, { data });
  assert.equal(answer.status(), 200, await answer.text());
}

/** Makes the last proof of identity of a person older than delicate changes ask for. */
export async function makeProofOld(email: string): Promise<void> {
  const admin = await openAdmin();
  await admin.query(
    `update identity.user_sessions s set proved_at = now() - interval '16 minutes'
     from identity.users u where u.id = s.user_id and u.email = $1`,
    [email],
  );
}

/** Gives the page's browser an authenticator that makes and shows passkeys without asking anybody. */
export async function plugAuthenticatorIn(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Waits until the page has this title. */
export async function onPage(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

/** Signs out by the button of the navigation or of the page. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await onPage(page, "Sign in");
}
