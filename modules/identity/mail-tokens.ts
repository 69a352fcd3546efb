import { Problem } from "../../kernel/errors.ts";
import { MAIL_TOKEN } from "../../kernel/mail/outbox.ts";
import { seal } from "../../kernel/secrets/envelope.ts";
import type { Services } from "../../kernel/services.ts";
import { tokenForm } from "../../kernel/tenancy/credential.ts";
import { newSecret } from "./secrets.ts";

/** A secret for the link of a mail: what the database compares, and what travels with the mail. */
export type MailSecret = { hash: Buffer; sealed: Buffer };

/** A token of a mail, taken apart: whose it is, which, and the secret that proves it. */
export type MailTokenParts = { ownerId: string; id: string; secret: string };

const FORMS = {
  /** One-time token of a person. */
  tot: tokenForm("tot"),
  /** Sign-up, which has no owner yet. */
  tsu: tokenForm("tsu"),
};

/** Makes the secret of a mail's link. */
export function newMailSecret({ keyring }: Services): MailSecret {
  const { text, hash } = newSecret();
  return { hash, sealed: seal(keyring, text, MAIL_TOKEN) };
}

/** Takes the token of a mail's link apart. Throws `gone`, as for one that was used, when it is none. */
export function parseMailToken(form: keyof typeof FORMS, token: string): MailTokenParts {
  const [, ownerId, id, secret] = FORMS[form].exec(token) ?? [];
  if (ownerId && id && secret) return { ownerId, id, secret };
  throw linkIsOver();
}

/** What is said of a link that is good for nothing, whether it was once or not. */
export function linkIsOver(): Problem {
  return new Problem("gone", {
    detail: "This link was used already, or its time is over.",
    hint: "Ask for a new one.",
  });
}
