import type { Doors } from "./doors.ts";

export const AUDIT_DOORS: Doors = {
  "audit.next_batch(text,integer) to tenon_dispatcher": "Reads the record across organizations for its consumers.",
};
