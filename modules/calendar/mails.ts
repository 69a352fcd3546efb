import type { MailTemplate } from "../../kernel/mail/template.ts";

/** The mails that this module has sent. Times are those of who gets them. */
export const mails: readonly MailTemplate[] = [
  {
    name: "appointment_reminder",
    write: ({
      name = "",
      title = "",
      when = "",
      place = "",
      with: partner = "",
      day = "",
      organization = "",
      slug = "",
    }) => ({
      subject: `Appointment: ${title}`,
      lines: [
        `Hello ${name},`,
        `this is a reminder of ${title}${partner ? ` with ${partner}` : ""}: ${when}.`,
        ...(place ? [`Where: ${place}`] : []),
      ],
      link: { label: `See your calendar at ${organization}`, path: `/${slug}/calendar?day=${day}` },
    }),
  },
  {
    name: "appointment_reminder_of_customer",
    write: ({ name = "", title = "", when = "", place = "", with: partner = "", organization = "" }) => ({
      subject: `Your appointment with ${organization}`,
      lines: [
        `Hello ${name},`,
        `this is a reminder of your appointment with ${partner} of ${organization}: ${title}, ${when}.`,
        ...(place ? [`Where: ${place}`] : []),
      ],
      reason: `You get this mail because you have an appointment with ${organization}.`,
    }),
  },
];
