import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;
const TOLERANCE_SECONDS = 5 * 60;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The headers of Standard Webhooks (standardwebhooks.com). */
export type SignatureHeaders = { "webhook-id": string; "webhook-timestamp": string; "webhook-signature": string };

/** A new secret, as `whsec_` and 256 random bits in base64. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64");
}

/**
 * Signs a message by each of the secrets: while one takes the place of another, who receives it may know either. The id
 * stays the same however often the message is sent, so that its receiver can tell.
 */
export function signWebhook(
  { id, sentAt, body }: { id: string; sentAt: Date; body: string },
  secrets: readonly string[],
): SignatureHeaders {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": secrets
      .map((secret) => `v1,${signatureOf(secret, id, timestamp, body).toString("base64")}`)
      .join(" "),
  };
}

/** Whether one of the secrets signed the message, at most five minutes ago. The body is what was received, byte for byte. */
export function isWebhookAuthentic(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: string | Buffer,
  secrets: readonly string[],
  now: Date = new Date(),
): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": given } = headers;
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof given !== "string") return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = secrets.map((secret) => signatureOf(secret, id, timestamp, body));
  const signatures = given
    .split(" ")
    .flatMap((text) => (text.startsWith("v1,") ? [Buffer.from(text.slice(3), "base64")] : []));
  return signatures.some((signature) =>
    expected.some((one) => one.length === signature.length && timingSafeEqual(one, signature)),
  );
}

function signatureOf(secret: string, id: string, timestamp: string, body: string | Buffer): Buffer {
  return createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

/** What base64 does not have would silently be left out, and an empty key sign for everybody. */
function keyOf(secret: string): Buffer {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!BASE64.test(text)) throw new Error("A webhook's secret is not whsec_ and base64.");
  return Buffer.from(text, "base64");
}
