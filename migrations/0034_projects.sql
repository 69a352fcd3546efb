-- Projects: client work and labeling alike, and the cards on their boards.

call kernel.module_schema('projects');

create table projects.projects (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  kind text not null default 'client' check (kind in ('client', 'labeling')),
  name text not null check (length(btrim(name)) between 1 and 200),
  description text not null default '' check (length(description) <= 20000),
  status text not null default 'active' check (status in ('planning', 'active', 'on_hold', 'completed', 'cancelled')),
  priority text not null default 'medium' check (priority in ('low', 'medium', 'high', 'critical')),
  customer_id uuid,
  manager_id uuid,
  created_by uuid default kernel.user_id(),
  start_date date,
  due_date date,
  completion_date date,
  budget bigint check (budget >= 0),
  currency text check (currency ~ '^[A-Z]{3}$'),
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references crm.customers on delete restrict,
  foreign key (organization_id, manager_id) references organizations.memberships on delete restrict,
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict,
  check (due_date >= start_date),
  check (completion_date >= start_date),
  check ((budget is null) = (currency is null)),
  check (completion_date is null or status = 'completed')
);
comment on table projects.projects is 'Work with a name and an end: for a client, or labeling. Sensitivity: medium.';
comment on column projects.projects.kind is 'Client work, or labeling, which has its configuration in labeling.configurations.';
comment on column projects.projects.name is 'Name as people write it.';
comment on column projects.projects.description is 'What it is about; for labeling, what labelers are told.';
comment on column projects.projects.status is 'Where the project stands.';
comment on column projects.projects.priority is 'What matters more.';
comment on column projects.projects.customer_id is 'The customer it is done for.';
comment on column projects.projects.manager_id is 'The member who answers for it.';
comment on column projects.projects.created_by is 'The member who made it.';
comment on column projects.projects.start_date is 'When it begins.';
comment on column projects.projects.due_date is 'When it is to be done.';
comment on column projects.projects.completion_date is 'When it was done.';
comment on column projects.projects.budget is 'What it may cost, in minor units of its currency.';
comment on column projects.projects.currency is 'ISO 4217 currency of the budget.';
call kernel.tenant_table('projects.projects', client => 'customer_id', search => true);
call kernel.state_order('projects.projects', 'A project',
  '{"planning": ["active", "on_hold", "cancelled"], "active": ["on_hold", "completed", "cancelled"], "on_hold": ["planning", "active", "cancelled"], "completed": ["active"], "cancelled": ["planning", "active"]}');
create index projects_by_kind on projects.projects (organization_id, kind, created_at);
comment on index projects.projects_by_kind is 'Lists the projects of a kind, newest first.';
create index projects_by_status on projects.projects (organization_id, status, due_date);
comment on index projects.projects_by_status is 'Lists the projects of a status, the most urgent first.';
create index projects_by_customer on projects.projects (organization_id, customer_id, created_at);
comment on index projects.projects_by_customer is 'The projects of a customer.';
create index projects_by_manager on projects.projects (organization_id, manager_id, status);
comment on index projects.projects_by_manager is 'The projects that a member answers for.';
create index projects_by_maker on projects.projects (organization_id, created_by);
comment on index projects.projects_by_maker is 'The projects that a member made.';
create index projects_by_words on projects.projects using gin (organization_id, name extensions.gin_trgm_ops);
comment on index projects.projects_by_words is 'Finds projects by part of their name, in the search view.';

create table projects.project_figures (
  organization_id uuid not null,
  project_id uuid not null,
  tasks bigint not null default 0 check (tasks >= 0),
  tasks_done bigint not null default 0 check (tasks_done between 0 and tasks),
  progress_percentage integer not null generated always as (case when tasks > 0 then (100 * tasks_done / tasks)::integer else 0 end) stored,
  actual_minutes bigint not null default 0 check (actual_minutes >= 0),
  primary key (organization_id, project_id),
  foreign key (organization_id, project_id) references projects.projects on delete cascade
);
comment on table projects.project_figures is 'How far a project is, kept by triggers out of its tasks and worklogs. Sensitivity: low.';
comment on column projects.project_figures.project_id is 'The project.';
comment on column projects.project_figures.tasks is 'Tasks that were not cancelled.';
comment on column projects.project_figures.tasks_done is 'Those that are done.';
comment on column projects.project_figures.progress_percentage is 'Done of all, 0 to 100.';
comment on column projects.project_figures.actual_minutes is 'What was worked on it, in minutes.';
call kernel.tenant_table('projects.project_figures', audit => 'none', access => 'read');

