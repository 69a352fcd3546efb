import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import pg from "pg";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import {
  addMember,
  backendOf,
  contextOf,
  createTenant,
  openAdmin,
  openTestDatabase,
  untilBlocked,
} from "../harness.ts";

// What hostile or careless people could do with the rights they have, and what stands in their way.

const database = openTestDatabase();
const admin = await openAdmin();
const tenant = await createTenant(database);
const labeler = await addMember(admin, database, tenant, "labeler");
const rival = await addMember(admin, database, tenant, "labeler");

/** Names that stand in the statements below as :name, each for an id of its own. */
const ids: Record<string, string> = {
  org: tenant.id,
  me: tenant.owner.userId,
  labeler: labeler.userId,
  rival: rival.userId,
};

function filled(text: string): string {
  return text.replace(/(?<!:):([a-z]\w*)/g, (_, name: string) => {
    ids[name] ??= randomUUID();
    return `'${ids[name]}'`;
  });
}

async function run(text: string, client = admin): Promise<Record<string, unknown>[]> {
  const result = (await client.query(filled(text))) as pg.QueryResult | pg.QueryResult[];
  return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? [];
}

/** What somebody's own statement does, as it would if it stood in a request of theirs. */
function ask(text: string, overrides: Parameters<typeof contextOf>[2] = {}): Promise<Record<string, unknown>[]> {
  return transaction(contextOf(database, tenant, overrides), (tx) => tx.query(filled(text)));
}

/** Tries somebody's own statement, and takes it back should it be let through. */
function attempt(text: string, overrides: Parameters<typeof contextOf>[2] = {}): Promise<unknown> {
  return transaction(contextOf(database, tenant, overrides), async (tx) => {
    await tx.query(filled(text));
    throw new Error("It was let through.");
  });
}

async function refuses(work: Promise<unknown>, code: string | RegExp, message: RegExp): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof pg.DatabaseError, String(error));
    assert.match(error.code ?? "", new RegExp(code), error.message);
    assert.match(error.message, message);
    return true;
  });
}

await run(`
  insert into datasets.datasets (organization_id, id, name) values (:org, :dataset, 'Texts'), (:org, :drafts, 'Drafts');
  insert into datasets.dataset_items (organization_id, id, dataset_id, position, input) values
    (:org, :first, :dataset, 1, 'one'), (:org, :third, :dataset, 3, 'three'), (:org, :behind, :dataset, 9, 'nine'), (:org, :loose, :drafts, 1, 'x');
  insert into datasets.versions (organization_id, id, dataset_id, number, status, last_position, published_at) values
    (:org, :version, :dataset, 1, 'published', 3, now()), (:org, :draft, :dataset, 2, 'draft', null, null);
  update datasets.versions set content_hash = sha256('x') where id = :version;
  insert into datasets.dataset_answers (organization_id, dataset_id, version_id, item_id, answer) values (:org, :dataset, :version, :first, '"glad"');
  insert into projects.projects (organization_id, id, name, kind) values (:org, :a, 'A', 'client'), (:org, :b, 'B', 'client'), (:org, :moods, 'Moods', 'labeling');
  insert into projects.tasks (organization_id, id, project_id, title, rank) values (:org, :card_a, :a, 'A', 'a0'), (:org, :card_b, :b, 'B', 'a1');
  insert into crm.customers (organization_id, id, name) values (:org, :ada, 'Ada');
  insert into commerce.orders (organization_id, id, customer_id, currency, total_amount, order_date) values (:org, :order, :ada, 'EUR', 100, '2026-01-01');
  insert into labeling.configurations (organization_id, project_id, dataset_id) values (:org, :moods, :dataset);
  insert into labeling.choices (organization_id, id, project_id, position, name) values (:org, :glad, :moods, 1, 'glad');
  insert into labeling.tasks (organization_id, id, project_id, item_id, position, overlap) values (:org, :text, :moods, :first, 1, 2);
  insert into labeling.gold_placements (organization_id, project_id, task_id, dataset_id, version_id) values (:org, :moods, :text, :dataset, :version);
  insert into evaluation.benchmarks (organization_id, id, name, dataset_id, version_id, status) values (:org, :benchmark, 'Moods', :dataset, :version, 'open');
  insert into evaluation.benchmark_metrics (organization_id, benchmark_id, metric, is_primary) values
    (:org, :benchmark, 'f1_macro', true), (:org, :benchmark, 'accuracy', false);
`);

