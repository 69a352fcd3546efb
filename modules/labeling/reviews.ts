import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { askJson } from "./refusals.ts";

const REVIEWS_MAX = 20;

const LIST_REVIEWS = `
  select json_build_object('items', coalesce((
    select json_agg(json_build_object(
      'id', l.id, 'text', datasets.text_of(i.input, i.input_json), 'label', c.name, 'labeler', m.display_name,
      'submitted_at', l.submitted_at, 'rework', l.rework
    ) order by l.submitted_at, l.id)
    from (
      select * from labeling.labels
      where organization_id = $1 and project_id = $2 and status = 'submitted' and user_id <> kernel.user_id()
      order by submitted_at, id limit ${REVIEWS_MAX}
    ) l
    join labeling.choices c on c.organization_id = l.organization_id and c.id = l.choice_id
    join labeling.assignments a on a.organization_id = l.organization_id and a.id = l.assignment_id
    join labeling.tasks t on t.organization_id = a.organization_id and t.id = a.task_id
    join datasets.dataset_items i on i.organization_id = t.organization_id and i.id = t.item_id
    join organizations.memberships m on m.organization_id = l.organization_id and m.user_id = l.user_id
  ), '[]'))
  from labeling.configurations where organization_id = $1 and project_id = $2`;

/** The labels of others that wait longest for a review, at most 20: `{ items: LabelToReview[] }` as JSON. Throws not_found. */
export async function listReviews(context: Context, { project }: { project: string }): Promise<JsonText> {
  return askJson(context, LIST_REVIEWS, [context.organization.id, project]);
}

export type Decision = { decision: "approved" } | { decision: "rejected"; reason: string };

/**
 * Approves a label, or sends it back to its labeler with the reason: `{ status }` as JSON. Throws forbidden (one's own label),
 * conflict (decided already), not_found.
 */
export async function reviewLabel(context: Context, input: { label: string } & Decision): Promise<JsonText> {
  const reason = input.decision === "rejected" ? input.reason : null;
  return askJson(context, "select labeling.review_label($1, $2, $3)", [input.label, input.decision, reason]);
}
