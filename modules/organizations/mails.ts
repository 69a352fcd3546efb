import type { MailTemplate } from "../../kernel/mail/template.ts";

export const mails: readonly MailTemplate[] = [
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
