import type { Doors } from "./doors.ts";

const SYNC = "Takes over what a store of the organization entered tells, into tables that members may only read.";

export const COMMERCE_DOORS: Doors = {
  "commerce.begin_sync(uuid,uuid,boolean) to tenon_worker": SYNC,
  "commerce.connect_store(uuid,text,text,text,text,text,numeric,bytea) to tenon_member":
    "Asks for commerce.store.write, and stores sealed keys, which no member may write or read as they are.",
  "commerce.disconnect_store(uuid) to tenon_member": "Asks for commerce.store.write, and forgets a store's keys.",
  "commerce.end_sync(uuid,uuid,text,boolean) to tenon_worker": SYNC,
  "commerce.learn_sizes() to tenon_worker":
    "Has the server look at tables that have become much larger, as it does by itself a little later; reads and tells nothing.",
  "commerce.hook_of(uuid,uuid,text) to tenon_gate":
    "Gives the sealed keys of one store to what proves by them that it is the store that calls; nothing can be opened with them alone.",
  "commerce.note_taken(uuid,uuid,text,text,text[],bigint,bigint,jsonb) to tenon_worker": SYNC,
  "commerce.remove_old_events(interval,integer) to tenon_dispatcher":
    "Removes what stores told long ago, across organizations, and tells only how much.",
  "commerce.settle_hook(uuid,text,text) to tenon_worker": SYNC,
  "commerce.store_for_call(uuid) to tenon_worker":
    "Gives the sealed keys of one store, of the organization entered, to what calls it; the table is closed to all.",
  "commerce.take_hook(uuid,uuid,text,text,text,text,jsonb,text) to tenon_gate":
    "Keeps what a store told, whose signature the server has proved, and starts the one kind of task that asks the store about it.",
  "commerce.take_loss(uuid,text,text) to tenon_worker": SYNC,
  "commerce.take_orders(uuid,jsonb) to tenon_worker": SYNC,
  "commerce.take_products(uuid,jsonb) to tenon_worker": SYNC,
};
