/** A mail server and how to sign in to it. `isSecure` means TLS from the first byte; otherwise STARTTLS where it is offered. */
export type MailServer = { host: string; port: number; isSecure: boolean; login?: { user: string; password: string } };

/** Whom mail comes from. */
export type MailAddress = { name: string; address: string };

const PORTS: Record<string, number> = { "smtp:": 587, "smtps:": 465 };
const NAMED = /^\s*(?:"(?<quoted>[^"\p{Cc}]{1,100})"|(?<name>[^"<>\p{Cc}]{0,100}?))\s*<(?<address>[^<>]+)>\s*$/u;
// What has no meaning of its own in a header or in SMTP; anything else could name another mailbox than it seems to.
const ADDRESS = /^[^\s<>()[\]:;,\\"@\p{Cc}\p{Cf}]{1,64}@[^\s<>():;,\\"@\p{Cc}\p{Cf}]{1,190}$/u;

/** Whether mail can be sent to what looks like an address. */
export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** Reads `TENON_SMTP_URL`. Throws an error that says what it must be, and never shows it: it may hold a password. */
export function parseMailServer(text: string): MailServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const port = url && PORTS[url.protocol];
  const isBare = url && (url.pathname === "" || url.pathname === "/") && url.search === "" && url.hash === "";
  if (!port || !isBare || url.hostname === "") throw notAServer("");
  if (url.password !== "" && url.username === "") throw notAServer(" It has a password, but no user.");
  return {
    host: decode(url.hostname).replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? port : Number(url.port),
    isSecure: url.protocol === "smtps:",
    ...(url.username !== "" && { login: { user: decode(url.username), password: decode(url.password) } }),
  };
}

/** Reads `TENON_MAIL_FROM`: an address, or a name and then an address in angle brackets. */
export function parseMailAddress(text: string): MailAddress {
  const { quoted, name, address = text.trim() } = NAMED.exec(text)?.groups ?? {};
  if (isMailAddress(address)) return { name: quoted ?? name ?? "", address };
  throw new Error(`TENON_MAIL_FROM is "${text}", but must be an address, such as Tenon <no-reply@example.com>.`);
}

/** Whom mail comes from where nobody said so. An address that is a number stands in brackets (RFC 5321). */
export function defaultSender(publicUrl: string): MailAddress {
  const { hostname } = new URL(publicUrl);
  const domain = /^[\d.]+$/.test(hostname) ? `[${hostname}]` : hostname;
  return { name: "Tenon", address: `no-reply@${domain}` };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notAServer(" A % in user or password must be written as %25.");
  }
}

function notAServer(more: string): Error {
  const form = "smtp://user:password@host:587, or smtps:// for TLS from the start";
  return new Error(`TENON_SMTP_URL cannot be used: it must be ${form}.${more}`);
}
