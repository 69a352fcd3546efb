import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { EnteringRole } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { addMember, contextOf, createScratchDatabase, createTenant, openAdmin, openTestDatabase } from "../harness.ts";
import { fillCrowd, NEXT_MONTH, ROWS } from "./plans.fixture.ts";

// What the main queries read, by their plans: an index each, and no more rows than the answer needs, however many there are.

const DOCUMENT = join(import.meta.dirname, "../../docs/plans.md");
/** The embedded server's. Another version may choose another index of equal use. */
const DOCUMENTED_VERSION = 18;
/** Rows that may be read for every row of a page. */
const TOUCHED_MAX = 1500;
/** A table of so few rows is one page. */
const SHORT_SCAN_MAX = 20;

type Query = { name: string; role?: EnteringRole; permission?: string; sql: string };

/** Lists, dashboards, queues and look-ups. $1 is the organization, $2 who asks. */
const QUERIES: Query[] = [
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
    sql: "select * from commerce.orders where organization_id = $1 and customer_id = md5('customer0-7')::uuid order by order_date desc limit 50",
  },
  {
    name: "All that a client may see of orders",
    role: "client",
    permission: "commerce.store.read",
    sql: "select * from commerce.orders where organization_id = $1",
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
    sql: "select * from tasks.tasks where organization_id = $1 and status = 'pending' order by priority, created_at limit 50",
  },
  {
    name: "One's own tasks",
    role: "own",
    permission: "tasks.task.work",
    sql: "select * from tasks.tasks where organization_id = $1 and assigned_to = $2 and status = 'pending' order by created_at limit 50",
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
];

const server = await createScratchDatabase();
const database = openTestDatabase(server);
const admin = await openAdmin(server);
const tenant = await createTenant(database);
// Whoever asks for what is their own holds every permission of theirs.
const labeler = await addMember(admin, database, tenant, "labeler", "member");
const client = await addMember(admin, database, tenant, "client");
await fillCrowd(admin, {
  organization: tenant.id,
  owner: tenant.owner.userId,
  labeler: labeler.userId,
  client: client.userId,
});

type Node = {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Plan Rows": number;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Node[];
};

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The index that a partition's belongs to, or the index itself. */
async function rootOf(index: string): Promise<string> {
  const { rows } = await admin.query<{ name: string }>(
    "select c.relname as name from pg_class i cross join pg_partition_root(i.oid) root join pg_class c on c.oid = coalesce(root, i.oid) where i.relname = $1 and i.relkind in ('i', 'I')",
    [index],
  );
  return rows[0]?.name ?? index;
}

/** What a query does as whom it is meant for: the tables read without an index, the indexes, and how many rows it reads and expects. */
async function planOf({ sql, role = "member", permission }: Query) {
  const person = role === "own" ? labeler : role === "client" ? client : tenant.owner;
  const values = sql.includes("$2") ? [tenant.id, person.userId] : [tenant.id];
  const context = contextOf(database, tenant, { role, person, ...(permission && { permission }) });
  const [row] = await transaction(context, (tx) =>
    tx.query<{ "QUERY PLAN": string }>(`explain (analyze, timing off, format json) ${sql}`, values),
  );
  const text = row?.["QUERY PLAN"] ?? assert.fail(sql);
  const [{ Plan: plan }] = (typeof text === "string" ? JSON.parse(text) : text) as [{ Plan: Node }];
  const nodes = nodesOf(plan);
  const executed = nodes.filter((node) => node["Actual Loops"] > 0);
  const touched = executed
    .filter((node) => node["Relation Name"])
    .map((node) => {
      const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
      return (node["Actual Rows"] + removed) * node["Actual Loops"];
    });
  const indexes = await Promise.all(nodes.flatMap((node) => node["Index Name"] ?? []).map(rootOf));
  return {
    sequential: executed.filter(isLongScan).map((node) => node["Relation Name"]),
    indexes: [...new Set(indexes)].sort(),
    touched: touched.reduce((sum, rows) => sum + rows, 0),
    answered: plan["Actual Rows"],
    expected: plan["Plan Rows"],
  };
}

/** Partitions of months that have hardly begun are read as they are. */
function isLongScan(node: Node): boolean {
  return (
    node["Node Type"] === "Seq Scan" && node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) > SHORT_SCAN_MAX
  );
}

const lines: string[] = [];

test("the data is large enough to tell", async () => {
  const { rows } = await admin.query(
    "select count(*)::int as customers from crm.customers where organization_id = $1",
    [tenant.id],
  );
  assert.ok(ROWS >= 300_000 && rows[0].customers >= 40_000);
});

for (const query of QUERIES) {
  test(`${query.name}: reads by an index, and a bounded number of rows`, async () => {
    const { sequential, indexes, touched, answered, expected } = await planOf(query);
    assert.deepEqual(sequential, []);
    assert.notEqual(indexes.length, 0);
    assert.ok(answered > 0, "it finds something");
    assert.ok(touched <= TOUCHED_MAX, `${touched} rows are read`);
    assert.ok(expected <= TOUCHED_MAX, `${expected} rows are expected`);
    const names = indexes.map((name) => `\`${name}\``).join(", ");
    lines.push(
      `| ${query.name} | ${query.role ?? "member"} | ${names} | ${10 ** Math.ceil(Math.log10(Math.max(touched, 1)))} |`,
    );
  });
}

test("docs/plans.md says what the plans are", async () => {
  const { rows } = await admin.query<{ version: number }>(
    "select current_setting('server_version_num')::int / 10000 as version",
  );
  const text = [
    "# The plans of the main queries",
    "",
    `One organization of ${ROWS.toLocaleString("en-US")} rows among fifty, each query as the database role it is meant for, under row-level security, on PostgreSQL ${DOCUMENTED_VERSION}.`,
    "Rows read are rounded up to a power of ten; `test/model/plans.long.test.ts` has the queries and keeps this table.",
    "",
    "| Query | Role | Indexes | Rows read at most |",
    "|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
  const written = await readFile(DOCUMENT, "utf8").catch(() => "");
  if (rows[0]?.version !== DOCUMENTED_VERSION) {
    assert.deepEqual(written.split("\n").length, text.split("\n").length);
    return;
  }
  if (written !== text) await writeFile(DOCUMENT, text);
  assert.equal(written, text, "docs/plans.md was old; it has been written anew");
});

test("a query without a fitting index is noticed", async () => {
  const { sequential, touched } = await planOf({
    name: "By what no index holds",
    sql: "select * from crm.notes where organization_id = $1 and content = 'Nothing'",
  });
  assert.ok(sequential.length > 0 || touched > TOUCHED_MAX);
});
