import type { Doors } from "./doors.ts";

const MANAGE =
  "Checks credits.account.manage once more, and then works on accounts of the organization that was entered alone.";
const SWEEP = "Frees or voids what is over by its own time, across organizations, and shows nothing of it.";

const RETENTION =
  "Names organizations, or removes of one what is older than its caller keeps it, never under a legal hold, and shows nothing else of it.";

export const CREDITS_DOORS: Doors = {
  "credits.add_account(text) to tenon_member": MANAGE,
  "credits.begin_month(integer) to tenon_dispatcher": SWEEP,
  "credits.count_calls(text,jsonb) to tenon_dispatcher":
    "Adds to the calls of the organizations that a process let in, and answers which of them have used up theirs.",
  "credits.expire_holds(integer) to tenon_dispatcher": SWEEP,
  "credits.expire_lots(integer) to tenon_dispatcher": SWEEP,
  "credits.give_up(uuid,bigint,text,text) to tenon_member": MANAGE,
  "credits.organizations_with_old_rows(uuid,interval,interval,integer) to tenon_dispatcher": RETENTION,
  "credits.remove_old_holds(uuid,interval,integer,uuid) to tenon_dispatcher": RETENTION,
  "credits.remove_old_keys(uuid,interval,interval,integer) to tenon_dispatcher": RETENTION,
  "credits.read_usage(date) to tenon_member":
    "Checks credits.usage.read once more, and adds up what the organization that was entered used.",
  "credits.set_limits(uuid,jsonb) to tenon_member": MANAGE,
  "credits.transfer(uuid,uuid,bigint,text,text) to tenon_member": MANAGE,
};
