import type { Work } from "../../kernel/work.ts";
import { eraseDue, expireValues } from "./erasure.ts";
import { sealRecord } from "./seals.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** What the record has done beside requests. */
export const work: readonly Work[] = [
  { name: "audit.seals", everySeconds: 2 * MINUTE, run: sealRecord },
  { name: "audit.retention", everySeconds: 6 * HOUR, run: expireValues },
  { name: "audit.erasures", everySeconds: 24 * HOUR, run: eraseDue },
];
