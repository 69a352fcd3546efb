import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const ENDPOINTS = "/api/organizations/:organization/webhook-endpoints";
const ENDPOINT = `${ENDPOINTS}/:endpoint`;

const URL_LENGTH_MAX = 2_000;
const TIMEOUT_SECONDS_MAX = 60;
const TIMEOUT_SECONDS_DEFAULT = 10;
const OVERLAP_HOURS_MAX = 7 * 24;
const OVERLAP_HOURS_DEFAULT = 24;
/** So deep may lists and objects stand in each other in what a program answers. */
const OUTPUT_DEPTH_MAX = 64;
const ERROR_LENGTH_MAX = 5_000;

const InOrganization = z.object({ organization: z.string() });
const OfEndpoint = z.object({ organization: z.string(), endpoint: z.uuid() });

const Name = z.string().trim().min(1).max(100);
/** Checked when it is saved, and again at each call: it must lead to the public Internet, or where the operator allows. */
const Address = z.string().trim().min(1).max(URL_LENGTH_MAX);
const TimeoutSeconds = z.int().min(1).max(TIMEOUT_SECONDS_MAX);

/** A program elsewhere that executes tasks when it is called. */
const WebhookEndpoint = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  timeout_seconds: z.int(),
  /** A paused one is not called. */
  status: z.enum(["active", "paused"]),
  created_by: z.uuid().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
/** `secret` is `whsec_` and base64, as Standard Webhooks has it; it is shown only now. */
const WithSecret = z.object({ id: z.uuid(), secret: z.string() });

export const listWebhookEndpoints = endpoint({
  name: "tasks.webhook_endpoint.list",
  summary: "The webhook endpoints, by name",
  method: "GET",
  path: ENDPOINTS,
  access: "tasks.task.read",
  params: InOrganization,
  answer: z.object({ items: z.array(WebhookEndpoint) }),
});

export const createWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.create",
  summary: "Make a webhook endpoint; its secret is shown only now",
  method: "POST",
  path: ENDPOINTS,
  access: "tasks.task.write",
  params: InOrganization,
  body: z.object({ name: Name, url: Address, timeout_seconds: TimeoutSeconds.default(TIMEOUT_SECONDS_DEFAULT) }),
  answer: WithSecret,
  example: { body: { name: "Example", url: "https://93.184.215.14/hook" } },
});

export const readWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.read",
  summary: "A webhook endpoint",
  method: "GET",
  path: ENDPOINT,
  access: "tasks.task.read",
  params: OfEndpoint,
  answer: WebhookEndpoint,
});

export const changeWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.update",
  summary: "Change a webhook endpoint, pause it or let it be called again",
  method: "PATCH",
  path: ENDPOINT,
  access: "tasks.task.write",
  params: OfEndpoint,
  body: z
    .object({
      name: Name.optional(),
      url: Address.optional(),
      timeout_seconds: TimeoutSeconds.optional(),
      status: WebhookEndpoint.shape.status.optional(),
    })
    .refine((change) => Object.keys(change).length > 0, "Give a name, url, timeout_seconds or status."),
  example: { body: { status: "paused" } },
});

export const deleteWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.delete",
  summary: "Delete a webhook endpoint",
  method: "DELETE",
  path: ENDPOINT,
  access: "tasks.task.write",
  params: OfEndpoint,
});

export const rotateWebhookSecret = endpoint({
  name: "tasks.webhook_endpoint.rotate_secret",
  summary: "Give a webhook endpoint another secret; calls are signed with the old one too for a while",
  method: "POST",
  path: `${ENDPOINT}/rotate-secret`,
  access: "tasks.task.write",
  params: OfEndpoint,
  body: z.object({ overlap_hours: z.int().min(0).max(OVERLAP_HOURS_MAX).default(OVERLAP_HOURS_DEFAULT) }),
  answer: WithSecret.extend({ old_secret_until: z.string().nullable() }),
  example: { body: { overlap_hours: 1 } },
});

/** Whether lists and objects stand no deeper in each other than can be kept. */
export function isShallow(value: unknown, levels: number = OUTPUT_DEPTH_MAX): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1));
}

export const answerCallback = endpoint({
  name: "tasks.callback.answer",
  summary: "Tell the outcome of a task that one was called for, by the token of the call",
  method: "POST",
  path: "/api/task-callbacks/:token",
  access: "anyone",
  params: z.object({ token: z.string().max(200) }),
  body: z.object({
    status: z.enum(["succeeded", "failed"]),
    /** Any JSON of at most 256 KB. */
    output: z
      .unknown()
      .refine((value) => isShallow(value), `This is nested more than ${OUTPUT_DEPTH_MAX} levels deep.`)
      .optional(),
    /** What went wrong, in words. */
    error: z.string().max(ERROR_LENGTH_MAX).optional(),
  }),
  example: { body: { status: "succeeded", output: { done: true } } },
});
