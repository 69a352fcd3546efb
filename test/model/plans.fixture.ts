import type pg from "pg";

/** The organization that holds most rows, and the people of it who ask. */
export type Crowd = { organization: string; owner: string; labeler: string; client: string };

const ORGANIZATIONS = 50;
/** The others hold so many times fewer rows each. */
const SMALLER = 100;

/** The id of the i-th row of a kind in an organization; `i` is an SQL expression. */
const idOf = (kind: string, i = "i") => `md5('${kind}' || o || '-' || (${i}))::uuid`;

/** One of forty members, of whom the first two are the owner and the labeler. */
const MEMBER = `case i / 13 % 40 when 0 then $2::uuid when 1 then $3::uuid else ${idOf("user", "i / 13 % 40")} end`;
/** All organizations have gone on for equally long: rows of the smaller ones are further apart. */
const AGO = "now() - i * apart * interval '7 minutes'";
/** When the rows of partitioned tables begin: partitions are made for the months to come, and each is to be filled from its first day. */
export const NEXT_MONTH = "((date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC')";
const LATER = `${NEXT_MONTH} + i * apart * interval '4 minutes'`;
const of = (...states: string[]) =>
  `(array[${states.map((state) => `'${state}'`).join(", ")}])[1 + i % ${states.length}]`;

type Filling = { rows: number; columns: Record<string, string> };