create table projects.tasks (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  parent_task_id uuid,
  title text not null check (length(btrim(title)) between 1 and 300),
  description text not null default '' check (length(description) <= 50000),
  status text not null default 'todo' check (status in ('todo', 'in_progress', 'review', 'done', 'cancelled')),
  priority text not null default 'medium' check (priority in ('low', 'medium', 'high', 'critical')),
  rank text collate "C" not null default 'z' || left(replace(kernel.uuid_v7()::text, '-', ''), 26),
  assigned_to uuid,
  created_by uuid default kernel.user_id(),
  due_date timestamptz,
  estimated_minutes integer check (estimated_minutes between 0 and 1000000),
  completed_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, project_id, id),
  constraint tasks_one_place unique (organization_id, project_id, status, rank),
  foreign key (organization_id, project_id) references projects.projects on delete cascade,
  foreign key (organization_id, project_id, parent_task_id) references projects.tasks (organization_id, project_id, id) on delete cascade,
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict,
  check (parent_task_id <> id),
  check ((completed_at is not null) = (status = 'done')),
  -- Its first letter says how long the whole part of the number is; what follows it is a fraction, which ends in no zero.
  constraint tasks_rank_is_a_key check (
    rank ~ '^[A-Za-z][0-9A-Za-z]+$' and length(rank) <= 200 and rank <> 'A' || repeat('0', 26)
    and length(rank) >= case when rank ~ '^[a-z]' then ascii(rank) - 95 else 92 - ascii(rank) end
    and (length(rank) = case when rank ~ '^[a-z]' then ascii(rank) - 95 else 92 - ascii(rank) end or right(rank, 1) <> '0'))
);
comment on table projects.tasks is 'A card on a project''s board. Sensitivity: medium.';
comment on column projects.tasks.project_id is 'The project.';
comment on column projects.tasks.parent_task_id is 'The task it is a part of, in the same project.';
comment on column projects.tasks.title is 'What is to be done, in a line.';
comment on column projects.tasks.description is 'The rest of it.';
comment on column projects.tasks.status is 'The column of the board.';
comment on column projects.tasks.priority is 'What matters more.';
comment on column projects.tasks.rank is 'Its place in the column: a fractional key, so that moving one card changes one row. A new card comes last.';
comment on column projects.tasks.assigned_to is 'The member who does it.';
comment on column projects.tasks.created_by is 'The member who made it.';
comment on column projects.tasks.due_date is 'When it is to be done.';
comment on column projects.tasks.estimated_minutes is 'How long it will take, in minutes.';
comment on column projects.tasks.completed_at is 'When it was done, kept by trigger.';
comment on index projects.tasks_organization_id_project_id_id_key is 'Proves that a task and its parent are of one project.';
comment on index projects.tasks_one_place is 'A project''s board, column by column; no two cards have one place.';
call kernel.tenant_table('projects.tasks', own => 'assigned_to', search => true);
create index tasks_by_assignee on projects.tasks (organization_id, assigned_to, status, due_date);
comment on index projects.tasks_by_assignee is 'What a member has to do, the most urgent first.';
create index tasks_by_parent on projects.tasks (organization_id, project_id, parent_task_id);
comment on index projects.tasks_by_parent is 'The parts of a task.';
create index tasks_by_maker on projects.tasks (organization_id, created_by);
comment on index projects.tasks_by_maker is 'The tasks that a member made.';
create index tasks_by_words on projects.tasks using gin (organization_id, title extensions.gin_trgm_ops);
comment on index projects.tasks_by_words is 'Finds tasks by part of their title, in the search view.';

