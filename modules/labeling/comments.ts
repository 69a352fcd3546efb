import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askJson } from "./refusals.ts";

/** What was said about a label, as far as it is for who asks: `{ items: Comment[] }` as JSON. Throws not_found. */
export async function listComments(context: Context, { label }: { label: string }): Promise<JsonText> {
  return askJson(context, "select labeling.list_comments($1)", [label]);
}

/** `parent_id` is the comment that it answers, `review_id` the review that it is about. */
export type NewComment = {
  label: string;
  content: string;
  parent_id?: string | null | undefined;
  review_id?: string | null | undefined;
};

/** Says something about a label, or answers: `Comment` as JSON. Throws not_found, conflict (a label takes no more). */
export async function writeComment(
  context: Context,
  { label, content, parent_id = null, review_id = null }: NewComment,
): Promise<JsonText> {
  const values = [label, parent_id, review_id, content];
  return askJson(context, "select labeling.write_comment($1, $2, $3, $4)", values);
}

/** Settles the thread of a comment, or opens it again: its first `Comment` as JSON. Throws not_found. */
export async function resolveThread(
  context: Context,
  { comment, resolved }: { comment: string; resolved: boolean },
): Promise<JsonText> {
  return askJson(context, "select labeling.resolve_thread($1, $2)", [comment, resolved]);
}
