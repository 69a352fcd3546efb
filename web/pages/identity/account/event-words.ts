const WORDS: Record<string, string> = {
  account_created: "Account made",
  account_deleted: "Account deleted",
  account_restored: "Account brought back",
  data_exported: "Data downloaded",
  email_change_requested: "Another address asked for",
  email_changed: "Address changed",
  email_verified: "Address confirmed",
  identity_linked: "Provider connected",
  identity_unlinked: "Provider removed",
  passkey_added: "Passkey added",
  passkey_removed: "Passkey removed",
  password_changed: "Password changed",
  password_reset: "Password set anew by mail",
  password_reset_requested: "Mail for a new password asked for",
  proof_refused: "Proof of identity refused",
  proved: "Proved who you are",
  recovery_codes_renewed: "New recovery codes",
  session_replayed: "A used-up token was sent again; its session was ended",
  session_revoked: "A session signed out",
  sessions_revoked: "Other sessions signed out",
  sign_in_failed: "Sign-in failed",
  sign_in_refused: "Sign-in refused",
  sign_up_requested: "Somebody tried to sign up with your address",
  signed_in: "Signed in",
  signed_out: "Signed out",
  signed_up: "Signed up",
  support_visited: "Support looked in",
  token_accepted: "Signed in with a token of another issuer",
  totp_added: "Authenticator app added",
  totp_removed: "Authenticator app removed",
  unlocked: "Account unlocked by mail",
};

const METHODS: Record<string, string> = {
  password: "with the password",
  passkey: "with a passkey",
  totp: "with a code of the app",
  recovery_code: "with a recovery code",
};

/** An event in words, with how it was done where that is known. */
export function wordsOfEvent({ kind, details }: { kind: string; details: Record<string, unknown> }): string {
  const words = WORDS[kind] ?? capitalize(kind.replaceAll("_", " "));
  const method = METHODS[String(details.method)];
  return method ? `${words} ${method}` : words;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
