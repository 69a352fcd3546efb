import { htmlOf, type Letter } from "./html.ts";
import type { MailTemplate, MailWords } from "./template.ts";

/** What one mail is made of. `secret` is the unsealed end of the token in its link, where it has one. */
export type MailToRender = { recipient: string; data: Record<string, unknown>; secret: string | undefined };

/** A mail as it goes out: one line of subject, and the same words as text and as HTML. */
export type RenderedMail = { subject: string; text: string; html: string };

const SUBJECT_LENGTH_MAX = 150;
const TOKEN = ":token";
// Line ends and other controls, and what turns the order of letters around, so that words seem to be others.
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * Writes a mail: `publicUrl` is what its link begins with. Throws when the template's link leads elsewhere, or wants a token
 * that the mail does not have.
 */
export function renderMail(template: MailTemplate, mail: MailToRender, publicUrl: string): RenderedMail {
  const letter = letterOf(template.write(readData(mail.data)), mail, publicUrl);
  return { subject: letter.subject, text: textOf(letter), html: htmlOf(letter) };
}

function letterOf({ subject, lines, link, reason }: MailWords, mail: MailToRender, publicUrl: string): Letter {
  return {
    subject: shorten(oneLine(subject), SUBJECT_LENGTH_MAX),
    lines: lines.map(oneLine).filter((line) => line !== ""),
    link: link && { label: oneLine(link.label), url: urlOf(link.path, mail, publicUrl) },
    reason: oneLine(
      reason ?? `You get this mail because the address ${mail.recipient} is used at ${new URL(publicUrl).host}.`,
    ),
  };
}

function textOf({ lines, link, reason }: Letter): string {
  const action = link ? [`${link.label}:\n${link.url}`] : [];
  return `${[...lines, ...action, `-- \n${reason}`].join("\n\n")}\n`;
}

/** What a template is filled with is one line each: whoever chose their name chooses no paragraph of a mail, and no header. */
function readData(data: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, oneLine(wordOf(value))]));
}

function wordOf(value: unknown): string {
  if (typeof value === "object" || value === undefined) return "";
  return String(value);
}

function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(UNSEEN, " ").replaceAll(/ {2,}/g, " ").trim();
}

function shorten(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join("")}…`;
}

function urlOf(path: string, { data, secret }: MailToRender, publicUrl: string): string {
  const { origin } = new URL(publicUrl);
  const whole = path.includes(TOKEN) ? path.replace(TOKEN, () => tokenOf(data, secret)) : path;
  const url = new URL(whole, origin);
  if (!path.startsWith("/") || url.origin !== origin) throw new Error(`The mail's link "${path}" leads elsewhere.`);
  return url.href;
}

function tokenOf({ form }: Record<string, unknown>, secret: string | undefined): string {
  if (typeof form === "string" && secret !== undefined) return encodeURIComponent(form + secret);
  throw new Error("The mail's link wants a token, but none was queued with it.");
}
