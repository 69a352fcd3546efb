import type { Work, Workplace } from "../work.ts";
import {
  type ClaimedMail,
  claimMails,
  isLostSecret,
  keepMails,
  type Outcome,
  removeOldMails,
  secretOf,
  settleMail,
} from "./outbox.ts";
import { renderMail } from "./render.ts";
import type { MailTemplate } from "./template.ts";
import { CONNECTIONS_MAX, type Transport } from "./transport.ts";

/** What sends mail; services.wakeMail rings for it. */
export const SENDING = "mail";

const SEND_EVERY_SECONDS = 20;
const REMOVE_EVERY_SECONDS = 6 * 3600;
/** Longer than the transport takes at most, so that no other process sends what this one is still sending. */
const LEASE_SECONDS = 5 * 60;

/** The kernel's own work with mail: sends it, or keeps it where there is no transport, and removes what is old. */
export function mailWorks(templates: readonly MailTemplate[], transport: Transport | undefined): Work[] {
  const byName = new Map(templates.map((template) => [template.name, template]));
  return [
    {
      name: SENDING,
      everySeconds: SEND_EVERY_SECONDS,
      run: (place) => (transport ? sendMails(byName, transport, place) : keepMails(place.database)),
    },
    {
      name: "mail.retention",
      everySeconds: REMOVE_EVERY_SECONDS,
      run: ({ database, signal }) => removeOldMails(database, signal),
    },
  ];
}

/** Sends all that is due. A batch is as many as can be on their way at once, so that a stop has to wait for one mail only. */
async function sendMails(
  templates: ReadonlyMap<string, MailTemplate>,
  transport: Transport,
  { database, services, signal }: Workplace,
): Promise<void> {
  const sendOne = async (mail: ClaimedMail) => {
    const outcome = await deliver(mail);
    await settleMail(database, mail, outcome);
  };
  const deliver = async (mail: ClaimedMail): Promise<Outcome> => {
    const template = templates.get(mail.template);
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
  let claimed = CONNECTIONS_MAX;
  while (claimed > 0 && !signal.aborted) {
    const mails = await claimMails(database, CONNECTIONS_MAX, LEASE_SECONDS);
    claimed = mails.length;
    const results = await Promise.allSettled(mails.map(sendOne));
    const failure = results.find((result) => result.status === "rejected");
    if (failure) throw failure.reason;
  }
}
