// What the modules below, and the command line, may call.
import { discoverProvider } from "./discovery.ts";
import {
  listIssuers as list,
  removeIssuer as remove,
  type IssuerSettings as Settings,
  type IssuerSummary as Summary,
  saveIssuer as save,
} from "./issuers.ts";
import type { PlatformRole as Role } from "./operators.ts";
import * as operators from "./operators.ts";
import { hashAnew } from "./password-hash.ts";
import { describePasswordFault as describeFault } from "./passwords.ts";
import { hashSecret as hashOfSecret, newSecret as make } from "./secrets.ts";
import { ensureSigningKey, type KeyOffice } from "./signing-keys.ts";
import { slugOf as makeSlug } from "./slugs.ts";

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

/** What is wrong with a password that somebody chooses; see `passwords.ts`. */
export const describePasswordFault = describeFault;

/** What is stored of a password; see `password-hash.ts`. */
export const hashPassword = hashAnew;

/** A secret that is handed out once, with its hash; see `secrets.ts`. */
export const newSecret = make;
export const hashSecret = hashOfSecret;

/** What the operator of the installation does with people, as the database's owner; see `operators.ts`. */
export const {
  PLATFORM_ROLES,
  createOperator,
  grantPlatformRole,
  revokePlatformRole,
  listOperators,
  unlockAccount,
  suspendPerson,
  resumePerson,
} = operators;

/** What somebody may look after on the whole platform. */
export type PlatformRole = Role;

/** A name as it stands in addresses; see `slugs.ts`. */
export const slugOf = makeSlug;

/** Publishes a new key for access tokens, which signs a day later; the one before retires a day after that. */
export async function rotateSigningKey(office: KeyOffice): Promise<void> {
  await ensureSigningKey(office, true);
}
