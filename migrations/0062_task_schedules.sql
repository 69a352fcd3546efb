-- Schedules: work that comes again by a rule. When a rule comes next is worked out outside of the database, which knows no rules; that
-- nothing runs twice, and nothing is lost in between, is kept here: whoever worked it out has to say for which version of the schedule.

-- What members do. The kind of rule, and when it comes next, was checked by the server.

create function tasks.create_schedule(
  name text, type text, input jsonb, rule text, timezone text, missed_runs text, next_run_at timestamptz
) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  schedules_max constant integer := 500;
  made uuid;
begin
  call kernel.require_permission('tasks.task.write');
  -- Two at once count one after the other.
  perform organizations.lock_organization(kernel.organization_id());
  if (select count(*) from tasks.schedules s where s.organization_id = kernel.organization_id()) >= schedules_max then
    raise exception 'An organization has at most % schedules', schedules_max using errcode = 'TN011', hint = 'Delete one that is not needed any more.';
  end if;
  insert into tasks.schedules (organization_id, name, type, input, rule, timezone, missed_runs, next_run_at, created_by)
    values (kernel.organization_id(), create_schedule.name, create_schedule.type, create_schedule.input, create_schedule.rule,
            create_schedule.timezone, create_schedule.missed_runs, create_schedule.next_run_at, kernel.user_id())
    returning id into made;
  return made;
end
$$;
comment on function tasks.create_schedule is 'Makes a schedule; next_run_at is when its rule comes first.';

create function tasks.find_schedule(schedule uuid) returns tasks.schedules
  language plpgsql set search_path = '' as $$
declare
  s tasks.schedules;
begin
  call kernel.require_permission('tasks.task.write');
  select * into s from tasks.schedules where organization_id = kernel.organization_id() and id = schedule for update;
  if s.id is null then
    raise exception 'There is no such schedule' using errcode = 'TN010';
  end if;
  return s;
end
$$;
comment on function tasks.find_schedule(uuid) is 'A schedule of the organization entered, locked, for whoever may change schedules.';

