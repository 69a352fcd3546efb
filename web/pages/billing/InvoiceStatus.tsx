import { Badge } from "@mantine/core";
import type { InvoiceInList } from "../../../modules/billing/contract.ts";
import { useNow } from "../../lib/now.ts";

/** The word for each status, and its colour where it wants to be seen. */
const STATES: Record<InvoiceInList["status"], [name: string, color?: string]> = {
  draft: ["Draft"],
  open: ["Open", "blue.9"],
  paid: ["Paid", "teal.9"],
  void: ["Void"],
  uncollectible: ["Uncollectible"],
};

/** How an invoice stands. */
export function InvoiceStatus({ invoice: { status, due_at } }: { invoice: Pick<InvoiceInList, "status" | "due_at"> }) {
  const now = useNow();
  const isLate = status === "open" && due_at !== null && new Date(due_at).getTime() < now;
  const [name, color]: [string, string?] = isLate ? ["Overdue", "red.9"] : STATES[status];
  return (
    <Badge variant={color ? "filled" : "default"} {...(color && { color })} tt="none">
      {name}
    </Badge>
  );
}
