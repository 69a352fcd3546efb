import type { Doors } from "./doors.ts";

const ADVANCE =
  "Notes what was done of an import of the organization entered, with the rows that it brought; members may only read that.";

export const IMPORTS_DOORS: Doors = {
  "imports.advance(uuid,text,bigint,boolean,jsonb,jsonb) to tenon_loader": ADVANCE,
  "imports.advance(uuid,text,bigint,boolean,jsonb,jsonb) to tenon_worker": ADVANCE,
  "kernel.holds(text) to tenon_member": "Tells whoever entered of a permission whether they hold it.",
  "kernel.holds(text) to tenon_worker":
    "Tells of a permission whether the member holds it on whose behalf a task runs.",
  "tasks.enter(uuid,bigint,uuid,text) to tenon_loader":
    "The loader works for a worker, and enters by its claim: it inserts, and nothing else.",
};
