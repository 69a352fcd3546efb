-- What members wish of the engine.

create function tasks.ask(wishes jsonb) returns json
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  organization constant uuid := kernel.organization_id();
  wishes_max constant integer := 1000;
begin
  if jsonb_array_length(wishes) > wishes_max then
    raise exception 'These are % tasks', jsonb_array_length(wishes) using errcode = 'TN012', hint = format('Ask for at most %s at once.', wishes_max);
  end if;
  return (
    select coalesce(json_agg(json_build_object('id', made.id, 'is_new', made.is_new)), '[]')
    from tasks.enqueue(organization, kernel.acting_member(organization), wishes) made);
end
$$;
comment on function tasks.ask(jsonb) is 'Makes tasks on behalf of who entered: all or none, each idempotency key once.';
call kernel.run_as_definer('tasks.ask');
grant execute on function tasks.ask to tenon_member, tenon_worker;

create function tasks.cancel(ids uuid[]) returns json
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  organization constant uuid := kernel.organization_id();
begin
  if exists (
    select from unnest(ids) as wished (id)
    where not exists (select from tasks.tasks t where t.organization_id = organization and t.id = wished.id)
  ) then
    raise exception 'No such task' using errcode = 'TN010';
  end if;
  perform tasks.cancel_all(organization, ids, jsonb_build_object('code', 'cancelled', 'message', 'It was cancelled.', 'by', kernel.acting_member(organization)));
  return (
    select json_agg(json_build_object('id', t.id, 'status', t.status, 'cancel_requested_at', t.cancel_requested_at))
    from tasks.tasks t where t.organization_id = organization and t.id = any (ids));
end
$$;
comment on function tasks.cancel(uuid[]) is 'Cancels tasks and their parts. What is under way ends when its worker has stopped.';
call kernel.run_as_definer('tasks.cancel');
grant execute on function tasks.cancel to tenon_member;

/*
  Has tasks tried again that failed for good. What depends on others waits for them once more, and fails once more while they have
  failed: they are replayed first, or in the same call.
*/
create function tasks.replay(ids uuid[]) returns json
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  organization constant uuid := kernel.organization_id();
  again uuid[];
  dependent uuid[];
  causes uuid[];
begin
  if exists (
    select from unnest(ids) as wished (id)
    where not exists (select from tasks.tasks t where t.organization_id = organization and t.id = wished.id)
  ) then
    raise exception 'No such task' using errcode = 'TN010';
  end if;
  with failed as (
    update tasks.tasks t
      set status = case when d.count is null then 'queued' else 'pending' end, blocked_by = coalesce(d.count, 0), completed_at = null,
          error_details = null, cancel_requested_at = null, attempts_max = least(t.attempts + 3, 100), scheduled_for = null,
          deadline_at = case when t.deadline_at > now() then t.deadline_at end
      from tasks.tasks self
      left join (select e.task_id, count(*) from tasks.task_dependencies e where e.organization_id = organization and e.task_id = any (ids) group by e.task_id) d
        on d.task_id = self.id
      where self.organization_id = organization and self.id = any (ids) and t.organization_id = self.organization_id and t.id = self.id
        and t.status = 'failed' and t.worker_type <> 'human'
      returning t.id, t.workflow_id, t.status
  ), told as (
    update tasks.workflow_figures f set failed = f.failed - w.count
    from (select workflow_id, count(*) from failed where workflow_id is not null group by workflow_id) w
    where f.organization_id = organization and f.workflow_id = w.workflow_id
  ), opened as (
    update tasks.workflows w set status = 'running'
    where w.organization_id = organization and w.status = 'failed' and w.id in (select workflow_id from failed)
  )
  select array_agg(id), array_agg(id) filter (where status = 'pending') into again, dependent from failed;
  if again is null then
    raise exception 'None of these tasks has failed' using errcode = 'TN011', hint = 'Only what has failed for good is tried again.';
  end if;
  insert into tasks.deadlines (organization_id, task_id, deadline_at)
    select organization, t.id, t.deadline_at from tasks.tasks t
    where t.organization_id = organization and t.id = any (again) and t.deadline_at is not null on conflict do nothing;
  perform tasks.make_ready(organization, array(select id from unnest(again) id where id <> all (coalesce(dependent, '{}'))));
  if dependent is not null then
    -- Locked, as when it was asked for: what ends meanwhile would not see that somebody waits for it once more.
    causes := array(select d.depends_on_id from tasks.task_dependencies d where d.organization_id = organization and d.task_id = any (dependent));
    perform from tasks.tasks t where t.organization_id = organization and t.id = any (causes) order by t.id for share;
    perform tasks.settle_dependencies(organization, causes, dependent);
  end if;
  return (select json_agg(json_build_object('id', id)) from unnest(again) id);
end
$$;
comment on function tasks.replay(uuid[]) is 'Has tasks tried again that failed for good, up to three times more.';
call kernel.run_as_definer('tasks.replay');
grant execute on function tasks.replay to tenon_member;
