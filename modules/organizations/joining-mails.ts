import type { MailTemplate } from "../../kernel/mail/template.ts";

/** The mails about ways into an organization. */
export const joiningMails: readonly MailTemplate[] = [
  {
    name: "invitation",
    write: ({ organization = "", inviter = "", message }) => ({
      subject: `${inviter} invites you to ${organization}`,
      lines: [
        `${inviter} invites you to join ${organization} on Tenon.`,
        ...(message ? [message] : []),
        "The link is for you alone, works once, and is good for seven days. If you do not know what this is about, leave this mail alone.",
      ],
      link: { label: "Accept the invitation", path: "/invitation#:token" },
    }),
  },
  {
    name: "join_requested",
    write: ({ name = "", person = "", email = "", organization = "", slug = "" }) => ({
      subject: `${person} asks to join ${organization}`,
      lines: [
        `Hello ${name},`,
        `${person} (${email}) asks to join ${organization}. Their address is at a domain that ${organization} has proved to be its own.`,
        "Whoever manages members can let them in, or not.",
      ],
      link: { label: `Go to ${organization}`, path: `/${slug}` },
    }),
  },
  {
    name: "join_decided",
    write: ({ name = "", organization = "", slug = "", decision }) =>
      decision === "approved"
        ? {
            subject: `You are a member of ${organization}`,
            lines: [`Hello ${name},`, `You asked to join ${organization}, and now you belong to it.`],
            link: { label: `Go to ${organization}`, path: `/${slug}` },
          }
        : {
            subject: `${organization} did not let you in`,
            lines: [
              `Hello ${name},`,
              `You asked to join ${organization}. It said no. If that surprises you, ask somebody there to invite you.`,
            ],
          },
  },
  {
    name: "domain_lost",
    write: ({ name = "", organization = "", slug = "", domain = "", record = "" }) => ({
      subject: `${domain} is no longer proved to be yours`,
      lines: [
        `Hello ${name},`,
        `The TXT record at ${record} has been gone for seven days, so ${organization} can no longer let people join by their address at ${domain}. Who is a member stays one.`,
        "Put the record back and verify the domain again, or remove the domain.",
      ],
      link: { label: `Go to ${organization}`, path: `/${slug}` },
    }),
  },
];
