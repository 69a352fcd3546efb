-- The engine's own tables. What can be worked on now stands in one small table, in line by organization; what is being worked on, in
-- claims. Neither holds what a task is about, and nobody but the engine's functions sees them.
-- What the installation itself has to do (mail, seals, partitions) stands in the same line, under the last of all ids, as if the
-- installation were an organization: it has a type and an id, and no row in tasks.tasks.

create function tasks.installation() returns uuid
  language sql immutable parallel safe
  return 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid;
comment on function tasks.installation() is 'Under what the installation''s own work stands in line.';

create table tasks.entries (
  organization_id uuid not null,
  task_id uuid not null,
  type text not null check (length(type) <= 100),
  state text not null default 'ready' check (state in ('ready', 'later', 'parked', 'halted')),
  sort_key timestamptz not null,
  ready_at timestamptz not null default now(),
  attempt integer not null default 0 check (attempt >= 0),
  limits jsonb check (pg_column_size(limits) <= 1024),
  has_passed boolean not null default false,
  waits_for_credit boolean not null default false,
  primary key (organization_id, task_id)
);
comment on table tasks.entries is 'What can be worked on, now or later: ids and order, no content. Small, for what is begun leaves it. Sensitivity: low.';
comment on column tasks.entries.organization_id is 'The organization, or the installation.';
comment on column tasks.entries.task_id is 'The task.';
comment on column tasks.entries.type is 'What is executed.';
comment on column tasks.entries.state is 'ready; later, until ready_at; parked, until another one like it is over; halted, until the organization is active again.';
comment on column tasks.entries.sort_key is 'Its place among those of its organization: when it was ready, and later by what it is less urgent.';
comment on column tasks.entries.ready_at is 'Not before this time.';
comment on column tasks.entries.attempt is 'How often it was tried.';
comment on column tasks.entries.limits is 'How many like it may run at once, and how many may begin in a time.';
comment on column tasks.entries.has_passed is 'Whether it was counted against its rate already.';
comment on column tasks.entries.waits_for_credit is 'Whether it may go on as soon as credits come.';
comment on index tasks.entries_pkey is 'Finds the entry of a task.';
create index entries_in_line on tasks.entries (organization_id, sort_key) where state = 'ready';
comment on index tasks.entries_in_line is 'The line of each organization.';
create index entries_later on tasks.entries (ready_at) where state = 'later';
comment on index tasks.entries_later is 'What comes into line next.';
create index entries_parked on tasks.entries (organization_id, (limits ->> 'lane'), sort_key) where state = 'parked';
comment on index tasks.entries_parked is 'What waits for a place in a lane.';
create index entries_without_credit on tasks.entries (organization_id) where waits_for_credit;
comment on index tasks.entries_without_credit is 'What goes on when credits come.';
call kernel.global_table('tasks.entries', 'select, insert, update, delete');

create sequence tasks.claim_tokens;
comment on sequence tasks.claim_tokens is 'Numbers the claims: a fencing token each.';
grant usage on sequence tasks.claim_tokens to tenon_definer;

create table tasks.claims (
  -- By time first: a server that lost the last second of the sequence with its power gives no number out twice.
  token bigint primary key default ((extract(epoch from clock_timestamp()) * 1000)::bigint * 1000000 + nextval('tasks.claim_tokens') % 1000000),
  organization_id uuid not null,
  worker text not null check (length(worker) between 1 and 200),
  task_ids uuid[] not null,
  attempts integer[] not null,
  types text[] not null,
  begun_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  is_shown boolean not null default false,
  has_holds boolean not null default false,
  cancelled uuid[] not null default '{}',
  check (cardinality(task_ids) = cardinality(attempts) and cardinality(task_ids) = cardinality(types))
);
comment on table tasks.claims is 'What a worker took at once of an organization. Its lease: a worker that is not heard of loses it. Sensitivity: low.';
comment on column tasks.claims.token is 'The fencing token: who comes with an older one is refused.';
comment on column tasks.claims.organization_id is 'The organization, or the installation.';
comment on column tasks.claims.worker is 'The process that took it.';
comment on column tasks.claims.task_ids is 'The tasks that are not over yet, in the order of their ids: results find their places by it.';
comment on column tasks.claims.attempts is 'The number of the try at each.';
comment on column tasks.claims.types is 'The type of each.';
comment on column tasks.claims.begun_at is 'When it was taken.';
comment on column tasks.claims.expires_at is 'When the tasks go to another worker, unless this one is heard of.';
comment on column tasks.claims.is_shown is 'Whether the tasks say that they are under way: what is over at once never does.';
comment on column tasks.claims.has_holds is 'Whether credits are set aside for some of them.';
comment on column tasks.claims.cancelled is 'Which of them somebody wished to stop.';
comment on index tasks.claims_pkey is 'Finds a claim.';
create index claims_by_organization on tasks.claims (organization_id);
comment on index tasks.claims_by_organization is 'What is under way in an organization.';
call kernel.global_table('tasks.claims', 'select, insert, update, delete');

