import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import pg from "pg";
import { addMember, createTenant, openAdmin, openTestDatabase } from "../harness.ts";

// What triggers refuse and what they keep, in one organization of their own.

const database = openTestDatabase();
const admin = await openAdmin();
const tenant = await createTenant(database);
const colleague = await addMember(admin, database, tenant, "labeler");

/** Names that stand in the statements below as :name, each for an id of its own. */
const ids: Record<string, string> = { org: tenant.id, me: tenant.owner.userId, other: colleague.userId };

function filled(text: string): string {
  return text.replace(/(?<!:):([a-z]\w*)/g, (_, name: string) => {
    ids[name] ??= randomUUID();
    return `'${ids[name]}'`;
  });
}

async function run(text: string): Promise<Record<string, unknown>[]> {
  const result = (await admin.query(filled(text))) as pg.QueryResult | pg.QueryResult[];
  return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? [];
}

await run(`
  insert into crm.customers (organization_id, id, name, stage) values (:org, :customer, 'Ada', 'lead');
  insert into projects.projects (organization_id, id, name, kind) values (:org, :project, 'Site', 'client'), (:org, :moods, 'Moods', 'labeling');
  insert into projects.tasks (organization_id, id, project_id, title, rank) values (:org, :card, :project, 'One', 'a0'), (:org, :part, :project, 'Two', 'a1');
  update projects.tasks set parent_task_id = :card where id = :part;
  insert into projects.task_dependencies (organization_id, task_id, depends_on_id) values (:org, :card, :part);
  insert into tasks.tasks (organization_id, id, type, category, name, input) values
    (:org, :job, 'content.write', 'content', 'One', '{}'), (:org, :step, 'content.write', 'content', 'Two', '{}');
  update tasks.tasks set parent_task_id = :job where id = :step;
  insert into tasks.task_dependencies (organization_id, task_id, depends_on_id) values (:org, :job, :step);
  insert into datasets.datasets (organization_id, id, name) values (:org, :dataset, 'Texts');
  insert into datasets.dataset_items (organization_id, id, dataset_id, position, input) values
    (:org, :item, :dataset, 1, 'a text'), (:org, :late_item, :dataset, 2, 'another');
  insert into datasets.versions (organization_id, id, dataset_id, number, status, last_position, published_at) values
    (:org, :version, :dataset, 1, 'published', 1, now()), (:org, :draft, :dataset, 2, 'draft', null, null);
  insert into datasets.dataset_answers (organization_id, dataset_id, version_id, item_id, answer) values (:org, :dataset, :version, :item, '"glad"');
  insert into labeling.configurations (organization_id, project_id, dataset_id) values (:org, :moods, :dataset);
  insert into labeling.choices (organization_id, id, project_id, position, name) values (:org, :glad, :moods, 1, 'glad');
  insert into labeling.tasks (organization_id, id, project_id, item_id, position) values (:org, :text, :moods, :item, 1);
  update labeling.assignments set user_id = :other, status = 'held', lease_expires_at = now() where task_id = :text;
  insert into labeling.labels (organization_id, id, project_id, assignment_id, user_id, choice_id, lead_time_ms)
    select :org, :label, :moods, id, :other, :glad, 700 from labeling.assignments where task_id = :text;
  insert into labeling.comments (organization_id, id, label_id, user_id, content) values (:org, :comment, :label, :me, 'Why?');
  insert into labeling.comments (organization_id, id, label_id, user_id, content, parent_id) values (:org, :answer, :label, :me, 'So.', :comment);
  insert into evaluation.benchmarks (organization_id, id, name, dataset_id, version_id, status, daily_quota, total_quota) values
    (:org, :benchmark, 'Moods', :dataset, :version, 'open', 2, 3), (:org, :closed, 'Over', :dataset, :version, 'draft', null, null),
    (:org, :late, 'Late', :dataset, :version, 'open', null, null), (:org, :phased, 'Phased', :dataset, :version, 'open', null, null);
  update evaluation.benchmarks set deadline = now() - interval '1 second' where id = :late;
  insert into evaluation.phases (organization_id, benchmark_id, name, starts_at, ends_at) values
    (:org, :phased, 'Later', now() + interval '1 day', now() + interval '2 days');
  insert into evaluation.participants (organization_id, benchmark_id, user_id)
    select :org, b, p from unnest(array[:benchmark, :closed, :late, :phased]::uuid[]) b cross join unnest(array[:me, :other]::uuid[]) p;
  insert into evaluation.benchmark_metrics (organization_id, benchmark_id, metric, is_primary) values (:org, :benchmark, 'f1_macro', true);
  insert into evaluation.submissions (organization_id, id, benchmark_id, user_id) values (:org, :handed, :benchmark, :me), (:org, :handed_too, :benchmark, :me);
  insert into evaluation.prediction_chunks (organization_id, submission_id, position, predictions) values (:org, :handed, 1, '[1]');
  update evaluation.submissions set status = 'processing' where id = :handed;
  insert into evaluation.scores (organization_id, benchmark_id, user_id, submission_id, split, metric, score) values (:org, :benchmark, :me, :handed, 'public', 'f1_macro', 0.5);
  insert into analytics.events (organization_id, event_type, event_name) values (:org, 'page_view', 'home');
`);

