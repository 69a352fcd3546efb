import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";
import { pageOf, pageQuery } from "../../kernel/http/paging.ts";

const ENDPOINTS = "/api/organizations/:organization/webhooks";
const ENDPOINT = `${ENDPOINTS}/:endpoint`;
const DELIVERIES = `${ENDPOINT}/deliveries`;

const URL_LENGTH_MAX = 2_000;
const TIMEOUT_SECONDS_MAX = 60;
const TIMEOUT_SECONDS_DEFAULT = 10;
const OVERLAP_HOURS_MAX = 7 * 24;
const OVERLAP_HOURS_DEFAULT = 24;
/** So deep may lists and objects stand in each other in what a program answers. */
const OUTPUT_DEPTH_MAX = 64;
const ERROR_LENGTH_MAX = 5_000;
const EVENTS_MAX = 50;
const EVENT_LENGTH_MAX = 100;

const InOrganization = z.object({ organization: z.string() });
const OfEndpoint = z.object({ organization: z.string(), endpoint: z.uuid() });
const OfDelivery = OfEndpoint.extend({ delivery: z.uuid() });

const Name = z.string().trim().min(1).max(100);
/** Checked when it is saved, and again at each call: it must lead to the public Internet, or where the operator allows. */
const Address = z.string().trim().min(1).max(URL_LENGTH_MAX);
const TimeoutSeconds = z.int().min(1).max(TIMEOUT_SECONDS_MAX);

/**
 * An operation (`crm.customer.update`), a kind of change (`crm.customers.update`: the table, and insert, update or delete), the
 * beginning of either with a star behind its dot (`labeling.*`), or `*` for everything.
 */
const Event = z
  .string()
  .max(EVENT_LENGTH_MAX)
  .regex(
    /^(\*|[a-z][a-z_]*(\.[a-z_]+)*(\.\*)?)$/,
    "This must be like crm.customer.update, crm.customers.insert, crm.* or *.",
  );
const Events = z.array(Event).max(EVENTS_MAX);

/** A program elsewhere that is called to execute a task, or to be told of changes: of none, without events. */
const WebhookEndpoint = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  timeout_seconds: z.int(),
  /** A paused one is not called; what it asked for waits for it. */
  status: z.enum(["active", "paused"]),
  /** Somebody asked for it, it failed for three days, or it answered that it is gone for good. */
  paused_because: z.enum(["asked", "failing", "gone"]).nullable(),
  /** How many changes it has yet to be told of, and of how many it never was, for too many were waiting. */
  backlog: z.int(),
  dropped: z.int(),
  /** Since when no call has succeeded; null when the last one did. */
  failing_since: z.string().nullable(),
  delivered_at: z.string().nullable(),
  created_by: z.uuid().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
/** `secret` is `whsec_` and base64, as Standard Webhooks has it; it is shown only now. */
const WithSecret = z.object({ id: z.uuid(), secret: z.string() });

export const listWebhookEndpoints = endpoint({
  name: "tasks.webhook_endpoint.browse",
  summary: "The webhooks, by name",
  method: "GET",
  path: ENDPOINTS,
  access: "tasks.task.read",
  params: InOrganization,
  answer: z.object({ items: z.array(WebhookEndpoint) }),
});

export const createWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.create",
  summary: "Make a webhook; its secret is shown only now",
  method: "POST",
  path: ENDPOINTS,
  access: "tasks.webhook.manage",
  params: InOrganization,
  body: z.object({
    name: Name,
    url: Address,
    events: Events.default([]),
    timeout_seconds: TimeoutSeconds.default(TIMEOUT_SECONDS_DEFAULT),
  }),
  answer: WithSecret,
  example: { body: { name: "Example", url: "https://93.184.215.14/hook" } },
  answersOnce: true,
});

export const readWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.read",
  summary: "A webhook",
  method: "GET",
  path: ENDPOINT,
  access: "tasks.task.read",
  params: OfEndpoint,
  answer: WebhookEndpoint,
});

