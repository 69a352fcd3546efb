import type pg from "pg";
import type { Person, Tenant } from "../harness.ts";

/** A role's scope, and what it permits. */
export type Held = { scope: string; permissions: Set<string> };

/** What each built-in role may do, in which scope. */
export async function readRoles(admin: pg.Client): Promise<Map<string, Held>> {
  const { rows } = await admin.query<{ name: string; scope: string; permissions: string[] }>(
    `select name, scope, array(select permission from organizations.role_template_permissions where role = name) as permissions
     from organizations.role_templates`,
  );
  return new Map(rows.map(({ name, scope, permissions }) => [name, { scope, permissions: new Set(permissions) }]));
}

/**
 * Fills an organization so that each of `people` has one row of everything that can be somebody's, `colleague` and a second
 * customer have rows that are none of theirs, and what is shared is shared by the colleague with all of them.
 */
export async function fillRows(
  admin: pg.Client,
  tenant: Tenant,
  { people, client, colleague }: { people: Person[]; client: Person; colleague: Person },
): Promise<void> {
  const run = (text: string, ...values: unknown[]) => admin.query(text, [tenant.id, ...values]);
  const everybody = [...people, colleague].map(({ userId }) => userId);
  await fillBusiness(run, client, colleague);
  await fillPersonal(run, everybody, colleague);
  await fillLabeling(run, everybody, tenant.owner);
  await fillBenchmarks(run, everybody, colleague);
}

type Run = (text: string, ...values: unknown[]) => Promise<unknown>;

const CUSTOMERS = ["0", "1", "2"].map((n) => `00000000-0000-7000-8000-00000000000${n}`);

async function fillBusiness(run: Run, client: Person, colleague: Person): Promise<void> {
  for (const id of CUSTOMERS)
    await run("insert into crm.customers (organization_id, id, name) values ($1, $2, 'Ada')", id);
  await run(
    "insert into crm.contacts (organization_id, customer_id, user_id, name) values ($1, $2, $3, 'Bo')",
    CUSTOMERS[0],
    client.userId,
  );
  await run("insert into crm.contacts (organization_id, customer_id, name) values ($1, $2, 'Cy')", CUSTOMERS[1]);
  await run("insert into crm.notes (organization_id, customer_id, content) values ($1, $2, 'A call')", CUSTOMERS[0]);
  await run(
    "insert into commerce.stores (organization_id, id, platform, name, store_url) values ($1, $2, 'shopify', 'Shop', 'https://shop.example')",
    CUSTOMERS[0],
  );
  await run("insert into content.items (organization_id, name, content_type) values ($1, 'Draft', 'blog_post')");
  await run(
    `insert into content.items (organization_id, name, content_type, content, status, published_at)
     values ($1, 'Post', 'blog_post', 'Words', 'published', now())`,
  );
  await run("insert into billing.billing_accounts (organization_id) values ($1) on conflict do nothing");
  for (const [index, id] of CUSTOMERS.slice(0, 2).entries()) {
    await run(
      "insert into projects.projects (organization_id, name, kind, customer_id) values ($1, 'Site', 'client', $2)",
      id,
    );
    await run(
      `insert into calendar.appointments (organization_id, title, customer_id, assigned_to, start_time, end_time)
       values ($1, 'Talk', $2, $3, now() + make_interval(days => $4), now() + make_interval(days => $4, hours => 1))`,
      id,
      colleague.userId,
      index,
    );
    await run(
      `with o as (
         insert into commerce.orders (organization_id, store_id, customer_id, order_number, order_date, currency, total_amount, subtotal_amount)
         values ($1, $2, $3, $4, now(), 'EUR', 100, 100) returning id
       ) insert into commerce.order_lines (organization_id, order_id, position, name, quantity, unit_price) select $1, id, 1, 'Lamp', 1, 100 from o`,
      CUSTOMERS[0],
      id,
      `N${index}`,
    );
  }
}