/** How many rows the large organization has of each table, and what is in them: SQL of `o`, the organization, and `i`, the row. */
const TABLES: Record<string, Filling> = {
  "organizations.memberships": {
    rows: 3000,
    columns: { user_id: idOf("user"), display_name: "'Person ' || i", email: "'p' || i || '@example.com'" },
  },
  "crm.customers": {
    rows: 40_000,
    columns: {
      id: idOf("customer"),
      name: "'Customer ' || i",
      company: "'Company ' || i % 977",
      email: "'c' || i || '@example.com'",
      stage: of("lead", "prospect", "active", "active", "churned"),
      assigned_to: MEMBER,
      created_at: AGO,
    },
  },
  "crm.customer_figures": {
    rows: 40_000,
    columns: { customer_id: idOf("customer"), total_orders: "3", total_spent: "i * 7919 % 100003" },
  },
  "crm.notes": {
    rows: 40_000,
    columns: {
      customer_id: idOf("customer", "1 + i % 4000"),
      content: "'A call'",
      happened_at: AGO,
      created_by: MEMBER,
    },
  },
  "commerce.products": {
    rows: 10_000,
    columns: {
      id: idOf("product"),
      name: "'Thing ' || i",
      sku: "'SKU-' || i",
      status: of("active", "active", "draft"),
      created_at: AGO,
    },
  },
  "commerce.orders": {
    rows: 60_000,
    columns: {
      id: idOf("order"),
      customer_id: idOf("customer", "1 + i % 6000"),
      order_number: "'N' || i",
      status: of("pending", "shipped", "delivered", "delivered"),
      currency: "'EUR'",
      total_amount: "i % 10000",
      order_date: AGO,
      requires_attention: "i % 500 = 0",
    },
  },
  "commerce.order_lines": {
    rows: 60_000,
    columns: { order_id: idOf("order"), position: "1", name: "'Thing'", quantity: "1", unit_price: "100" },
  },
  "projects.projects": {
    rows: 2000,
    columns: {
      id: idOf("project"),
      name: "'Project ' || i",
      status: of("planning", "active", "completed"),
      customer_id: idOf("customer"),
      manager_id: MEMBER,
      due_date: "current_date + i",
      created_at: AGO,
    },
  },
  "projects.project_figures": {
    rows: 2000,
    columns: { project_id: idOf("project"), tasks: "10", tasks_done: "i % 10" },
  },
  "projects.tasks": {
    rows: 40_000,
    columns: {
      id: idOf("card"),
      project_id: idOf("project", "1 + i % 400"),
      title: "'Card ' || i",
      status: of("todo", "in_progress", "review"),
      rank: "'z' || lpad(i::text, 26, '0')",
      assigned_to: MEMBER,
      due_date: AGO,
    },
  },
  "calendar.appointments": {
    rows: 20_000,
    columns: {
      title: "'Talk ' || i",
      customer_id: idOf("customer", "1 + i % 4000"),
      assigned_to: MEMBER,
      start_time: "now() + i * apart * interval '1 hour'",
      end_time: "now() + i * apart * interval '1 hour' + interval '30 minutes'",
    },
  },
  "content.items": {
    rows: 10_000,
    columns: {
      name: "'Post ' || i",
      content_type: of("blog_post", "page", "newsletter"),
      content: "'Words'",
      status: of("draft", "review", "approved", "published"),
      published_at: `case when i % 4 = 3 then ${AGO} end`,
      scheduled_for: "case when i % 30 = 2 then now() + i * interval '1 minute' end",
      author_id: MEMBER,
      created_at: AGO,
      updated_at: AGO,
    },
  },
  "tasks.tasks": {
    rows: 40_000,
    columns: {
      id: idOf("task"),
      type: of("content.write", "store.sync", "label.score"),
      category: "'content'",
      name: "'Task ' || i",
      input: "'{}'",
      priority: "1 + i % 10",
      worker_type: "'human'",
      assigned_to: MEMBER,
      status: of("completed", "completed", "completed", "pending", "processing"),
      started_at: AGO,
      completed_at: `case when i % 5 < 3 then ${AGO} end`,
      created_at: AGO,
    },
  },
  "datasets.dataset_items": {
    rows: 40_000,
    columns: { id: idOf("item"), dataset_id: idOf("dataset", "i % 10"), position: "1 + i / 10", input: "'Text ' || i" },
  },
  "datasets.versions": {
    rows: 10,
    columns: {
      id: idOf("version", "i % 10"),
      dataset_id: idOf("dataset", "i % 10"),
      number: "1",
      status: "'published'",
      last_position: "1000",
      published_at: "now()",
    },
  },
  "labeling.choices": {
    rows: 100,
    columns: {
      id: idOf("choice", "i % 5"),
      project_id: idOf("project", "1 + i % 20"),
      position: "1 + i",
      name: "'Choice ' || i",
    },
  },
  "labeling.reviews": {
    rows: 20_000,
    columns: {
      label_id: idOf("label"),
      revision: "1",
      labeler_id: MEMBER,
      reviewer_id: idOf("user", "100 + i % 7"),
      decision: "'approved'",
      created_at: AGO,
    },
  },
  "labeling.tasks": {
    rows: 40_000,
    columns: {
      id: idOf("text"),
      project_id: idOf("project", "1 + i % 20"),
      item_id: idOf("item"),
      position: "i",
      created_at: AGO,
    },
  },
  "labeling.assignments": {
    rows: 40_000,
    columns: {
      id: idOf("slot"),
      project_id: idOf("project", "1 + i % 20"),
      task_id: idOf("text"),
      position: "i",
      slot: "1",
      user_id: `case when i % 3 > 0 then ${MEMBER} end`,
      status: of("open", "held", "approved"),
      lease_expires_at: "case when i % 3 = 1 then now() end",
    },
  },
  "labeling.labels": {
    rows: 40_000,
    columns: {
      id: idOf("label"),
      project_id: idOf("project", "1 + i % 20"),
      assignment_id: idOf("slot"),
      user_id: MEMBER,
      choice_id: idOf("choice", "i % 5"),
      status: of("submitted", "approved", "approved"),
      submitted_at: AGO,
    },
  },
  "labeling.metrics": {
    rows: 20_000,
    columns: {
      project_id: idOf("project", "1 + i % 20"),
      user_id: idOf("user", "i / 20 % 40"),
      day: "current_date - i / 800",
      submitted: "i",
    },
  },
  "evaluation.benchmarks": {
    rows: 500,
    columns: {
      id: idOf("benchmark", "i - 1"),
      name: "'Benchmark ' || i",
      dataset_id: idOf("dataset", "(i - 1) % 10"),
      version_id: idOf("version", "(i - 1) % 10"),
      status: "'open'",
    },
  },
  "evaluation.phases": {
    rows: 500,
    columns: {
      benchmark_id: idOf("benchmark", "i - 1"),
      name: "'One'",
      starts_at: "now()",
      ends_at: "now() + interval '1 day'",
    },
  },
  "evaluation.participants": {
    rows: 10_000,
    columns: { benchmark_id: idOf("benchmark", "i / 40 % 250"), user_id: MEMBER },
  },
  "evaluation.submissions": {
    rows: 20_000,
    columns: { id: idOf("submission"), benchmark_id: idOf("benchmark", "i % 10"), user_id: MEMBER, submitted_at: AGO },
  },
  "evaluation.leaderboard": {
    rows: 20_000,
    columns: {
      benchmark_id: idOf("benchmark", "i % 10"),
      split: "'public'",
      user_id: idOf("user"),
      submission_id: idOf("submission"),
      score: "1.0 / i",
      achieved_at: AGO,
      rank: "1 + i / 10",
    },
  },
  "assistant.conversations": {
    rows: 10_000,
    columns: { id: idOf("conversation"), user_id: MEMBER, title: "'Talk'", created_at: AGO },
  },
  "assistant.messages": {
    rows: 20_000,
    columns: {
      conversation_id: idOf("conversation", "1 + i % 1000"),
      position: "1 + i / 1000",
      author: "'assistant'",
      content: "'So it is.'",
    },
  },
  "assistant.conversation_people": {
    rows: 10_000,
    columns: { conversation_id: idOf("conversation"), user_id: MEMBER },
  },
  "studio.session_people": { rows: 10_000, columns: { session_id: idOf("session"), user_id: MEMBER } },
  "studio.documents": { rows: 10_000, columns: { session_id: idOf("session"), section: "'sow'" } },
  "studio.sessions": {
    rows: 10_000,
    columns: {
      id: idOf("session"),
      user_id: MEMBER,
      title: "'Plan ' || i",
      deleted_at: "case when i % 4 = 0 then now() end",
      updated_at: AGO,
    },
  },
  "credits.usage_events": {
    rows: 30_000,
    columns: {
      created_at: LATER,
      occurred_at: LATER,
      event_type: "'ai_call'",
      resource_type: of("ai_tokens", "api_calls", "labels"),
      amount: "1",
      operation_key: "'o' || i",
      user_id: MEMBER,
    },
  },
  "analytics.events": {
    rows: 40_000,
    columns: {
      created_at: LATER,
      occurred_at: LATER,
      event_type: of("page_view", "page_view", "purchase"),
      event_name: "'home'",
      user_id: MEMBER,
    },
  },
  "analytics.daily": {
    rows: 5000,
    columns: { day: "current_date - i / 20", event_type: "'kind_' || i % 20", part: "0", events: "i" },
  },
  "audit.audit_logs": {
    rows: 40_000,
    columns: {
      created_at: LATER,
      actor_kind: "'user'",
      action: "'update'",
      resource_type: "'crm.customers'",
      resource_id: idOf("customer", "1 + i % 4000"),
      user_id: MEMBER,
    },
  },
};

