/** Who a provider says that somebody is, checked for what can be stored. */
export type ProviderClaims = {
  subject: string;
  email: string | null;
  /** Only ever true together with an address. */
  isEmailVerified: boolean;
  name: string;
};

/** OpenID Connect Core, section 2: at most 255 ASCII characters. */
const SUBJECT_FORM = /^[\x20-\x7e]{1,255}$/;
const EMAIL_FORM = /^[^@\s\p{Cc}]+@[^@\s\p{Cc}]+$/u;
const EMAIL_LENGTH_MAX = 254;
const NAME_LENGTH_MAX = 200;

/** Whether a subject is one that the standard allows. */
export function isSubject(subject: unknown): subject is string {
  return typeof subject === "string" && SUBJECT_FORM.test(subject);
}

/** Reads the claims of an identity token; undefined when its subject is none. What else is odd counts as not told. */
export function readClaims(claims: Record<string, unknown>): ProviderClaims | undefined {
  const { sub, email: told, email_verified: verified } = claims;
  if (!isSubject(sub)) return undefined;
  const email = isEmail(told) ? told : null;
  return {
    subject: sub,
    email,
    isEmailVerified: email !== null && verified === true,
    name: nameOf(claims, email),
  };
}

function isEmail(text: unknown): text is string {
  return typeof text === "string" && text.isWellFormed() && text.length <= EMAIL_LENGTH_MAX && EMAIL_FORM.test(text);
}

function nameOf({ name, given_name, family_name, preferred_username }: Record<string, unknown>, email: string | null) {
  const whole = [given_name, family_name].filter((part) => typeof part === "string").join(" ");
  const names = [name, whole, preferred_username, email?.split("@")[0]].map(cleanName);
  return names.find((candidate) => candidate !== "") ?? "Unnamed";
}

function cleanName(text: unknown): string {
  if (typeof text !== "string") return "";
  const clean = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return [...clean].slice(0, NAME_LENGTH_MAX).join("").trim();
}
