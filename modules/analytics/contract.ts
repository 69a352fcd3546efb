import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const ANALYTICS = "/api/organizations/:organization/analytics";
const InOrganization = z.object({ organization: z.string() });

/** Events of one request, which has at most 1 MB. */
const EVENTS_MAX = 10_000;
/** Of more wrong events only the number is told. */
export const FAULTS_TOLD_MAX = 1_000;

/** An event as it is sent. The server reads each by itself (see `events.ts`); this tells what it understands. */
const Event = z.object({
  id: z
    .uuid()
    .optional()
    .describe("Its name: sent again with the same one within 30 days, it counts once. Made here, if left out."),
  event_type: z
    .string()
    .describe("What kind of event it is, such as page_view: small letters, digits and underscores, 50 at most."),
  event_name: z.string().describe("Which one of the kind, such as the page (1 to 200 characters)."),
  occurred_at: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("When it happened; now, if left out. At most 25 months ago, and a day ahead."),
  user_id: z.uuid().optional().describe("The member who did it."),
  session_id: z.string().optional().describe("The visit that it belongs to (at most 200 characters)."),
  source: z.string().optional().describe("Where it came from, such as dashboard or api (at most 50 characters)."),
  properties: z.record(z.string(), z.unknown()).optional().describe("What else is known of it (at most 8 KB)."),
  revenue: z.int().optional().describe("What it brought, in minor units of its currency."),
  currency: z.string().optional().describe("ISO 4217 currency of the revenue."),
  product_id: z.uuid().optional(),
  customer_id: z.uuid().optional(),
  order_id: z.uuid().optional(),
  task_id: z.uuid().optional(),
});

const Fault = z.object({
  index: z.int().describe("Which event it is, from 0."),
  field: z.string(),
  message: z.string(),
});

export const sendEvents = endpoint({
  name: "analytics.event.send",
  summary: `Send events (at most ${EVENTS_MAX} and 1 MB): each by itself, and each id once`,
  method: "POST",
  path: `${ANALYTICS}/events`,
  access: "analytics.event.write",
  params: InOrganization,
  // Ten thousand shapes would be ten times the work of reading them: what is wrong is told event by event.
  body: z.object({
    events: z
      .array(z.unknown())
      .min(1)
      .max(EVENTS_MAX)
      .meta({ items: z.toJSONSchema(Event, { io: "input" }) }),
  }),
  answer: z.object({
    accepted: z.int(),
    duplicates: z.int().describe("Events that had been sent before."),
    rejected: z.int(),
    faults: z.array(Fault).describe(`Of the first ${FAULTS_TOLD_MAX} that were rejected.`),
  }),
  example: { body: { events: [{ event_type: "page_view", event_name: "Home", properties: { from: "search" } }] } },
});

const DayOf = <Shape extends z.ZodRawShape>(shape: Shape) => z.array(z.object({ day: z.iso.date(), ...shape }));

export const readDashboard = endpoint({
  name: "analytics.dashboard.read",
  summary: "How the organization does: figures of today and of the last 30 days, day by day (UTC)",
  method: "GET",
  path: `${ANALYTICS}/dashboard`,
  access: "analytics.dashboard.read",
  params: InOrganization,
  answer: z.object({
    currency: z.string().describe("Of all amounts, which are in its minor units."),
    from: z.iso.date().describe("The first of the days."),
    to: z.iso.date().describe("Today."),
    figures: z.object({
      plan: z.string().nullable(),
      credits_available: z.int().describe("In micro-credits."),
      credits_used_this_month: z.int(),
      pending_tasks: z.int(),
      processing_tasks: z.int(),
      tasks_completed_today: z.int(),
      revenue_30d: z.int(),
      refunded_30d: z.int(),
      orders_today: z.int(),
      total_products: z.int(),
      active_products: z.int(),
      active_customers: z.int(),
      events_today: z.int(),
      stores: z.int(),
    }),
    orders: DayOf({ orders: z.int(), revenue: z.int() }),
    events: DayOf({ event_type: z.string(), events: z.int() }),
    tasks: DayOf({ completed: z.int(), failed: z.int() }),
    credits: DayOf({ credits: z.int() }),
  }),
});
