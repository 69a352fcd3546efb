import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";

export const signIn = endpoint({
  name: "identity.session.open",
  summary: "Sign in with a password; the browser gets a cookie",
  method: "POST",
  path: "/api/session",
  access: "anyone",
  limit: "sign_in",
  body: z.object({ email: z.string().min(3).max(254), password: z.string().min(1).max(1024) }),
  /** `pending` is the token for the second factor, where one is still wanted; null means signed in. */
  answer: z.object({ pending: z.string().nullable() }),
  example: { body: { email: "nobody@example.com", password: "not the password" } },
});

export const signOut = endpoint({
  name: "identity.session.end",
  summary: "Sign out",
  method: "DELETE",
  path: "/api/session",
  access: "person",
});

/** An address that mail is sent to. */
const MailAddress = z.email("Write an e-mail address, such as ada@example.com.").max(254);
/** Whether a password can be chosen is found out behind; here only that it is no book. */
const NewPassword = z.string().min(1).max(1024);
/** What the link of a mail carries behind the #. */
const MailToken = z.object({ token: z.string().max(300) });
const Name = z.string().trim().min(1).max(200);

export const signUp = endpoint({
  name: "identity.account.sign_up",
  summary: "Ask for an account; a mail goes to the address, whether it has one or not",
  method: "POST",
  path: "/api/sign-up",
  access: "anyone",
  limit: "sign_in",
  body: z.object({ email: MailAddress, name: Name, organization: Name.optional() }),
  example: { body: { email: "nobody@example.com", name: "No Body" } },
});

export const confirmSignUp = endpoint({
  name: "identity.account.confirm",
  summary: "Choose a password, and make the account whose address the mail proves, with its organization; signs in",
  method: "POST",
  path: "/api/sign-up/confirmation",
  access: "anyone",
  limit: "sign_in",
  body: MailToken.extend({ password: NewPassword }),
  answer: z.object({ slug: z.string() }),
  example: { body: { token: "tsu_nothing", password: "quite a fine sentence" } },
});

export const changePassword = endpoint({
  name: "identity.password.change",
  summary: "Change the password; all other sessions end",
  method: "PUT",
  path: "/api/me/password",
  access: "person",
  limit: "sign_in",
  /** The current password is a proof like that of POST /api/session/proof, and not needed within 15 minutes of another. */
  body: z.object({ password: NewPassword, current_password: z.string().min(1).max(1024).optional() }),
  example: { body: { password: "quite a fine sentence" } },
});

export const requestPasswordReset = endpoint({
  name: "identity.password.request_reset",
  summary: "Ask for a mail that sets the password anew",
  method: "POST",
  path: "/api/password-reset",
  access: "anyone",
  limit: "sign_in",
  body: z.object({ email: MailAddress }),
  example: { body: { email: "nobody@example.com" } },
});

export const resetPassword = endpoint({
  name: "identity.password.reset",
  summary: "Set the password anew by the mail; all sessions end",
  method: "POST",
  path: "/api/password-reset/confirmation",
  access: "anyone",
  limit: "sign_in",
  body: MailToken.extend({ password: NewPassword }),
  example: { body: { token: "tot_nothing", password: "quite a fine sentence" } },
});

export const unlock = endpoint({
  name: "identity.account.unlock",
  summary: "Unlock an account by the mail about it",
  method: "POST",
  path: "/api/unlock",
  access: "anyone",
  limit: "sign_in",
  body: MailToken,
  example: { body: { token: "tot_nothing" } },
});

export const requestEmailChange = endpoint({
  name: "identity.email.request_change",
  summary: "Ask for another address; mails go to it and to the one before",
  method: "POST",
  path: "/api/me/email",
  access: "person",
  limit: "sign_in",
  body: z.object({ email: MailAddress }),
  example: { body: { email: "nobody@example.com" } },
});

export const confirmEmailChange = endpoint({
  name: "identity.email.confirm_change",
  summary: "Change the address to the one that the mail proves",
  method: "POST",
  path: "/api/email-change/confirmation",
  access: "anyone",
  limit: "sign_in",
  body: MailToken,
  example: { body: { token: "tot_nothing" } },
});

const PREFERENCES_BYTES_MAX = 16 * 1024;
const PartOfName = z.string().trim().min(1).max(100);
const Timezone = z.string().max(64).refine(isTimezone, "Write a time zone of the IANA list, such as Europe/Berlin.");
const Locale = z.string().max(35).refine(isLocale, "Write a language tag (BCP 47), such as en or pt-BR.");
const Preferences = z
  .record(z.string().max(100), z.unknown())
  .refine(fitsPreferences, `Preferences take at most ${PREFERENCES_BYTES_MAX} bytes as JSON. Keep fewer.`);