export const changeWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.update",
  summary: "Change a webhook, pause it or let it be called again",
  method: "PATCH",
  path: ENDPOINT,
  access: "tasks.webhook.manage",
  params: OfEndpoint,
  body: z
    .object({
      name: Name.optional(),
      url: Address.optional(),
      events: Events.optional(),
      timeout_seconds: TimeoutSeconds.optional(),
      status: WebhookEndpoint.shape.status.optional(),
    })
    .refine((change) => Object.keys(change).length > 0, "Give a name, url, events, timeout_seconds or status."),
  example: { body: { status: "paused" } },
});

export const deleteWebhookEndpoint = endpoint({
  name: "tasks.webhook_endpoint.delete",
  summary: "Delete a webhook",
  method: "DELETE",
  path: ENDPOINT,
  access: "tasks.webhook.manage",
  params: OfEndpoint,
});

export const rotateWebhookSecret = endpoint({
  name: "tasks.webhook_endpoint.rotate_secret",
  summary: "Give a webhook another secret; calls are signed with the old one too for a while",
  method: "POST",
  path: `${ENDPOINT}/rotate-secret`,
  access: "tasks.webhook.manage",
  params: OfEndpoint,
  body: z.object({ overlap_hours: z.int().min(0).max(OVERLAP_HOURS_MAX).default(OVERLAP_HOURS_DEFAULT) }),
  answer: WithSecret.extend({ old_secret_until: z.string().nullable() }),
  example: { body: { overlap_hours: 1 } },
  answersOnce: true,
});

/** A change that an endpoint is told of. `id` is the `webhook-id` of its calls; one that is `waiting` is behind another of its row. */
const Delivery = z.object({
  id: z.uuid(),
  type: z.string(),
  operation: z.string().nullable(),
  /** The table and the row's key. */
  resource: z.string(),
  status: z.enum(["ready", "waiting", "delivered", "failed"]),
  /** How often it was sent in vain. */
  attempts: z.int(),
  created_at: z.string(),
  /** When it is sent next, while it is ready. */
  due_at: z.string(),
  ended_at: z.string().nullable(),
  /** The last call. */
  status_code: z.int().nullable(),
  duration_ms: z.int().nullable(),
});

export const listDeliveries = endpoint({
  name: "tasks.webhook_delivery.list",
  summary: "What a webhook was told in the last 15 days, and what waits, newest first",
  method: "GET",
  path: DELIVERIES,
  access: "tasks.webhook.manage",
  params: OfEndpoint,
  query: z.object({
    status: Delivery.shape.status.optional(),
    /** The table and the row's key, such as `crm.customers/0199…`. */
    resource: z.string().max(600).optional(),
    ...pageQuery(),
  }),
  answer: pageOf(Delivery),
});

export const readDelivery = endpoint({
  name: "tasks.webhook_delivery.read",
  summary: "A delivery with its message and all calls",
  method: "GET",
  path: `${DELIVERIES}/:delivery`,
  access: "tasks.webhook.manage",
  params: OfDelivery,
  answer: Delivery.extend({
    /** What is sent. */
    message: z.unknown(),
    calls: z.array(
      z.object({
        attempted_at: z.string(),
        /** The HTTP status; null when there was no answer. */
        status_code: z.int().nullable(),
        duration_ms: z.int(),
        /** The beginning of the answer, or why there was none. */
        message: z.string().nullable(),
      }),
    ),
  }),
});

export const sendDeliveryAgain = endpoint({
  name: "tasks.webhook_delivery.send_again",
  summary: "Send a delivery at once, whether it waits for its next try or is over; its id stays the same",
  method: "POST",
  path: `${DELIVERIES}/:delivery/send`,
  access: "tasks.webhook.manage",
  params: OfDelivery,
});

export const testWebhook = endpoint({
  name: "tasks.webhook_endpoint.test",
  summary: "Send a webhook an event webhook.test",
  method: "POST",
  path: `${ENDPOINT}/test`,
  access: "tasks.webhook.manage",
  params: OfEndpoint,
  answer: z.object({ delivery: z.uuid() }),
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
