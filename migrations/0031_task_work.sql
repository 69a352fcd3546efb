-- What tasks wait for, when they come again, and what workers take them from.

create table tasks.approvals (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  task_id uuid not null,
  kind text not null default 'approval' check (kind in ('work', 'approval')),
  key text not null default 'approval' check (key ~ '^[a-z][a-z0-9_]{0,49}$'),
  title text not null check (length(btrim(title)) between 1 and 300),
  details text not null default '' check (length(details) <= 10000),
  form jsonb not null default '[]' check (jsonb_typeof(form) = 'array' and pg_column_size(form) <= 32768),
  assigned_to uuid,
  role_id uuid,
  status text not null default 'planned'
    check (status in ('planned', 'pending', 'approved', 'rejected', 'done', 'expired', 'cancelled')),
  on_rejection text not null default 'fail' check (on_rejection in ('fail', 'continue')),
  on_expiry text not null default 'fail' check (on_expiry in ('fail', 'continue')),
  due_at timestamptz,
  opened_at timestamptz,
  next_at timestamptz,
  escalation_level smallint not null default 0 check (escalation_level between 0 and 10),
  decided_by uuid,
  decided_at timestamptz,
  told_at timestamptz,
  answer jsonb check (pg_column_size(answer) <= 32768),
  reason text check (length(reason) <= 5000),
  primary key (organization_id, id),
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade,
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, role_id) references organizations.roles on delete restrict,
  foreign key (organization_id, decided_by) references organizations.memberships on delete restrict,
  check (num_nonnulls(assigned_to, role_id) >= 1),
  check ((decided_by is not null) = (status in ('approved', 'rejected', 'done'))),
  check ((decided_at is not null) = (status not in ('planned', 'pending'))),
  check (opened_at is not null or status in ('planned', 'cancelled'))
);
comment on table tasks.approvals is
  'What a person owes to a task: a decision, or the work itself. Waiting for it takes up no worker. Sensitivity: medium.';
comment on column tasks.approvals.task_id is 'The task that waits.';
comment on column tasks.approvals.kind is 'Whether the answer is the task''s result (work), or the task goes on with it (approval).';
comment on column tasks.approvals.key is 'What the task calls it; its context names the answer by that.';
comment on column tasks.approvals.title is 'What is to be decided or done, in a line.';
comment on column tasks.approvals.details is 'What one should know for it.';
comment on column tasks.approvals.form is 'What is to be filled in: a list of fields, each with name, type, title, and limits.';
comment on column tasks.approvals.assigned_to is 'The member who does it; of what is a role''s, the holder who took it.';
comment on column tasks.approvals.role_id is 'The role of which any holder may take it.';
comment on column tasks.approvals.status is 'Planned until the task waits for it, pending until it is decided, done (work), or over.';
comment on column tasks.approvals.on_rejection is 'Whether the task fails when it is rejected, or goes on with that.';
comment on column tasks.approvals.on_expiry is 'Whether the task fails when nobody decides in time, or goes on with that.';
comment on column tasks.approvals.due_at is 'Until when.';
comment on column tasks.approvals.opened_at is 'Since when it waits for its people.';
comment on column tasks.approvals.next_at is 'When something is to happen next: a reminder, an escalation, the end.';
comment on column tasks.approvals.escalation_level is 'How often it was handed up because nobody decided.';
comment on column tasks.approvals.decided_by is 'Who decided, or did it.';
comment on column tasks.approvals.decided_at is 'When it was over.';
comment on column tasks.approvals.told_at is 'When the task was told what was decided.';
comment on column tasks.approvals.answer is 'What was filled in.';
comment on column tasks.approvals.reason is 'Why, in words.';
create unique index approvals_by_task on tasks.approvals (organization_id, task_id, key) where status in ('planned', 'pending');
comment on index tasks.approvals_by_task is 'A task waits for one answer of a name.';
create index approvals_of_task on tasks.approvals (organization_id, task_id);
comment on index tasks.approvals_of_task is 'All that people owed to a task.';
create index approvals_by_member on tasks.approvals (organization_id, assigned_to, status, due_at);
comment on index tasks.approvals_by_member is 'What a member has to decide, the most urgent first.';
create index approvals_by_role on tasks.approvals (organization_id, role_id, status, due_at);
comment on index tasks.approvals_by_role is 'What the holders of a role have to decide.';
create index approvals_by_decider on tasks.approvals (organization_id, decided_by);
comment on index tasks.approvals_by_decider is 'What a member decided.';
create index approvals_by_due on tasks.approvals (organization_id, status, due_at, id);
comment on index tasks.approvals_by_due is 'All approvals, the most urgent first; what is due at no time comes last.';
create index approvals_next on tasks.approvals (next_at) where next_at is not null;
comment on index tasks.approvals_next is 'Where something is to happen next, across organizations.';
call kernel.tenant_table('tasks.approvals', access => 'read', own => 'assigned_to', unrecorded => '{next_at,told_at}');
call kernel.state_order('tasks.approvals', 'An approval', '{
  "planned": ["pending", "cancelled"], "pending": ["approved", "rejected", "done", "expired", "cancelled"],
  "approved": [], "rejected": [], "done": [], "expired": [], "cancelled": []}');

