import type { Doors } from "./doors.ts";

const INVOICES =
  "Checks billing.invoice.manage once more, and works on invoices that the entered organization makes for its customers alone.";
const READING =
  "Checks billing.account.read once more; it names the organization on its invoices, whose row no member reads.";

export const BILLING_DOORS: Doors = {
  "billing.create_invoice(uuid,date,integer) to tenon_member": INVOICES,
  "billing.discard_invoice(uuid) to tenon_member": INVOICES,
  "billing.issue_invoice(uuid,integer) to tenon_member": INVOICES,
  "billing.read_invoice(uuid) to tenon_member": READING,
  "billing.read_invoice(uuid) to tenon_worker": READING,
  "billing.settle_invoice(uuid,text) to tenon_member": INVOICES,
};
