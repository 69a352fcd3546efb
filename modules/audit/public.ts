// What the modules below and the command line may call.
import * as erasure from "./erasure.ts";
import { follow } from "./live/follow.ts";
import { resignSeals as resign } from "./seals.ts";
import * as verification from "./verification.ts";

export type ErasureSubject = erasure.ErasureSubject;
export type Verification = verification.Verification;

/** Goes on with an erasure that has begun until nothing is left; see `erasure.ts`. */
export const finishErasure = erasure.finishErasure;

/** Signs all seals anew under the current key; see `seals.ts`. */
export const resignSeals = resign;

/** Works out anew what the seals of the record say; see `verification.ts`. */
export const verifyRecord = verification.verifyRecord;

/** Tells changes of rows as they happen, to whom something else than the kind of row opens them; see `live/follow.ts`. */
export const followRows = follow;