const FROZEN: Record<string, string> = {
  "ends it earlier": "update datasets.versions set last_position = 1 where id = :version",
  "takes it away": "delete from datasets.versions where id = :version",
  "gives it another hash": "update datasets.versions set content_hash = sha256('') where id = :version",
  "puts an item among its items":
    "insert into datasets.dataset_items (organization_id, dataset_id, position, input) values (:org, :dataset, 2, 'two')",
  "moves an item among its items": "update datasets.dataset_items set position = 2 where id = :behind",
  "moves an item of another dataset among its items":
    "update datasets.dataset_items set dataset_id = :dataset, position = 2 where id = :loose",
  "changes an item": "update datasets.dataset_items set input = 'other' where id = :first",
  "removes an item": "delete from datasets.dataset_items where id = :third",
};
for (const [name, sql] of Object.entries(FROZEN)) {
  test(`a published version stays as it is when a member ${name}`, () =>
    refuses(attempt(sql), "TN011", /published version/));
}

test("behind a published version items come, change and go, and its note can be changed", async () => {
  await ask(
    "insert into datasets.dataset_items (organization_id, id, dataset_id, position, input) values (:org, :ten, :dataset, 10, 'ten')",
  );
  await ask("update datasets.dataset_items set input = 'eleven', position = 11 where id = :ten");
  await ask("delete from datasets.dataset_items where id = :ten");
  await ask("update datasets.versions set note = 'The first' where id = :version");
});

test("a version is not published while its items change", async () => {
  await beside(
    "insert into datasets.dataset_items (organization_id, dataset_id, position, input) values (:org, :drafts, 2, 'y')",
    () =>
      refuses(
        attempt(`insert into datasets.versions (organization_id, dataset_id, number, status, last_position, published_at)
          values (:org, :drafts, 1, 'published', 2, now())`),
        "55P03",
        /lock/,
      ),
  );
});

test("the record does not tell which tasks are checks and which items have answers", async () => {
  const found = await ask(
    "select resource_type from audit.audit_logs a where to_jsonb(a)::text like '%' || :text || '%' and resource_type = 'labeling.gold_placements' or to_jsonb(a)::text like '%' || :first || '%' and resource_type = 'datasets.dataset_answers'",
    { permission: "audit.read" },
  );
  assert.deepEqual(found, []);
});

test("a member's statement does not take all labels away with the configuration of a project", () =>
  refuses(
    attempt("delete from labeling.configurations where project_id = :moods"),
    /^23(503|001)$/,
    /on table "tasks"/,
  ));

test("a labeler's absurd time is refused, and stands in nobody's way", async () => {
  const take = async (person: typeof labeler) => {
    const context = { role: "own", permission: "labeling.label.write", person } as const;
    const [row] = await ask("select labeling.claim_next(:moods)::json #>> '{assignment,id}' as id", context);
    ids.slot = String(row?.id);
    return context;
  };
  const context = await take(labeler);
  await refuses(attempt("select labeling.submit_label(:slot, 'glad', 9223372036854775807)", context), "TN012", /time/);
  await refuses(attempt("select labeling.submit_label(:slot, 'glad', -1)", context), "TN012", /time/);
  await ask("select labeling.submit_label(:slot, 'glad', 86400000)", context);
  await ask("select labeling.submit_label(:slot, 'glad', 86400000)", await take(rival));
});

test("a key opens no verb of labeling that is not among its scopes", async () => {
  const enter = "select set_config('tenon.organization_id', :org, true), set_config('tenon.user_id', :me, true)";
  await run(`begin; ${enter}, set_config('tenon.request', '{"api_key_id": "${randomUUID()}"}', true)`);
  try {
    await refuses(run("select labeling.claim_next(:moods)"), "TN003", /labeling.label.write is missing/);
  } finally {
    await run("rollback");
  }
});

test("what a benchmark measures cannot be changed once it was opened", async () => {
  const change = "update evaluation.benchmark_metrics set is_primary =";
  const work = attempt(`${change} false where benchmark_id = :benchmark and metric = 'f1_macro'`);
  await refuses(work, "TN011", /keeps its measures/);
  await refuses(
    attempt("delete from evaluation.benchmark_metrics where benchmark_id = :benchmark"),
    "TN011",
    /keeps its measures/,
  );
});

