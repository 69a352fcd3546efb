// What the modules below, and the command line, may call.
import type { PlatformRole as Role } from "./operators.ts";
import * as operators from "./operators.ts";
import { newSecret as make } from "./secrets.ts";

/** A secret that is handed out once, with its hash; see `secrets.ts`. */
export const newSecret = make;

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