async function fillPersonal(run: Run, everybody: string[], colleague: Person): Promise<void> {
  for (const text of [
    `insert into tasks.tasks (organization_id, type, category, name, input, assigned_to, worker_type)
     select $1, 'a.b', 'content', 'One', '{}', id, 'human' from unnest($2::uuid[]) id`,
    "insert into assistant.conversations (organization_id, user_id, title) select $1, id, 'Talk' from unnest($2::uuid[]) id",
    "insert into studio.sessions (organization_id, user_id, title) select $1, id, 'Plan' from unnest($2::uuid[]) id",
    `insert into tasks.approvals (organization_id, task_id, title, assigned_to, status, opened_at)
     select organization_id, id, 'Go on?', assigned_to, 'pending', now() from tasks.tasks where organization_id = $1 and assigned_to = any ($2)`,
    `with cards as (
       insert into projects.tasks (organization_id, project_id, title, assigned_to)
       select $1, (select id from projects.projects where organization_id = $1 limit 1), 'Card', id from unnest($2::uuid[]) id
       returning organization_id, project_id, id, assigned_to
     ) insert into projects.worklogs (organization_id, project_id, task_id, user_id, worked_on, minutes)
     select organization_id, project_id, id, assigned_to, current_date, 30 from cards`,
    `insert into analytics.events (organization_id, event_type, event_name, user_id)
     select $1, 'page_view', 'home', id from unnest($2::uuid[]) id`,
  ])
    await run(text, everybody);
  await run(
    `insert into assistant.messages (organization_id, conversation_id, position, author, user_id, content)
     select organization_id, id, 1, 'user', user_id, 'Hello' from assistant.conversations where organization_id = $1`,
  );
  await run(
    `insert into studio.documents (organization_id, session_id, section)
     select organization_id, id, 'sow' from studio.sessions where organization_id = $1`,
  );
  const others = everybody.filter((id) => id !== colleague.userId);
  for (const [table, column, of] of [
    ["assistant.conversation_people", "conversation_id", "assistant.conversations"],
    ["studio.session_people", "session_id", "studio.sessions"],
  ])
    await run(
      `insert into ${table} (organization_id, ${column}, user_id)
       select o.organization_id, o.id, person from ${of} o cross join unnest($2::uuid[]) person where o.organization_id = $1 and o.user_id = $3`,
      others,
      colleague.userId,
    );
}

/** The label of everyone is approved in the first customer's project; of the second customer's project, one is the colleague's. */
async function fillLabeling(run: Run, everybody: string[], owner: Person): Promise<void> {
  await run("insert into datasets.datasets (organization_id, id, name) values ($1, $2, 'Texts')", CUSTOMERS[0]);
  const places = [
    { customer: CUSTOMERS[0], people: everybody.slice(0, -1) },
    { customer: CUSTOMERS[1], people: everybody.slice(-1) },
  ];
  for (const { customer, people } of places) {
    await run(
      "insert into projects.projects (organization_id, id, name, kind, customer_id) values ($1, $2, 'Moods', 'labeling', $2)",
      customer,
    );
    await run(
      "insert into labeling.configurations (organization_id, project_id, dataset_id) values ($1, $2, $3)",
      customer,
      CUSTOMERS[0],
    );
    await run(
      "insert into labeling.choices (organization_id, id, project_id, position, name) values ($1, $2, $2, 1, 'Good')",
      customer,
    );
    for (const [index, person] of people.entries())
      await label(run, {
        customer,
        position: index + 1,
        person,
        reviewer: person === owner.userId ? everybody[1] : owner.userId,
      });
  }
}

type Labeled = { customer: string | undefined; position: number; person: string; reviewer: string | undefined };

async function label(run: Run, { customer, position, person, reviewer }: Labeled): Promise<void> {
  await run(
    `with item as (
       insert into datasets.dataset_items (organization_id, dataset_id, position, input)
       select $1, $3, coalesce(max(position), 0) + 1, 'A text' from datasets.dataset_items where organization_id = $1 and dataset_id = $3
       returning id
     ) insert into labeling.tasks (organization_id, project_id, item_id, position) select $1, $2, id, $4 from item`,
    customer,
    CUSTOMERS[0],
    position,
  );
  const slot = "organization_id = $1 and project_id = $2 and position = $3";
  await run(
    `update labeling.assignments set user_id = $4, status = 'held', lease_expires_at = now() where ${slot}`,
    customer,
    position,
    person,
  );
  for (const status of ["submitted", "approved"])
    await run(
      `update labeling.assignments set status = $4, lease_expires_at = null where ${slot}`,
      customer,
      position,
      status,
    );
  await run(
    `with l as (
       insert into labeling.labels (organization_id, project_id, assignment_id, user_id, choice_id, status)
       select $1, $2, id, user_id, $2, 'approved' from labeling.assignments where ${slot} returning id, user_id
     ), c as (
       insert into labeling.comments (organization_id, label_id, user_id, content) select $1, id, user_id, 'Sure?' from l
     ), s as (
       insert into labeling.skips (organization_id, project_id, task_id, user_id)
       select organization_id, project_id, task_id, user_id from labeling.assignments where ${slot}
     ) insert into labeling.reviews (organization_id, label_id, revision, labeler_id, reviewer_id, decision)
     select $1, id, 1, user_id, $4, 'approved' from l`,
    customer,
    position,
    reviewer,
  );
}

