-- What members see of the line and change about tasks, what the operator does from the command line, and what is removed in time.

create function tasks.place_in_line(task uuid) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  place_max constant integer := 1000;
  e tasks.entries;
begin
  select * into e from tasks.entries n where n.organization_id = kernel.organization_id() and n.task_id = task;
  if e.task_id is null then
    return null;
  end if;
  return json_build_object(
    'state', e.state, 'ready_at', e.ready_at, 'waits_for_credit', e.waits_for_credit,
    'place', case when e.state = 'ready' then least(place_max, 1 + (
      select count(*) from (
        select from tasks.entries n
        where n.organization_id = e.organization_id and n.state = 'ready' and n.sort_key < e.sort_key limit place_max) ahead)) end);
end
$$;
comment on function tasks.place_in_line(uuid) is 'Where a task stands in its organization''s line; from the 1,000th place on that is what is told.';

create function tasks.ids_in_line(before uuid, most integer) returns table (id uuid, is_queued boolean)
  language sql stable security definer set search_path = ''
  begin atomic
    select known.id, known.is_queued from (
      (select e.task_id as id, (e.state <> 'later' or e.has_passed or e.attempt > 0) and not e.waits_for_credit as is_queued from tasks.entries e
        where e.organization_id = kernel.organization_id() and e.task_id < before order by e.task_id desc limit most)
      union all
      (select k.id, true from tasks.claims c cross join unnest(c.task_ids) k (id) where c.organization_id = kernel.organization_id() and k.id < before)
    ) known order by known.id desc limit most;
  end;
comment on function tasks.ids_in_line is 'The newest tasks before one that are in line, at most so many, and those that a worker has: among them are all that are queued.';

/*
  Changes what is given of priority, deadline_at and scheduled_for. What a worker has, and what is over, is not changed; when a task
  begins is changed only before its first try. Raises TN011 where the task has another version than the one expected.
*/
create function tasks.change_task(task uuid, changes jsonb, expected_version bigint default null) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  e tasks.entries;
  t tasks.tasks;
  old tasks.tasks;
begin
  call kernel.require_permission('tasks.task.write');
  -- First the place in line, as whoever takes tasks and whoever brings them into line.
  select * into e from tasks.entries n where n.organization_id = organization and n.task_id = task for update;
  select * into old from tasks.tasks w where w.organization_id = organization and w.id = task for no key update;
  if old.id is null then
    raise exception 'No such task' using errcode = 'TN010';
  elsif old.version <> expected_version then
    raise exception 'Somebody has changed the task since' using errcode = 'TN011', hint = 'Read it again, then make your change to what it is now.';
  elsif old.status in ('completed', 'failed', 'cancelled') then
    raise exception 'The task is %', old.status using errcode = 'TN011', hint = 'What is over is not changed.';
  end if;
  if e.task_id is null then
    select * into e from tasks.entries n where n.organization_id = organization and n.task_id = task for update;
  end if;
  if old.status in ('queued', 'processing') and e.task_id is null then
    raise exception 'The task is under way' using errcode = 'TN011', hint = 'Cancel it, or wait until it is over.';
  end if;
  t := jsonb_populate_record(old, (
    select coalesce(jsonb_object_agg(c.key, c.value), '{}') from jsonb_each(changes) c where c.key in ('priority', 'deadline_at', 'scheduled_for')));
  if changes ? 'scheduled_for' and (old.attempts > 0 or old.status not in ('pending', 'queued') or e.waits_for_credit) then
    raise exception 'The task has begun' using errcode = 'TN011', hint = 'When a task begins is changed before its first try.';
  end if;
  t.deadline_at := least(t.deadline_at, (select p.deadline_at from tasks.tasks p where p.organization_id = organization and p.id = old.parent_task_id));
  perform tasks.move_entry(e, old, t) where e.task_id is not null;
  update tasks.tasks w
    set priority = t.priority, deadline_at = t.deadline_at, scheduled_for = t.scheduled_for,
        status = case when not changes ? 'scheduled_for' or e.task_id is null then w.status when t.scheduled_for > now() then 'pending' else 'queued' end
    where w.organization_id = organization and w.id = task;
  delete from tasks.deadlines d where d.organization_id = organization and d.task_id = task and t.deadline_at is null;
  insert into tasks.deadlines as d (organization_id, task_id, deadline_at) select organization, task, t.deadline_at where t.deadline_at is not null
    on conflict (organization_id, task_id) do update set deadline_at = excluded.deadline_at where d.deadline_at <> excluded.deadline_at;
end
$$;
comment on function tasks.change_task is 'Changes how urgent a task is, when it begins, and until when it has to be done.';

create function tasks.move_entry(e tasks.entries, old tasks.tasks, t tasks.tasks) returns void
  language plpgsql set search_path = '' as $$
declare
  starts constant timestamptz := greatest(t.scheduled_for, now());
