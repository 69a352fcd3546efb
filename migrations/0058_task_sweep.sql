-- What time brings: what was for later comes into line, who was not heard of loses what it took, what is past its deadline has failed.
-- Every worker looks again and again; one at a time does it.

-- The tries of a lost worker count: what brings its workers down is given up like anything that fails too often.
create function tasks.lose_claim(c tasks.claims) returns void
  language plpgsql set search_path = '' as $$
declare
  cancelled uuid[];
  given_up uuid[];
begin
  if c.organization_id <> tasks.installation() then
    insert into tasks.task_attempts (organization_id, task_id, attempt, worker, fencing_token, status, started_at, ended_at)
      select t.organization_id, t.id, k.attempt, c.worker, c.token, 'lost', c.begun_at, clock_timestamp()
      from unnest(c.task_ids, c.attempts) as k (id, attempt)
      join tasks.tasks t on t.organization_id = c.organization_id and t.id = k.id;
    update tasks.tasks t set attempts = k.attempt from unnest(c.task_ids, c.attempts) as k (id, attempt)
      where t.organization_id = c.organization_id and t.id = k.id;
    perform credits.release_hold(c.organization_id, h.id) from tasks.holds_of(c) h where c.has_holds;
    select array_agg(t.id) filter (where t.cancel_requested_at is not null),
           array_agg(t.id) filter (where t.cancel_requested_at is null and t.attempts >= t.attempts_max) into cancelled, given_up
      from tasks.tasks t where t.organization_id = c.organization_id and t.id = any (c.task_ids);
  end if;
  perform tasks.enter_line_again(
    c, array(select id from unnest(c.task_ids) id where id <> all (coalesce(cancelled, '{}') || coalesce(given_up, '{}'))), now());
  perform tasks.leave_claim(c, c.task_ids);
  if given_up is not null then
    perform tasks.end_at_once(c.organization_id, given_up, 'failed', '{"code": "lost", "message": "Every worker that took it was lost."}');
  end if;
  perform tasks.end_stopped(c.organization_id, cancelled);
end
$$;
comment on function tasks.lose_claim is 'Gives what a lost worker took to others, and gives up what was lost too often.';

create function tasks.promote(batch integer) returns integer
  language plpgsql set search_path = '' as $$
declare
  promoted integer;
begin
  with due as materialized (
    select e.organization_id, e.task_id from tasks.entries e
    where e.state = 'later' and e.ready_at <= now() order by e.ready_at limit batch for update skip locked
  ), told as (
    update tasks.tasks t set status = 'queued' from due
    where t.organization_id = due.organization_id and t.id = due.task_id and t.status in ('pending', 'waiting')
  )
  update tasks.entries e set state = 'ready', waits_for_credit = false from due
    where e.organization_id = due.organization_id and e.task_id = due.task_id;
  get diagnostics promoted = row_count;
  return promoted;
end
$$;
comment on function tasks.promote is 'Brings into line what is due; returns how many.';

create function tasks.expire_deadlines(batch integer) returns integer
  language plpgsql set search_path = '' as $$
declare
  due record;
  expired integer := 0;
  reason constant jsonb := '{"code": "deadline_passed", "message": "It was not done by its deadline."}';
begin
  -- The deadlines are locked last, as by whoever ends a task.
  for due in
    select n.organization_id, array_agg(n.task_id) as ids from (
      select d.organization_id, d.task_id from tasks.deadlines d where d.deadline_at <= now() order by d.deadline_at limit batch) n
    group by n.organization_id
  loop
    perform tasks.follow_ends(due.organization_id, tasks.stop(due.organization_id, due.ids, 'failed', reason));
    delete from tasks.deadlines d where d.organization_id = due.organization_id and d.task_id = any (due.ids);
    expired := expired + cardinality(due.ids);
  end loop;
  return expired;
end
$$;
comment on function tasks.expire_deadlines is 'Fails what is past its deadline; what is under way is told to stop. Returns how many.';

