import type { Examples } from "./example.ts";

export const CREDITS: Examples = {
  "credits.account.create": { body: { name: "Team" } },
  "credits.adjustment.create": { body: { account: ":account", amount: -1, operation_key: "one", note: "Too many" } },
  "credits.limits.set": { body: { account: ":account", low_balance: 5_000_000 } },
  "credits.transfer.create": { body: { from: ":account", to: ":target", amount: 1, operation_key: "two", note: "" } },
};
