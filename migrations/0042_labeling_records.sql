-- Labeling, what stands beside the labels: talk, what models say, what is skipped, hidden checks, results taken out, and figures.

create table labeling.comments (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  label_id uuid not null,
  review_id uuid,
  parent_id uuid,
  user_id uuid not null default kernel.user_id(),
  content text not null check (length(btrim(content)) between 1 and 20000),
  region text check (length(region) <= 200),
  for_customer boolean not null default false,
  resolved_at timestamptz,
  resolved_by uuid,
  primary key (organization_id, id),
  unique (organization_id, label_id, id),
  foreign key (organization_id, label_id) references labeling.labels on delete cascade,
  foreign key (organization_id, label_id, review_id) references labeling.reviews (organization_id, label_id, id) on delete cascade,
  foreign key (organization_id, label_id, parent_id) references labeling.comments (organization_id, label_id, id) on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict,
  foreign key (organization_id, resolved_by) references organizations.memberships on delete restrict,
  constraint comments_resolved_by_someone check ((resolved_at is null) = (resolved_by is null)),
  constraint comments_thread_resolved check (resolved_at is null or parent_id is null)
);
comment on table labeling.comments is 'What people say about a label or a review, in threads. Sensitivity: medium.';
comment on column labeling.comments.label_id is 'The label it is about.';
comment on column labeling.comments.review_id is 'The review of that label that it is about, where it is about one.';
comment on column labeling.comments.parent_id is 'The comment it answers, about the same label.';
comment on column labeling.comments.user_id is 'Who says it.';
comment on column labeling.comments.content is 'What is said.';
comment on column labeling.comments.region is 'The part of the label that it is about, where it has parts.';
comment on column labeling.comments.for_customer is 'Whether the customer''s people see it: the threads that they begin. Kept by trigger.';
comment on column labeling.comments.resolved_at is 'When the thread was settled; it stands on its first comment.';
comment on column labeling.comments.resolved_by is 'Who settled it.';
comment on index labeling.comments_organization_id_label_id_id_key is 'Proves that a comment and its answer are about one label.';
call kernel.tenant_table('labeling.comments', own => 'user_id');
call kernel.acyclic('labeling.comments', 'id', 'parent_id');
create index comments_by_label on labeling.comments (organization_id, label_id, parent_id, created_at);
comment on index labeling.comments_by_label is 'The threads about a label, in their order.';
create index comments_by_review on labeling.comments (organization_id, label_id, review_id, created_at);
comment on index labeling.comments_by_review is 'The threads about a review, in their order.';
create index comments_by_member on labeling.comments (organization_id, user_id, created_at);
comment on index labeling.comments_by_member is 'What a member said.';
create index comments_by_resolver on labeling.comments (organization_id, resolved_by);
comment on index labeling.comments_by_resolver is 'What a member settled.';
create index comments_open on labeling.comments (organization_id, created_at) where parent_id is null and resolved_at is null;
comment on index labeling.comments_open is 'The threads that nobody has settled.';

create table labeling.predictions (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  task_id uuid not null,
  model_version text not null check (length(model_version) between 1 and 200),
  choice_id uuid,
  data jsonb check (pg_column_size(data) <= 262144),
  score double precision check (score between 0 and 1),
  primary key (organization_id, id),
  unique (organization_id, task_id, model_version),
  foreign key (organization_id, task_id) references labeling.tasks on delete cascade,
  foreign key (organization_id, project_id, choice_id) references labeling.choices (organization_id, project_id, id) on delete restrict,
  constraint predictions_say_something check (num_nonnulls(choice_id, data) > 0)
);
comment on table labeling.predictions is 'What a model says of a task, to start from or to compare with. Sensitivity: medium.';
comment on column labeling.predictions.project_id is 'The task''s project.';
comment on column labeling.predictions.task_id is 'The task.';
comment on column labeling.predictions.model_version is 'Which model said it.';
comment on column labeling.predictions.choice_id is 'The choice that the model takes.';
comment on column labeling.predictions.data is 'What it says beyond a choice.';
comment on column labeling.predictions.score is 'How sure the model is, 0 to 1.';
comment on index labeling.predictions_organization_id_task_id_model_version_key is 'A model says one thing of a task.';
create index predictions_by_choice on labeling.predictions (organization_id, project_id, choice_id);
comment on index labeling.predictions_by_choice is 'What models took for something.';
create index predictions_by_score on labeling.predictions (organization_id, project_id, score);
comment on index labeling.predictions_by_score is 'What models are least sure of.';
call kernel.tenant_table('labeling.predictions');