const SUBMIT = "insert into evaluation.submissions (organization_id, benchmark_id, user_id) values";

/** What is tried, and what the database says to it: a state's code, and a part of the message. */
const REFUSALS: Record<string, [name: string, sql: string, code: string, message: RegExp][]> = {
  projects: [
    [
      "a task among its own parts",
      "update projects.tasks set parent_task_id = :part where id = :card",
      "TN011",
      /round in a circle/,
    ],
    [
      "tasks that wait for each other",
      "insert into projects.task_dependencies (organization_id, task_id, depends_on_id) values (:org, :part, :card)",
      "TN011",
      /circle/,
    ],
  ],
  tasks: [
    ["a task among its own parts", "update tasks.tasks set parent_task_id = :step where id = :job", "TN011", /circle/],
    [
      "tasks that wait for each other",
      "insert into tasks.task_dependencies (organization_id, task_id, depends_on_id) values (:org, :step, :job)",
      "TN011",
      /circle/,
    ],
  ],
  datasets: [
    [
      "a change of a published item",
      "update datasets.dataset_items set input = 'other' where id = :item",
      "TN011",
      /published version/,
    ],
    ["a published item that goes", "delete from datasets.dataset_items where id = :item", "TN011", /published version/],
    [
      "an answer to an item of another dataset",
      `insert into datasets.datasets (organization_id, id, name) values (:org, :elsewhere, 'B');
       insert into datasets.dataset_items (organization_id, id, dataset_id, position, input) values (:org, :stray, :elsewhere, 1, 'x');
       insert into datasets.dataset_answers (organization_id, dataset_id, version_id, item_id, answer) values (:org, :dataset, :version, :stray, '1')`,
      "23503",
      /dataset_answers_organization_id_dataset_id_item_id_fkey/,
    ],
  ],
  labeling: [
    [
      "a comment that answers its own answer",
      "update labeling.comments set parent_id = :answer where id = :comment",
      "TN011",
      /circle/,
    ],
    [
      "a changed revision",
      "update labeling.label_revisions set label = 'x' where label_id = :label",
      "23001",
      /append-only/,
    ],
  ],
  evaluation: [
    ["a stranger's submission", `${SUBMIT} (:org, :benchmark, gen_random_uuid())`, "TN003", /do not take part/],
    ["a submission while it is closed", `${SUBMIT} (:org, :closed, :me)`, "TN011", /is draft/],
    ["a late submission", `${SUBMIT} (:org, :late, :me)`, "TN011", /deadline .* has passed/],
    ["a submission in no phase", `${SUBMIT} (:org, :phased, :me)`, "TN011", /No phase/],
    ["a third submission on a day", `${SUBMIT} (:org, :benchmark, :me)`, "TN011", /2 times today/],
    [
      "a fourth submission at all",
      `update evaluation.benchmarks set daily_quota = null where id = :benchmark; ${SUBMIT} (:org, :benchmark, :me); ${SUBMIT} (:org, :benchmark, :me)`,
      "TN011",
      /3 times, and that is all/,
    ],
    [
      "predictions while they are scored",
      "insert into evaluation.prediction_chunks (organization_id, submission_id, position, predictions) values (:org, :handed, 2, '[1]')",
      "TN011",
      /being scored/,
    ],
    [
      "changed predictions",
      "update evaluation.prediction_chunks set predictions = '[2]' where submission_id = :handed",
      "23001",
      /append-only/,
    ],
    ["a changed score", "update evaluation.scores set score = 1 where submission_id = :handed", "23001", /append-only/],
    [
      "a score beyond 1",
      "insert into evaluation.scores (organization_id, benchmark_id, user_id, submission_id, split, metric, score) values (:org, :benchmark, :me, :handed, 'private', 'f1_macro', 'NaN')",
      "23514",
      /scores_score_check/,
    ],
    [
      "another dataset under way",
      "update evaluation.benchmarks set public_percentage = 50 where id = :benchmark",
      "TN011",
      /keeps its dataset/,
    ],
    [
      "a draft of a dataset",
      "insert into evaluation.benchmarks (organization_id, name, dataset_id, version_id, status) values (:org, 'X', :dataset, :draft, 'open')",
      "TN011",
      /published version only/,
    ],
    [
      "phases that overlap",
      "insert into evaluation.phases (organization_id, benchmark_id, name, starts_at, ends_at) values (:org, :phased, 'Too', now() + interval '36 hours', now() + interval '3 days')",
      "23P01",
      /phases_no_overlap/,
    ],
  ],
  analytics: [
    ["a changed event", "update analytics.events set event_name = 'x'", "23001", /append-only/],
    ["an event that goes", "delete from analytics.events", "23001", /append-only/],
  ],
};

