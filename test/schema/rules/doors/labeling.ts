import type { Doors } from "./doors.ts";

const LABELING =
  "Labelers see only rows of their own; this gives them what their permission in the organization covers.";

const TALK =
  "Finds out whether the label is one that the person may talk about: any, their own, or an approved one of their customer's.";

/** For labelers, who enter as tenon_own, and for members who label or look on, who enter as tenon_member. */
const FOR_BOTH = [
  "claim_next(uuid)",
  "list_projects()",
  "read_figures(uuid)",
  "read_project(uuid)",
  "release_slot(uuid)",
  "renew_lease(uuid)",
  "submit_label(uuid,text,bigint)",
];

export const LABELING_DOORS: Doors = {
  ...Object.fromEntries(
    FOR_BOTH.flatMap((name) => ["member", "own"].map((role) => [`labeling.${name} to tenon_${role}`, LABELING])),
  ),
  ...Object.fromEntries(
    ["list_projects()", "read_figures(uuid)", "read_project(uuid)"].map((name) => [
      `labeling.${name} to tenon_client`,
      "Shows clients the projects of their customers, and no others.",
    ]),
  ),
  ...Object.fromEntries(
    ["list_comments(uuid)", "resolve_thread(uuid,boolean)", "write_comment(uuid,uuid,uuid,text)"].flatMap((name) =>
      ["member", "own", "client"].map((role) => [`labeling.${name} to tenon_${role}`, TALK]),
    ),
  ),
  "labeling.review_label(uuid,text,text) to tenon_member": "Decides about a label, which no member may write.",
};
