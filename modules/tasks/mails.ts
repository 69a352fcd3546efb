import type { MailTemplate } from "../../kernel/mail/template.ts";

/** The mails that this module has sent. */
export const mails: readonly MailTemplate[] = [
  {
    name: "approval_reminder",
    write: ({ name = "", title = "", organization = "", slug = "", approval = "", due = "" }) => ({
      subject: `Still waiting for you: ${title}`,
      lines: [`Hello ${name},`, `In ${organization} this waits for you: ${title}`, `It is due ${due}.`],
      link: { label: "Open it", path: `/${slug}/approvals?approval=${approval}` },
    }),
  },
  {
    name: "approval_escalated",
    write: ({ name = "", title = "", organization = "", slug = "", approval = "", due = "" }) => ({
      subject: `Handed to you: ${title}`,
      lines: [
        `Hello ${name},`,
        `In ${organization} this waits for you now, as nobody has answered it so far: ${title}`,
        ...(due ? [`It is due ${due}.`] : []),
      ],
      link: { label: "Open it", path: `/${slug}/approvals?approval=${approval}` },
    }),
  },
  {
    name: "webhook_paused",
    write: ({ name = "", webhook = "", organization = "", slug = "", endpoint = "", because = "" }) => ({
      subject: `Paused: the webhook ${webhook}`,
      lines: [
        `Hello ${name},`,
        because === "gone"
          ? `The webhook ${webhook} of ${organization} answered that it is gone for good, so it is not called any more.`
          : `Calls of the webhook ${webhook} of ${organization} have failed for three days, so it is not called any more.`,
        "What it asked for is kept and waits until somebody resumes it.",
      ],
      link: { label: "See what went wrong", path: `/${slug}/webhooks/${endpoint}` },
    }),
  },
];
