import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

export const COMMENT_LENGTH_MAX = 5_000;

const LABELING = "/api/organizations/:organization/labeling";
const OfLabel = z.object({ organization: z.string(), label: z.uuid() });

/**
 * What somebody said about a label. Threads are one level deep: `parent_id` is the first comment of its thread, on which
 * `resolved_at` stands. Whoever is a customer's person sees the threads that these began, and reads the organization's name where its
 * members speak.
 */
export const Comment = z.object({
  id: z.uuid(),
  parent_id: z.uuid().nullable(),
  review_id: z.uuid().nullable(),
  content: z.string(),
  author: z.string(),
  is_own: z.boolean(),
  /** Whether the customer's people see it. */
  for_customer: z.boolean(),
  created_at: z.string(),
  resolved_at: z.string().nullable(),
  resolved_by: z.string().nullable(),
});
export type Comment = z.infer<typeof Comment>;

export const listComments = endpoint({
  name: "labeling.comment.browse",
  summary: "What was said about a label, oldest first: any, one's own, or an approved one of one's customer",
  method: "GET",
  path: `${LABELING}/labels/:label/comments`,
  access: "labeling.comment.write",
  params: OfLabel,
  answer: z.object({ items: z.array(Comment) }),
});

export const writeComment = endpoint({
  name: "labeling.comment.write",
  summary: "Say something about a label or a review of it, or answer (a label takes 500 comments)",
  method: "POST",
  path: `${LABELING}/labels/:label/comments`,
  access: "labeling.comment.write",
  params: OfLabel,
  body: z.object({
    content: z.string().trim().min(1, "Write something.").max(COMMENT_LENGTH_MAX),
    /** The comment that it answers. */
    parent_id: z.uuid().optional(),
    /** The review that it is about. */
    review_id: z.uuid().optional(),
  }),
  answer: Comment,
  example: { body: { content: "Is it not the other one?" } },
});

export const resolveThread = endpoint({
  name: "labeling.comment.resolve",
  summary: "Settle the thread of a comment, or open it again",
  method: "PUT",
  path: `${LABELING}/comments/:comment/resolution`,
  access: "labeling.comment.write",
  params: z.object({ organization: z.string(), comment: z.uuid() }),
  body: z.object({ resolved: z.boolean() }),
  answer: Comment,
  example: { body: { resolved: true } },
});
