import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";

type Step = "submit" | "approve" | "send_back" | "publish" | "unpublish" | "archive" | "reopen";
type OneItem = { item: string; ifVersion?: string | undefined };

/** The statement is the same for every step, so connections keep it prepared. */
const TAKE_STEP = "select content.take_step($1, $2, $3, $4)::text";

/**
 * Takes content from one state to the next; resolves with `{ id, status, version }` as JSON. Throws not_found, conflict where it is in
 * another state, forbidden where the step takes content.item.publish, and changed_meanwhile where `ifVersion` is not its version any more.
 */
export async function takeStep(
  context: Context,
  { item, step, ifVersion, note = "" }: OneItem & { step: Step; note?: string },
): Promise<JsonText> {
  const values = [item, step, ifVersion ?? null, note];
  const json = await queryText(context, { text: TAKE_STEP, values, fixed: true });
  if (json === null) throw changedMeanwhile();
  return { json };
}

const RESTORE = `
  with restored as (
    update content.items i set title = v.title, slug = v.slug, content = v.content, excerpt = v.excerpt, featured_image = v.featured_image, seo_meta = v.seo_meta
    from content.item_versions v
    where i.organization_id = $1 and i.id = $2 and v.organization_id = $1 and v.item_id = $2 and v.number = $3
      and ($4::bigint is null or i.version = $4)
    returning i.id, i.status, i.version
  ) select row_to_json(r)::text from restored r`;
const IS_THERE = `
  select 'yes' from content.items i join content.item_versions v on v.organization_id = i.organization_id and v.item_id = i.id
  where i.organization_id = $1 and i.id = $2 and v.number = $3`;

/** Writes what an earlier version said. Throws not_found where there is no such version, and changed_meanwhile as above. */
export async function restoreVersion(
  context: Context,
  { item, number, ifVersion }: OneItem & { number: number },
): Promise<JsonText> {
  const place = [context.organization.id, item, number];
  const json = await queryText(context, { text: RESTORE, values: [...place, ifVersion ?? null], fixed: true });
  if (json !== null) return { json };
  await askJson({ ...context, idempotency: undefined }, IS_THERE, place);
  throw changedMeanwhile();
}

function changedMeanwhile(): Problem {
  return new Problem("changed_meanwhile", {
    detail: "The text is not the one that you have seen any more.",
    hint: "Load it again, and look at what it says now.",
  });
}