-- Places whose task is in no claim any more are free, and who is parked though a place is free comes into line: neither should be.
create function tasks.repair_lanes() returns integer
  language plpgsql set search_path = '' as $$
declare
  l record;
  repaired integer := 0;
begin
  delete from tasks.slots s where not exists (select from tasks.claims c where c.organization_id = s.organization_id and s.task_id = any (c.task_ids));
  -- One look into the index for each lane, however many wait in it.
  for l in
    with recursive lanes as (
      (select e.organization_id, e.limits ->> 'lane' as lane, (e.limits ->> 'slots')::numeric::integer as places from tasks.entries e
       where e.state = 'parked' order by e.organization_id, e.limits ->> 'lane' limit 1)
      union all
      select following.* from lanes cross join lateral (
        select e.organization_id, e.limits ->> 'lane', (e.limits ->> 'slots')::numeric::integer from tasks.entries e
        where e.state = 'parked' and (e.organization_id, e.limits ->> 'lane') > (lanes.organization_id, lanes.lane)
        order by e.organization_id, e.limits ->> 'lane' limit 1) following
    )
    select organization_id, lane, places - (
      select count(*) from tasks.slots s where s.organization_id = lanes.organization_id and s.lane = lanes.lane) as free from lanes
  loop
    continue when l.free <= 0;
    repaired := repaired + tasks.let_in(l.organization_id, l.lane, l.free);
  end loop;
  return repaired;
end
$$;
comment on function tasks.repair_lanes is 'Frees places that nobody has, and lets in who waits for a free one; returns how many.';

/*
  Does all of it, at most a batch of each, and answers how much of it there was, and in how many seconds something is due next. Another
  process may be at it: then there is nothing to do.
*/
create function tasks.sweep(batch integer) returns table (moved integer, next_seconds double precision)
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  -- A claim holds up to a hundred tasks.
  lost_max constant integer := greatest(1, batch / 20);
  c tasks.claims;
begin
  moved := 0;
  if pg_try_advisory_xact_lock(hashtextextended('tasks.sweep', 0)) then
    for c in select * from tasks.claims k where k.expires_at <= now() order by k.expires_at limit lost_max for update skip locked loop
      perform tasks.lose_claim(c);
      moved := moved + cardinality(c.task_ids);
    end loop;
    moved := moved + tasks.promote(batch) + tasks.expire_deadlines(batch) + tasks.repair_lanes();
  end if;
  select extract(epoch from least(
    (select min(e.ready_at) from tasks.entries e where e.state = 'later'), (select min(d.deadline_at) from tasks.deadlines d)) - now()) into next_seconds;
  return next;
end
$$;
comment on function tasks.sweep is 'Does what time brings; answers how much it was, and when something is due next.';
call kernel.run_as_definer('tasks.sweep');
grant execute on function tasks.sweep to tenon_dispatcher;

-- Credits that come let go on what waits for them.
create function tasks.credits_came() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update tasks.entries e set ready_at = now()
    from (select distinct organization_id from new_rows) n where e.organization_id = n.organization_id and e.waits_for_credit;
  return null;
end
$$;
comment on function tasks.credits_came() is 'Lets go on what waits for credits.';
call kernel.run_as_definer('tasks.credits_came');
create trigger let_tasks_go_on after insert on credits.lots referencing new table as new_rows for each statement execute function tasks.credits_came();

-- The installation's own work.

create function tasks.chore_id(name text) returns uuid
  language sql immutable parallel safe
  return md5(name)::uuid;
comment on function tasks.chore_id(text) is 'The id under which a chore stands in line: one for each name, so it stands there once.';

-- Puts in line what is neither there nor being done. What was just being taken while it was put in line stands in a claim then, which
-- a second look sees: it is in line once, or being done, never both.
create function tasks.keep_in_line(ids uuid[], types text[]) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into tasks.entries (organization_id, task_id, type, sort_key, limits)
    select tasks.installation(), k.id, k.type, now(), tasks.job_limits(k.type) from unnest(ids, types) as k (id, type) order by k.id
    on conflict do nothing;
  delete from tasks.entries e using tasks.claims c
    where c.organization_id = tasks.installation() and e.organization_id = c.organization_id and e.task_id = any (ids) and e.task_id = any (c.task_ids);