create table tasks.approval_steps (
  organization_id uuid not null,
  approval_id uuid not null,
  position smallint not null check (position between 1 and 16),
  kind text not null check (kind in ('remind', 'escalate', 'expire')),
  minutes integer not null check (minutes between 0 and 525600),
  assigned_to uuid,
  role_id uuid,
  at timestamptz,
  done_at timestamptz,
  primary key (organization_id, approval_id, position),
  foreign key (organization_id, approval_id) references tasks.approvals on delete cascade,
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, role_id) references organizations.roles on delete restrict,
  check (num_nonnulls(assigned_to, role_id) = (kind = 'escalate')::integer)
);
comment on table tasks.approval_steps is 'What happens while nobody decides: reminders, to whom it goes up, and its end; at most 16. Sensitivity: low.';
comment on column tasks.approval_steps.approval_id is 'The approval.';
comment on column tasks.approval_steps.position is 'Which step it is, from 1.';
comment on column tasks.approval_steps.kind is 'Who has it is reminded; it goes to somebody else; or it is over.';
comment on column tasks.approval_steps.minutes is
  'How long before it is due, for a reminder; else how long after it is due, or after it was opened where that is later.';
comment on column tasks.approval_steps.assigned_to is 'The member whom it goes to.';
comment on column tasks.approval_steps.role_id is 'The role that it goes to.';
comment on column tasks.approval_steps.at is 'When: known as soon as the approval is opened.';
comment on column tasks.approval_steps.done_at is 'When it was done.';
create index approval_steps_by_member on tasks.approval_steps (organization_id, assigned_to) where assigned_to is not null;
comment on index tasks.approval_steps_by_member is 'What may come up to a member.';
create index approval_steps_by_role on tasks.approval_steps (organization_id, role_id) where role_id is not null;
comment on index tasks.approval_steps_by_role is 'What may come up to a role.';
call kernel.tenant_table('tasks.approval_steps', access => 'read', unrecorded => '{at}');

create table tasks.schedules (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  type text not null check (type ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(type) <= 100),
  input jsonb not null default '{}' check (pg_column_size(input) <= 65536),
  rule text not null check (length(rule) between 1 and 2000),
  timezone text not null default 'UTC' check (length(timezone) <= 64),
  missed_runs text not null default 'once' check (missed_runs in ('skip', 'once', 'all')),
  status text not null default 'active' check (status in ('active', 'paused', 'ended')),
  next_run_at timestamptz,
  last_run_at timestamptz,
  failures smallint not null default 0 check (failures >= 0),
  retry_at timestamptz,
  notice text check (length(notice) <= 1000),
  created_by uuid,
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict,
  check (status <> 'active' or next_run_at is not null)
);
comment on table tasks.schedules is 'Work that comes again by a rule. Sensitivity: medium.';
comment on column tasks.schedules.name is 'What it is, in a line.';
comment on column tasks.schedules.type is 'The type of the tasks it makes.';
comment on column tasks.schedules.input is 'What they work on.';
comment on column tasks.schedules.rule is 'When: a time, a cron expression, or the lines DTSTART, RRULE and EXDATE of RFC 5545.';
comment on column tasks.schedules.timezone is 'IANA time zone of the rule.';
comment on column tasks.schedules.missed_runs is 'What happens to runs that were missed: none, one for all, or each.';
comment on column tasks.schedules.status is 'Whether it makes tasks.';
comment on column tasks.schedules.next_run_at is 'When it makes the next one.';
comment on column tasks.schedules.last_run_at is 'When it made the last one.';
comment on column tasks.schedules.failures is 'How often in a row its run could not be made a task.';
comment on column tasks.schedules.retry_at is 'Not tried again before this time, after a failure.';
comment on column tasks.schedules.notice is 'Why it was paused without anybody doing so, or what failed last.';
comment on column tasks.schedules.created_by is 'The member in whose name its tasks are made: who made, changed or resumed it last.';
create index schedules_due on tasks.schedules (next_run_at) where status = 'active';
comment on index tasks.schedules_due is 'What comes next, across organizations.';
create index schedules_by_name on tasks.schedules (organization_id, name, id);
comment on index tasks.schedules_by_name is 'The schedules of an organization, by name.';
create index schedules_by_maker on tasks.schedules (organization_id, created_by);
comment on index tasks.schedules_by_maker is 'The schedules that a member made.';
call kernel.tenant_table('tasks.schedules', access => 'read', unrecorded => '{next_run_at,last_run_at,failures,retry_at}');

create view tasks.task_performance with (security_invoker = true) as
  select organization_id, type, (created_at at time zone 'UTC')::date as day,
         count(*) as executions,
         count(*) filter (where status = 'completed') as completed,
         count(*) filter (where status = 'failed') as failed,
         round(avg(processing_time_ms))::bigint as average_processing_time_ms,
         round(avg(actual_cost))::bigint as average_cost,
         round(avg(quality_score), 2) as average_quality_score,
         round(count(*) filter (where status = 'completed')::numeric / nullif(count(*) filter (where status in ('completed', 'failed')), 0), 4) as success_rate
  from tasks.tasks
  where created_at >= now() - interval '30 days'
  group by organization_id, type, (created_at at time zone 'UTC')::date;
comment on view tasks.task_performance is 'How the tasks of a type went, by day (UTC), over the last 30 days. Rates are of those that ended by themselves.';
grant select on tasks.task_performance to tenon_member, tenon_steward, tenon_worker;

call organizations.add_permission('tasks.task.read', 'See tasks, workflows, approvals and schedules', '{admin,task_admin,member,moderator,viewer}');
call organizations.add_permission('tasks.task.write', 'Start, change and cancel tasks, workflows and schedules', '{admin,task_admin,member}');
call organizations.add_permission('tasks.task.work', 'Do and decide what is assigned to oneself', '{admin,task_admin,member,reviewer,labeler}');
