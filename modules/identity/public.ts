// What the modules below may call: secrets that travel by mail, and the passwords of new accounts.
import * as passwords from "./passwords.ts";
import * as secrets from "./secrets.ts";
import * as sessions from "./sessions.ts";

/** A new secret of 256 random bits and its hash; see `secrets.ts`. */
export const newSecret = secrets.newSecret;

/** What the seal of a secret that travels in a mail is bound to; see `sessions.ts`. */
export const MAIL_TOKEN = sessions.MAIL_TOKEN;

/** How a new password is measured and derived; see `passwords.ts`. */
export const { derivePasswordHash, describePasswordFault, newPasswordParameters } = passwords;