for (const [module, cases] of Object.entries(REFUSALS)) {
  for (const [name, sql, code, message] of cases) {
    test(`${module} refuses ${name}`, async () => {
      await admin.query("begin");
      try {
        await assert.rejects(run(`${sql}; set constraints all immediate`), (error) => {
          assert.ok(error instanceof pg.DatabaseError);
          assert.equal(error.code, code, error.message);
          assert.match(error.message, message);
          return true;
        });
      } finally {
        await admin.query("rollback");
      }
    });
  }
}

test("a labeler's day counts what was submitted, sent back and approved, and the task its rework and time", async () => {
  await run(`update labeling.labels set status = 'rejected', decision = 'rejected', rework = 1 where id = :label`);
  await run(`update labeling.labels set status = 'submitted', revision = 2, lead_time_ms = 1000 where id = :label`);
  await run(`update labeling.labels set status = 'approved', decision = 'approved' where id = :label`);
  assert.deepEqual(
    await run(`select submitted::int, rework::int, approved::int, approved_at_once::int, rejected::int, lead_time_ms::int, tasks_completed::int, approved_rate, avg_rework_count
      from labeling.metrics where user_id = :other`),
    [
      {
        submitted: 1,
        rework: 1,
        approved: 1,
        approved_at_once: 0,
        rejected: 1,
        lead_time_ms: 1000,
        tasks_completed: 1,
        approved_rate: 0.5,
        avg_rework_count: 1,
      },
    ],
  );
  assert.deepEqual(await run("select rework, lead_time_ms::int from labeling.tasks where id = :text"), [
    { rework: 1, lead_time_ms: 1000 },
  ]);
});

