-- Tasks: units of execution by an AI model, a person, an integration, a webhook or the system itself. What they must never do is
-- refused here; the engine that carries them out stands in the files behind.

call kernel.module_schema('tasks');

create table tasks.workflows (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  status text not null default 'running' check (status in ('running', 'completed', 'failed', 'cancelled')),
  created_by uuid,
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict
);
comment on table tasks.workflows is 'Tasks that belong together. Sensitivity: medium.';
comment on column tasks.workflows.name is 'What they are to reach together.';
comment on column tasks.workflows.status is 'How far they are.';
comment on column tasks.workflows.created_by is 'The member who started it.';
call kernel.tenant_table('tasks.workflows', access => 'read');
call kernel.state_order('tasks.workflows', 'A workflow', '{"running": ["completed", "failed", "cancelled"], "completed": [], "failed": ["running"], "cancelled": []}');
create index workflows_by_status on tasks.workflows (organization_id, status, created_at);
comment on index tasks.workflows_by_status is 'What is under way, newest first.';
create index workflows_by_maker on tasks.workflows (organization_id, created_by);
comment on index tasks.workflows_by_maker is 'What a member started.';

create table tasks.tasks (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  type text not null check (type ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(type) <= 100),
  category text not null check (category in ('content', 'ecommerce', 'customer_service', 'analytics', 'labeling', 'evaluation', 'assistant', 'system')),
  name text not null check (length(btrim(name)) between 1 and 200),
  description text not null default '' check (length(description) <= 5000),
  status text not null default 'pending'
    check (status in ('pending', 'queued', 'processing', 'waiting', 'completed', 'failed', 'cancelled', 'escalated')),
  priority smallint not null default 5 check (priority between 1 and 10),
  worker_type text not null default 'ai' check (worker_type in ('ai', 'human', 'integration', 'webhook', 'internal')),
  input jsonb not null check (pg_column_size(input) <= 262144),
  output jsonb check (pg_column_size(output) <= 262144),
  error_details jsonb check (pg_column_size(error_details) <= 65536),
  context jsonb not null default '{}' check (pg_column_size(context) <= 65536),
  ai_model text check (length(ai_model) <= 100),
  ai_provider text check (length(ai_provider) <= 100),
  estimated_cost bigint check (estimated_cost >= 0),
  actual_cost bigint check (actual_cost >= 0),
  cost_cap bigint check (cost_cap >= 0),
  cost_breakdown jsonb check (pg_column_size(cost_breakdown) <= 16384),
  created_by uuid,
  assigned_to uuid,
  parent_task_id uuid,
  workflow_id uuid,
  idempotency_key text check (length(idempotency_key) between 1 and 200),
  scheduled_for timestamptz,
  deadline_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  processing_time_ms bigint check (processing_time_ms >= 0),
  attempts integer not null default 0 check (attempts >= 0),
  attempts_max integer not null default 3 check (attempts_max between 1 and 100),
  progress_percentage smallint check (progress_percentage between 0 and 100),
  progress_note text check (length(progress_note) <= 500),
  cancel_requested_at timestamptz,
  quality_score numeric(3, 2) check (quality_score between 0 and 5),
  user_feedback jsonb check (pg_column_size(user_feedback) <= 16384),
  blocked_by integer not null default 0 check (blocked_by >= 0),
  dependency_policy text not null default 'all' check (dependency_policy in ('all', 'any')),
  credit_policy text not null default 'wait' check (credit_policy in ('wait', 'fail')),
  tree_id uuid,
  tree_cost_cap bigint check (tree_cost_cap >= 0),
  limits jsonb check (pg_column_size(limits) <= 1024),
  -- Workers count by them, for all organizations at once: what they could not count never comes that far.
  check (limits is null or (
    length(coalesce(limits ->> 'lane', '-')) between 1 and 300 and length(coalesce(limits ->> 'rate', '-')) between 1 and 300
    and coalesce(jsonb_path_match(limits, '
      (!exists($.lane) || $.lane.type() == "string" && $.slots >= 1 && $.slots <= 10000 && $.slots.floor() == $.slots)
      && (!exists($.rate) || $.rate.type() == "string" && $.seconds > 0 && $.seconds <= 31536000 && $.per >= 1 && $.per <= 1000000
        && (!exists($.burst) || $.burst >= 1 && $.burst <= 1000000 && $.burst.floor() == $.burst))', '{}', true), false))),
  attention text generated always as (case when status not in ('queued', 'completed') then status end) stored,
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict,
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, parent_task_id) references tasks.tasks on delete cascade,
  foreign key (organization_id, workflow_id) references tasks.workflows on delete cascade,
  check (parent_task_id <> id),
  check (assigned_to is null or worker_type = 'human' or status in ('escalated', 'waiting', 'completed', 'failed', 'cancelled')),
  check (completed_at >= started_at),
  check ((completed_at is not null) = (status in ('completed', 'failed', 'cancelled')))
)
-- Most tasks change once, from waiting in line to completed. More than half of each page is left free for that change, for with its
-- output a row is larger than it was, and no index knows the columns that change: so its end costs no more than the row itself.
with (fillfactor = 40);
comment on table tasks.tasks is 'A unit of execution, from the wish to the result. Sensitivity: high.';
comment on column tasks.tasks.type is 'What is executed, such as content.write_blog_post.';
comment on column tasks.tasks.category is 'The part of the business that it serves.';
comment on column tasks.tasks.name is 'What it is, in a line.';
comment on column tasks.tasks.description is 'The rest of it.';
comment on column tasks.tasks.status is 'Where it stands; waiting is for an approval or an event, escalated for a person.';
comment on column tasks.tasks.priority is 'From 1, the highest, to 10: an offset of time, so that nothing starves.';
comment on column tasks.tasks.worker_type is 'Who or what executes it.';
comment on column tasks.tasks.input is 'What it works on; secrets as references only.';
comment on column tasks.tasks.output is 'What came of it.';
comment on column tasks.tasks.error_details is 'Why it failed.';
comment on column tasks.tasks.context is 'What the worker should know beside the input.';
comment on column tasks.tasks.ai_model is 'The model, where one executes it.';
comment on column tasks.tasks.ai_provider is 'Whose model it is.';
comment on column tasks.tasks.estimated_cost is 'What it will likely cost, in micro-credits: what is set aside first.';
comment on column tasks.tasks.actual_cost is 'What it cost, in micro-credits.';
comment on column tasks.tasks.cost_cap is 'The most it may cost, in micro-credits.';
comment on column tasks.tasks.cost_breakdown is 'What the cost is made of.';
comment on column tasks.tasks.created_by is 'The member who asked for it.';
comment on column tasks.tasks.assigned_to is 'The member who does it, where a person does.';
comment on column tasks.tasks.parent_task_id is 'The task it is a part of.';
comment on column tasks.tasks.workflow_id is 'The workflow it belongs to.';
comment on column tasks.tasks.idempotency_key is 'Names the wish: asked for twice, it is one task.';
comment on column tasks.tasks.scheduled_for is 'Not before this time.';
comment on column tasks.tasks.deadline_at is 'What is not done by then has failed.';
comment on column tasks.tasks.started_at is 'When it was begun, for the first time.';
comment on column tasks.tasks.completed_at is 'When it ended, however it did.';
comment on column tasks.tasks.processing_time_ms is 'How long its attempts took together, in milliseconds.';
comment on column tasks.tasks.attempts is 'How often it was tried.';
comment on column tasks.tasks.attempts_max is 'How often it may be tried.';
comment on column tasks.tasks.progress_percentage is 'How far it is, 0 to 100, where its worker says so.';
comment on column tasks.tasks.progress_note is 'What its worker is at.';
comment on column tasks.tasks.cancel_requested_at is 'When somebody wished it to stop.';
comment on column tasks.tasks.quality_score is 'How good the result is, 0 to 5.';
comment on column tasks.tasks.user_feedback is 'What people said of the result.';
comment on column tasks.tasks.blocked_by is 'For how many other tasks it still waits.';
comment on column tasks.tasks.dependency_policy is 'Whether all that it depends on must be as its dependencies say, or any one.';
comment on column tasks.tasks.credit_policy is 'What becomes of it when there are no credits for it: it waits, or fails.';
comment on column tasks.tasks.tree_id is 'The task at the root of its tree; null where it stands alone.';
comment on column tasks.tasks.tree_cost_cap is 'The most that it and all its parts may cost together, in micro-credits; said on the root.';
comment on column tasks.tasks.limits is 'How many like it may run at once, and how many may begin in a time.';
comment on column tasks.tasks.attention is 'The status, where it is neither in line nor completed: what somebody may look for.';
create unique index tasks_by_idempotency_key on tasks.tasks (organization_id, idempotency_key) where idempotency_key is not null;
comment on index tasks.tasks_by_idempotency_key is 'Makes a wish one task.';
call kernel.tenant_table('tasks.tasks', access => 'read', own => 'assigned_to', search => true,
  entry_per_row_up_to => 10,
  unrecorded => '{progress_percentage,progress_note,attempts,processing_time_ms,blocked_by,attention}');
call kernel.state_order('tasks.tasks', 'A task', '{
  "pending": ["queued", "processing", "waiting", "escalated", "cancelled", "failed"],
  "queued": ["pending", "processing", "waiting", "escalated", "completed", "failed", "cancelled"],
  "processing": ["pending", "queued", "waiting", "escalated", "completed", "failed", "cancelled"],
  "waiting": ["queued", "processing", "escalated", "completed", "failed", "cancelled"],
  "escalated": ["queued", "processing", "waiting", "completed", "failed", "cancelled"],
  "completed": [], "failed": ["queued", "pending"], "cancelled": []}');
call kernel.acyclic('tasks.tasks', 'id', 'parent_task_id');
create index tasks_by_attention on tasks.tasks (organization_id, attention, priority, created_at) where attention is not null;
comment on index tasks.tasks_by_attention is 'What is to come, under way, waits or went wrong, the most urgent first.';
create index tasks_by_time on tasks.tasks (organization_id, created_at);
comment on index tasks.tasks_by_time is 'All tasks, newest first; what task_performance adds up.';
create index tasks_by_type on tasks.tasks (organization_id, type, created_at);
comment on index tasks.tasks_by_type is 'The tasks of a type.';
create index tasks_by_category on tasks.tasks (organization_id, category, created_at);
comment on index tasks.tasks_by_category is 'The tasks of a part of the business.';
create index tasks_by_assignee on tasks.tasks (organization_id, assigned_to, attention, created_at);
comment on index tasks.tasks_by_assignee is 'What a member has to do.';
create index tasks_by_maker on tasks.tasks (organization_id, created_by, created_at) where created_by is not null;
comment on index tasks.tasks_by_maker is 'What a member asked for.';
create index tasks_by_parent on tasks.tasks (organization_id, parent_task_id) where parent_task_id is not null;
comment on index tasks.tasks_by_parent is 'The parts of a task.';
create index tasks_by_workflow on tasks.tasks (organization_id, workflow_id, created_at) where workflow_id is not null;
comment on index tasks.tasks_by_workflow is 'The tasks of a workflow.';
create index tasks_scheduled on tasks.tasks (organization_id, scheduled_for) where scheduled_for is not null;
comment on index tasks.tasks_scheduled is 'What is to begin later.';
create index tasks_by_words on tasks.tasks using gin (organization_id, name extensions.gin_trgm_ops);
comment on index tasks.tasks_by_words is 'Finds tasks by part of their name, in the search view.';
create index tasks_by_input on tasks.tasks using gin (organization_id, input jsonb_path_ops);
comment on index tasks.tasks_by_input is 'Finds tasks by what they work on, in the search view.';

create table tasks.task_tags (
  organization_id uuid not null,
  task_id uuid not null,
  tag_id uuid not null,
  primary key (organization_id, task_id, tag_id),
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade,
  foreign key (organization_id, tag_id) references organizations.tags on delete cascade
);
comment on table tasks.task_tags is 'The tags of a task. Sensitivity: low.';
comment on column tasks.task_tags.task_id is 'The task.';
comment on column tasks.task_tags.tag_id is 'The tag.';
create index task_tags_by_tag on tasks.task_tags (organization_id, tag_id, task_id);
comment on index tasks.task_tags_by_tag is 'The tasks with a tag.';
call kernel.tenant_table('tasks.task_tags');

create table tasks.task_dependencies (
  organization_id uuid not null,
  task_id uuid not null,
  depends_on_id uuid not null,
  policy text not null default 'succeeded' check (policy in ('succeeded', 'done')),
  primary key (organization_id, task_id, depends_on_id),
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade,
  foreign key (organization_id, depends_on_id) references tasks.tasks on delete cascade,
  check (task_id <> depends_on_id)
);
comment on table tasks.task_dependencies is 'Which task waits for which, and blocks it; never in a circle. Sensitivity: low.';
comment on column tasks.task_dependencies.task_id is 'The task that waits.';
comment on column tasks.task_dependencies.depends_on_id is 'The task that it waits for.';
comment on column tasks.task_dependencies.policy is 'Whether the other must have succeeded, or only be over.';
create index task_dependencies_by_cause on tasks.task_dependencies (organization_id, depends_on_id);
comment on index tasks.task_dependencies_by_cause is 'What a task blocks.';
call kernel.tenant_table('tasks.task_dependencies', access => 'read');
call kernel.acyclic('tasks.task_dependencies', 'task_id', 'depends_on_id');

create table tasks.task_attempts (
  organization_id uuid not null,
  task_id uuid not null,
  attempt integer not null check (attempt > 0),
  created_at timestamptz not null default now(),
  worker text not null check (length(worker) <= 200),
  fencing_token bigint not null,
  status text not null check (status in ('succeeded', 'failed', 'lost', 'cancelled')),
  failure_class text check (failure_class in ('transient', 'rate_limited', 'invalid', 'unauthorized', 'out_of_credit', 'timed_out', 'internal')),
  error_details jsonb check (pg_column_size(error_details) <= 65536),
  log text not null default '' check (length(log) <= 65536),
  started_at timestamptz not null,
  ended_at timestamptz not null,
  cost bigint check (cost >= 0),
  primary key (organization_id, task_id, attempt, created_at),
  check (ended_at >= started_at)
) partition by range (created_at);
comment on table tasks.task_attempts is 'Every try at a task, written down when it is over: by which worker, how long, and why it failed. Append-only. Sensitivity: medium.';
comment on column tasks.task_attempts.organization_id is 'The organization whose task it was.';
comment on column tasks.task_attempts.task_id is 'The task.';
comment on column tasks.task_attempts.attempt is 'Which try it is, from 1.';
comment on column tasks.task_attempts.created_at is 'When it was written down; the partition key.';
comment on column tasks.task_attempts.worker is 'The process that tried.';
comment on column tasks.task_attempts.fencing_token is 'The number of its claim: a result under an older one is refused.';
comment on column tasks.task_attempts.status is 'How it went; lost when the worker was not heard of any more.';
comment on column tasks.task_attempts.failure_class is 'What kind of failure it was: that decides whether it is tried again.';
comment on column tasks.task_attempts.error_details is 'Why it failed.';
comment on column tasks.task_attempts.log is 'What the worker wrote down.';
comment on column tasks.task_attempts.started_at is 'When it began.';
comment on column tasks.task_attempts.ended_at is 'When it ended.';
comment on column tasks.task_attempts.cost is 'What it cost, in micro-credits.';
comment on index tasks.task_attempts_pkey is 'The tries at a task, in their order.';
call kernel.append_only_table('tasks.task_attempts', 'The list of tries', months_kept => 13);
