import type { Doors } from "./doors.ts";

const SEE =
  "Finds out by itself which benchmarks who entered may see; it shows no gold answer, and no private score before a benchmark is closed.";
const HAND_IN =
  "Writes a submission of who entered to a benchmark that they take part in; members may only read those.";

/** For participants, who enter as tenon_own, and for members who take part or look on, who enter as tenon_member. */
const FOR_BOTH: Record<string, string> = {
  "add_predictions(uuid,integer,jsonb)": HAND_IN,
  "hand_in(uuid,text,bigint)": HAND_IN,
  "item_keys(uuid,bigint,integer)": SEE,
  "list_benchmarks()": SEE,
  "list_submissions(uuid,uuid,integer)": SEE,
  "queue_scoring(uuid,jsonb)": "Has a submission of who entered scored, by a task of that kind and no other.",
  "read_benchmark(uuid)": SEE,
  "read_items(uuid,bigint,integer)": SEE,
  "read_leaderboard(uuid,text,uuid,integer)": SEE,
  "read_submission(uuid)": SEE,
};

export const EVALUATION_DOORS: Doors = {
  ...Object.fromEntries(
    Object.entries(FOR_BOTH).flatMap(([name, reason]) =>
      ["member", "own"].map((role) => [`evaluation.${name} to tenon_${role}`, reason]),
    ),
  ),
  "evaluation.set_benchmark_status(uuid,text) to tenon_member":
    "Asks for evaluation.benchmark.manage, and counts gold answers, which no member may read.",
};