create table labeling.skips (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  task_id uuid not null,
  user_id uuid not null,
  reason text check (length(btrim(reason)) between 1 and 2000),
  comes_back boolean not null default false,
  primary key (organization_id, id),
  unique (organization_id, task_id, user_id),
  foreign key (organization_id, project_id) references labeling.configurations on delete cascade,
  foreign key (organization_id, task_id) references labeling.tasks on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table labeling.skips is 'A task that a labeler would rather not label. Sensitivity: low.';
comment on column labeling.skips.project_id is 'The task''s project.';
comment on column labeling.skips.task_id is 'The task.';
comment on column labeling.skips.user_id is 'The labeler.';
comment on column labeling.skips.reason is 'Why, in words.';
comment on column labeling.skips.comes_back is 'Whether it comes back to the same labeler later.';
comment on index labeling.skips_organization_id_task_id_user_id_key is 'Who skipped a task, each once.';
create index skips_by_member on labeling.skips (organization_id, user_id, project_id);
comment on index labeling.skips_by_member is 'What a labeler skipped.';
create index skips_by_project on labeling.skips (organization_id, project_id);
comment on index labeling.skips_by_project is 'What was skipped in a project.';
call kernel.tenant_table('labeling.skips', access => 'read', own => 'user_id');

-- Which tasks are checks must not be known to those who are checked, nor from the record.
create table labeling.gold_placements (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  task_id uuid not null,
  project_id uuid not null,
  dataset_id uuid not null,
  version_id uuid not null,
  shown bigint not null default 0 check (shown >= 0),
  correct bigint not null default 0 check (correct between 0 and shown),
  primary key (organization_id, id),
  unique (organization_id, task_id),
  foreign key (organization_id, task_id) references labeling.tasks on delete cascade,
  foreign key (organization_id, project_id) references labeling.configurations on delete cascade,
  foreign key (organization_id, dataset_id, version_id) references datasets.versions (organization_id, dataset_id, id) on delete restrict
);
comment on table labeling.gold_placements is 'Tasks whose answer is known, put among the others to see how well people label. Sensitivity: critical.';
comment on column labeling.gold_placements.task_id is 'The task.';
comment on column labeling.gold_placements.project_id is 'Its project.';
comment on column labeling.gold_placements.dataset_id is 'The dataset that has the answer.';
comment on column labeling.gold_placements.version_id is 'The version of it.';
comment on column labeling.gold_placements.shown is 'How often it was labeled.';
comment on column labeling.gold_placements.correct is 'How often right.';
comment on index labeling.gold_placements_organization_id_task_id_key is 'Finds out whether a task is a check.';
create index gold_placements_by_project on labeling.gold_placements (organization_id, project_id);
comment on index labeling.gold_placements_by_project is 'The checks in a project.';
create index gold_placements_by_version on labeling.gold_placements (organization_id, dataset_id, version_id);
comment on index labeling.gold_placements_by_version is 'Where the answers of a version are used.';
call kernel.tenant_table('labeling.gold_placements', access => 'none', secrets => '{task_id}', unrecorded => '{shown,correct}');
grant select, insert, update, delete on labeling.gold_placements to tenon_steward;
grant select, insert, update on labeling.gold_placements to tenon_worker;

create table labeling.exports (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  format text not null check (format in ('json', 'json_min', 'jsonl', 'csv', 'tsv', 'conll', 'spacy', 'coco', 'yolo', 'voc')),
  filters jsonb not null default '{}' check (pg_column_size(filters) <= 8192),
  status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed')),
  task_id uuid,
  file_name text check (length(file_name) <= 300),
  storage_key text check (length(storage_key) <= 500),
  bytes bigint check (bytes >= 0),
  labels bigint check (labels >= 0),
  content_hash bytea check (octet_length(content_hash) = 32),
  error text check (length(error) <= 5000),
  requested_by uuid not null,
  primary key (organization_id, id),
  foreign key (organization_id, project_id) references labeling.configurations on delete cascade,
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade,
  foreign key (organization_id, requested_by) references organizations.memberships on delete restrict,
  constraint exports_completed_with_file check ((storage_key is not null) = (status = 'completed'))
);
comment on table labeling.exports is 'The results of a project, taken out once and kept as they were. Sensitivity: medium.';
comment on column labeling.exports.project_id is 'The project.';
comment on column labeling.exports.format is 'The format of the file.';
comment on column labeling.exports.filters is 'Which labels it has.';
comment on column labeling.exports.status is 'Whether it is made.';
comment on column labeling.exports.task_id is 'The task that makes it.';
comment on column labeling.exports.file_name is 'Its name.';
comment on column labeling.exports.storage_key is 'Where it is kept.';
comment on column labeling.exports.bytes is 'How large it is.';
comment on column labeling.exports.labels is 'How many labels it has.';
comment on column labeling.exports.content_hash is 'SHA-256 of the file.';
comment on column labeling.exports.error is 'Why it could not be made.';
comment on column labeling.exports.requested_by is 'Who asked for it.';
create index exports_by_project on labeling.exports (organization_id, project_id, id);
comment on index labeling.exports_by_project is 'The exports of a project.';
create index exports_by_task on labeling.exports (organization_id, task_id);
comment on index labeling.exports_by_task is 'The export that a task makes.';
create index exports_by_member on labeling.exports (organization_id, requested_by);
comment on index labeling.exports_by_member is 'What a member asked for.';
call kernel.tenant_table('labeling.exports', access => 'read');
call kernel.state_order('labeling.exports', 'An export',
  '{"queued": ["running", "failed"], "running": ["completed", "failed", "queued"], "completed": [], "failed": []}');

create table labeling.metrics (
  organization_id uuid not null,
  project_id uuid not null,
  user_id uuid not null,
  day date not null,
  submitted bigint not null default 0 check (submitted >= 0),
  rework bigint not null default 0 check (rework >= 0),
  approved bigint not null default 0 check (approved >= 0),
  approved_at_once bigint not null default 0 check (approved_at_once >= 0),
  approved_rework bigint not null default 0 check (approved_rework >= 0),
  rejected bigint not null default 0 check (rejected >= 0),
  reviewed bigint not null default 0 check (reviewed >= 0),
  lead_time_ms bigint not null default 0 check (lead_time_ms >= 0),
  tasks_completed bigint not null generated always as (approved) stored,
  approved_rate double precision generated always as (approved::float8 / nullif(approved + rejected, 0)::float8) stored,
  avg_rework_count double precision generated always as (approved_rework::float8 / nullif(approved, 0)::float8) stored,
  primary key (organization_id, project_id, user_id, day),
  foreign key (organization_id, project_id) references labeling.configurations on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table labeling.metrics is 'What a labeler did in a project on a day, and what came of their labels that day; kept by trigger. Sensitivity: medium.';
comment on column labeling.metrics.project_id is 'The project.';
comment on column labeling.metrics.user_id is 'The labeler.';
comment on column labeling.metrics.day is 'The day (UTC).';
comment on column labeling.metrics.submitted is 'Labels that the labeler submitted for the first time.';
comment on column labeling.metrics.rework is 'Labels that the labeler submitted again.';
comment on column labeling.metrics.approved is 'Labels of theirs that were approved.';
comment on column labeling.metrics.approved_at_once is 'Those of them that were never rejected.';
comment on column labeling.metrics.approved_rework is 'How often those that were approved had come back before, together.';
comment on column labeling.metrics.rejected is 'Rejections of their labels.';
comment on column labeling.metrics.reviewed is 'Labels of theirs that were decided about for the first time.';
comment on column labeling.metrics.lead_time_ms is 'How long the labeler took, in milliseconds.';
comment on column labeling.metrics.tasks_completed is 'Tasks done with the labeler''s label: those approved.';
comment on column labeling.metrics.approved_rate is 'Approvals of all decisions, 0 to 1; null without any.';
comment on column labeling.metrics.avg_rework_count is 'How often an approved label had come back, on average; null without any.';
comment on index labeling.metrics_pkey is 'The figures of a project, by labeler and day.';
create index metrics_by_member on labeling.metrics (organization_id, user_id, day);
comment on index labeling.metrics_by_member is 'The figures of a labeler, day by day.';
create index metrics_by_day on labeling.metrics (organization_id, project_id, day);
comment on index labeling.metrics_by_day is 'The figures of a project, day by day.';
call kernel.tenant_table('labeling.metrics', audit => 'none', access => 'read', own => 'user_id');

-- Like the project's figures it is locked last, and before them: the name of the trigger decides.
create function labeling.add_metrics() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  is_new constant boolean := new.status = 'submitted' and (tg_op = 'INSERT' or old.status <> 'submitted');
  is_approved constant boolean := tg_op = 'UPDATE' and new.status = 'approved' and old.status <> 'approved';
  is_first constant boolean := tg_op = 'UPDATE' and new.decision is not null and old.decision is null;
begin
  insert into labeling.metrics as m (organization_id, project_id, user_id, day, submitted, rework, approved, approved_at_once, approved_rework, rejected, reviewed, lead_time_ms)
    values (new.organization_id, new.project_id, new.user_id, (now() at time zone 'UTC')::date,
      (is_new and new.revision = 1)::integer, (is_new and new.revision > 1)::integer,
      is_approved::integer, (is_approved and new.rework = 0)::integer, case when is_approved then new.rework else 0 end,
      case tg_op when 'UPDATE' then new.rework - old.rework else new.rework end,
      is_first::integer, case tg_op when 'UPDATE' then new.lead_time_ms - old.lead_time_ms else new.lead_time_ms end)
    on conflict (organization_id, project_id, user_id, day) do update set
      submitted = m.submitted + excluded.submitted, rework = m.rework + excluded.rework,
      approved = m.approved + excluded.approved, approved_at_once = m.approved_at_once + excluded.approved_at_once,
      approved_rework = m.approved_rework + excluded.approved_rework, rejected = m.rejected + excluded.rejected, reviewed = m.reviewed + excluded.reviewed,
      lead_time_ms = m.lead_time_ms + excluded.lead_time_ms;
  return null;
end
$$;
comment on function labeling.add_metrics() is 'Counts what a labeler submitted, and what was decided about it, on its day.';
call kernel.run_as_definer('labeling.add_metrics');
create constraint trigger add_metrics after insert or update of status, revision, rework, decision, lead_time_ms on labeling.labels
  deferrable initially deferred for each row execute function labeling.add_metrics();

create function labeling.add_to_task() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update labeling.tasks t set rework = t.rework + new.rework - coalesce(old.rework, 0), lead_time_ms = t.lead_time_ms + new.lead_time_ms - coalesce(old.lead_time_ms, 0)
    from labeling.assignments a
    where a.organization_id = new.organization_id and a.id = new.assignment_id and t.organization_id = a.organization_id and t.id = a.task_id
      and (new.rework, new.lead_time_ms) is distinct from (coalesce(old.rework, 0), coalesce(old.lead_time_ms, 0));
  return null;
end
$$;
comment on function labeling.add_to_task() is 'Adds rework and lead time of a label to its task.';
call kernel.run_as_definer('labeling.add_to_task');
create trigger add_to_task after insert or update of rework, lead_time_ms on labeling.labels
  for each row execute function labeling.add_to_task();

-- Talk about a label. Threads are one level deep: an answer to an answer belongs to its thread. What colleagues say among themselves is not
-- for the customer, whose people see the threads that they began and nothing else.

create function labeling.keep_thread() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  answered labeling.comments;
begin
  new.for_customer := kernel.customer_ids() is not null;
  if new.parent_id is not null then
    select * into answered from labeling.comments c where c.organization_id = new.organization_id and c.id = new.parent_id;
    new.parent_id := coalesce(answered.parent_id, new.parent_id);
    new.for_customer := coalesce(answered.for_customer, false);
  end if;
  return new;
end
$$;
comment on function labeling.keep_thread() is 'Ties an answer to the first comment of its thread, and shows it to whom that is shown.';
call kernel.run_as_definer('labeling.keep_thread');
create trigger keep_thread before insert on labeling.comments for each row execute function labeling.keep_thread();

create function labeling.label_to_discuss(label uuid) returns labeling.labels
  language plpgsql stable set search_path = '' as $$
declare
  held constant text := kernel.actor_permissions() ->> 'labeling.comment.write';
  found_label labeling.labels;
begin
  perform labeling.require_permission('labeling.comment.write');
  select l.* into found_label
    from labeling.labels l join projects.projects p on p.organization_id = l.organization_id and p.id = l.project_id
    where l.organization_id = kernel.organization_id() and l.id = label
      and case
        when kernel.customer_ids() is not null then l.status = 'approved' and labeling.sees_project(p.customer_id)
        when held = 'own' then l.user_id = kernel.user_id()
        else held = 'organization'
      end;
  if not found then
    raise exception 'No such label' using errcode = 'TN010';
  end if;
  return found_label;
end
$$;
comment on function labeling.label_to_discuss(uuid) is 'A label that who entered may talk about: any, their own, or an approved one of their customer''s; raises for others.';

-- A customer's people are told each other's names; whoever works for the organization speaks in its name.
create function labeling.speaker_name(member uuid) returns text
  language sql stable set search_path = ''
  begin atomic
    select case
      when kernel.customer_ids() is null or member = kernel.user_id() or exists (
        select from crm.contacts c where c.organization_id = m.organization_id and c.user_id = member and c.customer_id = any (kernel.customer_ids()))
      then m.display_name else o.name end
    from organizations.memberships m join organizations.organizations o on o.id = m.organization_id
    where m.organization_id = kernel.organization_id() and m.user_id = member;
  end;
comment on function labeling.speaker_name(uuid) is 'The name under which who entered sees what a member said.';

create function labeling.comment_json(c labeling.comments) returns json
  language sql stable set search_path = ''
  return json_build_object(
    'id', c.id, 'parent_id', c.parent_id, 'review_id', case when kernel.customer_ids() is null then c.review_id end, 'content', c.content,
    'author', labeling.speaker_name(c.user_id), 'is_own', c.user_id = kernel.user_id(), 'for_customer', c.for_customer, 'created_at', c.created_at,
    'resolved_at', c.resolved_at, 'resolved_by', labeling.speaker_name(c.resolved_by));
comment on function labeling.comment_json is 'A comment as JSON, for who entered.';

create function labeling.list_comments(label uuid) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  discussed constant labeling.labels := labeling.label_to_discuss(label);
begin
  return (
    select json_build_object('items', coalesce(json_agg(labeling.comment_json(c) order by c.created_at, c.id), '[]'))
    from labeling.comments c
    where c.organization_id = discussed.organization_id and c.label_id = discussed.id and (c.for_customer or kernel.customer_ids() is null));
end
$$;
comment on function labeling.list_comments(uuid) is 'What was said about a label, as far as it is for who entered, as JSON.';

create function labeling.write_comment(label uuid, parent uuid, review uuid, content text) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  comments_max constant integer := 500;
  discussed constant labeling.labels := labeling.label_to_discuss(label);
  written labeling.comments;
begin
  if parent is not null and not exists (
    select from labeling.comments c where c.organization_id = discussed.organization_id and c.label_id = discussed.id and c.id = parent
      and (c.for_customer or kernel.customer_ids() is null)) then
    raise exception 'No such comment' using errcode = 'TN010';
  elsif review is not null and (kernel.customer_ids() is not null or not exists (
    select from labeling.reviews r where r.organization_id = discussed.organization_id and r.label_id = discussed.id and r.id = review)) then
    raise exception 'No such review' using errcode = 'TN010';
  elsif (select count(*) from labeling.comments c where c.organization_id = discussed.organization_id and c.label_id = discussed.id) >= comments_max then
    raise exception 'A label takes % comments', comments_max using errcode = 'TN011', hint = 'Talk to each other, and write down what came of it elsewhere.';
  end if;
  insert into labeling.comments (organization_id, label_id, parent_id, review_id, user_id, content)
    values (discussed.organization_id, discussed.id, parent, review, kernel.user_id(), write_comment.content) returning * into written;
  return labeling.comment_json(written);
end
$$;
comment on function labeling.write_comment is 'Says something about a label or a review of it, or answers; returns the comment as JSON.';

create function labeling.resolve_thread(comment uuid, resolved boolean) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  begun labeling.comments;
begin
  select c.* into begun from labeling.comments said join labeling.comments c on c.organization_id = said.organization_id and c.id = coalesce(said.parent_id, said.id)
    where said.organization_id = kernel.organization_id() and said.id = comment and (said.for_customer or kernel.customer_ids() is null);
  perform labeling.label_to_discuss(begun.label_id);
  update labeling.comments c set resolved_at = case when resolved then coalesce(c.resolved_at, now()) end, resolved_by = case when resolved then coalesce(c.resolved_by, kernel.user_id()) end
    where c.organization_id = begun.organization_id and c.id = begun.id and (c.resolved_at is not null) <> resolved;
  select * into begun from labeling.comments c where c.organization_id = begun.organization_id and c.id = begun.id;
  return labeling.comment_json(begun);
end
$$;
comment on function labeling.resolve_thread(uuid, boolean) is 'Settles the thread of a comment, or opens it again; returns its first comment as JSON.';

call kernel.run_as_definer('labeling.list_comments');
call kernel.run_as_definer('labeling.write_comment');
call kernel.run_as_definer('labeling.resolve_thread');
grant execute on function labeling.label_to_discuss, labeling.speaker_name, labeling.comment_json to tenon_definer;
grant execute on function labeling.list_comments, labeling.write_comment, labeling.resolve_thread to tenon_member, tenon_own, tenon_client;

call organizations.add_permission('labeling.comment.write', 'Read and write comments on labels', '{admin,task_admin,reviewer,labeler,moderator,client}');
call organizations.add_permission('labeling.metric.read', 'See how labeling goes, by project, member and day', '{admin,task_admin,reviewer,labeler,viewer}');
call organizations.add_permission('labeling.result.read', 'See how far the projects of one''s customer are, and their approved labels', '{client}');
call organizations.add_permission('labeling.terms.manage', 'Say for which customer a labeling project is, and what an approved label costs', '{admin}');
