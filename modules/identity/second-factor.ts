import { MAIL_TOKEN } from "../../kernel/mail/outbox.ts";
import { seal } from "../../kernel/secrets/envelope.ts";
import { tokenForm } from "../../kernel/tenancy/credential.ts";
import { askGate, askGateAs, type Caller, type PersonCaller } from "../../kernel/tenancy/gate.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import type { NewSession } from "./opening.ts";
import { type PasskeyProof, type ShownPasskey, verifyPasskey } from "./passkeys.ts";
import { hashRecoveryCode } from "./recovery-codes.ts";
import { newSecret } from "./secrets.ts";
import type { BegunSession } from "./sessions.ts";
import { findTotp, type SealedSeed } from "./totp.ts";

/** What a person shows: one of the three. */
export type ShownFactor = {
  code?: string | undefined;
  recovery_code?: string | undefined;
  passkey?: { challenge: string; response: ShownPasskey } | undefined;
};

/** What was shown, as far as it could be checked here. A method alone is something that was wrong. */
type Proof =
  | { method: "totp"; factor: string; step: number }
  | { method: "recovery_code"; hash: string }
  | PasskeyProof
  | { method: "totp" | "passkey" };

const PENDING_FORM = tokenForm("tsp", "((?:at:)?[A-Za-z0-9_-]{20,100})");

/**
 * Finishes a sign-in whose first factor was right. Resolves with the session, or with undefined when anything is wrong: the pending
 * token, the factor, or that the account waits after too many failures.
 */
export async function finishSignIn(
  caller: Caller,
  pending: string,
  shown: ShownFactor,
  session: NewSession,
): Promise<BegunSession | undefined> {
  const [, userId, pendingId, secret] = PENDING_FORM.exec(pending) ?? [];
  if (!userId || !pendingId || !secret) return undefined;
  const ids = [userId, pendingId, secret];
  const proof = await proofOf(caller, userId, shown, () => readSeeds(caller, "identity.pending_totp_seeds", ids));
  const [begun] = await askGate<BegunSession>(caller, "identity.finish_sign_in", [
    ...ids,
    JSON.stringify(proof),
    session.kind,
    session.secret.hash,
    session.refresh?.hash ?? null,
    ...unlocking(caller),
  ]);
  caller.services.wakeWorkers();
  return begun;
}

/** Signs in by a passkey alone, which has verified its person. Resolves with undefined when anything is wrong. */
export async function signInWithPasskey(
  caller: Caller,
  shown: { challenge: string; response: ShownPasskey },
  { kind, secret, refresh }: NewSession,
): Promise<BegunSession | undefined> {
  const verified = await verifyPasskey(caller, shown);
  if (!verified) return undefined;
  const [begun] = await askGate<BegunSession>(caller, "identity.sign_in_with_passkey", [
    verified.userId,
    JSON.stringify(verified.proof),
    kind,
    secret.hash,
    refresh?.hash ?? null,
  ]);
  return begun;
}

/** Proves once more, by a second factor, who is signed in. Resolves with false when it was wrong, or the account waits. */
export async function proveSecondFactor(caller: PersonCaller, shown: ShownFactor): Promise<boolean> {
  const { userId, sessionId, secret } = caller.credential;
  const ids = [userId, sessionId, secret];
  const proof = await proofOf(caller, userId, shown, () => readSeeds(caller, "identity.session_totp_seeds", ids));
  const values = [JSON.stringify(proof), ...unlocking(caller)];
  const [row] = await askGateAs<{ prove_second_factor: boolean }>(caller, "identity.prove_second_factor", values);
  caller.services.wakeWorkers();
  return row?.prove_second_factor ?? false;
}

async function proofOf(
  caller: Caller,
  userId: string,
  { code, recovery_code, passkey }: ShownFactor,
  seeds: () => Promise<SealedSeed[]>,
): Promise<Proof> {
  if (code !== undefined) {
    const fit = findTotp(caller.services.keyring, userId, await seeds(), code);
    return { method: "totp", ...fit };
  }
  if (recovery_code !== undefined)
    return { method: "recovery_code", hash: hashRecoveryCode(recovery_code).toString("hex") };
  const verified = passkey && (await verifyPasskey(caller, passkey));
  return verified?.userId === userId ? verified.proof : { method: "passkey" };
}

function readSeeds({ database }: Caller, name: string, ids: string[]): Promise<SealedSeed[]> {
  return callOutside<SealedSeed>(database, "gate", `select id, sealed_seed from ${name}($1, $2, $3)`, ids);
}

/** A token that unlocks the account, in case this failure locks it: its hash, and itself for the mail. */
function unlocking({ services }: Caller): [Buffer, Buffer] {
  const unlock = newSecret();
  return [unlock.hash, seal(services.keyring, unlock.text, MAIL_TOKEN)];
}
