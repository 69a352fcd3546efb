// What the command line does with other issuers, as the database's owner.
import { discoverProvider } from "./discovery.ts";
import {
  listIssuers as list,
  removeIssuer as remove,
  type IssuerSettings as Settings,
  type IssuerSummary as Summary,
  saveIssuer as save,
} from "./issuers.ts";

export type IssuerSettings = Settings;
export type IssuerSummary = Summary;

/** See `issuers.ts`. */
export const saveIssuer = save;
export const listIssuers = list;
export const removeIssuer = remove;

/**
 * Asks an issuer whether it is what it is said to be. Resolves with its own spelling of its address. Rejects with what is
 * wrong: it does not answer, calls itself otherwise, or signs with nothing that is to be accepted.
 */
export async function checkIssuer(settings: IssuerSettings): Promise<string> {
  const { issuerUrl, clientId, clientSecret, algorithms } = settings;
  const configuration = await discoverProvider({ issuerUrl, ...(clientId && { clientId }), clientSecret });
  const metadata = configuration.serverMetadata();
  const offered = metadata.id_token_signing_alg_values_supported;
  if (offered && !offered.some((algorithm) => algorithms.includes(algorithm)))
    throw new Error(`It signs with ${offered.join(", ")}, but only ${algorithms.join(", ")} would be accepted.`);
  if (!settings.jwksUri && !metadata.jwks_uri) throw new Error("It does not say where its public keys are.");
  return metadata.issuer;
}
