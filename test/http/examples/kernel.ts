import type { Examples } from "./example.ts";

export const KERNEL: Examples = {
  "mail.mailbox.read": { body: { key: "not the key" } },
};
