-- What a worker does inside of an organization: it enters by its claim, reads what it took, and tells what came of it.

/*
  Lets a worker into the organization of its claim, for one transaction. Raises TN016 when the claim was lost. With a task given, what
  is done is done on behalf of the member who asked for that task.
*/
create function tasks.enter(organization uuid, token bigint, task uuid, request text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform set_config('tenon.organization_id', organization::text, true),
          set_config('tenon.user_id', coalesce(t.created_by::text, ''), true),
          set_config('tenon.request', request, true)
    from tasks.claims c left join tasks.tasks t on t.organization_id = organization and t.id = task
    where c.token = enter.token and c.organization_id = organization and (task is null or task = any (c.task_ids)) and not kernel.has_entered();
  if not found then
    call kernel.refuse_second_entry();
    raise exception 'The claim % was lost', token using errcode = 'TN016', hint = 'Drop the work: another worker does it.';
  end if;
end
$$;
comment on function tasks.enter is 'Lets a worker into the organization of its claim for one transaction, or raises.';
call kernel.run_as_definer('tasks.enter');
grant execute on function tasks.enter to tenon_worker;

/*
  What a claim holds, as JSON, after credits were set aside for what costs some. What is over already is dropped; what there are no
  credits for waits for them, or fails, as its policy says.
*/
create function tasks.begin(token bigint) returns json
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  c tasks.claims;
  unfit uuid[];
  stopped uuid[];
  costs boolean;
begin
  select * into c from tasks.claims k where k.token = begin.token and k.organization_id = kernel.organization_id() for update;
  select array_agg(f.id) filter (where f.is_unfit), array_agg(f.id) filter (where f.is_unfit and f.is_open), bool_or(f.costs) into unfit, stopped, costs
    from (
      select k.id, t.status in ('queued', 'processing') as is_open, t.estimated_cost > 0 as costs,
             t.id is null or t.status not in ('queued', 'processing') or t.deadline_at <= now() or t.cancel_requested_at is not null as is_unfit
      from unnest(c.task_ids) k (id) left join tasks.tasks t on t.organization_id = c.organization_id and t.id = k.id
    ) f;
  if costs then
    unfit := unfit || tasks.set_credits_aside(c, coalesce(unfit, '{}'));
  end if;
  if unfit is not null then
    perform tasks.leave_claim(c, unfit);
    perform tasks.end_stopped(c.organization_id, stopped);
  end if;
  return (
    select coalesce(json_agg(json_build_object(
      'id', t.id, 'type', t.type, 'input', t.input, 'context', t.context, 'attempt', k.attempt, 'attempts_max', t.attempts_max,
      'created_by', t.created_by, 'ai_model', t.ai_model, 'ai_provider', t.ai_provider, 'cost_cap', t.cost_cap)), '[]')
    from unnest(c.task_ids, c.attempts) as k (id, attempt)
    join tasks.tasks t on t.organization_id = c.organization_id and t.id = k.id
    where unfit is null or k.id <> all (unfit));
end
$$;
comment on function tasks.begin is 'What a claim holds, after credits were set aside for it.';
call kernel.run_as_definer('tasks.begin');
grant execute on function tasks.begin to tenon_worker;

create function tasks.set_credits_aside(c tasks.claims, unfit uuid[]) returns uuid[]
  language plpgsql set search_path = '' as $$
declare
  t record;
  refusal text;
  refused uuid[] := '{}';
begin
  for t in
    select w.id, w.estimated_cost, w.cost_cap, w.tree_id, w.created_by, w.credit_policy, r.tree_cost_cap, k.attempt
    from unnest(c.task_ids, c.attempts) as k (id, attempt)
    join tasks.tasks w on w.organization_id = c.organization_id and w.id = k.id
    left join tasks.tasks r on r.organization_id = c.organization_id and r.id = w.tree_id
    where w.estimated_cost > 0 and w.id <> all (unfit) order by w.id
  loop
    if t.estimated_cost > t.cost_cap then
      refusal := 'cost_cap';
    else
      refusal := credits.try_reserve(
        c.organization_id, null, t.estimated_cost, format('task:%s:%s', t.id, c.token), t.id, coalesce(t.tree_id, t.id), t.created_by,
        t.tree_cost_cap, c.expires_at + interval '1 minute');
    end if;
    continue when refusal is null;
    refused := refused || t.id;
    perform tasks.refuse_for_credits(c, t.id, refusal, waits => t.credit_policy = 'wait' and refusal not in ('cost_cap', 'tree_cap'));
  end loop;
  update tasks.claims k set has_holds = true where k.token = c.token;
  return refused;
end
$$;
comment on function tasks.set_credits_aside is 'Reserves what each task is estimated to cost; answers with those that were refused.';

create function tasks.refuse_for_credits(c tasks.claims, task uuid, refusal text, waits boolean) returns void
  language plpgsql set search_path = '' as $$
declare
  reason constant jsonb := jsonb_build_object('code', refusal, 'message', case refusal
    when 'out_of_credit' then 'There are not enough credits for it.'
    when 'monthly_limit' then 'The organization''s limit of this month is reached.'
    when 'member_limit' then 'The member''s limit of this day is reached.'
    when 'tree_cap' then 'The tasks that it belongs to cost as much as they may.'
    when 'cost_cap' then 'It would cost more than it may.'
    else 'The account of credits pays nothing at present.' end);
begin
  if not waits then
    perform tasks.end_at_once(c.organization_id, array[task], 'failed', reason);
    return;
  end if;
  perform tasks.enter_line_again(c, array[task], now() + interval '10 minutes', is_counted => false);
  update tasks.entries e set waits_for_credit = true where e.organization_id = c.organization_id and e.task_id = task;
  update tasks.tasks t set status = 'waiting', error_details = reason where t.organization_id = c.organization_id and t.id = task;
end
$$;
comment on function tasks.refuse_for_credits is 'Has a task wait for credits, or fail for want of them.';

create type tasks.outcome as (
  task_id uuid, status text, output jsonb, error jsonb, failure_class text, retry_ms bigint, log text, duration_ms bigint, cost bigint,
  cost_breakdown jsonb, attempt integer, escalation jsonb
);
comment on type tasks.outcome is
  'What came of a try: completed, failed (tried again after retry_ms, where that is given, else given to people, where escalation says to whom), cancelled, waiting (for an answer) or divided (waiting for its parts).';

/*
  Tells what came of claimed tasks, each once: what the claim does not hold any more is answered as stale, and changes nothing. Answers
  {"stale": [ids]}.
*/
create function tasks.finish(token bigint, outcomes jsonb) returns json
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  moment constant timestamptz := clock_timestamp();
  c tasks.claims;
  held uuid[];
  tries integer[];
  known tasks.outcome[];
  ids uuid[];
  ended uuid[];
  metered bigint;
begin
  select * into c from tasks.claims k where k.token = finish.token and k.organization_id = kernel.organization_id() for update;
  held := c.task_ids;
  tries := c.attempts;
  -- In the order of their ids, in which they are locked: who waits for several of them locks them so too. A claim's ids stand in this
  -- order, so each result finds its place there by halving.
  select array_agg(
           row(o.task_id, o.status, o.output, o.error, o.failure_class, o.retry_ms, o.log, o.duration_ms, o.cost, o.cost_breakdown,
               tries[o.place], o.escalation)::tasks.outcome
           order by o.task_id),
         array_agg(o.task_id order by o.task_id) into known, ids
    from (select o.*, width_bucket(o.task_id, held) as place from jsonb_populate_recordset(null::tasks.outcome, outcomes) o offset 0) o
    where held[o.place] = o.task_id;
  if known is not null then
    insert into tasks.task_attempts (
      organization_id, task_id, attempt, worker, fencing_token, status, failure_class, error_details, log, started_at, ended_at, cost
    )
      select c.organization_id, o.task_id, o.attempt, c.worker, c.token,
             case o.status when 'failed' then 'failed' when 'cancelled' then 'cancelled' else 'succeeded' end,
             o.failure_class, o.error, coalesce(o.log, ''), moment - o.duration_ms * interval '1 millisecond', moment, o.cost
      from unnest(known) o;
    with changed as (
      update tasks.tasks t
        set status = 'completed', output = o.output, error_details = null, attempts = o.attempt, completed_at = moment,
            started_at = least(t.started_at, moment - o.duration_ms * interval '1 millisecond'),
            processing_time_ms = coalesce(t.processing_time_ms, 0) + o.duration_ms,
            actual_cost = case when o.cost is null then t.actual_cost else coalesce(t.actual_cost, 0) + o.cost end,
            cost_breakdown = coalesce(o.cost_breakdown, t.cost_breakdown)
        from unnest(known) o
        where o.status = 'completed' and t.organization_id = c.organization_id and t.id = o.task_id and t.status in ('queued', 'processing')
        returning t.id, t.worker_type
    )
    select array_agg(id), count(*) filter (where worker_type <> 'internal') into ended, metered from changed;
    if metered > 0 then
      perform credits.record_usage(c.organization_id, jsonb_build_array(jsonb_build_object(
        'key', format('tasks:%s:%s', c.token, ended[1]), 'event', 'tasks_completed', 'resource', 'tasks', 'amount', metered)));
    end if;
    if c.has_holds or exists (select from unnest(known) o where o.cost > 0) then
      perform tasks.settle_costs(c, known);
    end if;
    if exists (select from unnest(known) o where o.status <> 'completed') then
      perform tasks.finish_otherwise(c, o, moment) from unnest(known) o where o.status <> 'completed';
    end if;
    perform tasks.leave_claim(c, ids);
    if ended is not null then
      perform tasks.follow_ends(c.organization_id, ended);
    end if;
  end if;
  if cardinality(ids) = jsonb_array_length(outcomes) then
    return json_build_object('stale', '[]'::json);
  end if;
  return json_build_object('stale', (
    select coalesce(json_agg(o ->> 'task_id'), '[]') from jsonb_array_elements(outcomes) o where (o ->> 'task_id')::uuid <> all (coalesce(ids, '{}'))));
end
$$;
comment on function tasks.finish is 'Tells what came of claimed tasks, each once.';
call kernel.run_as_definer('tasks.finish');
grant execute on function tasks.finish to tenon_worker;

create function tasks.finish_otherwise(c tasks.claims, o tasks.outcome, moment timestamptz) returns void
  language plpgsql set search_path = '' as $$
declare
  t tasks.tasks;
  open_parts integer;
begin
  update tasks.tasks w
    set attempts = o.attempt, error_details = coalesce(o.error, w.error_details),
        started_at = least(w.started_at, moment - o.duration_ms * interval '1 millisecond'),
        processing_time_ms = coalesce(w.processing_time_ms, 0) + o.duration_ms,
        actual_cost = case when o.cost is null then w.actual_cost else coalesce(w.actual_cost, 0) + o.cost end
    where w.organization_id = c.organization_id and w.id = o.task_id and w.status in ('queued', 'processing') returning * into t;
  case
    when not found then
      return;
    when t.cancel_requested_at is not null and t.deadline_at <= now() then
      perform tasks.end_at_once(c.organization_id, array[t.id], 'failed', '{"code": "deadline_passed", "message": "It was not done by its deadline."}');
    when o.status = 'cancelled' or t.cancel_requested_at is not null then
      perform tasks.end_at_once(c.organization_id, array[t.id], 'cancelled', coalesce(o.error, '{"code": "cancelled", "message": "It was cancelled."}'));
    when o.status = 'failed' and o.retry_ms is not null and o.attempt < t.attempts_max then
      perform tasks.enter_line_again(c, array[t.id], now() + o.retry_ms * interval '1 millisecond');
    when o.status = 'failed' and o.escalation is not null then
      perform tasks.give_to_people(c.organization_id, t.id, o.escalation);
    when o.status = 'failed' then
      perform tasks.end_at_once(c.organization_id, array[t.id], 'failed', o.error);
    else
      -- The parts are counted while none can end: the task itself is locked, and who ends a part counts it on its task.
      select count(*) into open_parts from tasks.tasks p
        where o.status = 'divided' and p.organization_id = c.organization_id and p.parent_task_id = t.id and p.status not in ('completed', 'failed', 'cancelled');
      update tasks.tasks w set status = 'waiting', blocked_by = open_parts, output = o.output where w.organization_id = c.organization_id and w.id = t.id;
      if o.status = 'divided' and open_parts = 0 then
        perform tasks.make_ready(c.organization_id, array[t.id]);
      elsif o.status = 'waiting' then
        perform tasks.wait_for_answer(c.organization_id, t.id);
        perform tasks.take_decisions(c.organization_id, t.id);
      end if;
  end case;
end
$$;
comment on function tasks.finish_otherwise is 'What becomes of a task whose try did not complete it.';

-- What nobody estimated had nothing set aside for it: it is taken from what is free.
create function tasks.settle_costs(c tasks.claims, known tasks.outcome[]) returns void
  language plpgsql set search_path = '' as $$
begin
  perform credits.try_reserve(
      c.organization_id, null, 0, format('task:%s:%s', t.id, c.token), t.id, coalesce(t.tree_id, t.id), t.created_by, null, now() + interval '1 minute')
    from unnest(known) o join tasks.tasks t on t.organization_id = c.organization_id and t.id = o.task_id
    where o.cost > 0 and coalesce(t.estimated_cost, 0) = 0;
  perform credits.settle_hold(c.organization_id, h.id, coalesce(o.cost, 0), o.task_id::text)
    from tasks.holds_of(c) h join unnest(known) o on o.task_id = h.task_id where o.status = 'completed' or o.cost > 0;
  perform credits.release_hold(c.organization_id, h.id) from tasks.holds_of(c) h join unnest(known) o on o.task_id = h.task_id;
end
$$;
comment on function tasks.settle_costs is 'Pays what tries have cost, and gives back what was set aside beyond.';

grant execute on function tasks.set_credits_aside, tasks.refuse_for_credits, tasks.finish_otherwise, tasks.settle_costs to tenon_definer;

create function tasks.report_progress(token bigint, reports jsonb) returns void
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  update tasks.tasks t set progress_percentage = r.percentage, progress_note = r.note
    from jsonb_to_recordset(reports) as r (task_id uuid, percentage smallint, note text)
    join tasks.claims c on r.task_id = any (c.task_ids)
    where c.token = report_progress.token and c.organization_id = kernel.organization_id()
      and t.organization_id = c.organization_id and t.id = r.task_id;
end
$$;
comment on function tasks.report_progress is 'Tells how far claimed tasks are.';
call kernel.run_as_definer('tasks.report_progress');
grant execute on function tasks.report_progress to tenon_worker;
