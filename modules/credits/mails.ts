import type { MailTemplate } from "../../kernel/mail/template.ts";

const GO_ON =
  "Work that is under way goes on. What needs more credits than there are waits, or ends as it was set up to.";

/** The mails that this module has sent. The amounts are in credits. */
export const mails: readonly MailTemplate[] = [
  {
    name: "credits_mostly_used",
    write: ({ name, organization, account, used, maximum, slug }) => ({
      subject: `${organization} has used four fifths of this month's credits`,
      lines: [
        `Hello ${name},`,
        `${organization} has used ${used} of the ${maximum} credits that may be spent in a month from the account ${account}.`,
        GO_ON,
      ],
      link: { label: "See what was used", path: `/${slug}` },
    }),
  },
  {
    name: "credits_used_up",
    write: ({ name, organization, account, used, maximum, slug }) => ({
      subject: `${organization} has reached this month's limit of credits`,
      lines: [
        `Hello ${name},`,
        `${organization} may spend ${maximum} credits in a month from the account ${account}. ${used} are used, and more work was asked for than is left.`,
        `${GO_ON} A new month begins on the first, and you can raise the limit at any time.`,
      ],
      link: { label: "See what was used", path: `/${slug}` },
    }),
  },
  {
    name: "credits_low",
    write: ({ name, organization, account, used, maximum, slug }) => ({
      subject: `${organization} is low on credits`,
      lines: [
        `Hello ${name},`,
        `${used} credits are free on the account ${account} of ${organization}, which is less than ${maximum}.`,
        GO_ON,
      ],
      link: { label: "See the credits", path: `/${slug}` },
    }),
  },
];
