import type { Config } from "../../kernel/config.ts";
import type { Finding } from "./finding.ts";

/** Whether mail goes out, and its links lead somewhere that others reach. Whether the server takes mail shows when it is sent. */
export function checkMail({
  databaseUrl,
  mailServer,
  publicUrl,
}: Pick<Config, "databaseUrl" | "mailServer" | "publicUrl">): Finding {
  const subject = "Mail";
  if (!mailServer) {
    const kept = "no mail server: mails are kept and shown in the developer's mailbox, whose address the start prints";
    if (databaseUrl === undefined) return { state: "good", subject, detail: kept };
    return { state: "doubtful", subject, detail: `${kept}. Set TENON_SMTP_URL to send them.` };
  }
  const server = `${mailServer.host}, port ${mailServer.port}`;
  if (publicUrl !== undefined) return { state: "good", subject, detail: server };
  const advice = "Set TENON_URL to where people find Tenon.";
  return { state: "doubtful", subject, detail: `${server}, but links in mails lead to where it listens. ${advice}` };
}
