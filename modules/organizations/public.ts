// What the modules below, and the command line, may call.
import * as operators from "./operators.ts";

/** What the operator of the installation does with organizations, as the database's owner; see `operators.ts`. */
export const { listOrganizations, suspendOrganization, resumeOrganization } = operators;

/** The most organizations in one list of the operator's. */
export const ORGANIZATIONS_MAX = operators.ORGANIZATIONS_MAX;
