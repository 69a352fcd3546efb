import type { Doors } from "./doors.ts";

const ENTERING = ["client", "loader", "member", "own", "steward"];

export const KERNEL_DOORS: Doors = {
  ...Object.fromEntries(
    ENTERING.flatMap((role) => [
      [`kernel.enter(uuid,uuid,text,uuid,text,text,text) to tenon_${role}`, "Lets the person of a live session in."],
      [`kernel.enter_with_key(uuid,uuid,text,text,text,text) to tenon_${role}`, "Lets the holder of an API key in."],
    ]),
  ),
  "kernel.make_partitions(regclass,integer) to tenon_dispatcher": "Makes next months' partitions, without rows.",
  "kernel.offer_signing_key(text,jsonb,bytea,boolean) to tenon_gate":
    "Takes a key pair, which signs nothing that opens anything by itself.",
  "kernel.partitions_ahead() to tenon_dispatcher": "Counts partitions.",
  "kernel.read_signing_keys() to tenon_gate": "Gives the private halves sealed.",
};
