import type { MailTemplate } from "../../kernel/mail/template.ts";

const supportVisited: MailTemplate = {
  name: "support_visited",
  write: ({ name, organization, supporter, member, reason, until }) => ({
    subject: `Support is working in ${organization}`,
    lines: [
      `Hello ${name},`,
      `${supporter} of support is acting in the place of ${member} in ${organization}, until ${until} at the latest. Your organization let support in.`,
      `The reason they gave: ${reason}`,
      "Everything they do is on your organization's record, with both names. To end it at once, take the consent back under support access in the organization's settings.",
    ],
  }),
};

/** The mails that this module has sent. */
export const mails: readonly MailTemplate[] = [
  supportVisited,
  {
    name: "organization_deleted",
    write: ({ name = "", organization = "", until = "" }) => ({
      subject: `${organization} was deleted`,
      lines: [
        `Hello ${name},`,
        `The organization ${organization} was deleted by one of its owners. Nobody can enter it now.`,
        `Until ${until} you can bring it back as it was. After that it is erased for good.`,
      ],
      link: { label: "See your organizations", path: "/" },
    }),
  },
  {
    name: "membership_ended",
    write: ({ name = "", organization = "" }) => ({
      subject: `You no longer belong to ${organization}`,
      lines: [
        `Hello ${name},`,
        `You were removed from the organization ${organization} and cannot enter it any more.`,
        "Your account and your other organizations stay as they are. If this is a mistake, ask an administrator there.",
      ],
    }),
  },
];
