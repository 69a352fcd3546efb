// What the modules below and the command line may call. In SQL they call credits.try_reserve, hold_under, settle_hold, release_hold, extend_holds, reserve,
// record_usage and check_limit in the transaction of their work.
import * as contract from "./contract.ts";
import * as operators from "./operators.ts";
import * as verification from "./verification.ts";

/** Micro-credits in a credit. */
export const CREDIT = contract.CREDIT;

/** Books credits onto an account, as the operator; see `operators.ts`. */
export const grantCredits = operators.grantCredits;

/** Works out anew what the books say; see `verification.ts`. */
export const verifyLedger = verification.verifyLedger;
