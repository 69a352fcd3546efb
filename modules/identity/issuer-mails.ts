import type { MailTemplate } from "../../kernel/mail/template.ts";

/** The mails about the ways to sign in. */
export const issuerMails: readonly MailTemplate[] = [
  {
    name: "identity_linked",
    write: ({ name, label }) => ({
      subject: `You can now sign in with ${label}`,
      lines: [
        `Hello ${name},`,
        `Your account was linked with ${label}. From now on you can sign in with it.`,
        "If this was not you, sign in, remove the link in your account, and change your password.",
      ],
      link: { label: "Look at your account", path: "/account" },
    }),
  },
  {
    name: "identity_unlinked",
    write: ({ name, label }) => ({
      subject: `${label} no longer signs you in`,
      lines: [
        `Hello ${name},`,
        `The link of your account with ${label} was removed. You can no longer sign in with it.`,
        "If this was not you, sign in and change your password.",
      ],
      link: { label: "Look at your account", path: "/account" },
    }),
  },
];
