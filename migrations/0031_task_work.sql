-- What tasks wait for, when they come again, and what workers take them from.

create table tasks.approvals (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  task_id uuid not null,
  title text not null check (length(btrim(title)) between 1 and 300),
  form jsonb not null default '{}' check (pg_column_size(form) <= 32768),
  assigned_to uuid,
  role_id uuid,
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'expired', 'cancelled')),
  due_at timestamptz,
  escalation_level smallint not null default 0 check (escalation_level between 0 and 10),
  escalate_to uuid,
  decided_by uuid,
  decided_at timestamptz,
  answer jsonb check (pg_column_size(answer) <= 32768),
  reason text check (length(reason) <= 5000),
  primary key (organization_id, id),
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade,
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, role_id) references organizations.roles on delete restrict,
  foreign key (organization_id, escalate_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, decided_by) references organizations.memberships on delete restrict,
  check (num_nonnulls(assigned_to, role_id) = 1),
  check ((decided_by is not null) = (status in ('approved', 'rejected'))),
  check ((decided_at is not null) = (status <> 'pending'))
);
comment on table tasks.approvals is 'A decision that a person owes to a task. Waiting for it takes up no worker. Sensitivity: medium.';
comment on column tasks.approvals.task_id is 'The task that waits.';
comment on column tasks.approvals.title is 'What is to be decided, in a line.';
comment on column tasks.approvals.form is 'What is asked beside yes and no (JSON schema).';
comment on column tasks.approvals.assigned_to is 'The member who decides.';
comment on column tasks.approvals.role_id is 'The role of which any holder decides.';
comment on column tasks.approvals.status is 'What was decided.';
comment on column tasks.approvals.due_at is 'Until when.';
comment on column tasks.approvals.escalation_level is 'How often it was handed up because nobody decided.';
comment on column tasks.approvals.escalate_to is 'To whom it goes next when it is due.';
comment on column tasks.approvals.decided_by is 'Who decided.';
comment on column tasks.approvals.decided_at is 'When it was over.';
comment on column tasks.approvals.answer is 'What was filled in.';
comment on column tasks.approvals.reason is 'Why, in words.';
create index approvals_by_task on tasks.approvals (organization_id, task_id);
comment on index tasks.approvals_by_task is 'The decisions of a task.';
create index approvals_by_member on tasks.approvals (organization_id, assigned_to, status, due_at);
comment on index tasks.approvals_by_member is 'What a member has to decide, the most urgent first.';
create index approvals_by_role on tasks.approvals (organization_id, role_id, status, due_at);
comment on index tasks.approvals_by_role is 'What the holders of a role have to decide.';
create index approvals_by_escalation on tasks.approvals (organization_id, escalate_to);
comment on index tasks.approvals_by_escalation is 'What may come up to a member.';
create index approvals_by_decider on tasks.approvals (organization_id, decided_by);
comment on index tasks.approvals_by_decider is 'What a member decided.';
create index approvals_due on tasks.approvals (organization_id, due_at) where status = 'pending';
comment on index tasks.approvals_due is 'What is handed up next.';
call kernel.tenant_table('tasks.approvals', access => 'read', own => 'assigned_to');
call kernel.state_order('tasks.approvals', 'An approval',
  '{"pending": ["approved", "rejected", "expired", "cancelled"], "approved": [], "rejected": [], "expired": ["pending"], "cancelled": []}');

create table tasks.schedules (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  type text not null check (type ~ '^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$' and length(type) <= 100),
  input jsonb not null default '{}' check (pg_column_size(input) <= 65536),
  rule text not null check (length(rule) between 1 and 500),
  timezone text not null default 'UTC' check (length(timezone) <= 64),
  missed_runs text not null default 'once' check (missed_runs in ('skip', 'once', 'all')),
  status text not null default 'active' check (status in ('active', 'paused', 'ended')),
  next_run_at timestamptz,
  last_run_at timestamptz,
  created_by uuid,
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict,
  check (status <> 'active' or next_run_at is not null)
);
comment on table tasks.schedules is 'Work that comes again by a rule. Sensitivity: medium.';
comment on column tasks.schedules.name is 'What it is, in a line.';
comment on column tasks.schedules.type is 'The type of the tasks it makes.';
comment on column tasks.schedules.input is 'What they work on.';
comment on column tasks.schedules.rule is 'When: a cron expression, or an RRULE of RFC 5545.';
comment on column tasks.schedules.timezone is 'IANA time zone of the rule.';
comment on column tasks.schedules.missed_runs is 'What happens to runs that were missed: none, one for all, or each.';
comment on column tasks.schedules.status is 'Whether it makes tasks.';
comment on column tasks.schedules.next_run_at is 'When it makes the next one.';
comment on column tasks.schedules.last_run_at is 'When it made the last one.';
comment on column tasks.schedules.created_by is 'The member who made it.';
create index schedules_due on tasks.schedules (organization_id, next_run_at) where status = 'active';
comment on index tasks.schedules_due is 'What comes next.';
create index schedules_by_maker on tasks.schedules (organization_id, created_by);
comment on index tasks.schedules_by_maker is 'The schedules that a member made.';
call kernel.tenant_table('tasks.schedules', access => 'read', unrecorded => '{next_run_at,last_run_at}');

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
