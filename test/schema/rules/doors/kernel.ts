import type { Doors } from "./doors.ts";

const ENTERING = ["client", "loader", "member", "own", "steward"];

const HELD = "Says whether who entered holds permissions, and shows no row.";
const ONCE =
  "Keeps or gives what the very request of who entered did, under the key that it came with; the table is closed to all.";
const ASKING = ["client", "member", "own", "steward"];

export const KERNEL_DOORS: Doors = {
  ...Object.fromEntries(
    ASKING.flatMap((role) => [
      [`kernel.recall_answer(text,integer,bytea) to tenon_${role}`, ONCE],
      [`kernel.keep_answer(text,integer,bytea,bytea) to tenon_${role}`, ONCE],
    ]),
  ),
  "kernel.remove_old_answers(integer) to tenon_dispatcher": "Removes what was kept for a day, and tells only how many.",
  ...Object.fromEntries(
    ENTERING.flatMap((role) => [
      [`kernel.enter(uuid,uuid,text,uuid,text,text,text) to tenon_${role}`, "Lets the person of a live session in."],
      [`kernel.enter_with_key(uuid,uuid,text,text,text,text) to tenon_${role}`, "Lets the holder of an API key in."],
    ]),
  ),
  "kernel.keep_mail(uuid) to tenon_dispatcher": "Marks one mail, and answers nothing.",
  "kernel.kept_mails(integer) to tenon_dispatcher":
    "Gives the developer's mailbox what was not sent; the token is sealed.",
  "kernel.make_partitions(regclass,integer) to tenon_dispatcher": "Makes next months' partitions, without rows.",
  "kernel.make_missing_partitions() to tenon_dispatcher": "Makes next months' partitions, without rows.",
  "kernel.model_facts() to tenon_dispatcher":
    "Tells the applied migrations and the built-in roles, the same for everybody.",
  "kernel.offer_signing_key(text,jsonb,bytea,boolean) to tenon_gate":
    "Takes a key pair, which signs nothing that opens anything by itself.",
  "kernel.partitions_ahead() to tenon_dispatcher": "Counts partitions.",
  "kernel.remove_old_partitions() to tenon_dispatcher":
    "Removes only what the table's rule says is over, and tells only how many.",
  "kernel.remove_old_mails(integer) to tenon_dispatcher": "Removes mail that was done with, and tells only how many.",
  "kernel.settle_mail(uuid,integer,text,text) to tenon_dispatcher":
    "Marks one mail, and answers in how many seconds it is to be tried again.",
  "kernel.take_mail(uuid) to tenon_dispatcher": "Gives the mail worker what it sends; the token is sealed.",
  "kernel.read_signing_keys() to tenon_gate": "Gives the private halves sealed.",
  "kernel.require_held(text[]) to tenon_client": HELD,
  "kernel.require_held(text[]) to tenon_member": HELD,
  "kernel.require_held(text[]) to tenon_own": HELD,
  "kernel.require_held(text[]) to tenon_steward": HELD,
};
