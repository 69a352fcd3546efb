import type { Scene } from "./scene.ts";

/** A published version of a dataset with its gold answers, to make a benchmark of. */
export type Gold = { dataset: string; version: string; items: { id: string; answer: string; answer_id: string }[] };

/** A labeling project, its dataset, and the texts with their right answers. */
export type Made = { project: string; dataset: string; items: { id: string; text: string; answer: string }[] };

/** Makes what stands beside the labels: what a model says, hidden checks, skips, talk and exports. */
export async function makeRecords(
  { run, insert, id, clock, people }: Scene,
  { project }: Made,
  gold: Gold,
): Promise<void> {
  await run(
    `insert into labeling.predictions (organization_id, project_id, task_id, model_version, choice_id, score)
     select t.organization_id, t.project_id, t.id, 'northwind-classifier 1', c.id, 0.55 + t.position * 0.03
     from labeling.tasks t join labeling.choices c on c.organization_id = t.organization_id and c.project_id = t.project_id and c.position = 1 + t.position % 3
     where t.organization_id = $1 and t.project_id = $2`,
    [project],
  );
  await run(
    `insert into labeling.gold_placements (organization_id, task_id, project_id, dataset_id, version_id, shown, correct)
     select t.organization_id, t.id, t.project_id, $3, $4, 1, 1 from labeling.tasks t where t.organization_id = $1 and t.project_id = $2 and t.position <= 3`,
    [project, gold.dataset, gold.version],
  );
  await run(
    `insert into labeling.skips (organization_id, project_id, task_id, user_id, reason)
     select t.organization_id, t.project_id, t.id, $3, 'Too short to tell.' from labeling.tasks t where t.organization_id = $1 and t.project_id = $2 and t.position = 9`,
    [project, people.reviewer],
  );
  await run(
    `with asked as (
       insert into labeling.comments (organization_id, label_id, review_id, user_id, content, created_at)
       select r.organization_id, r.label_id, r.id, $3, 'Is this not simply a fact?', $4 from labeling.reviews r
       join labeling.labels l on l.organization_id = r.organization_id and l.id = r.label_id
       where r.organization_id = $1 and l.project_id = $2 and r.decision = 'rejected' returning organization_id, label_id, id, created_at
     ) insert into labeling.comments (organization_id, label_id, parent_id, user_id, content, created_at)
       select organization_id, label_id, id, $5, 'The last words say that it is a complaint.', created_at + interval '1 hour' from asked`,
    [project, people.labeler, clock.on(-4, 10), people.reviewer],
  );
  const bytes = 4_210;
  await insert("labeling.exports", [
    {
      id: id(clock.on(-3)),
      project_id: project,
      format: "csv",
      filters: {},
      status: "completed",
      file_name: "reviews.csv",
      storage_key: "demo/reviews.csv",
      bytes,
      labels: gold.items.length,
      error: undefined,
      requested_by: people.task_admin,
    },
    {
      id: id(clock.on(-2)),
      project_id: project,
      format: "coco",
      filters: {},
      status: "failed",
      file_name: undefined,
      storage_key: undefined,
      bytes: undefined,
      labels: undefined,
      error: "Texts cannot be written as COCO.",
      requested_by: people.task_admin,
    },
  ]);
}

/** What happened on many days was counted on the day that the demo is made: it is counted over to the days it happened on. */
export async function spreadMetrics({ run, settle }: Scene, project: string): Promise<void> {
  await settle();
  await run("delete from labeling.metrics where organization_id = $1 and project_id = $2", [project]);
  await run(
    `insert into labeling.metrics (organization_id, project_id, user_id, day, submitted, rework, approved, approved_at_once, approved_rework, rejected, reviewed, lead_time_ms)
     select organization_id, project_id, user_id, (submitted_at at time zone 'UTC')::date, count(*), sum(revision - 1),
            count(*) filter (where status = 'approved'), count(*) filter (where status = 'approved' and rework = 0),
            coalesce(sum(rework) filter (where status = 'approved'), 0), sum(rework), count(decision), sum(lead_time_ms)
     from labeling.labels where organization_id = $1 and project_id = $2 group by 1, 2, 3, 4`,
    [project],
  );
}
