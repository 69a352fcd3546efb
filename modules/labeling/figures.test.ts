import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { Problem } from "../../kernel/errors.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type { Figures } from "./contract.ts";
import {
  admin,
  asLabeler,
  asReviewer,
  claim,
  decide,
  endLease,
  figuresOf,
  hireMany,
  openProject,
  submit,
  waiting,
} from "./labeling.fixture.ts";
import { releaseTask } from "./tasks.ts";

const LABELERS = 6;
const REVIEWERS = 3;
const STEPS = 25;

function pick<T>(choices: readonly T[]): T {
  return choices[randomInt(choices.length)] as T;
}

/** Whatever a labeler may do, at random; that somebody else was faster is no fault. */
async function labelAtRandom(context: Context, project: string): Promise<void> {
  const assignment = await claim(context, project);
  if (!assignment) return;
  const step = pick(["submit", "submit", "submit", "release", "lose"]);
  if (step === "submit") await submit(context, assignment.id, pick(["glad", "sad", "neither"]));
  if (step === "release") await releaseTask(context, { assignment: assignment.id });
  if (step === "lose") await endLease(assignment.id);
}

async function reviewAtRandom(context: Context, project: string): Promise<void> {
  const labels = await waiting(context, project);
  if (labels.length === 0) return;
  const decision =
    randomInt(2) === 0 ? ({ decision: "approved" } as const) : ({ decision: "rejected", reason: "No." } as const);
  await decide(context, pick(labels).id, decision);
}

async function repeat(step: () => Promise<void>): Promise<void> {
  for (let count = 0; count < STEPS; count++) {
    await step().catch((error: unknown) => {
      if (!(error instanceof Problem) || error.code !== "conflict") throw error;
    });
  }
}

/** The figures, counted anew out of the slots and the reviews. */
async function recount(project: string): Promise<Figures> {
  const { rows } = await admin.query<{ figures: Figures }>(
    `with slots as (
       select task_id, array_agg(distinct status) as states from labeling.assignments where project_id = $1 group by task_id
     ), tasks as (
       select case
         when states = '{approved}' then 'approved'
         when states <@ '{approved,submitted}' then 'submitted'
         when 'rejected' = any (states) then 'rejected'
         when states = '{open}' then 'pending'
         else 'in_progress' end as status
       from slots
     ), latest as (
       select distinct on (r.label_id) r.decision, count(*) filter (where r.decision = 'rejected') over (partition by r.label_id) as rejections
       from labeling.reviews r join labeling.labels l on l.id = r.label_id where l.project_id = $1 order by r.label_id, r.revision desc
     )
     select json_build_object(
       'total', count(*), 'pending', count(*) filter (where status = 'pending'), 'in_progress', count(*) filter (where status = 'in_progress'),
       'submitted', count(*) filter (where status = 'submitted'), 'approved', count(*) filter (where status = 'approved'),
       'rejected', count(*) filter (where status = 'rejected'),
       'approved_rate', (select avg((decision = 'approved')::int)::float8 from latest),
       'average_rework', (select avg(rejections)::float8 from latest)) as figures
     from tasks`,
    [project],
  );
  return rows[0]?.figures as Figures;
}

for (const overlap of [1, 2]) {
  test(`with an overlap of ${overlap}, the figures equal a recount after anything that many people did at once`, async () => {
    const { tenant, project } = await openProject(
      Array.from({ length: 30 }, (_, index) => `text ${index}`),
      overlap,
    );
    const labelers = await hireMany(tenant, "labeler", LABELERS);
    const reviewers = await hireMany(tenant, "reviewer", REVIEWERS);
    await Promise.all([
      ...labelers.map((person) => repeat(() => labelAtRandom(asLabeler(tenant, person), project))),
      ...reviewers.map((person) => repeat(() => reviewAtRandom(asReviewer(tenant, person), project))),
    ]);
    const { approved_rate, average_rework, ...counts } = await figuresOf(tenant, project);
    const { approved_rate: rate, average_rework: rework, ...expected } = await recount(project);
    assert.deepEqual(counts, expected);
    assert.ok(Math.abs((approved_rate ?? 0) - (rate ?? 0)) < 1e-9, `${approved_rate} is not ${rate}`);
    assert.ok(Math.abs((average_rework ?? 0) - (rework ?? 0)) < 1e-9, `${average_rework} is not ${rework}`);
    const states = await admin.query<{ wrong: number }>(
      `select count(*)::int as wrong from labeling.tasks where project_id = $1 and status <> labeling.task_status(organization_id, id)`,
      [project],
    );
    assert.equal(states.rows[0]?.wrong, 0, "every task's status follows from its slots");
  });
}