test("two comments on a card do not answer each other", async () => {
  await run(
    "insert into projects.comments (organization_id, id, task_id, user_id, content) values (:org, :said, :card_a, :me, 'a')",
  );
  await run(
    "insert into projects.comments (organization_id, id, task_id, user_id, content, parent_id) values (:org, :answered, :card_a, :me, 'b', :said)",
  );
  await refuses(run("update projects.comments set parent_id = :answered where id = :said"), "TN011", /circle/);
});

test("an order of an absurd amount or rate, which would break every sum it is in, is refused", async () => {
  const insert = (values: string) =>
    attempt(
      `insert into commerce.orders (organization_id, currency, order_date, total_amount, refunded_amount, rate) values (:org, 'EUR', now(), ${values})`,
    );
  await refuses(insert("1, 0, 'NaN'"), "23514", /orders_in_bounds/);
  await refuses(insert("9223372036854775807, 0, 1"), "23514", /orders_in_bounds/);
  await refuses(insert("1, 9223372036854775807, 1"), "23514", /orders_in_bounds/);
  await refuses(insert("100000000000, 0, 999999999"), "23514", /orders_in_bounds/);
});

/** Does something while another transaction holds what a statement locks. */
async function beside(held: string, work: (other: pg.Client) => Promise<void>): Promise<void> {
  const other = await openAdmin();
  await run(`begin; ${held}`, other);
  try {
    await work(other);
  } finally {
    await run("rollback", other);
  }
}

const FIGURES = "select from projects.project_figures where project_id in (:a, :b) order by project_id for update";

test("who moves a card along its board waits for nobody", () =>
  beside(FIGURES, async () => {
    await run(
      "set lock_timeout = '200ms'; update projects.tasks set rank = 'a2', title = 'New' where id = :card_a; reset lock_timeout",
    );
  }));

test("two who move cards to each other's project do not lock each other out", async () => {
  const [one, two] = [await openAdmin(), await openAdmin()];
  const waiting = [await backendOf(one), await backendOf(two)];
  let moves: Promise<unknown>[] = [];
  await beside(FIGURES, async () => {
    moves = [
      run("update projects.tasks set project_id = :b where id = :card_a", one),
      run("update projects.tasks set project_id = :a where id = :card_b", two),
    ];
    for (const pid of waiting) await untilBlocked(admin, pid);
  });
  await Promise.all(moves);
  assert.deepEqual(await run("select tasks::int from projects.project_figures where project_id in (:a, :b)"), [
    { tasks: 1 },
    { tasks: 1 },
  ]);
});

test("a change of an order that changes no figure waits for nobody", () =>
  beside("select from crm.customer_figures where customer_id = :ada for update", async () => {
    await run(
      "set lock_timeout = '200ms'; update commerce.orders set tracking_number = '1', status = 'shipped' where id = :order; reset lock_timeout",
    );
  }));

test("tasks that get new parts do not wait for each other, nor does a change of something else", async () => {
  const insert = "insert into tasks.tasks (organization_id, id, type, category, name, input, parent_task_id) values";
  await run(`${insert} (:org, :whole, 'content.write', 'content', 'Whole', '{}', null)`);
  await run(`${insert} (:org, :old_part, 'content.write', 'content', 'Part', '{}', :whole)`);
  await beside(`${insert} (:org, :one_part, 'content.write', 'content', 'Part', '{}', :whole)`, async () => {
    await run(`begin; set local lock_timeout = '200ms';
      ${insert} (:org, :other_part, 'content.write', 'content', 'Part', '{}', :whole);
      update tasks.tasks set name = 'Piece', parent_task_id = :whole where id = :old_part; commit`);
  });
});

test("two new parts of one statement are not each other's whole", () =>
  refuses(
    run(`insert into tasks.tasks (organization_id, id, type, category, name, input, parent_task_id) values
      (:org, :x, 'content.write', 'content', 'X', '{}', :y), (:org, :y, 'content.write', 'content', 'Y', '{}', :x)`),
    "TN011",
    /circle/,
  ));

test("a thousand tasks in a row, each waiting for the one before, are planned in one statement", async () => {
  await run(`begin; set local statement_timeout = '10s';
    insert into projects.tasks (organization_id, project_id, title) select :org, :a, 'Link' from generate_series(1, 1000);
    insert into projects.task_dependencies (organization_id, task_id, depends_on_id)
      select :org, id, before from (select id, lag(id) over (order by id) as before from projects.tasks where project_id = :a and title = 'Link') chain
      where before is not null`);
  await run("rollback");
});
