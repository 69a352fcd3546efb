import { createHash, timingSafeEqual } from "node:crypto";
import { Problem } from "../errors.ts";
import { anyoneRoute, type Route } from "../http/route.ts";
import { derive } from "../secrets/derivation.ts";
import type { Key } from "../secrets/key.ts";
import type { Keyring } from "../secrets/keyring.ts";
import type { Services } from "../services.ts";
import { type KeptMail, readMailbox } from "./contract.ts";
import { listKeptMails, type QueuedMail, secretOf } from "./outbox.ts";
import { type RenderedMail, renderMail } from "./render.ts";
import type { MailTemplate } from "./template.ts";

const MAILS_SHOWN = 100;

/** Where a browser finds the developer's mailbox. The key is in the fragment, which is sent to no server and stands in no log. */
export function mailboxUrl({ keyring, publicUrl }: Pick<Services, "keyring" | "publicUrl">): string {
  return `${publicUrl}/mailbox#${mailboxKey(keyring.keys[0])}`;
}

/** The route of the developer's mailbox. Where mail is sent, or for a wrong key, there is none. */
export function mailboxRoute(templates: readonly MailTemplate[]): Route {
  const byName = new Map(templates.map((template) => [template.name, template]));
  return anyoneRoute(readMailbox, async ({ database, services }, { body }) => {
    if (services.hasMailServer || !opensMailbox(services.keyring, body.key)) throw new Problem("not_found");
    const mails = await listKeptMails(database, MAILS_SHOWN);
    return { items: mails.map((mail) => showMail(mail, byName.get(mail.template), services)) };
  });
}

function mailboxKey(key: Key): string {
  return derive(key, "mailbox").toString("base64url");
}

/** Any key at hand opens it: a rotation does not close a page that is open. Hashes are of one length, so the comparison takes one time. */
function opensMailbox({ keys }: Keyring, given: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return keys.map((key) => timingSafeEqual(hash(mailboxKey(key)), hash(given))).includes(true);
}

function showMail(mail: QueuedMail, template: MailTemplate | undefined, services: Services): KeptMail {
  const { id, recipient, created_at } = mail;
  return { id, recipient, created_at, ...render(mail, template, services) };
}

/** One mail that cannot be written, such as one whose key is lost, must not hide the others. */
function render(mail: QueuedMail, template: MailTemplate | undefined, services: Services): RenderedMail {
  try {
    if (!template) throw new Error(`There is no template "${mail.template}".`);
    return renderMail(template, { ...mail, secret: secretOf(mail, services.keyring) }, services.publicUrl);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const words = { subject: `Cannot be shown: ${mail.template}`, lines: [reason] };
    return renderMail({ name: mail.template, write: () => words }, { ...mail, secret: undefined }, services.publicUrl);
  }
}
