-- What waits for what: dependencies, parts of a task, workflows. Each task counts what it still waits for, so the end of one costs
-- no more when a thousand others are waited for too. Rows of several tasks are locked in the order of their ids.

create table tasks.workflow_figures (
  organization_id uuid not null,
  workflow_id uuid not null,
  total integer not null default 0 check (total >= 0),
  completed integer not null default 0 check (completed >= 0),
  failed integer not null default 0 check (failed >= 0),
  cancelled integer not null default 0 check (cancelled >= 0),
  primary key (organization_id, workflow_id),
  foreign key (organization_id, workflow_id) references tasks.workflows on delete cascade
);
comment on table tasks.workflow_figures is 'How far each workflow is. Sensitivity: low.';
comment on column tasks.workflow_figures.workflow_id is 'The workflow.';
comment on column tasks.workflow_figures.total is 'How many tasks it has.';
comment on column tasks.workflow_figures.completed is 'How many are completed.';
comment on column tasks.workflow_figures.failed is 'How many have failed.';
comment on column tasks.workflow_figures.cancelled is 'How many were cancelled.';
call kernel.tenant_table('tasks.workflow_figures', audit => 'none', access => 'read');

create function tasks.count_in_workflows(organization uuid, ids uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  workflow uuid;
begin
  for workflow in
    select distinct t.workflow_id from tasks.tasks t
    where t.organization_id = organization and t.id = any (ids) and t.workflow_id is not null order by 1
  loop
    -- The figures are locked first, as by ends.
    insert into tasks.workflow_figures as f (organization_id, workflow_id, total)
      select organization, workflow, count(*) from tasks.tasks t
      where t.organization_id = organization and t.id = any (ids) and t.workflow_id = workflow
      on conflict (organization_id, workflow_id) do update set total = f.total + excluded.total;
    if (select w.status from tasks.workflows w where w.organization_id = organization and w.id = workflow) <> 'running' then
      raise exception 'This workflow is over' using errcode = 'TN011', hint = 'Start a new one.';
    end if;
  end loop;
end
$$;
comment on function tasks.count_in_workflows is 'Counts new tasks in their workflows; raises TN011 where one is over.';

create function tasks.refuse_ended_parents(organization uuid, made uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  depth_max constant integer := 20;
  parent record;
  is_waiting boolean := false;
begin
  for parent in
    select p.id, p.status from tasks.tasks p
    where p.organization_id = organization and p.id in (
      select t.parent_task_id from tasks.tasks t where t.organization_id = organization and t.id = any (made) and t.parent_task_id is not null)
    order by p.id for no key update
  loop
    is_waiting := is_waiting or parent.status = 'waiting';
    if parent.status in ('completed', 'failed', 'cancelled') then
      raise exception 'A task that is % gets no more parts', parent.status using errcode = 'TN011', hint = 'Start the task by itself.';
    end if;
    if (
      with recursive up (id, level) as (
        select parent.id, 1 union all
        select t.parent_task_id, u.level + 1 from up u join tasks.tasks t on t.organization_id = organization and t.id = u.id
        where t.parent_task_id is not null and u.level <= depth_max)
      select max(level) from up
    ) >= depth_max then
      raise exception 'Tasks have at most % levels of parts', depth_max using errcode = 'TN012', hint = 'Make it a part of a task further up.';
    end if;
  end loop;
  -- What waits for its parts already waits for the new ones too.
  if is_waiting then
    update tasks.tasks p set blocked_by = p.blocked_by + parts.count
      from (
        select t.parent_task_id as id, count(*) from tasks.tasks t
        where t.organization_id = organization and t.id = any (made) and t.parent_task_id is not null group by t.parent_task_id) parts
      where p.organization_id = organization and p.id = parts.id and p.status = 'waiting' and p.blocked_by > 0;
  end if;
end
$$;
comment on function tasks.refuse_ended_parents is 'Raises where a new task is to be part of one that is over, or stands too deep.';

/*
  Writes down what new tasks depend on, and answers with it. What is depended on is locked: none of it can end unseen. Each stands in a
  statement of its own, oldest first: nothing depends on a task yet when it is written down what it depends on, so no way has to be
  walked to know that it is no circle.
*/
create function tasks.add_dependencies(organization uuid, made uuid[], wished tasks.wish[]) returns uuid[]
  language plpgsql set search_path = '' as $$
declare
  wanted record;
  causes uuid[] := '{}';
  waiting uuid[] := '{}';
begin
  for wanted in
    select w.id, (d.value ->> 'task_id')::uuid as cause, coalesce(d.value ->> 'policy', 'succeeded') as policy
    from unnest(wished) with ordinality as w cross join jsonb_array_elements(w.depends_on) with ordinality as d (value, position)
    where w.id = any (made) order by w.ordinality, d.position
  loop
    if not exists (select from tasks.tasks t where t.organization_id = organization and t.id = wanted.cause) then
      raise exception 'There is no task % to depend on', wanted.cause using errcode = 'TN012',
        hint = 'Name tasks of this organization, or earlier ones of the same list.';
    end if;
    insert into tasks.task_dependencies (organization_id, task_id, depends_on_id, policy)
      values (organization, wanted.id, wanted.cause, wanted.policy) on conflict do nothing;
    -- Named twice, it is waited for once.
    if found then
      causes := causes || wanted.cause;
      waiting := waiting || wanted.id;
    end if;
  end loop;
  if causes <> '{}' then
    perform from tasks.tasks t where t.organization_id = organization and t.id = any (causes) order by t.id for share;
    update tasks.tasks t set blocked_by = w.count
      from (select id, count(*) from unnest(waiting) id group by id) w where t.organization_id = organization and t.id = w.id;
  end if;
  return causes;
end
$$;
comment on function tasks.add_dependencies is 'Writes down what new tasks depend on, locks it, and answers with it.';

/*
  Tells tasks that what they depend on is over. Those that wait for nothing more come into line; those that can never begin end as
  what they waited for did, cancelled, or failed with the reason, and are answered. With dependants given, only those are told.
*/
create function tasks.tell_dependants(organization uuid, causes uuid[], dependants uuid[] default null) returns uuid[]
  language plpgsql set search_path = '' as $$
declare
  ready uuid[];
  failing uuid[];
  cancelled uuid[];
begin
  with told as materialized (
    select d.task_id, count(*) filter (where c.status = 'completed' or d.policy = 'done') as good,
           count(*) filter (where c.status <> 'completed' and d.policy <> 'done') as bad,
           bool_or(c.status = 'failed' and d.policy <> 'done') as some_failed
    from tasks.tasks c join tasks.task_dependencies d on d.organization_id = c.organization_id and d.depends_on_id = c.id
    where c.organization_id = organization and c.id = any (causes) and c.status in ('completed', 'failed', 'cancelled')
      and (dependants is null or d.task_id = any (dependants))
    group by d.task_id
  ), waiting as materialized (
    select t.id, t.dependency_policy, t.blocked_by - told.good - told.bad as left_over, told.good, told.bad, told.some_failed
    from tasks.tasks t join told on told.task_id = t.id
    where t.organization_id = organization and t.status = 'pending' and t.blocked_by > 0 order by t.id for no key update of t
  ), judged as (
    select id, left_over, some_failed, case
      when dependency_policy = 'all' then case when bad > 0 then 'doomed' when left_over = 0 then 'ready' end
      else case when good > 0 then 'ready' when left_over = 0 then 'doomed' end end as verdict
    from waiting
  ), counted as (
    update tasks.tasks t set blocked_by = case when j.verdict = 'ready' then 0 else j.left_over end
    from judged j where t.organization_id = organization and t.id = j.id returning t.id, j.verdict, j.some_failed
  )
  select array_agg(id) filter (where verdict = 'ready'), array_agg(id) filter (where verdict = 'doomed' and some_failed),
         array_agg(id) filter (where verdict = 'doomed' and not some_failed)
    into ready, failing, cancelled from counted;
  if ready is not null then
    perform tasks.make_ready(organization, ready);
  end if;
  return tasks.mark_ended(organization, failing, 'failed', '{"code": "dependency_failed", "message": "A task that it depends on has failed."}')
    || tasks.mark_ended(organization, cancelled, 'cancelled', '{"code": "dependency_cancelled", "message": "A task that it depends on was cancelled."}');
end
$$;
comment on function tasks.tell_dependants is 'Tells tasks that what they depend on is over; answers with those that end by it.';

create function tasks.settle_dependencies(organization uuid, causes uuid[], dependants uuid[]) returns void
  language plpgsql set search_path = '' as $$
begin
  perform tasks.follow_ends(organization, tasks.tell_dependants(organization, causes, dependants));
end
$$;
comment on function tasks.settle_dependencies is 'Tells these tasks what of that they depend on is over already.';

-- Tells tasks that parts of theirs are over; with the last one they come into line.
create function tasks.tell_wholes(organization uuid, ended uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  resumed uuid[];
begin
  with parts as (
    select t.parent_task_id as id, count(*) from tasks.tasks t
    where t.organization_id = organization and t.id = any (ended) and t.parent_task_id is not null group by t.parent_task_id
  ), whole as materialized (
    -- Locked whatever it does: one that is just about to wait for its parts has counted this one as open.
    select p.id, p.status, p.blocked_by, parts.count from tasks.tasks p join parts on parts.id = p.id
    where p.organization_id = organization order by p.id for no key update of p
  ), counted as (
    update tasks.tasks p set blocked_by = greatest(w.blocked_by - w.count, 0)
    from whole w where p.organization_id = organization and p.id = w.id and w.status = 'waiting' and w.blocked_by > 0
    returning p.id, p.blocked_by
  )
  select array_agg(id) into resumed from counted where blocked_by = 0;
  if resumed is not null then
    perform tasks.make_ready(organization, resumed);
  end if;
end
$$;
comment on function tasks.tell_wholes is 'Tells tasks that parts of theirs are over.';

/*
  Tells everyone whom it concerns that tasks are over: whose parts they are, their own parts, who depends on them, their workflows. Who
  ends by that is told of in the next round: a way of any length takes no more stack than a short one.
*/
create function tasks.follow_ends(organization uuid, ended uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  round uuid[] := ended;
  followed uuid[] := '{}';
  following uuid[];
  orphans uuid[];
begin
  while round <> '{}' loop
    following := '{}';
    delete from tasks.deadlines d where d.organization_id = organization and d.task_id = any (round);
    if exists (
      select from tasks.tasks t where t.organization_id = organization and t.id = any (round)
        and (t.status <> 'completed' or num_nonnulls(t.parent_task_id, t.workflow_id) > 0)
    ) then
      followed := followed || round;
      perform tasks.tell_wholes(organization, round);
      select array_agg(c.id) into orphans
        from tasks.tasks p join tasks.tasks c on c.organization_id = p.organization_id and c.parent_task_id = p.id
        where p.organization_id = organization and p.id = any (round) and p.status in ('failed', 'cancelled')
          and c.status not in ('completed', 'failed', 'cancelled');
      if orphans is not null then
        following := tasks.stop(organization, orphans, 'cancelled', '{"code": "parent_ended", "message": "The task that it is a part of is over."}');
      end if;
    end if;
    if exists (select from tasks.task_dependencies d where d.organization_id = organization and d.depends_on_id = any (round)) then
      following := following || tasks.tell_dependants(organization, round);
    end if;
    round := following;
  end loop;
  if followed <> '{}' then
    perform tasks.count_ends_in_workflows(organization, followed);
  end if;
end
$$;
comment on function tasks.follow_ends is 'Tells everyone whom it concerns that tasks are over.';

create function tasks.count_ends_in_workflows(organization uuid, ended uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  change record;
  f tasks.workflow_figures;
begin
  for change in
    select t.workflow_id as id, count(*) filter (where t.status = 'completed') as completed,
           count(*) filter (where t.status = 'failed') as failed, count(*) filter (where t.status = 'cancelled') as cancelled
    from tasks.tasks t where t.organization_id = organization and t.id = any (ended) and t.workflow_id is not null
    group by t.workflow_id order by t.workflow_id
  loop
    update tasks.workflow_figures w
      set completed = w.completed + change.completed, failed = w.failed + change.failed, cancelled = w.cancelled + change.cancelled
      where w.organization_id = organization and w.workflow_id = change.id returning * into f;
    update tasks.workflows w
      set status = case when f.failed > 0 then 'failed' when f.cancelled > 0 then 'cancelled' else 'completed' end
      where w.organization_id = organization and w.id = change.id and w.status = 'running' and f.completed + f.failed + f.cancelled = f.total;
  end loop;
end
$$;
comment on function tasks.count_ends_in_workflows is 'Counts tasks that are over in their workflows; a workflow is over with its last task.';

-- Ends tasks that nobody is working on, and answers with those that were not over yet.
create function tasks.mark_ended(organization uuid, ids uuid[], becomes text, reason jsonb) returns uuid[]
  language plpgsql set search_path = '' as $$
declare
  ended uuid[];
begin
  if coalesce(ids, '{}') = '{}' then
    return '{}';
  end if;
  delete from tasks.entries e where e.organization_id = organization and e.task_id = any (ids);
  with changed as (
    update tasks.tasks t set status = becomes, error_details = reason, completed_at = greatest(now(), t.started_at), blocked_by = 0
    where t.organization_id = organization and t.id = any (ids) and t.status not in ('completed', 'failed', 'cancelled') returning t.id
  )
  select array_agg(id) into ended from changed;
  update tasks.approvals a set status = 'cancelled', decided_at = now(), next_at = null
    where a.organization_id = organization and a.task_id = any (ended) and a.status in ('planned', 'pending');
  return coalesce(ended, '{}');
end
$$;
comment on function tasks.mark_ended is 'Ends tasks that nobody is working on.';

create function tasks.end_at_once(organization uuid, ids uuid[], becomes text, reason jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  perform tasks.follow_ends(organization, tasks.mark_ended(organization, ids, becomes, reason));
end
$$;
comment on function tasks.end_at_once is 'Ends tasks that nobody is working on, and tells whom it concerns.';

/*
  Ends tasks before they are done. What somebody is working on is told to stop, and ends when its worker says so; the rest ends now, and
  is answered. Claims are locked before tasks, as by whoever reports a result, so that one of the two is first.
*/
create function tasks.stop(organization uuid, ids uuid[], becomes text, reason jsonb) returns uuid[]
  language plpgsql set search_path = '' as $$
declare
  claimed uuid[] := '{}';
  c tasks.claims;
begin
  -- First out of line: what a worker took a moment before is then seen in its claim.
  delete from tasks.entries e where e.organization_id = organization and e.task_id = any (ids);
  for c in select * from tasks.claims where organization_id = organization and task_ids && ids order by token for update loop
    claimed := claimed || array(select unnest(c.task_ids) intersect select unnest(ids));
  end loop;
  if claimed <> '{}' then
    update tasks.claims k set cancelled = array(select unnest(k.cancelled) union select unnest(k.task_ids) intersect select unnest(ids))
      where k.organization_id = organization and k.task_ids && ids;
    update tasks.tasks t set cancel_requested_at = coalesce(t.cancel_requested_at, now())
      where t.organization_id = organization and t.id = any (claimed) and t.status not in ('completed', 'failed', 'cancelled');
  end if;
  return tasks.mark_ended(organization, array(select id from unnest(ids) id where id <> all (claimed)), becomes, reason);
end
$$;
comment on function tasks.stop is 'Ends tasks before they are done: at once where nobody works on them, else by telling their worker.';

/*
  Cancels tasks. The claims of all their parts are locked first: a part that ends just now holds its claim, and waits for the task that
  it is a part of.
*/
create function tasks.cancel_all(organization uuid, ids uuid[], reason jsonb) returns void
  language plpgsql set search_path = '' as $$
declare
  concerned constant uuid[] := array(
    with recursive tree (id) as (
      select unnest(ids) union
      select part.id from tree cross join lateral (
        select t.id from tasks.tasks t where t.organization_id = organization and t.parent_task_id = tree.id offset 0) part)
    select id from tree);
begin
  perform from tasks.claims c where c.organization_id = organization and c.task_ids && concerned order by c.token for update;
  perform tasks.follow_ends(organization, tasks.stop(organization, ids, 'cancelled', reason));
end
$$;
comment on function tasks.cancel_all is 'Cancels tasks and their parts: at once where nobody works on them, else by telling their worker.';
grant execute on function tasks.count_in_workflows, tasks.refuse_ended_parents, tasks.add_dependencies, tasks.settle_dependencies,
  tasks.tell_dependants, tasks.tell_wholes, tasks.follow_ends, tasks.count_ends_in_workflows, tasks.mark_ended, tasks.end_at_once, tasks.stop,
  tasks.cancel_all, tasks.make_ready, tasks.enqueue to tenon_definer;