/** How many rows the large organization gets. */
export const ROWS = Object.values(TABLES).reduce((sum, { rows }) => sum + rows, 0);

/** Fills a database: one large organization among fifty, without triggers, set by set; then has the planner look at it. */
export async function fillCrowd(admin: pg.Client, { organization, owner, labeler, client }: Crowd): Promise<void> {
  await admin.query("set session_replication_role = replica");
  for (const [name, { rows, columns }] of Object.entries(TABLES)) {
    await admin.query(
      `insert into ${name} (organization_id, ${Object.keys(columns).join(", ")})
       select organization, ${Object.values(columns).join(", ")}
       from (select o, case o when 0 then 1 else ${SMALLER} end as apart, case o when 0 then $1::uuid else md5('organization' || o)::uuid end as organization
             from generate_series(0, ${ORGANIZATIONS - 1}) o) organizations
       cross join lateral generate_series(1, case o when 0 then ${rows} else ${Math.ceil(rows / SMALLER)} end) i
       where $2::uuid is not null and $3::uuid is not null
       on conflict do nothing`,
      [organization, owner, labeler],
    );
  }
  await admin.query(
    `insert into crm.contacts (organization_id, customer_id, user_id, name) values ($1, md5('customer0-7')::uuid, $2, 'A client')`,
    [organization, client],
  );
  await admin.query("reset session_replication_role");
  await admin.query("vacuum analyze");
}
