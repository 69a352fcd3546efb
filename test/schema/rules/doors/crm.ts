import type { Doors } from "./doors.ts";

export const CRM_DOORS: Doors = {
  "crm.change_stage(uuid,text,text) to tenon_member":
    "Checks crm.customer.write once more, and tells the trigger that keeps a customer's way why it was changed.",
};