create table projects.task_tags (
  organization_id uuid not null,
  task_id uuid not null,
  tag_id uuid not null,
  primary key (organization_id, task_id, tag_id),
  foreign key (organization_id, task_id) references projects.tasks on delete cascade,
  foreign key (organization_id, tag_id) references organizations.tags on delete cascade
);
comment on table projects.task_tags is 'The tags of a project task. Sensitivity: low.';
comment on column projects.task_tags.task_id is 'The task.';
comment on column projects.task_tags.tag_id is 'The tag.';
create index task_tags_by_tag on projects.task_tags (organization_id, tag_id, task_id);
comment on index projects.task_tags_by_tag is 'The tasks with a tag.';
call kernel.tenant_table('projects.task_tags');

create table projects.task_dependencies (
  organization_id uuid not null,
  task_id uuid not null,
  depends_on_id uuid not null,
  primary key (organization_id, task_id, depends_on_id),
  foreign key (organization_id, task_id) references projects.tasks on delete cascade,
  foreign key (organization_id, depends_on_id) references projects.tasks on delete cascade,
  check (task_id <> depends_on_id)
);
comment on table projects.task_dependencies is 'Which project task waits for which; never in a circle. Sensitivity: low.';
comment on column projects.task_dependencies.task_id is 'The task that waits.';
comment on column projects.task_dependencies.depends_on_id is 'The task that it waits for.';
create index task_dependencies_by_cause on projects.task_dependencies (organization_id, depends_on_id);
comment on index projects.task_dependencies_by_cause is 'What waits for a task.';
call kernel.tenant_table('projects.task_dependencies');

