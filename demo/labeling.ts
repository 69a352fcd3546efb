import { type Gold, type Made, makeRecords, spreadMetrics } from "./labeling-records.ts";
import type { Scene } from "./scene.ts";
import { LABELING, REASONS } from "./words/labeling.ts";

/** When the completed project began: long enough ago that a benchmark of its labels is over. */
const COMPLETED_FROM = -75;

/** In cents, for the project that is done for a customer. */
const LABEL_PRICE = 12;

/**
 * Makes labeling projects in every state, with labels, reviews, talk, predictions, hidden checks, skips and exports. The completed one
 * was done for a customer, who pays for its labels.
 */
export async function makeLabeling(scene: Scene, customer: string | undefined): Promise<Gold> {
  const made: Made[] = [];
  for (const plan of LABELING) made.push(await makeLabelingProject(scene, plan, customer));
  const [completed, held] = made;
  if (!completed || !held) throw new Error("The demo needs a labeling project that is completed, and one on hold.");
  await labelAll(scene, completed, completed.items.length);
  await labelAll(scene, held, 2);
  const gold = await publishGold(scene, completed);
  await makeRecords(scene, completed, gold);
  await spreadMetrics(scene, completed.project);
  return gold;
}

async function makeLabelingProject(
  scene: Scene,
  plan: (typeof LABELING)[number],
  customer: string | undefined,
): Promise<Made> {
  const { insert, id, clock, people } = scene;
  const isOver = plan.status === "completed";
  const day = isOver ? COMPLETED_FROM : -30;
  const created_at = clock.on(day);
  const [project, dataset] = [id(created_at), id(created_at)];
  const completion_date = isOver ? clock.day(COMPLETED_FROM + 28) : undefined;
  await insert("projects.projects", [
    {
      id: project,
      kind: "labeling",
      name: plan.name,
      status: plan.status,
      description: "",
      priority: "medium",
      customer_id: isOver ? customer : undefined,
      manager_id: people.task_admin,
      created_by: people.task_admin,
      start_date: clock.day(day),
      completion_date,
      created_at,
    },
  ]);
  await insert("datasets.datasets", [
    {
      id: dataset,
      project_id: project,
      name: plan.name,
      description: "Texts from the shop.",
      task_type: "text_classification",
      metadata: { language: "en", licence: "CC0-1.0" },
      created_at,
    },
  ]);
  const items = plan.texts.map(([text, answer]) => ({ id: id(created_at), text, answer }));
  await makeTexts(scene, plan, { project, dataset, items });
  return { project, dataset, items };
}

async function makeTexts(
  { insert, id, clock }: Scene,
  plan: (typeof LABELING)[number],
  { project, dataset, items }: Made,
): Promise<void> {
  const created_at = clock.on(plan.status === "completed" ? COMPLETED_FROM : -30);
  await insert(
    "datasets.dataset_items",
    items.map((item, index) => ({
      id: item.id,
      dataset_id: dataset,
      position: index + 1,
      input: item.text,
      created_at,
    })),
  );
  await insert("labeling.configurations", [
    {
      project_id: project,
      dataset_id: dataset,
      instructions: plan.instructions,
      overlap: 1,
      label_price: plan.status === "completed" ? LABEL_PRICE : undefined,
    },
  ]);
  await insert(
    "labeling.choices",
    plan.choices.map((name, index) => ({
      id: id(created_at),
      project_id: project,
      position: index + 1,
      name,
      key: String(index + 1),
    })),
  );
  await insert(
    "labeling.tasks",
    items.map((item, index) => ({
      id: id(created_at),
      project_id: project,
      item_id: item.id,
      position: index + 1,
      overlap: 1,
      priority: 5,
      created_at,
    })),
  );
}

