import type { Doors } from "./doors.ts";

export const ANALYTICS_DOORS: Doors = {
  "analytics.remove_old_keys(interval) to tenon_dispatcher":
    "Forgets the ids of events of long ago, across organizations, and tells only how many.",
  "analytics.take_keys(uuid[]) to tenon_loader":
    "Keeps ids of events for the organization entered, and tells which of them are new.",
  "kernel.keep_answer(text,integer,bytea,bytea) to tenon_loader":
    "Events that are sent again under an Idempotency-Key have one answer: kept for who entered.",
  "kernel.recall_answer(text,integer,bytea) to tenon_loader":
    "Events that are sent again under an Idempotency-Key have one answer: given to who entered.",
};
