import type { Doors } from "./doors.ts";

const READERS = "Shows everybody what an organization has published, and nothing of what it has not.";

export const CONTENT_DOORS: Doors = {
  "content.list_publications(text,integer,text) to tenon_public": READERS,
  "content.read_publication(text,text,text) to tenon_public": READERS,
  "content.take_step(uuid,text,bigint,text) to tenon_member":
    "Checks the step's own permission once more; where content stands, no member may write.",
};