create table tasks.slots (
  organization_id uuid not null,
  lane text not null check (length(lane) between 1 and 300),
  slot smallint not null check (slot > 0),
  task_id uuid not null,
  primary key (organization_id, lane, slot)
);
comment on table tasks.slots is 'The places of a lane that are taken: as many tasks of it run at once as it has. Sensitivity: low.';
comment on column tasks.slots.organization_id is 'The organization, or the installation.';
comment on column tasks.slots.lane is 'What the tasks have in common: their type, or what they work on.';
comment on column tasks.slots.slot is 'Which place, from 1.';
comment on column tasks.slots.task_id is 'The task that has it.';
comment on index tasks.slots_pkey is 'Gives each place to one task.';
create index slots_by_task on tasks.slots (organization_id, task_id);
comment on index tasks.slots_by_task is 'The place that a task has.';
call kernel.global_table('tasks.slots', 'select, insert, delete');

create table tasks.rates (
  organization_id uuid not null,
  key text not null check (length(key) between 1 and 300),
  next_at timestamptz not null,
  primary key (organization_id, key)
);
comment on table tasks.rates is 'How far ahead of time each rate is used up. Sensitivity: low.';
comment on column tasks.rates.organization_id is 'The organization, or the installation.';
comment on column tasks.rates.key is 'What is limited, such as the calls to a provider.';
comment on column tasks.rates.next_at is 'When the next one would begin if they came evenly (GCRA''s theoretical arrival time).';
comment on index tasks.rates_pkey is 'Finds a rate.';
call kernel.global_table('tasks.rates', 'select, insert, update, delete');

create table tasks.deadlines (
  organization_id uuid not null,
  task_id uuid not null,
  deadline_at timestamptz not null,
  primary key (organization_id, task_id)
);
comment on table tasks.deadlines is 'The deadlines that are still to come. Sensitivity: low.';
comment on column tasks.deadlines.organization_id is 'The organization.';
comment on column tasks.deadlines.task_id is 'The task.';
comment on column tasks.deadlines.deadline_at is 'What is not done by then has failed.';
comment on index tasks.deadlines_pkey is 'Finds the deadline of a task.';
create index deadlines_next on tasks.deadlines (deadline_at);
comment on index tasks.deadlines_next is 'What is due next.';
call kernel.global_table('tasks.deadlines', 'select, insert, update, delete');

-- Much comes and goes here: what is gone is cleared away early, and where the server knows the right, by the engine itself.
alter table tasks.entries set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
alter table tasks.claims set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
do $$
begin
  if current_setting('server_version_num')::integer >= 170000 then
    execute 'grant maintain on tasks.entries, tasks.claims to tenon_dispatcher';
  end if;
end
$$;

-- The share of each organization. Its row is also what claims lock, so that two of them never count the same tasks at once.

create table tasks.lines (
  organization_id uuid primary key references organizations.organizations on delete cascade,
  weight integer not null default 1 check (weight between 1 and 100),
  running_max integer not null default 100 check (running_max between 1 and 100000),
  burst_max integer not null default 400 check (burst_max <= 100000),
  is_open boolean not null default true,
  check (burst_max >= running_max)
);
comment on table tasks.lines is 'How much of the workers an organization gets, beside the others. Sensitivity: low.';
comment on column tasks.lines.weight is 'Its share when others wait too: twice the weight, twice the tasks.';
comment on column tasks.lines.running_max is 'How many of its tasks run at once while others wait.';
comment on column tasks.lines.burst_max is 'How many of its tasks run at once when nobody else waits.';
comment on column tasks.lines.is_open is 'Whether its tasks are taken at all: the organization is active.';
call kernel.tenant_table('tasks.lines', access => 'read', unrecorded => '{is_open}');

