import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";

const KeptMail = z.object({
  id: z.string(),
  recipient: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  created_at: z.string(),
});

/** A mail that was not sent, as the developer's mailbox shows it. */
export type KeptMail = z.infer<typeof KeptMail>;

export const readMailbox = endpoint({
  name: "mail.mailbox.read",
  summary: "Read the newest mails, where no mail server is configured; the key is printed at the start",
  method: "POST",
  path: "/api/mailbox",
  access: "anyone",
  body: z.object({ key: z.string().max(200) }),
  answer: z.object({ items: z.array(KeptMail) }),
  example: { body: { key: "not the key" } },
});