test("the ranking is kept with the scores, and the private part is shown once the benchmark is closed", async () => {
  await run(`
    ${SUBMIT.replace("(organization_id,", "(id, organization_id,")} (:rival, :org, :benchmark, :other);
    insert into evaluation.scores (organization_id, benchmark_id, user_id, submission_id, split, metric, score) values
      (:org, :benchmark, :other, :rival, 'public', 'f1_macro', 0.9), (:org, :benchmark, :other, :rival, 'private', 'f1_macro', 0.1),
      (:org, :benchmark, :me, :handed, 'private', 'f1_macro', 0.4), (:org, :benchmark, :me, :handed_too, 'public', 'f1_macro', 0.6)`);
  const ranking = () =>
    run(
      "select split, submission_id = :rival as rival, score, rank from evaluation.leaderboard where benchmark_id = :benchmark order by split, rank",
    );
  const open = [
    { split: "public", rival: true, score: 0.9, rank: 1 },
    { split: "public", rival: false, score: 0.6, rank: 2 },
  ];
  assert.deepEqual(await ranking(), open);
  assert.deepEqual(await run("select rank from evaluation.submissions where id = :rival"), [{ rank: 1 }]);
  await run("update evaluation.benchmarks set status = 'closed' where id = :benchmark");
  assert.deepEqual(await ranking(), [
    { split: "private", rival: false, score: 0.4, rank: 1 },
    { split: "private", rival: true, score: 0.1, rank: 2 },
    ...open,
  ]);
  await run("update evaluation.benchmarks set status = 'open' where id = :benchmark");
  assert.deepEqual(await ranking(), open);
});

test("a dataset's figures follow its items", async () => {
  const total = () => run("select total_items::int from datasets.dataset_figures where dataset_id = :dataset");
  assert.deepEqual(await total(), [{ total_items: 2 }]);
  await run("delete from datasets.dataset_items where id = :late_item");
  assert.deepEqual(await total(), [{ total_items: 1 }]);
});

test("the dashboard multiplies nothing where there are several of each", async () => {
  const crowded = await createTenant(database);
  ids.crowd = crowded.id;
  await run(`
    insert into credits.accounts (organization_id) values (:crowd) on conflict do nothing;
    insert into tasks.tasks (organization_id, type, category, name, input, status)
      select :crowd, 'content.write', 'content', 'T', '{}', case when n <= 3 then 'pending' else 'processing' end from generate_series(1, 5) n;
    insert into tasks.tasks (organization_id, type, category, name, input, status, completed_at)
      select :crowd, 'content.write', 'content', 'T', '{}', 'completed', now() from generate_series(1, 2) n;
    insert into commerce.orders (organization_id, currency, rate, total_amount, order_date, status) values
      (:crowd, 'EUR', 1, 100, now(), 'pending'), (:crowd, 'USD', 2, 100, now(), 'pending'), (:crowd, 'EUR', 1, 50, now() - interval '2 days', 'delivered'),
      (:crowd, 'EUR', 1, 5000, now(), 'cancelled'), (:crowd, 'EUR', 1, 7000, now() - interval '40 days', 'delivered');
    insert into commerce.products (organization_id, name, status) select :crowd, 'P', case when n <= 2 then 'active' else 'draft' end from generate_series(1, 4) n;
    insert into crm.customers (organization_id, name, stage) select :crowd, 'C', 'active' from generate_series(1, 3);
    insert into analytics.events (organization_id, event_type, event_name) select :crowd, 'page_view', 'home' from generate_series(1, 6)`);
  assert.deepEqual(
    await run(`select pending_tasks::int, processing_tasks::int, tasks_completed_today::int, revenue_30d::int, orders_today::int,
      total_products::int, active_products::int, active_customers::int, events_today::int from analytics.workspace_dashboard where organization_id = :crowd`),
    [
      {
        pending_tasks: 3,
        processing_tasks: 2,
        tasks_completed_today: 2,
        revenue_30d: 350,
        orders_today: 2,
        total_products: 4,
        active_products: 2,
        active_customers: 3,
        events_today: 6,
      },
    ],
  );
});
