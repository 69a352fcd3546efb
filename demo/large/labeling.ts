import { ID, type Step } from "./plan.ts";

// What becomes of a task, in twentieths: approved (8, one more after it came back once), rejected 1, waiting for a review 3,
// being labeled 1, and the rest is still to do.
const FATE = "pg_temp.chance(n, 30, 20)";
const SLOT = `(case when ${FATE} < 9 then 'approved' when ${FATE} = 9 then 'rejected' when ${FATE} < 13 then 'submitted' when ${FATE} = 13 then 'held' else 'open' end)`;
const CAME_BACK = `(${FATE} in (8, 9))::integer`;
const REVISION = `(1 + (${FATE} = 8)::integer)`;
const FIRST_TIME = "(1500 + pg_temp.chance(n, 31, 20000))";
const TIME = `(${FIRST_TIME} + case ${FATE} when 8 then 1000 else 0 end)`;
const LABELER = "(select p.id from large_people p where p.place = 3 + pg_temp.chance(n, 32, 5))";
const CHOICE = `pg_temp.id_of(${ID.choice}, s.place * 10 + 1 + pg_temp.chance(n, 33, 5))`;
const PROJECT = `pg_temp.id_of(${ID.project}, s.place)`;

/** One labeling project an organization, with its dataset. */
const SETUP: Step[] = [
  {
    title: "labeling projects",
    sql: `with projects as (
        insert into projects.projects (organization_id, id, kind, name) select id, pg_temp.id_of(${ID.project}, place), 'labeling', 'Large' from large_organizations
      ), figures as (
        insert into projects.project_figures (organization_id, project_id) select id, pg_temp.id_of(${ID.project}, place) from large_organizations
      ), datasets as (
        insert into datasets.datasets (organization_id, id, project_id, name)
        select id, pg_temp.id_of(${ID.dataset}, place), pg_temp.id_of(${ID.project}, place), 'Large' from large_organizations
      ), configurations as (
        insert into labeling.configurations (organization_id, project_id, dataset_id)
        select id, pg_temp.id_of(${ID.project}, place), pg_temp.id_of(${ID.dataset}, place) from large_organizations
      ) insert into labeling.choices (organization_id, id, project_id, position, name)
        select id, pg_temp.id_of(${ID.choice}, place * 10 + c), pg_temp.id_of(${ID.project}, place), c, 'Choice ' || c
        from large_organizations cross join generate_series(1, 5) c`,
  },
];

const WORK: Step[] = [
  {
    title: "dataset items",
    kind: "labeling_tasks",
    sql: `insert into datasets.dataset_items (organization_id, id, dataset_id, position, input)
      select s.organization_id, pg_temp.id_of(${ID.item}, n), pg_temp.id_of(${ID.dataset}, s.place), n - s.low, 'Text number ' || n`,
  },
  {
    title: "labeling tasks",
    kind: "labeling_tasks",
    sql: `insert into labeling.tasks (organization_id, id, project_id, item_id, position, status, rework, lead_time_ms)
      select s.organization_id, pg_temp.id_of(${ID.task}, n), ${PROJECT}, pg_temp.id_of(${ID.item}, n), n - s.low,
             case ${SLOT} when 'open' then 'pending' when 'held' then 'in_progress' else ${SLOT} end, ${CAME_BACK}, case when ${FATE} < 13 then ${TIME} else 0 end`,
  },
  {
    title: "assignments",
    kind: "labeling_tasks",
    sql: `insert into labeling.assignments (organization_id, id, project_id, task_id, position, slot, user_id, status, lease_expires_at)
      select s.organization_id, pg_temp.id_of(${ID.assignment}, n), ${PROJECT}, pg_temp.id_of(${ID.task}, n), n - s.low, 1,
             case when ${FATE} < 14 then ${LABELER} end, ${SLOT}, case ${FATE} when 13 then now() + interval '10 minutes' end`,
  },
  {
    title: "labels",
    kind: "labeling_tasks",
    sql: `insert into labeling.labels (organization_id, id, project_id, assignment_id, user_id, choice_id, status, revision, rework, decision, lead_time_ms, submitted_at)
      select s.organization_id, pg_temp.id_of(${ID.label}, n), ${PROJECT}, pg_temp.id_of(${ID.assignment}, n), ${LABELER}, ${CHOICE},
             ${SLOT}, ${REVISION}, ${CAME_BACK}, nullif(${SLOT}, 'submitted'), ${TIME}, pg_temp.moment(n, 34)`,
    where: `${FATE} < 13`,
  },
  {
    title: "revisions of labels",
    kind: "labeling_tasks",
    sql: `insert into labeling.label_revisions (organization_id, label_id, revision, user_id, label, lead_time_ms)
      select s.organization_id, pg_temp.id_of(${ID.label}, n), r, ${LABELER}, 'Choice ' || (1 + pg_temp.chance(n, 33, 5)), case r when 1 then ${FIRST_TIME} else ${TIME} end`,
    also: `cross join lateral generate_series(1, ${REVISION}) r`,
    where: `${FATE} < 13`,
  },
  {
    title: "reviews",
    kind: "labeling_tasks",
    sql: `insert into labeling.reviews (organization_id, id, label_id, revision, labeler_id, reviewer_id, decision, reason)
      select s.organization_id, pg_temp.id_of(${ID.review}, n * 2 + r), pg_temp.id_of(${ID.label}, n), r, ${LABELER}, (select p.id from large_people p where p.place = 2),
             case when r <= ${CAME_BACK} then 'rejected' else 'approved' end, case when r <= ${CAME_BACK} then 'Read it again.' end`,
    also: `cross join lateral generate_series(1, ${REVISION}) r`,
    where: `${FATE} < 10`,
  },
];

const LARGE_LABELS = "labeling.labels l join large_organizations o on o.id = l.organization_id";

/** The figures that triggers would have kept. */
const FIGURES: Step[] = [
  {
    title: "figures of datasets",
    sql: `insert into datasets.dataset_figures (organization_id, dataset_id, total_items)
      select i.organization_id, i.dataset_id, count(*) from datasets.dataset_items i join large_organizations o on o.id = i.organization_id group by 1, 2`,
  },
  {
    title: "figures of labeling projects",
    sql: `insert into labeling.project_figures (organization_id, project_id, part, total, pending, in_progress, submitted, approved, rejected)
      select t.organization_id, t.project_id, t.project_id, count(*), count(*) filter (where t.status = 'pending'), count(*) filter (where t.status = 'in_progress'),
             count(*) filter (where t.status = 'submitted'), count(*) filter (where t.status = 'approved'), count(*) filter (where t.status = 'rejected')
      from labeling.tasks t join large_organizations o on o.id = t.organization_id group by 1, 2`,
  },
  {
    title: "figures of labelers",
    sql: `insert into labeling.metrics (organization_id, project_id, user_id, day, submitted, rework, approved, approved_at_once, approved_rework, rejected, reviewed, lead_time_ms)
      select l.organization_id, l.project_id, l.user_id, (l.submitted_at at time zone 'UTC')::date, count(*), sum(l.revision - 1),
             count(*) filter (where l.status = 'approved'), count(*) filter (where l.status = 'approved' and l.rework = 0),
             coalesce(sum(l.rework) filter (where l.status = 'approved'), 0), sum(l.rework), count(l.decision), sum(l.lead_time_ms)
      from ${LARGE_LABELS} group by 1, 2, 3, 4`,
  },
];

/** Labeling projects with texts in every state, who labeled them, and the reviews. */
export const LABELING: Step[] = [...SETUP, ...WORK, ...FIGURES];