-- An organization that is erased leaves nothing in line: what stands there is of no table of its own.
create function tasks.close_line() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  delete from tasks.entries where organization_id = old.organization_id;
  delete from tasks.claims where organization_id = old.organization_id;
  delete from tasks.slots where organization_id = old.organization_id;
  delete from tasks.rates where organization_id = old.organization_id;
  delete from tasks.deadlines where organization_id = old.organization_id;
  return null;
end
$$;
comment on function tasks.close_line() is 'Clears away what an organization had in line, when it is erased.';
call kernel.run_as_definer('tasks.close_line');
create trigger close_line after delete on tasks.lines for each row execute function tasks.close_line();

create function tasks.organization_made() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into tasks.lines (organization_id, is_open) values (new.id, new.status = 'active') on conflict do nothing;
  return null;
end
$$;
comment on function tasks.organization_made() is 'Gives a new organization its share of the workers.';
call kernel.run_as_definer('tasks.organization_made');
create trigger open_line after insert on organizations.organizations for each row execute function tasks.organization_made();
insert into tasks.lines (organization_id, is_open) select id, status = 'active' from organizations.organizations on conflict do nothing;

/*
  What an organization has in line waits while it is suspended or deleted, out of the way of those who look into the line; what comes into
  line meanwhile is sent after it by whoever meets it there. What is under way goes on to its end.
*/
create function tasks.organization_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update tasks.lines l set is_open = new.status = 'active' where l.organization_id = new.id;
  if new.status = 'active' then
    update tasks.entries e set state = 'ready' where e.organization_id = new.id and e.state = 'halted';
  else
    update tasks.entries e set state = 'halted' where e.organization_id = new.id and e.state = 'ready';
  end if;
  return null;
end
$$;
comment on function tasks.organization_changed() is 'Has the tasks of an organization wait until it is active again.';
call kernel.run_as_definer('tasks.organization_changed');
create trigger open_or_close_line after update of status on organizations.organizations for each row
  when (new.status is distinct from old.status) execute function tasks.organization_changed();

create function tasks.sort_key(ready_at timestamptz, priority integer) returns timestamptz
  language sql immutable parallel safe
  return ready_at + (priority - 1) * interval '400 seconds';
comment on function tasks.sort_key is 'Priority as time: what has the lowest is overtaken by what comes up to an hour after it, and by nothing later.';

-- Tasks come.