end
$$;
comment on function tasks.keep_in_line is 'Puts work of the installation in line that is neither there nor being done.';

-- A chore comes again and again. It is in line, or claimed: a server that starts puts in line what is neither.
create function tasks.keep_chores(names text[]) returns void
  language sql security definer set search_path = ''
  begin atomic
    select tasks.keep_in_line(array_agg(tasks.chore_id(name)), array_agg(name)) from unnest(names) name having count(*) > 0;
  end;
comment on function tasks.keep_chores is 'Puts in line the chores that are neither there nor being done.';
call kernel.run_as_definer('tasks.keep_chores');
grant execute on function tasks.keep_chores to tenon_dispatcher;

create function tasks.wake_chore(name text) returns void
  language sql security definer set search_path = ''
  begin atomic
    update tasks.entries e set ready_at = now(), state = 'ready', sort_key = now()
      where e.organization_id = tasks.installation() and e.task_id = tasks.chore_id(name) and e.state = 'later';
  end;
comment on function tasks.wake_chore is 'Has a chore done at once instead of later.';
call kernel.run_as_definer('tasks.wake_chore');
grant execute on function tasks.wake_chore to tenon_dispatcher;

/*
  Tells that work of the installation is done: it comes again after so many seconds, as a first try or as another one, or not at all.
  Who lost the claim is answered false: somebody else is at it.
*/
create function tasks.settle_job(token bigint, job uuid, again_seconds double precision, is_another_try boolean) returns boolean
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  c tasks.claims;
begin
  select * into c from tasks.claims k
    where k.token = settle_job.token and k.organization_id = tasks.installation() and job = any (k.task_ids) for update;
  if not found then
    return false;
  end if;
  if again_seconds is not null then
    perform tasks.enter_line_again(c, array[job], now() + make_interval(secs => again_seconds));
    update tasks.entries e set attempt = 0
      where e.organization_id = tasks.installation() and e.task_id = job and not is_another_try;
  end if;
  perform tasks.leave_claim(c, array[job]);
  return true;
end
$$;
comment on function tasks.settle_job is 'Tells that work of the installation is done, and whether it comes again.';
call kernel.run_as_definer('tasks.settle_job');
grant execute on function tasks.settle_job to tenon_dispatcher;
grant execute on function tasks.lose_claim, tasks.promote, tasks.expire_deadlines, tasks.repair_lanes, tasks.chore_id to tenon_definer;

-- Mail is sent in the same line: each mail by its id.
create function tasks.mail_queued() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into tasks.entries (organization_id, task_id, type, sort_key, limits)
    select tasks.installation(), m.id, 'mail.send', now(), tasks.job_limits('mail.send') from new_rows m where m.status = 'queued'
    on conflict do nothing;
  return null;
end
$$;
comment on function tasks.mail_queued() is 'Puts queued mail in line.';
call kernel.run_as_definer('tasks.mail_queued');
create trigger enter_line after insert on kernel.mails referencing new table as new_rows for each statement execute function tasks.mail_queued();

create function tasks.keep_mails() returns void
  language sql security definer set search_path = ''
  begin atomic
    select tasks.keep_in_line(array_agg(m.id), array_agg('mail.send'::text))
    from kernel.mails m
    where m.status = 'queued' and not exists (
      select from tasks.entries e where e.organization_id = tasks.installation() and e.task_id = m.id)
    having count(*) > 0;
  end;
comment on function tasks.keep_mails() is 'Puts queued mail in line that does not stand there, as after a backup was restored.';
call kernel.run_as_definer('tasks.keep_mails');
grant execute on function tasks.keep_mails to tenon_dispatcher;
grant execute on function tasks.keep_in_line to tenon_definer;
