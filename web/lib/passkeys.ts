import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from "@simplewebauthn/browser";
import { startPasskey, startPasskeySignIn } from "../../modules/identity/factors-contract.ts";
import { call } from "./api.ts";

/** Asks the person, by the browser, to show a passkey; the answer goes to the server as it is. */
export async function showPasskey() {
  const { options, challenge } = await call(startPasskeySignIn, {});
  const response = await startAuthentication({
    optionsJSON: options as unknown as PublicKeyCredentialRequestOptionsJSON,
  });
  return { challenge, response };
}

/** Asks the person, by the browser, to make a passkey. */
export async function makePasskey() {
  const options = await call(startPasskey, {});
  const { response, ...passkey } = await startRegistration({
    optionsJSON: options as unknown as PublicKeyCredentialCreationOptionsJSON,
  });
  return { ...passkey, response: { ...response, transports: response.transports ?? [] } };
}

/** Whether the person closed the browser's question, and so knows that nothing happened. */
export function isGivenUp(error: Error): boolean {
  return error.name === "NotAllowedError" || error.name === "AbortError";
}