/** The first texts are labeled one a day: all approved but every fifth, which came back and was approved then; the last one waits. */
async function labelAll({ run, people, clock }: Scene, { project, items }: Made, count: number): Promise<void> {
  const answers = JSON.stringify(items.slice(0, count).map(({ id, answer }) => ({ id, answer })));
  await run(
    `update labeling.assignments a set user_id = $4, status = 'held', lease_expires_at = now()
     from labeling.tasks t, json_to_recordset($3) as g (id uuid, answer text)
     where a.organization_id = $1 and a.project_id = $2 and t.organization_id = $1 and t.id = a.task_id and t.item_id = g.id`,
    [project, answers, people.labeler],
  );
  await run(
    `insert into labeling.labels (organization_id, project_id, assignment_id, user_id, choice_id, lead_time_ms, submitted_at)
     select a.organization_id, a.project_id, a.id, a.user_id, c.id, 3000 + 250 * t.position, $4::timestamptz + t.position * interval '1 day'
     from labeling.assignments a
     join labeling.tasks t on t.organization_id = a.organization_id and t.id = a.task_id
     join json_to_recordset($3) as g (id uuid, answer text) on g.id = t.item_id
     join labeling.choices c on c.organization_id = a.organization_id and c.project_id = a.project_id and c.name = g.answer
     where a.organization_id = $1 and a.project_id = $2 and a.status = 'held' order by t.position`,
    [project, answers, clock.on(count === items.length ? COMPLETED_FROM + 13 : -16, 11)],
  );
  const step = (status: string) =>
    run(
      `update labeling.assignments set status = $3, lease_expires_at = null
    where organization_id = $1 and project_id = $2 and status in ('held', 'rejected')`,
      [project, status],
    );
  await step("submitted");
  const decide = (revision: number, decision: string, which: string, reason?: string) =>
    run(
      `with judged as (
       insert into labeling.reviews (organization_id, label_id, revision, labeler_id, reviewer_id, decision, reason)
       select l.organization_id, l.id, l.revision, l.user_id, $3, $4, $6
       from labeling.labels l join labeling.assignments a on a.organization_id = l.organization_id and a.id = l.assignment_id
       where l.organization_id = $1 and l.project_id = $2 and l.revision = $5 and l.status = 'submitted' and ${which}
       returning organization_id, label_id
     ), labels as (
       update labeling.labels l set status = $4, decision = $4, rework = l.rework + ($4 = 'rejected')::integer
       from judged j where l.organization_id = j.organization_id and l.id = j.label_id returning l.organization_id, l.assignment_id
     ) update labeling.assignments a set status = $4 from labels l where a.organization_id = l.organization_id and a.id = l.assignment_id`,
      [project, people.reviewer, decision, revision, reason],
    );
  await decide(1, "rejected", "a.position % 5 = 2", REASONS[0]);
  if (count === items.length) {
    await run(
      `update labeling.labels set status = 'submitted', revision = 2, lead_time_ms = lead_time_ms + 1500
      where organization_id = $1 and project_id = $2 and status = 'rejected'`,
      [project],
    );
    await step("submitted");
    await decide(2, "approved", "true");
  }
  await decide(1, "approved", count === items.length ? "true" : "a.position = 0");
}

async function publishGold({ insert, id, clock, people }: Scene, { dataset, items }: Made): Promise<Gold> {
  const at = clock.on(COMPLETED_FROM + 29, 15);
  const version = id(at);
  await insert("datasets.versions", [
    {
      id: version,
      dataset_id: dataset,
      number: 1,
      note: "All reviews of the summer",
      status: "published",
      last_position: items.length,
      published_at: at,
      created_by: people.task_admin,
      created_at: at,
    },
    {
      id: id(at),
      dataset_id: dataset,
      number: 2,
      note: "With the autumn's",
      status: "draft",
      created_by: people.task_admin,
      created_at: at,
    },
  ]);
  const gold = items.map((item) => ({ ...item, answer_id: id(at) }));
  await insert(
    "datasets.dataset_answers",
    gold.map(({ answer_id, answer, ...item }) => ({
      id: answer_id,
      dataset_id: dataset,
      version_id: version,
      item_id: item.id,
      answer,
    })),
  );
  return { dataset, version, items: gold };
}
