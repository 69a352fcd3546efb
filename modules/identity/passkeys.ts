import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { Problem } from "../../kernel/errors.ts";
import { askGate, askGateAs, type Caller, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import { newRecoveryCodes } from "./recovery-codes.ts";
import { hashSecret, newSecret } from "./secrets.ts";

const NAME_OF_SITE = "Tenon";
const TIMEOUT_MS = 5 * 60_000;

/** Read with the first passkey: it is a sixth of what a server reads to start. */
const webauthn = () => import("@simplewebauthn/server");

/** The options for a browser, as `@simplewebauthn/browser` takes them. */
export type PasskeyOptions = Record<string, unknown>;
/** What a browser answers, as `@simplewebauthn/browser` gives it. */
export type NewPasskey = Omit<RegistrationResponseJSON, "clientExtensionResults">;
export type ShownPasskey = Omit<AuthenticationResponseJSON, "clientExtensionResults">;

/** A passkey whose signature was right. Whether it may be believed, its counter and its challenge, the database decides. */
export type PasskeyProof = { method: "passkey"; credential_id: string; sign_count: number; challenge: string };

/** Begins to add a passkey: what the browser is to ask the authenticator for. Throws as adding does. */
export async function startPasskey(caller: PersonCaller): Promise<PasskeyOptions> {
  const challenge = newSecret();
  const [row] = await askGateAs<{ email: string; name: string; existing: { id: string; transports: string[] }[] }>(
    caller,
    "identity.start_passkey",
    [challenge.hash],
  );
  if (!row) throw new Error("The database began no passkey and said nothing.");
  const { rpID } = siteOf(caller);
  const { generateRegistrationOptions } = await webauthn();
  const options = await generateRegistrationOptions({
    rpName: NAME_OF_SITE,
    rpID,
    userID: new TextEncoder().encode(caller.credential.userId),
    userName: row.email,
    userDisplayName: row.name,
    challenge: Buffer.from(challenge.text, "base64url"),
    timeout: TIMEOUT_MS,
    excludeCredentials: row.existing,
    // It is to be found without a name, and to be two factors in one.
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return { ...options };
}

/**
 * Adds the passkey that a browser made. Resolves with its id, and with recovery codes when it is the first second factor. Throws
 * `invalid` when it is not what was asked for, TN013 when its challenge is over, TN007 and TN006 as `addTotp` does.
 */
export async function addPasskey(
  caller: PersonCaller,
  name: string,
  response: NewPasskey,
): Promise<{ id: string; recovery_codes: string[] | null }> {
  // Whoever is not signed in, or has not proved it lately, learns nothing of what they sent.
  await askGateAs(caller, "identity.require_proof");
  const { rpID, origin } = siteOf(caller);
  let signed = "";
  const { verifyRegistrationResponse } = await webauthn();
  const { registrationInfo } = await verifyRegistrationResponse({
    response: { ...response, clientExtensionResults: {} },
    expectedChallenge: (challenge) => {
      signed = challenge;
      return true;
    },
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  }).catch((cause) => {
    throw new Problem("invalid", { detail: "This passkey is not what was asked for.", hint: "Add it anew.", cause });
  });
  if (!registrationInfo) throw new Problem("invalid", { detail: "This passkey is not what was asked for." });
  const { credential } = registrationInfo;
  const { codes, hashes } = newRecoveryCodes();
  const [row] = await askGateAs<{ id: string; is_first: boolean }>(caller, "identity.add_passkey", [
    hashSecret(signed),
    name,
    credential.id,
    Buffer.from(credential.publicKey),
    credential.counter,
    credential.transports ?? [],
    hashes,
  ]);
  if (!row) throw new Error("The database added no passkey and said nothing.");
  caller.services.wakeWorkers();
  return { id: row.id, recovery_codes: row.is_first ? codes : null };
}

/** Gives a passkey another name. Throws TN010 when there is none. */
export async function renamePasskey(caller: PersonCaller, passkey: string, name: string): Promise<void> {
  await askGateAs(caller, "identity.rename_passkey", [passkey, name]);
}

/** Takes a passkey away. Throws TN007 without a proof of late, TN010 when there is none. */
export async function removePasskey(caller: PersonCaller, passkey: string): Promise<void> {
  await askGateAs(caller, "identity.remove_passkey", [passkey]);
  caller.services.wakeWorkers();
}

/** Asks for any passkey of this site. `challenge` comes back with the answer. */
export async function startPasskeySignIn(caller: Caller): Promise<{ options: PasskeyOptions; challenge: string }> {
  const challenge = newSecret();
  await askGate(caller, "identity.start_passkey_sign_in", [challenge.hash]);
  const { generateAuthenticationOptions } = await webauthn();
  const options = await generateAuthenticationOptions({
    rpID: siteOf(caller).rpID,
    challenge: Buffer.from(challenge.text, "base64url"),
    timeout: TIMEOUT_MS,
    userVerification: "required",
  });
  return { options: { ...options }, challenge: challenge.text };
}

/** Checks what a passkey signed. Resolves with undefined when there is no such passkey, or the signature is not right. */
export async function verifyPasskey(
  caller: Caller,
  { challenge, response }: { challenge: string; response: ShownPasskey },
): Promise<{ userId: string; proof: PasskeyProof } | undefined> {
  const [passkey] = await callOutside<{ user_id: string; public_key: Buffer; transports: string[] }>(
    caller.database,
    "gate",
    "select user_id, public_key, transports from identity.read_passkey($1)",
    [response.id],
  );
  if (!passkey) return undefined;
  const { rpID, origin } = siteOf(caller);
  const { verifyAuthenticationResponse } = await webauthn();
  const verification = await verifyAuthenticationResponse({
    response: { ...response, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    // The counter is compared in the database, on the locked row.
    credential: { id: response.id, publicKey: new Uint8Array(passkey.public_key), counter: 0 },
  }).catch(() => undefined);
  if (!verification?.verified) return undefined;
  return {
    userId: passkey.user_id,
    proof: {
      method: "passkey",
      credential_id: response.id,
      sign_count: verification.authenticationInfo.newCounter,
      challenge: hashSecret(challenge).toString("hex"),
    },
  };
}

/** What passkeys are bound to: they open this site and no other. */
function siteOf({ services }: Caller): { rpID: string; origin: string } {
  const { hostname, origin } = new URL(services.publicUrl);
  return { rpID: hostname, origin };
}
