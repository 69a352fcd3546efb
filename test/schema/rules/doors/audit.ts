import { type Doors, PERSON } from "./doors.ts";

const HOLD = "Checks audit.hold once more, and then changes a table that members may only read.";
const ERASURE = "Erases what was deleted long enough ago, or what an operator began, and nothing else.";
const SEAL = "Sees hashes of the record across organizations, and adds to the chain of seals.";

export const AUDIT_DOORS: Doors = {
  "audit.add_seal(bigint,bigint,bigint,integer,bytea,bytea,bytea,bytea,text,bigint,timestamp with time zone) to tenon_dispatcher":
    SEAL,
  "audit.begin_due_erasures() to tenon_dispatcher": ERASURE,
  "audit.erase_organization(uuid,integer) to tenon_dispatcher": ERASURE,
  "audit.erase_person(uuid,integer) to tenon_dispatcher": ERASURE,
  "audit.expire_values(integer) to tenon_dispatcher": "Erases values that organizations keep no longer.",
  "audit.export_person(uuid,uuid,text,text) to tenon_gate": PERSON,
  "audit.changes_since(pg_snapshot,uuid[]) to tenon_dispatcher":
    "Tells the server which rows changed in organizations that somebody listens to, without values; it tells each listener what they may hear.",
  ...Object.fromEntries(
    ["member", "own", "client"].map((role) => [
      `audit.listener_permissions() to tenon_${role}`,
      "Tells who entered what they may do themselves.",
    ]),
  ),
  "audit.next_batch(text,integer) to tenon_dispatcher": "Reads the record across organizations for its consumers.",
  "audit.next_seal() to tenon_dispatcher": SEAL,
  "audit.note_seal_candidate() to tenon_dispatcher": SEAL,
  "audit.place_hold(text) to tenon_member": HOLD,
  "audit.release_hold(uuid) to tenon_member": HOLD,
  "audit.set_retention(integer) to tenon_member": HOLD,
  "audit.supporter_name(uuid) to tenon_member": "Names only supporters who acted in the organization that was entered.",
};
