import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askJson } from "./refusals.ts";

/** `lead_time_ms` is how long the labeler looked at the text. */
export type NewLabel = { assignment: string; label: string; lead_time_ms?: number | undefined };

/**
 * Labels a text that the person holds, and claims the next one in the same transaction: `{ next: Assignment | null }` as
 * JSON. The same label sent twice counts once. Throws invalid (not in the label set), conflict (the text went to somebody
 * else, or has another label already), not_found.
 */
export async function submitLabel(
  context: Context,
  { assignment, label, lead_time_ms = 0 }: NewLabel,
): Promise<JsonText> {
  return askJson(context, "select labeling.submit_label($1, $2, $3)", [assignment, label, lead_time_ms]);
}