/** What a person says of themselves. */
export const Profile = z.object({
  user_id: z.uuid(),
  email: z.string(),
  email_verified_at: z.string().nullable(),
  full_name: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  username: z.string().nullable(),
  avatar_url: z.string().nullable(),
  timezone: z.string(),
  locale: z.string(),
  preferences: z.record(z.string(), z.unknown()),
  has_password: z.boolean(),
  has_second_factor: z.boolean(),
});
export type Profile = z.infer<typeof Profile>;

export const readProfile = endpoint({
  name: "identity.profile.read",
  summary: "What the person says of themselves",
  method: "GET",
  path: "/api/me/profile",
  access: "person",
  answer: Profile,
});

export const updateProfile = endpoint({
  name: "identity.profile.update",
  summary: "Change the profile: what is given, and nothing else",
  method: "PATCH",
  path: "/api/me/profile",
  access: "person",
  /** Preferences are replaced as a whole. */
  body: z.object({
    full_name: Name.optional(),
    first_name: PartOfName.nullable().optional(),
    last_name: PartOfName.nullable().optional(),
    username: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_.-]{1,38}[a-z0-9]$/, "Take 3 to 40 lower-case letters, digits, and . _ - between them.")
      .nullable()
      .optional(),
    avatar_url: z
      .url({ protocol: /^https$/, error: "Write an address that begins with https://." })
      .max(500)
      .nullable()
      .optional(),
    timezone: Timezone.optional(),
    locale: Locale.optional(),
    preferences: Preferences.optional(),
  }),
  answer: Profile,
  example: { body: { timezone: "Europe/Berlin" } },
});

export const deleteAccount = endpoint({
  name: "identity.account.delete",
  summary: "Delete the account; a mail can bring it back for 30 days",
  method: "POST",
  path: "/api/me/deletion",
  access: "person",
  limit: "sign_in",
});

export const restoreAccount = endpoint({
  name: "identity.account.restore",
  summary: "Bring a deleted account back by the mail about it",
  method: "POST",
  path: "/api/account-restoration",
  access: "anyone",
  limit: "sign_in",
  body: MailToken,
  example: { body: { token: "tot_nothing" } },
});

/** Where a person is signed in. `address` and `device` are those of signing in. */
const UserSession = z.object({
  id: z.uuid(),
  kind: z.enum(["browser", "token", "external", "impersonation"]),
  device: z.string().nullable(),
  address: z.string().nullable(),
  created_at: z.string(),
  last_seen_at: z.string(),
  expires_at: z.string(),
  second_factor: z.boolean(),
  current: z.boolean(),
});

export const listSessions = endpoint({
  name: "identity.session.list",
  summary: "Where the person is signed in",
  method: "GET",
  path: "/api/me/sessions",
  access: "person",
  answer: z.object({ items: z.array(UserSession) }),
});

export const revokeSession = endpoint({
  name: "identity.session.revoke",
  summary: "End one session of the person",
  method: "DELETE",
  path: "/api/me/sessions/:session",
  access: "person",
  params: z.object({ session: z.uuid() }),
});

export const revokeSessions = endpoint({
  name: "identity.session.revoke_all",
  summary: "End all other sessions of the person, or all",
  method: "DELETE",
  path: "/api/me/sessions",
  access: "person",
  query: z.object({ including: z.literal("current").optional() }),
});

export const proveWithPassword = endpoint({
  name: "identity.session.prove",
  summary: "Show the password once more, as delicate changes ask for",
  method: "POST",
  path: "/api/session/proof",
  access: "person",
  limit: "sign_in",
  body: z.object({ password: z.string().min(1).max(1024) }),
  example: { body: { password: "not the password" } },
});

/** Something that happened to an account. */
const AccountEvent = z.object({
  id: z.uuid(),
  kind: z.string(),
  details: z.record(z.string(), z.unknown()),
  created_at: z.string(),
  address: z.string().nullable(),
  device: z.string().nullable(),
});

export const listEvents = endpoint({
  name: "identity.event.list",
  summary: "The history of the account, newest first",
  method: "GET",
  path: "/api/me/events",
  access: "person",
  query: z.object(pageQuery()),
  answer: pageOf(AccountEvent),
});

/** A name such as Europe/Berlin; an offset such as +01:00 is none. */
function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function fitsPreferences(preferences: Record<string, unknown>): boolean {
  return new TextEncoder().encode(JSON.stringify(preferences)).length <= PREFERENCES_BYTES_MAX;
}