/*
  Changes what is given of name, type, input, rule, timezone, missed_runs. next_run_at is given where the rule or the zone changes, with
  the rule and the zone that it was worked out for; a schedule that had ended begins again by that. Whoever changes a schedule answers
  for its tasks from then on: nobody has somebody else's rights used for what they wrote.
*/
create function tasks.change_schedule(
  schedule uuid, changes jsonb, next_run_at timestamptz default null, for_rule text default null, for_timezone text default null
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  s tasks.schedules := tasks.find_schedule(schedule);
begin
  s := jsonb_populate_record(s, (
    select coalesce(jsonb_object_agg(c.key, c.value), '{}') from jsonb_each(changes) c
    where c.key in ('name', 'type', 'input', 'rule', 'timezone', 'missed_runs')));
  if change_schedule.next_run_at is not null and (s.rule, s.timezone) is distinct from (for_rule, for_timezone) then
    raise exception 'Somebody else has changed the schedule since' using errcode = 'TN011', hint = 'Read it again, then make your change to what it is now.';
  elsif change_schedule.next_run_at is null and changes ?| '{rule,timezone}' then
    raise exception 'change_schedule: a new rule or zone needs next_run_at';
  end if;
  update tasks.schedules x
    set name = s.name, type = s.type, input = s.input, rule = s.rule, timezone = s.timezone, missed_runs = s.missed_runs,
        next_run_at = coalesce(change_schedule.next_run_at, x.next_run_at),
        status = case when x.status = 'ended' and change_schedule.next_run_at is not null then 'active' else x.status end,
        failures = 0, retry_at = null, notice = case when x.status = 'paused' then x.notice end, created_by = kernel.user_id()
    where x.organization_id = s.organization_id and x.id = s.id;
end
$$;
comment on function tasks.change_schedule is 'Changes a schedule, and whose name its tasks are made in.';

create function tasks.pause_schedule(schedule uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  s constant tasks.schedules := tasks.find_schedule(schedule);
begin
  if s.status = 'ended' then
    raise exception 'This schedule is over' using errcode = 'TN011', hint = 'Give it another rule, or delete it.';
  end if;
  update tasks.schedules x set status = 'paused', failures = 0, retry_at = null, notice = null
    where x.organization_id = s.organization_id and x.id = s.id and x.status = 'active';
end
$$;
comment on function tasks.pause_schedule(uuid) is 'Keeps a schedule from making tasks until it is resumed.';

create function tasks.resume_schedule(schedule uuid, next_run_at timestamptz, for_rule text, for_timezone text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  s constant tasks.schedules := tasks.find_schedule(schedule);
begin
  if (s.rule, s.timezone) is distinct from (for_rule, for_timezone) then
    raise exception 'Somebody else has changed the schedule since' using errcode = 'TN011', hint = 'Read it again, then resume it.';
  end if;
  update tasks.schedules x
    set status = 'active', next_run_at = resume_schedule.next_run_at, failures = 0, retry_at = null, notice = null, created_by = kernel.user_id()
    where x.organization_id = s.organization_id and x.id = s.id and x.status <> 'active';
end
$$;
comment on function tasks.resume_schedule is 'Has a schedule make tasks again, in the name of who resumes it; what was missed while it was paused is not made up for.';

create function tasks.delete_schedule(schedule uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  s constant tasks.schedules := tasks.find_schedule(schedule);
begin
  delete from tasks.schedules x where x.organization_id = s.organization_id and x.id = s.id;
end
$$;
comment on function tasks.delete_schedule(uuid) is 'Deletes a schedule; the tasks that it made stay.';

-- What the engine does.

create function tasks.make_scheduled_task(schedule tasks.schedules, run timestamptz, wish jsonb) returns void
  language sql set search_path = ''
  begin atomic
    select from tasks.enqueue(schedule.organization_id, schedule.created_by, jsonb_build_array(wish || jsonb_build_object(
      'type', schedule.type, 'name', schedule.name, 'input', schedule.input, 'scheduled_for', run,
      'idempotency_key', 'schedule:' || schedule.id || ':' || to_char(run at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))));
  end;
comment on function tasks.make_scheduled_task is 'Makes the task of one run of a schedule; asked for twice, it is one.';

create function tasks.due_schedules(batch integer)
  returns table (
    organization_id uuid, id uuid, type text, input jsonb, rule text, timezone text, next_run_at timestamptz, missed_runs text, version bigint, as_of timestamptz)
  language sql stable security definer set search_path = ''
  begin atomic
    select s.organization_id, s.id, s.type, s.input, s.rule, s.timezone, s.next_run_at, s.missed_runs, s.version, now()
    from tasks.schedules s
    join organizations.organizations o on o.id = s.organization_id and o.status = 'active'
    where s.status = 'active' and s.next_run_at <= now() and (s.retry_at is null or s.retry_at <= now())
    order by s.next_run_at, s.organization_id, s.id
    limit least(greatest(batch, 1), 1000);
  end;
comment on function tasks.due_schedules(integer) is
  'Schedules whose time has come, those that wait longest first, with the time by the database''s clock. Nothing is locked: advance_schedule takes only what nobody advanced in between.';

create function tasks.next_schedule_seconds() returns double precision
  language sql stable security definer set search_path = ''
  begin atomic
    select extract(epoch from min(s.next_run_at) - now())::double precision from tasks.schedules s where s.status = 'active' and s.next_run_at > now();
  end;
comment on function tasks.next_schedule_seconds() is 'In how many seconds the next schedule is due that is not due yet.';

create function tasks.advance_schedule(
  organization uuid, schedule uuid, expected_version bigint, runs timestamptz[], new_next_run_at timestamptz, wish jsonb
) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  runs_max constant integer := 100;
  s tasks.schedules;
  run timestamptz;
begin
  if cardinality(runs) > runs_max then
    raise exception 'advance_schedule: % runs at a time are the most', runs_max;
  end if;
  -- Who holds it is advancing it, or changing it: either way these runs are not for us to make.
  select * into s from tasks.schedules x
    where x.organization_id = organization and x.id = schedule and x.status = 'active' and x.version = expected_version
    for no key update skip locked;
  if s.id is null then
    return 'lost';
  end if;
  if s.created_by is not null and not exists (
    select from organizations.memberships m where m.organization_id = s.organization_id and m.user_id = s.created_by and m.status = 'active'
  ) then
    update tasks.schedules x
      set status = 'paused', failures = 0, retry_at = null,
          notice = 'The member in whose name it made tasks is not active any more. Whoever resumes it takes their place.'
      where x.organization_id = s.organization_id and x.id = s.id;
    return 'paused';
  end if;
  foreach run in array runs loop
    perform tasks.make_scheduled_task(s, run, wish);
  end loop;
  update tasks.schedules x
    set next_run_at = new_next_run_at, last_run_at = coalesce((select max(r) from unnest(runs) r), x.last_run_at),
        status = case when new_next_run_at is null then 'ended' else 'active' end, failures = 0, retry_at = null, notice = null
    where x.organization_id = s.organization_id and x.id = s.id;
  return 'advanced';
end
$$;
comment on function tasks.advance_schedule is
  'Makes the tasks of these runs and moves the schedule on (null: it ended), all or nothing, if it is still at the version for which they were worked out; wish is what the kind of task says of them. Answers advanced, lost (somebody else did), or paused (its member is gone).';

create function tasks.note_schedule_failure(organization uuid, schedule uuid, expected_version bigint, reason text) returns void
  language sql security definer set search_path = ''
  begin atomic
    update tasks.schedules x
      set failures = x.failures + 1,
          retry_at = now() + interval '1 minute',
          status = case when x.failures + 1 >= 10 then 'paused' else x.status end,
          notice = case when x.failures + 1 >= 10 then 'Paused after 10 failures in a row: ' else '' end || left(reason, 900)
      where x.organization_id = organization and x.id = schedule and x.version = expected_version and x.status = 'active';
  end;
comment on function tasks.note_schedule_failure is
  'Tells that a schedule''s run could not be made a task. It is tried again in a minute, and paused after 10 failures in a row.';

call kernel.run_as_definer('tasks.create_schedule');
call kernel.run_as_definer('tasks.change_schedule');
call kernel.run_as_definer('tasks.pause_schedule');
call kernel.run_as_definer('tasks.resume_schedule');
call kernel.run_as_definer('tasks.delete_schedule');
call kernel.run_as_definer('tasks.due_schedules');
call kernel.run_as_definer('tasks.next_schedule_seconds');
call kernel.run_as_definer('tasks.advance_schedule');
call kernel.run_as_definer('tasks.note_schedule_failure');
grant execute on function tasks.find_schedule, tasks.make_scheduled_task to tenon_definer;
grant execute on function tasks.create_schedule, tasks.change_schedule, tasks.pause_schedule, tasks.resume_schedule, tasks.delete_schedule
  to tenon_member;
grant execute on function tasks.due_schedules, tasks.next_schedule_seconds, tasks.advance_schedule, tasks.note_schedule_failure to tenon_dispatcher;