/** Everyone takes part in the first benchmark and in one that is not open yet, the colleague in the second one too. */
async function fillBenchmarks(run: Run, everybody: string[], colleague: Person): Promise<void> {
  await run(
    `insert into datasets.versions (organization_id, id, dataset_id, number, status, last_position, published_at)
     values ($1, $2, $2, 1, 'published', 2, now())`,
    CUSTOMERS[0],
  );
  const statuses = ["open", "open", "draft"];
  for (const [index, id] of CUSTOMERS.entries()) {
    await run(
      `insert into evaluation.benchmarks (organization_id, id, name, dataset_id, version_id, status) values ($1, $2, $3, $4, $4, $5)`,
      id,
      `Moods ${index}`,
      CUSTOMERS[0],
      statuses[index],
    );
    await run(
      "insert into evaluation.benchmark_metrics (organization_id, benchmark_id, metric, is_primary) values ($1, $2, 'f1_macro', true)",
      id,
    );
    await run(
      `insert into evaluation.phases (organization_id, benchmark_id, name, starts_at, ends_at)
       values ($1, $2, 'One', now() - interval '1 hour', now() + interval '1 day')`,
      id,
    );
    await run(
      "insert into evaluation.participants (organization_id, benchmark_id, user_id) select $1, $2, id from unnest($3::uuid[]) id",
      id,
      index === 1 ? [colleague.userId] : everybody,
    );
  }
  await run(
    `with handed_in as (
       insert into evaluation.submissions (organization_id, benchmark_id, user_id) select $1, $2, id from unnest($3::uuid[]) id returning id, user_id
     ) insert into evaluation.leaderboard (organization_id, benchmark_id, split, user_id, submission_id, score, achieved_at)
     select $1, $2, 'public', user_id, id, 0.5, now() from handed_in`,
    CUSTOMERS[0],
    everybody,
  );
}

/** How many rows somebody sees of a table or view, by the database role that they work as; 11 people have their own. */
export const ROWS: Record<string, { member?: number; own?: number; client?: number }> = {
  "organizations.memberships": { member: 12, own: 1, client: 1 },
  "organizations.member_roles": { member: 12, own: 1, client: 1 },
  "crm.customers": { member: 3, client: 1 },
  "crm.customer_figures": { member: 3, client: 1 },
  "crm.contacts": { member: 2, client: 1 },
  "crm.notes": { member: 1 },
  "projects.projects": { member: 4, client: 2 },
  "projects.project_figures": { member: 4 },
  "projects.customer_progress": { client: 2 },
  "calendar.appointments": { member: 2, client: 1 },
  "commerce.orders": { member: 2, client: 1 },
  "commerce.order_lines": { member: 2 },
  "commerce.customer_order_lines": { client: 1 },
  "projects.tasks": { member: 12, own: 1 },
  "projects.worklogs": { member: 12, own: 1 },
  "tasks.tasks": { member: 12, own: 1 },
  "tasks.approvals": { member: 12, own: 1 },
  "content.items": { member: 2, client: 1 },
  "assistant.conversations": { member: 12, own: 1 },
  "assistant.conversation_people": { member: 23, own: 2, client: 2 },
  "assistant.open_conversations": { own: 2, client: 2 },
  "assistant.messages": { member: 12 },
  "assistant.open_messages": { own: 2, client: 2 },
  "studio.sessions": { member: 12, own: 1 },
  "studio.session_people": { member: 23, own: 2, client: 2 },
  "studio.open_sessions": { own: 2, client: 2 },
  "studio.documents": { member: 12 },
  "studio.open_documents": { own: 2, client: 2 },
  "billing.billing_accounts": { member: 1 },
  "credits.accounts": { member: 1 },
  "datasets.datasets": { member: 1 },
  "datasets.dataset_items": { member: 12 },
  "labeling.assigned_items": { own: 1 },
  "labeling.assignments": { member: 12, own: 1 },
  "labeling.labels": { member: 12, own: 1 },
  "labeling.label_revisions": { member: 12, own: 1 },
  "labeling.reviews": { member: 12, own: 1 },
  "labeling.comments": { member: 12, own: 1, client: 1 },
  "labeling.metrics": { member: 12, own: 1 },
  "labeling.skips": { member: 12, own: 1 },
  "labeling.customer_progress": { client: 1 },
  "labeling.customer_results": { client: 11 },
  "evaluation.benchmarks": { member: 3, own: 1 },
  "evaluation.benchmark_metrics": { member: 3, own: 1 },
  "evaluation.phases": { member: 3, own: 1 },
  "evaluation.participants": { member: 25, own: 2 },
  "evaluation.submissions": { member: 12, own: 1 },
  "evaluation.leaderboard": { member: 12, own: 1 },
  "evaluation.benchmark_items": { own: 2 },
  "analytics.events": { member: 12, own: 1 },
};

/** Changes of rows that members make themselves. */
export const CHANGES: Record<string, string> = {
  "crm.customers": "update crm.customers set company = 'Bees'",
  "projects.projects": "update projects.projects set description = 'Soon'",
  "calendar.appointments": "update calendar.appointments set location = 'Here'",
  "content.items": "update content.items set description = 'Short'",
  "datasets.datasets": "update datasets.datasets set description = 'Long'",
  "labeling.comments": "update labeling.comments set content = 'Quite'",
  "evaluation.benchmarks": "update evaluation.benchmarks set description = 'Hard'",
};