begin
  update tasks.entries n set sort_key = n.sort_key + (t.priority - old.priority) * (tasks.sort_key(now(), 2) - now())
    where n.organization_id = e.organization_id and n.task_id = e.task_id and t.priority <> old.priority;
  update tasks.entries n
    set ready_at = starts, sort_key = tasks.sort_key(starts, t.priority),
        state = case when starts > now() then 'later' when n.state = 'later' then 'ready' else n.state end
    where n.organization_id = e.organization_id and n.task_id = e.task_id and t.scheduled_for is distinct from old.scheduled_for;
end
$$;
comment on function tasks.move_entry is 'Moves a task in line to where it belongs after it was changed.';

create function tasks.rate_task(task uuid, quality_score numeric, user_feedback jsonb) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  t tasks.tasks;
begin
  call kernel.require_permission('tasks.task.write');
  select * into t from tasks.tasks w where w.organization_id = kernel.organization_id() and w.id = task for no key update;
  if t.id is null then
    raise exception 'No such task' using errcode = 'TN010';
  elsif t.status not in ('completed', 'failed', 'cancelled') then
    raise exception 'The task is not over' using errcode = 'TN011', hint = 'Say what you think of it when there is a result.';
  end if;
  update tasks.tasks w
    set quality_score = coalesce(rate_task.quality_score, w.quality_score), user_feedback = coalesce(rate_task.user_feedback, w.user_feedback)
    where w.organization_id = t.organization_id and w.id = t.id;
end
$$;
comment on function tasks.rate_task is 'Keeps what somebody thinks of a task''s result; what is null stays as it is.';

-- Workflows.

create function tasks.make_workflow(name text) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  made uuid;
begin
  call kernel.require_permission('tasks.task.write');
  insert into tasks.workflows (organization_id, name, created_by)
    values (kernel.organization_id(), btrim(make_workflow.name), kernel.acting_member(kernel.organization_id())) returning id into made;
  return made;
end
$$;
comment on function tasks.make_workflow(text) is 'Makes a workflow, for tasks that are made in the same transaction.';

