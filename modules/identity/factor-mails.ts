import type { MailTemplate } from "../../kernel/mail/template.ts";

const CHANGES: Record<string, string> = {
  totp_added: "An authenticator app was added to your account",
  totp_removed: "An authenticator app was removed from your account",
  passkey_added: "A passkey was added to your account",
  passkey_removed: "A passkey was removed from your account",
  recovery_codes_renewed: "New recovery codes were made for your account",
};
const NOT_YOU =
  "If that was not you, change your password, end all other sessions, and look through your second factors.";

/** The mails about tokens and second factors. */
export const factorMails: readonly MailTemplate[] = [
  {
    name: "factor_changed",
    write: ({ name = "", change = "", factor = "" }) => {
      const what = CHANGES[change] ?? "The second factors of your account were changed";
      return { subject: what, lines: [`Hello ${name},`, factor ? `${what}: ${factor}.` : `${what}.`, NOT_YOU] };
    },
  },
  {
    name: "session_replayed",
    write: ({ name = "", agent = "", address = "" }) => ({
      subject: "One of your sessions was ended",
      lines: [
        `Hello ${name},`,
        "A program sent a token of yours that had been used before. Somebody may have a copy of it, so the session was ended for everyone who has it.",
        `The session was opened ${address ? `from ${address}` : "from an unknown address"}${agent ? ` by ${agent}` : ""}.`,
        "Sign in again there. If you did not open that session, change your password.",
      ],
    }),
  },
];