/*
  Puts tasks that wait for nothing any more where they belong: in line, among those for later, or before a person.
  The installation's own work comes into line by itself.
*/
create function tasks.make_ready(organization uuid, ids uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  of_people uuid[];
begin
  with changed as (
    update tasks.tasks t set status = case when t.worker_type = 'human' then 'waiting' else 'queued' end
      where t.organization_id = organization and t.id = any (ids) and t.status <> 'queued'
        and (t.worker_type = 'human' or t.scheduled_for is null or t.scheduled_for <= now())
      returning t.id, t.worker_type
  )
  select array_agg(id) filter (where worker_type = 'human') into of_people from changed;
  if of_people is not null then
    perform tasks.open_work(organization, of_people);
  end if;
  insert into tasks.entries (organization_id, task_id, type, state, sort_key, ready_at, attempt, limits)
    select t.organization_id, t.id, t.type, case when t.scheduled_for > now() then 'later' else 'ready' end,
           tasks.sort_key(greatest(t.scheduled_for, now()), t.priority), greatest(t.scheduled_for, now()), t.attempts, t.limits
    from tasks.tasks t where t.organization_id = organization and t.id = any (ids) and t.status in ('pending', 'queued')
    on conflict do nothing;
end
$$;
comment on function tasks.make_ready is 'Puts tasks that wait for nothing any more into line.';

create type tasks.wish as (
  id uuid, type text, category text, name text, description text, priority integer, worker_type text, input jsonb, context jsonb,
  ai_model text, ai_provider text, estimated_cost bigint, cost_cap bigint, tree_cost_cap bigint, credit_policy text,
  assigned_to uuid, parent_task_id uuid, workflow_id uuid, idempotency_key text, scheduled_for timestamptz, deadline_at timestamptz,
  attempts_max integer, limits jsonb, dependency_policy text, depends_on jsonb, person jsonb
);
comment on type tasks.wish is
  'A task as it is asked for; depends_on lists objects with task_id and policy, person says who does the work of a person, and how.';

/*
  Makes tasks of wishes, all or none. Answers, in their order, with id and whether it is new: a wish whose idempotency key has a task
  already is that task. A wish may depend on those before it in the same list.
*/
create function tasks.enqueue(organization uuid, maker uuid, wishes jsonb)
  returns table (id uuid, is_new boolean)
  language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  wished tasks.wish[] := array(
    select row(coalesce(w.id, kernel.uuid_v7()), w.type, w.category, w.name, w.description, w.priority, w.worker_type, w.input, w.context, w.ai_model,
               w.ai_provider, w.estimated_cost, w.cost_cap, w.tree_cost_cap, w.credit_policy, w.assigned_to, w.parent_task_id, w.workflow_id,
               w.idempotency_key, w.scheduled_for, w.deadline_at, w.attempts_max, w.limits, w.dependency_policy, w.depends_on, w.person)::tasks.wish
    from jsonb_populate_recordset(null::tasks.wish, wishes) with ordinality as w order by ordinality);
  made uuid[];
  causes uuid[];
  alone uuid[];
begin
  with inserted as (
    insert into tasks.tasks (
      organization_id, id, type, category, name, description, priority, worker_type, input, context, ai_model, ai_provider, estimated_cost,
      cost_cap, tree_cost_cap, credit_policy, created_by, assigned_to, parent_task_id, tree_id, workflow_id, idempotency_key,
      scheduled_for, deadline_at, attempts_max, limits, dependency_policy, status
    )
    select organization, w.id, w.type, coalesce(w.category, 'system'), w.name, coalesce(w.description, ''), coalesce(w.priority, 5),
           coalesce(w.worker_type, 'internal'), w.input, coalesce(w.context, '{}'), w.ai_model, w.ai_provider, w.estimated_cost,
           w.cost_cap, w.tree_cost_cap, coalesce(w.credit_policy, 'wait'), maker, w.assigned_to, w.parent_task_id,
           case when p.id is not null then coalesce(p.tree_id, p.id) when w.tree_cost_cap is not null then w.id end,
           coalesce(w.workflow_id, p.workflow_id), w.idempotency_key,
           w.scheduled_for, least(w.deadline_at, p.deadline_at), coalesce(w.attempts_max, 3), w.limits, coalesce(w.dependency_policy, 'all'),
           case when w.depends_on is null and w.worker_type is distinct from 'human' and (w.scheduled_for is null or w.scheduled_for <= now())
             then 'queued' else 'pending' end
    from unnest(wished) w
    left join tasks.tasks p on p.organization_id = organization and p.id = w.parent_task_id
    -- In the order of the keys: two lists with the same ones wait for each other in one direction only.
    order by w.idempotency_key
    on conflict (organization_id, idempotency_key) where idempotency_key is not null do nothing
    returning id
  )
  select array_agg(inserted.id) into made from inserted;
  if made is not null then
    -- Locked in the order in which ends come by: causes, wholes, workflows.
    causes := tasks.add_dependencies(organization, made, wished);
    perform tasks.refuse_ended_parents(organization, made);
    insert into tasks.deadlines (organization_id, task_id, deadline_at)
      select organization, t.id, t.deadline_at from tasks.tasks t
      where t.organization_id = organization and t.id = any (made) and t.deadline_at is not null;
    perform tasks.count_in_workflows(organization, made);
    perform tasks.plan_work(organization, made, wished);
    alone := case when causes = '{}' then made else array(
      select t.id from tasks.tasks t where t.organization_id = organization and t.id = any (made) and t.blocked_by = 0) end;
    perform tasks.make_ready(organization, alone);
    if causes <> '{}' then
      perform tasks.settle_dependencies(organization, causes, made);
    end if;
  end if;
  return query
    select coalesce(t.id, w.id), w.id = any (coalesce(made, '{}'))
    from unnest(wished) with ordinality as w
    left join tasks.tasks t on w.id <> all (coalesce(made, '{}')) and t.organization_id = organization and t.idempotency_key = w.idempotency_key
    order by w.ordinality;
end
$$;
comment on function tasks.enqueue is 'Makes tasks of wishes, all or none; what has its idempotency key already is not made twice.';
