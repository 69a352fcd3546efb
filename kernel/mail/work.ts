import { limitConcurrency } from "../concurrency.ts";
import type { Job, Work } from "../work.ts";
import { isLostSecret, keepMail, type Outcome, removeOldMails, secretOf, settleMail, takeMail } from "./outbox.ts";
import { renderMail } from "./render.ts";
import type { MailTemplate } from "./template.ts";
import { CONNECTIONS_MAX, type Transport } from "./transport.ts";

const REMOVE_EVERY_SECONDS = 6 * 3600;

/** Sends a mail that stands in line, or keeps it where there is no transport. */
export function mailJob(templates: readonly MailTemplate[], transport: Transport | undefined): Job {
  const byName = new Map(templates.map((template) => [template.name, template]));
  // The time that the transport has for a mail begins when it has a connection for it.
  const inTurn = limitConcurrency({
    name: "mails",
    running: CONNECTIONS_MAX,
    waiting: Number.POSITIVE_INFINITY,
  });
  return {
    type: "mail.send",
    run: async ({ database, services }, id) => {
      if (!transport) return keepMail(database, id);
      const mail = await takeMail(database, id);
      if (!mail) return undefined;
      const deliver = async (): Promise<Outcome> => {
        const template = byName.get(mail.template);
        // A newer version of Tenon may have queued it, and will send it.
        if (!template) return { outcome: "retry", error: `There is no template "${mail.template}".` };
        try {
          const secret = secretOf(mail, services.keyring);
          const rendered = renderMail(template, { ...mail, secret }, services.publicUrl);
          return await transport.send({ ...mail, ...rendered });
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          return { outcome: isLostSecret(error) ? "failed" : "retry", error: message };
        }
      };
      return settleMail(database, mail, await inTurn(deliver));
    },
  };
}

/** Removes mail that was done with long ago. */
export const mailRetention: Work = {
  name: "mail.retention",
  everySeconds: REMOVE_EVERY_SECONDS,
  run: ({ database, signal }) => removeOldMails(database, signal),
};