create function tasks.cancel_workflow(workflow uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  state constant text := (select w.status from tasks.workflows w where w.organization_id = organization and w.id = workflow);
begin
  call kernel.require_permission('tasks.task.write');
  if state is null then
    raise exception 'No such workflow' using errcode = 'TN010';
  elsif state <> 'running' then
    raise exception 'The workflow is %', state using errcode = 'TN011', hint = 'Only what is under way is cancelled.';
  end if;
  perform tasks.cancel_all(
    organization, array(
      select t.id from tasks.tasks t
      where t.organization_id = organization and t.workflow_id = workflow and t.status not in ('completed', 'failed', 'cancelled')),
    jsonb_build_object('code', 'cancelled', 'message', 'Its workflow was cancelled.', 'by', kernel.acting_member(organization)));
end
$$;
comment on function tasks.cancel_workflow(uuid) is 'Cancels all tasks of a workflow that are not over.';

call kernel.run_as_definer('tasks.place_in_line');
call kernel.run_as_definer('tasks.ids_in_line');
call kernel.run_as_definer('tasks.change_task');
call kernel.run_as_definer('tasks.rate_task');
call kernel.run_as_definer('tasks.make_workflow');
call kernel.run_as_definer('tasks.cancel_workflow');
grant execute on function tasks.move_entry to tenon_definer;
grant execute on function tasks.place_in_line, tasks.ids_in_line, tasks.change_task, tasks.rate_task, tasks.make_workflow, tasks.cancel_workflow
  to tenon_member;

-- What the operator does, as the database's owner.

create function tasks.cancel_as_operator(ids uuid[]) returns integer
  language plpgsql set search_path = '' as $$
declare
  found_tasks record;
  told integer := 0;
begin
  perform set_config('tenon.request', '{"actor": "system", "agent": "tenon tasks"}', true);
  for found_tasks in
    select t.organization_id, array_agg(t.id) as ids from tasks.tasks t
    where t.id = any (cancel_as_operator.ids) and t.status not in ('completed', 'failed', 'cancelled') group by t.organization_id
  loop
    perform tasks.cancel_all(found_tasks.organization_id, found_tasks.ids, '{"code": "cancelled", "message": "It was cancelled by the operator."}');
    told := told + cardinality(found_tasks.ids);
  end loop;
  return told;
end
$$;
comment on function tasks.cancel_as_operator is 'Cancels tasks of any organization; returns how many were not over.';

create function tasks.replay_as_operator(ids uuid[]) returns integer
  language plpgsql set search_path = '' as $$
declare
  found_tasks record;
  replayed integer := 0;
begin
  perform set_config('tenon.request', '{"actor": "system", "agent": "tenon tasks"}', true);
  for found_tasks in
    select t.organization_id, array_agg(t.id) as ids from tasks.tasks t
    where t.id = any (replay_as_operator.ids) and t.status = 'failed' and t.worker_type <> 'human' group by t.organization_id
  loop
    perform set_config('tenon.organization_id', found_tasks.organization_id::text, true);
    replayed := replayed + json_array_length(tasks.replay(found_tasks.ids));
  end loop;
  return replayed;
end
$$;
comment on function tasks.replay_as_operator is 'Has tasks of any organization tried again that failed for good; returns how many.';

-- How the line is: what is counted stops at so many, and beyond is what the server estimates.

create function tasks.count_entries(state text, index_name regclass) returns bigint
  language plpgsql stable set search_path = '' as $$
declare
  counted_max constant integer := 10000;
  counted constant bigint := (select count(*) from (select from tasks.entries e where e.state = count_entries.state limit counted_max) some_of_them);
begin
  return case when counted < counted_max then counted
    else greatest(counted, (select c.reltuples::bigint from pg_catalog.pg_class c where c.oid = index_name)) end;
end
$$;
comment on function tasks.count_entries is 'How many entries have a state: exactly up to 10,000, beyond that as the server estimates.';

create function tasks.line_figures() returns json
  language sql stable security definer set search_path = ''
  begin atomic
    with recursive heads (organization_id, ready_at, number) as (
      (select e.organization_id, e.ready_at, 1 from tasks.entries e where e.state = 'ready' order by e.organization_id, e.sort_key limit 1)
      union all
      select following.organization_id, following.ready_at, heads.number + 1 from heads cross join lateral (
        select e.organization_id, e.ready_at from tasks.entries e
        where e.state = 'ready' and e.organization_id > heads.organization_id order by e.organization_id, e.sort_key limit 1) following
      where heads.number < 1000
    )
    select json_build_object(
      'ready', tasks.count_entries('ready', 'tasks.entries_in_line'),
      'later', tasks.count_entries('later', 'tasks.entries_later'),
      'parked', tasks.count_entries('parked', 'tasks.entries_parked'),
      'claims', (select count(*) from tasks.claims),
      'claimed', (select coalesce(sum(cardinality(c.task_ids)), 0) from tasks.claims c),
      'oldest_ready_seconds', coalesce((select greatest(extract(epoch from now() - min(h.ready_at)), 0) from heads h), 0));
  end;
comment on function tasks.line_figures() is 'How much waits and runs, and how long the first in line waits, of up to 1,000 organizations.';
call kernel.run_as_definer('tasks.line_figures');
grant execute on function tasks.count_entries to tenon_definer;
grant execute on function tasks.line_figures to tenon_dispatcher;

-- What is over is removed in time. The tries at it stay as long as their partitions.

create function tasks.organizations_with_old_tasks(after uuid, kept interval, most integer) returns setof uuid
  language sql stable security definer set search_path = ''
  begin atomic
    select o.id from organizations.organizations o
    where o.id > after and not audit.is_held(o.id)
      and exists (select from tasks.tasks t where t.organization_id = o.id and t.created_at < now() - kept)
    order by o.id limit most;
  end;
comment on function tasks.organizations_with_old_tasks is 'The next organizations that may have tasks to be removed; those with a legal hold have none.';

/*
  Removes tasks of an organization that ended longer ago than they are kept, of the next so many after a place in the order of their
  making. Answers with the place to go on from (null: that was all) and how many are gone. A task stays while one of its parts does, or
  its workflow is under way. What somebody else has locked stays until the next time.
*/
create function tasks.remove_old_tasks(organization uuid, kept interval, batch integer, inout made_at timestamptz, inout task uuid, out removed integer)
  language plpgsql security definer set search_path = '' as $$
declare
  seen uuid[];
  looked_at integer;
begin
  perform set_config('tenon.request', '{"actor": "system", "agent": "tasks.retention"}', true);
  with looked as (
    select t.id, t.created_at from tasks.tasks t
    where t.organization_id = organization and t.created_at < now() - kept and (t.created_at, t.id) > (remove_old_tasks.made_at, remove_old_tasks.task)
    order by t.created_at, t.id limit batch
  )
  select array_agg(l.id order by l.created_at, l.id), count(*), (array_agg(l.created_at order by l.created_at desc, l.id desc))[1]
    into seen, looked_at, made_at from looked l;
  -- Whoever places a hold holds this lock: what is removed is gone before the hold stands.
  perform organizations.lock_organization(organization);
  with old as materialized (
    select t.id from tasks.tasks t
    where t.organization_id = organization and t.id = any (seen) and t.status in ('completed', 'failed', 'cancelled')
      and t.completed_at < now() - kept and not audit.is_held(organization)
      and not exists (select from tasks.tasks p where p.organization_id = organization and p.parent_task_id = t.id)
      and not exists (
        select from tasks.workflows w where w.organization_id = organization and w.id = t.workflow_id and w.status = 'running')
    for update of t skip locked
  )
  delete from tasks.tasks t using old where t.organization_id = organization and t.id = old.id;
  get diagnostics removed = row_count;
  task := seen[looked_at];
  if looked_at < batch then
    made_at := null;
    task := null;
  end if;
end
$$;
comment on function tasks.remove_old_tasks is 'Removes tasks that ended longer ago than they are kept, a batch of one organization.';
call kernel.run_as_definer('tasks.organizations_with_old_tasks');
call kernel.run_as_definer('tasks.remove_old_tasks');
grant execute on function tasks.organizations_with_old_tasks, tasks.remove_old_tasks to tenon_dispatcher;
