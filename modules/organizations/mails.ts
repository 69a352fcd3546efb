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
export const mails: readonly MailTemplate[] = [supportVisited];