create table projects.worklogs (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  project_id uuid not null,
  task_id uuid not null,
  user_id uuid not null default kernel.user_id(),
  worked_on date not null,
  minutes integer not null check (minutes between 1 and 1440),
  note text not null default '' check (length(note) <= 2000),
  primary key (organization_id, id),
  foreign key (organization_id, project_id, task_id) references projects.tasks (organization_id, project_id, id) on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table projects.worklogs is 'Time that somebody worked on a project task. Sensitivity: medium.';
comment on column projects.worklogs.project_id is 'The task''s project.';
comment on column projects.worklogs.task_id is 'The task.';
comment on column projects.worklogs.user_id is 'Who worked.';
comment on column projects.worklogs.worked_on is 'On which day.';
comment on column projects.worklogs.minutes is 'How long, in minutes.';
comment on column projects.worklogs.note is 'At what.';
create index worklogs_by_task on projects.worklogs (organization_id, project_id, task_id);
comment on index projects.worklogs_by_task is 'What was worked on a task and on a project.';
create index worklogs_by_member on projects.worklogs (organization_id, user_id, worked_on);
comment on index projects.worklogs_by_member is 'A member''s timesheet.';
call kernel.tenant_table('projects.worklogs', own => 'user_id');

create table projects.comments (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  task_id uuid not null,
  parent_id uuid,
  user_id uuid not null default kernel.user_id(),
  content text not null check (length(content) between 1 and 20000),
  primary key (organization_id, id),
  unique (organization_id, task_id, id),
  foreign key (organization_id, task_id) references projects.tasks on delete cascade,
  foreign key (organization_id, task_id, parent_id) references projects.comments (organization_id, task_id, id) on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table projects.comments is 'What people say about a project task. Sensitivity: medium.';
comment on column projects.comments.task_id is 'The task.';
comment on column projects.comments.parent_id is 'The comment it answers, on the same task.';
comment on column projects.comments.user_id is 'Who says it.';
comment on column projects.comments.content is 'What is said.';
comment on index projects.comments_organization_id_task_id_id_key is 'Proves that a comment and its answer are on one task.';
call kernel.tenant_table('projects.comments');
create index comments_by_task on projects.comments (organization_id, task_id, created_at);
comment on index projects.comments_by_task is 'The comments on a task, in their order.';
create index comments_by_parent on projects.comments (organization_id, task_id, parent_id);
comment on index projects.comments_by_parent is 'The answers to a comment.';
create index comments_by_member on projects.comments (organization_id, user_id);
comment on index projects.comments_by_member is 'What a member said.';

-- What follows from what: the circle that is refused, the day a task was done, the figures of its project.

call kernel.acyclic('projects.tasks', 'id', 'parent_task_id');
call kernel.acyclic('projects.task_dependencies', 'task_id', 'depends_on_id');
call kernel.acyclic('projects.comments', 'id', 'parent_id');

create function projects.keep_completion() returns trigger
  language plpgsql set search_path = '' as $$
begin
  new.completed_at := case when new.status = 'done' then coalesce(new.completed_at, now()) end;
  return new;
end
$$;
comment on function projects.keep_completion() is 'Keeps when a task was done.';
create trigger keep_completion before insert or update on projects.tasks for each row execute function projects.keep_completion();

create function projects.project_made() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into projects.project_figures (organization_id, project_id) select m.organization_id, m.id from made m;
  return null;
end
$$;
comment on function projects.project_made() is 'Gives new projects their figures.';
call kernel.run_as_definer('projects.project_made');
create trigger give_figures after insert on projects.projects referencing new table as made for each statement execute function projects.project_made();

-- Figures move by differences, never by counting anew: their cost does not grow with the project. Only what changes a figure locks
-- it, and projects are locked in the same order by all.
create function projects.count_tasks() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  part record;
begin
  for part in execute format('
    select organization_id, project_id, coalesce(sum(sign) filter (where status <> ''cancelled''), 0) as tasks,
           coalesce(sum(sign) filter (where status = ''done''), 0) as done
    from (%s) changed group by 1, 2 order by 1, 2', kernel.signed_rows(tg_op))
  loop
    continue when part.tasks = 0 and part.done = 0;
    update projects.project_figures f set tasks = f.tasks + part.tasks, tasks_done = f.tasks_done + part.done
      where f.organization_id = part.organization_id and f.project_id = part.project_id;
  end loop;
  return null;
end
$$;
comment on function projects.count_tasks() is 'Counts the tasks of a project and those that are done, when some change.';

create function projects.count_minutes() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  part record;
begin
  for part in execute format('
    select organization_id, project_id, sum(sign * minutes) as minutes
    from (%s) changed group by 1, 2 having sum(sign * minutes) <> 0 order by 1, 2', kernel.signed_rows(tg_op))
  loop
    update projects.project_figures f set actual_minutes = f.actual_minutes + part.minutes
      where f.organization_id = part.organization_id and f.project_id = part.project_id;
  end loop;
  return null;
end
$$;
comment on function projects.count_minutes() is 'Adds up the time that was worked on a project, when worklogs change.';

call kernel.run_as_definer('projects.count_tasks');
call kernel.run_as_definer('projects.count_minutes');
call kernel.follow_changes('projects.tasks', 'projects.count_tasks');
call kernel.follow_changes('projects.worklogs', 'projects.count_minutes');

call organizations.add_permission('projects.project.read', 'See projects and their tasks', '{admin,task_admin,member,moderator,viewer,client}');
call organizations.add_permission('projects.project.write', 'Set up projects, plan and do their tasks', '{admin,task_admin,member}');
call organizations.add_permission('projects.worklog.manage', 'Correct and remove the time that colleagues have worked', '{admin}');

-- Whose time it is says how long it was. What goes with its task is removed by who may remove that.
create function projects.keep_worklogs() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if not kernel.holds('projects.worklog.manage') then
    raise exception 'This is the time of a colleague' using errcode = 'TN003', hint = 'Ask them, or somebody who manages the time of all.';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
comment on function projects.keep_worklogs() is 'Lets nobody change the time of colleagues but who manages it.';
create trigger keep_colleagues before update or delete on projects.worklogs
  for each row when (old.user_id <> kernel.user_id() and pg_trigger_depth() = 0) execute function projects.keep_worklogs();
