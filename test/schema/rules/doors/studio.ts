import type { Doors } from "./doors.ts";

const STUDIO =
  "Which sessions are open to a person stands in rows of other tables; this finds out for who entered, whatever their scope, and goes no further.";

/** For whoever reads: members, those who see only their own, and clients. */
const READING = [
  "list_exports(uuid)",
  "list_sessions(text,text,uuid)",
  "list_versions(uuid,text)",
  "read_document(uuid,text)",
  "read_export(uuid,uuid)",
  "read_export_piece(uuid,uuid,integer)",
  "read_session(uuid)",
  "read_version(uuid,text,integer)",
];
const WRITING = [
  "bin_session(uuid,boolean)",
  "change_session(uuid,jsonb)",
  "close_to(uuid,uuid)",
  "list_shares(uuid)",
  "make_session(jsonb,uuid)",
  "make_share(uuid,bytea,text[],integer)",
  "name_version(uuid,text,text)",
  "open_to(uuid,uuid,boolean)",
  "restore_version(uuid,text,integer)",
  "revoke_share(uuid,uuid)",
  "save_document(uuid,text,jsonb,bigint)",
  "start_export(uuid,jsonb)",
];

const doorsTo = (names: string[], roles: string[]) =>
  Object.fromEntries(names.flatMap((name) => roles.map((role) => [`studio.${name} to tenon_${role}`, STUDIO])));

export const STUDIO_DOORS: Doors = {
  ...doorsTo(READING, ["member", "own", "client"]),
  ...doorsTo(WRITING, ["member", "own"]),
  "studio.open_share(uuid,uuid,bytea,text) to tenon_public":
    "Checks the secret of a public link by itself, and shows what that link shows.",
  "studio.begin_export(uuid) to tenon_worker":
    "Gives a task what it prints, if the session is open to who asked for it.",
  "studio.complete_export(uuid,uuid,bigint) to tenon_worker":
    "Notes the file of a task's export and its usage, which nobody writes by themselves.",
};
