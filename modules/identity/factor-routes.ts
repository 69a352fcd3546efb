import { Problem } from "../../kernel/errors.ts";
import { anyoneRoute, type JsonText, personRoute } from "../../kernel/http/route.ts";
import type { PersonCaller } from "../../kernel/tenancy/gate.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";
import * as contract from "./factors-contract.ts";
import { handOut, newSession } from "./opening.ts";
import { addPasskey, removePasskey, renamePasskey, startPasskey, startPasskeySignIn } from "./passkeys.ts";
import { renewRecoveryCodes } from "./recovery-codes.ts";
import { finishSignIn, proveSecondFactor, signInWithPasskey } from "./second-factor.ts";
import { addTotp, confirmTotp, removeTotp } from "./totp.ts";

export const factorRoutes = [
  personRoute(contract.readFactors, (call) => readFactors(call)),
  personRoute(contract.addTotp, (call, { body }) => addTotp(call, body.name)),
  personRoute(contract.confirmTotp, async (call, { params, body }) => {
    return { recovery_codes: await confirmTotp(call, params.factor, body.code) };
  }),
  personRoute(contract.removeTotp, async (call, { params }) => {
    await removeTotp(call, params.factor);
    return undefined;
  }),
  personRoute(contract.renewRecoveryCodes, async (call) => ({ recovery_codes: await renewRecoveryCodes(call) })),
  personRoute(contract.startPasskey, (call) => startPasskey(call)),
  personRoute(contract.addPasskey, (call, { body }) => addPasskey(call, body.name, body.response)),
  personRoute(contract.renamePasskey, async (call, { params, body }) => {
    await renamePasskey(call, params.passkey, body.name);
    return undefined;
  }),
  personRoute(contract.removePasskey, async (call, { params }) => {
    await removePasskey(call, params.passkey);
    return undefined;
  }),
  anyoneRoute(contract.startPasskeySignIn, (call) => startPasskeySignIn(call)),
  anyoneRoute(contract.signInWithPasskey, async (call, { body: { as, ...shown } }) => {
    const session = newSession(as);
    const begun = await signInWithPasskey(call, shown, session);
    if (!begun) throw new Problem("unauthenticated", { detail: "This passkey does not open an account." });
    return { tokens: await handOut(call, session, begun) };
  }),
  anyoneRoute(contract.finishSignIn, async (call, { body: { pending, as, ...shown } }) => {
    const session = newSession(as);
    const begun = await finishSignIn(call, pending, shown, session);
    if (!begun)
      throw new Problem("unauthenticated", {
        detail: "That was not right, or it took too long.",
        hint: "After several failures an account waits a while; its owner gets a mail that says how to go on at once.",
      });
    return { tokens: await handOut(call, session, begun) };
  }),
  personRoute(contract.proveSecondFactor, async (call, { body }) => {
    if (await proveSecondFactor(call, body)) return undefined;
    const field = Object.keys(body)[0] ?? "code";
    const message = "This is not right. After several failures an account waits a while, and nothing is.";
    throw new Problem("invalid", { errors: [{ field, message }] });
  }),
];

/** The second factors of who is signed in, without anything secret. */
async function readFactors({ database, credential }: PersonCaller): Promise<JsonText> {
  const { userId, sessionId, secret } = credential;
  const text = "select identity.list_factors($1, $2, $3)::text as factors";
  const [row] = await callOutside<{ factors: string }>(database, "gate", text, [userId, sessionId, secret]);
  if (!row) throw new Error("The database told no factors.");
  return { json: row.factors };
}
