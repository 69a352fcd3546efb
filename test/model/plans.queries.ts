import type { EnteringRole } from "../../kernel/tenancy/context.ts";
import { NEXT_MONTH } from "./plans.fixture.ts";

export type Query = { name: string; role?: EnteringRole; permission?: string; sql: string };

/** Lists, dashboards, queues and look-ups. $1 is the organization, $2 who asks. */
export const QUERIES: Query[] = [
  {
    name: "Members by name",
    sql: "select * from organizations.memberships where organization_id = $1 order by name_key, user_id limit 50",
  },
  {
    name: "Customers, newest first",
    sql: "select * from crm.customers where organization_id = $1 order by created_at desc limit 50",
  },
  {
    name: "Customers of a stage",
    sql: "select * from crm.customers where organization_id = $1 and stage = 'lead' order by created_at desc limit 50",
  },
  {
    name: "Customers of a member",
    sql: "select * from crm.customers where organization_id = $1 and assigned_to = $2 order by created_at desc limit 50",
  },
  {
    name: "Customer by e-mail address",
    sql: "select * from crm.customers where organization_id = $1 and email_key = 'c77@example.com'",
  },
  {
    name: "Customers by part of their name",
    sql: "select * from crm.customers_search where organization_id = $1 and name ilike '%omer 1234%' limit 50",
  },
  {
    name: "Best customers",
    sql: `select * from crm.customer_figures f join crm.customers c on c.organization_id = f.organization_id and c.id = f.customer_id
          where f.organization_id = $1 order by f.total_spent desc limit 20`,
  },
  {
    name: "What happened with a customer",
    sql: "select * from crm.notes where organization_id = $1 and customer_id = md5('customer0-7')::uuid order by happened_at desc limit 50",
  },
  {
    name: "Orders, newest first, next page",
    sql: "select * from commerce.orders where organization_id = $1 and order_date < now() - interval '30 days' order by order_date desc limit 50",
  },
  {
    name: "Orders to look at",
    sql: "select * from commerce.orders where organization_id = $1 and requires_attention order by order_date limit 50",
  },
  {
    name: "An order's lines",
    sql: "select * from commerce.order_lines where organization_id = $1 and order_id = md5('order0-7')::uuid order by position",
  },
  {
    name: "A client's orders",
    role: "client",
    permission: "commerce.store.read",
    sql: "select id, order_number from commerce.orders where organization_id = $1 and customer_id = md5('customer0-7')::uuid order by order_date desc limit 50",
  },
  {
    name: "All that a client may see of orders",
    role: "client",
    permission: "commerce.store.read",
    sql: "select id, order_number from commerce.orders where organization_id = $1",
  },
  {
    name: "Products of a status",
    sql: "select * from commerce.products where organization_id = $1 and status = 'active' order by created_at desc limit 50",
  },
  {
    name: "Product by its number",
    sql: "select * from commerce.products where organization_id = $1 and sku = 'SKU-77'",
  },
  {
    name: "Projects by their end",
    sql: "select * from projects.projects where organization_id = $1 and status = 'active' order by due_date limit 50",
  },
  {
    name: "A project's board",
    sql: "select * from projects.tasks where organization_id = $1 and project_id = md5('project0-7')::uuid order by status, rank limit 200",
  },
  {
    name: "One's own project tasks",
    role: "own",
    permission: "tasks.task.work",
    sql: "select * from projects.tasks where organization_id = $1 and assigned_to = $2 and status = 'todo' order by due_date limit 50",
  },
  {
    name: "A week of appointments",
    sql: "select * from calendar.appointments where organization_id = $1 and start_time >= now() and start_time < now() + interval '7 days' order by start_time",
  },
  {
    name: "A client's appointments",
    role: "client",
    permission: "calendar.appointment.read",
    sql: "select * from calendar.appointments where organization_id = $1 order by start_time limit 50",
  },
  {
    name: "Content in review",
    sql: "select * from content.items where organization_id = $1 and status = 'review' order by updated_at desc limit 50",
  },
  {
    name: "Content to publish",
    sql: "select * from content.items where organization_id = $1 and status = 'approved' and scheduled_for < now() + interval '1 hour' order by scheduled_for",
  },
  {
    name: "Tasks that wait, the most urgent first",
    sql: "select * from tasks.tasks where organization_id = $1 and attention = 'pending' order by priority, created_at limit 50",
  },
  {
    name: "One's own tasks",
    role: "own",
    permission: "tasks.task.work",
    sql: "select * from tasks.tasks where organization_id = $1 and assigned_to = $2 and attention = 'pending' order by created_at limit 50",
  },
  {
    name: "How tasks went today",
    sql: "select type, count(*), sum(actual_cost) from tasks.tasks where organization_id = $1 and created_at >= now() - interval '1 day' group by type",
  },
  {
    name: "The next texts to label",
    sql: "select * from labeling.assignments where organization_id = $1 and project_id = md5('project0-7')::uuid and status in ('open', 'held') order by slot, position limit 10",
  },
  {
    name: "What a labeler holds",
    role: "own",
    permission: "labeling.label.write",
    sql: "select * from labeling.assignments where organization_id = $1 and user_id = $2 and project_id = md5('project0-15')::uuid and status = 'held'",
  },
  {
    name: "Labels to review",
    sql: "select * from labeling.labels where organization_id = $1 and project_id = md5('project0-7')::uuid and status = 'submitted' order by submitted_at limit 50",
  },
  {
    name: "A week of labeling",
    sql: "select day, sum(submitted) from labeling.metrics where organization_id = $1 and project_id = md5('project0-7')::uuid and day > current_date - 7 group by day",
  },
  {
    name: "A benchmark's best",
    sql: "select * from evaluation.leaderboard where organization_id = $1 and benchmark_id = md5('benchmark0-7')::uuid and split = 'public' order by rank limit 100",
  },
  {
    name: "One's own submissions",
    role: "own",
    permission: "evaluation.submission.write",
    sql: "select * from evaluation.submissions where organization_id = $1 and user_id = $2 order by submitted_at desc limit 50",
  },
  {
    name: "One's own conversations",
    role: "own",
    permission: "assistant.conversation.write",
    sql: "select * from assistant.conversations where organization_id = $1 and user_id = $2 order by created_at desc limit 50",
  },
  {
    name: "A conversation",
    sql: "select * from assistant.messages where organization_id = $1 and conversation_id = md5('conversation0-7')::uuid order by position",
  },
  {
    name: "Studio sessions, touched last first",
    sql: "select * from studio.sessions where organization_id = $1 and not is_template and deleted_at is null order by updated_at desc limit 50",
  },
  {
    name: "A resource's use in a day",
    sql: `select sum(amount) from credits.usage_events where organization_id = $1 and resource_type = 'ai_tokens' and occurred_at between ${NEXT_MONTH} and ${NEXT_MONTH} + interval '1 day'`,
  },
  {
    name: "A day of events of a kind",
    sql: `select * from analytics.events where organization_id = $1 and event_type = 'purchase' and occurred_at between ${NEXT_MONTH} and ${NEXT_MONTH} + interval '1 day' order by occurred_at desc limit 50`,
  },
  {
    name: "A month of figures",
    sql: "select day, sum(events) from analytics.daily where organization_id = $1 and day > current_date - 30 group by day order by day",
  },
  {
    name: "The record of a thing",
    sql: "select * from audit.audit_logs where organization_id = $1 and resource_type = 'crm.customers' and resource_id = md5('customer0-7')::uuid::text order by created_at desc limit 50",
  },
  {
    name: "What is published, for a client",
    role: "client",
    permission: "content.publication.read",
    sql: "select id, title from content.items where organization_id = $1 order by published_at desc limit 50",
  },
  {
    name: "The lines of a client's order",
    role: "client",
    permission: "commerce.store.read",
    sql: "select * from commerce.customer_order_lines where organization_id = $1 and order_id = md5('order0-6')::uuid",
  },
  {
    name: "How far a client's projects are",
    role: "client",
    permission: "projects.project.read",
    sql: "select * from projects.customer_progress where organization_id = $1",
  },
  {
    name: "A client's approved labels",
    role: "client",
    permission: "labeling.result.read",
    sql: "select * from labeling.customer_results where organization_id = $1 and project_id = md5('project0-7')::uuid and position between 1001 and 2000 order by position, slot",
  },
  {
    name: "A labeler's items",
    role: "own",
    permission: "labeling.label.write",
    sql: "select * from labeling.assigned_items where organization_id = $1 and task_id = md5('text0-14')::uuid",
  },
  {
    name: "What was decided about one's labels",
    role: "own",
    permission: "labeling.project.read",
    sql: "select id, decision, reason from labeling.reviews where organization_id = $1 order by created_at desc limit 50",
  },
  {
    name: "The benchmarks one takes part in",
    role: "own",
    permission: "evaluation.submission.write",
    sql: "select * from evaluation.benchmarks where organization_id = $1 order by name limit 50",
  },
  {
    name: "The phases of a benchmark one takes part in",
    role: "own",
    permission: "evaluation.submission.write",
    sql: "select * from evaluation.phases where organization_id = $1 and benchmark_id = md5('benchmark0-0')::uuid order by starts_at",
  },
  {
    name: "The items of a benchmark one takes part in",
    role: "own",
    permission: "evaluation.submission.write",
    sql: "select * from evaluation.benchmark_items where organization_id = $1 and benchmark_id = md5('benchmark0-0')::uuid and position between 101 and 150 order by position",
  },
  {
    name: "The conversations open to somebody",
    role: "own",
    permission: "assistant.conversation.write",
    sql: "select * from assistant.open_conversations where organization_id = $1 order by created_at desc limit 50",
  },
  {
    name: "A conversation open to somebody",
    role: "own",
    permission: "assistant.conversation.write",
    sql: "select * from assistant.open_messages where organization_id = $1 and conversation_id = md5('conversation0-14')::uuid order by position limit 50",
  },
  {
    name: "The studio sessions open to somebody",
    role: "own",
    permission: "studio.session.write",
    sql: "select * from studio.open_sessions where organization_id = $1 order by updated_at desc limit 50",
  },
  {
    name: "A studio session open to somebody",
    role: "own",
    permission: "studio.session.write",
    sql: "select * from studio.open_documents where organization_id = $1 and session_id = md5('session0-14')::uuid",
  },
  {
    name: "What one did oneself",
    role: "own",
    permission: "analytics.event.read",
    sql: "select id, event_name from analytics.events where organization_id = $1 order by occurred_at desc limit 50",
  },
];
