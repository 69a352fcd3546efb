import { isIP } from "node:net";
import { createTransport } from "nodemailer";
import type { Outcome } from "./outbox.ts";
import type { RenderedMail } from "./render.ts";
import { isMailAddress, type MailAddress, type MailServer } from "./server.ts";

/** A mail with all that its headers need. */
export type MailToSend = RenderedMail & { id: string; recipient: string; created_at: string };

/** The way to the mail server. */
export type Transport = {
  /** Hands a mail over; never rejects. It may be tried again, as its Message-ID is always the same. */
  send(mail: MailToSend): Promise<Outcome>;
  close(): void;
};

/** Mails on their way at once, each on a connection of its own. */
export const CONNECTIONS_MAX = 5;
const CONNECTION_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 30_000;
const IDLE_CONNECTION_MS = 10_000;
/** From the first byte to the last, whatever the server does. */
const SENDING_MAX_MS = 3 * 60_000;
/** "Not in this order", "sign in first", "encrypt first": these are about us, not about the mail. */
const OURS_TO_MEND = [503, 530, 534, 535, 538];

/** Opens the way to a mail server; no connection is made before it is needed. */
export function openTransport(server: MailServer, from: MailAddress): Transport {
  const mailer = createTransport({
    pool: true,
    host: server.host,
    port: server.port,
    secure: server.isSecure,
    // A password goes over an encrypted connection only, unless it never leaves this machine.
    requireTLS: !server.isSecure && server.login !== undefined && !isLoopback(server.host),
    ...(server.login && { auth: { user: server.login.user, pass: server.login.password } }),
    maxConnections: CONNECTIONS_MAX,
    // Trying again is the outbox's business: it knows that the mail may have arrived.
    maxRequeues: 0,
    idleTimeout: IDLE_CONNECTION_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    dnsTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: ANSWER_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      if (!isMailAddress(mail.recipient)) return { outcome: "failed", error: "The recipient is no mail address." };
      try {
        await mailer.sendMail(messageOf(mail, from));
        return { outcome: "sent" };
      } catch (error) {
        return { outcome: isPermanent(error) ? "failed" : "retry", error: describe(error) };
      }
    },
    close: () => mailer.close(),
  };
}

function messageOf({ id, recipient, subject, text, html, created_at }: MailToSend, from: MailAddress) {
  return {
    messageId: `<${id}@${from.address.slice(from.address.lastIndexOf("@") + 1)}>`,
    date: new Date(created_at),
    from,
    to: { name: "", address: recipient },
    envelope: { from: from.address, to: [recipient] },
    subject,
    text,
    html,
    // No out-of-office answers to a mail that nobody reads the answers of (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    signal: AbortSignal.timeout(SENDING_MAX_MS),
  };
}

/** Whether the server refused this mail for good (5xx to the recipient or the text), so that trying again is in vain. */
function isPermanent(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
  const isAboutMail = code === "EENVELOPE" || code === "EMESSAGE";
  return isAboutMail && responseCode >= 500 && !OURS_TO_MEND.includes(responseCode);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
