-- Workers take tasks, are heard of, and are lost. All of it across organizations, by the dispatcher, who sees ids and order only.

/*
  Whether a task with limits may begin now. A lane has places, and a place is a row: who finds none free is parked until one is. A rate
  is kept by the time at which the next one would come if all came evenly (GCRA); who is too early waits for exactly its turn.
*/
create function tasks.admit(e tasks.entries) returns boolean
  language plpgsql set search_path = '' as $$
declare
  apart constant interval := make_interval(secs => (e.limits ->> 'seconds')::numeric / (e.limits ->> 'per')::numeric);
  turn timestamptz;
begin
  if e.limits ? 'rate' and not e.has_passed then
    insert into tasks.rates as r (organization_id, key, next_at) values (e.organization_id, e.limits ->> 'rate', clock_timestamp() + apart)
      on conflict (organization_id, key) do update set next_at = greatest(r.next_at, clock_timestamp()) + apart
      returning next_at - apart * coalesce((e.limits ->> 'burst')::numeric::integer, 1) into turn;
    if turn > clock_timestamp() then
      update tasks.entries set state = 'later', ready_at = turn, sort_key = sort_key + (turn - now()), has_passed = true
        where organization_id = e.organization_id and task_id = e.task_id;
      return false;
    end if;
    e.has_passed := true;
  end if;
  if e.limits ? 'lane' then
    insert into tasks.slots (organization_id, lane, slot, task_id)
      select e.organization_id, e.limits ->> 'lane', n, e.task_id from generate_series(1, (e.limits ->> 'slots')::numeric::integer) n
      where not exists (
        select from tasks.slots s where s.organization_id = e.organization_id and s.lane = e.limits ->> 'lane' and s.slot = n)
      order by n limit 1 on conflict do nothing;
    if not found then
      update tasks.entries set state = 'parked', has_passed = e.has_passed where organization_id = e.organization_id and task_id = e.task_id;
      return false;
    end if;
  end if;
  return true;
end
$$;
comment on function tasks.admit is 'Whether a task with limits may begin now; if not, it is put where it waits.';

create function tasks.let_in(organization uuid, lane text, places bigint) returns integer
  language plpgsql set search_path = '' as $$
declare
  entered integer;
begin
  -- Chosen once: as a part of the condition they could be chosen again for each row, and be more.
  with chosen as materialized (
    select p.task_id from tasks.entries p
    where p.organization_id = organization and p.state = 'parked' and p.limits ->> 'lane' = let_in.lane
    order by p.sort_key limit places for update skip locked
  )
  update tasks.entries e set state = 'ready' from chosen where e.organization_id = organization and e.task_id = chosen.task_id;
  get diagnostics entered = row_count;
  return entered;
end
$$;
comment on function tasks.let_in is 'Brings into line so many of those that are parked for a lane; returns how many there were.';

create function tasks.free_slots(organization uuid, ids uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  freed record;
begin
  for freed in
    with gone as (delete from tasks.slots s where s.organization_id = organization and s.task_id = any (ids) returning s.lane)
    select lane, count(*) as places from gone group by lane
  loop
    perform tasks.let_in(organization, freed.lane, freed.places);
  end loop;
end
$$;
comment on function tasks.free_slots is 'Gives back the places of tasks, to those that are parked for them.';

/*
  Takes up to so many tasks of one organization, in its order. What its limits keep from beginning now makes room for what stands behind
  it: many that wait for one place keep nobody else waiting.
*/
create function tasks.take(organization uuid, worker text, types text[], places integer, lease interval) returns tasks.claims
  language plpgsql set search_path = '' as $$
declare
  looks_max constant integer := 1000;
  looked integer := 0;
  found_now integer;
  batch uuid[];
  ids uuid[] := '{}';
  have_limits boolean;
  e tasks.entries;
  c tasks.claims;
begin
  loop
    select array_agg(p.task_id), bool_or(p.limits is not null), count(*) into batch, have_limits, found_now from (
      select n.task_id, n.limits from tasks.entries n
      where n.organization_id = organization and n.state = 'ready' and n.type = any (take.types) and n.task_id <> all (ids)
      order by n.sort_key limit places - cardinality(ids) for update skip locked) p;
    looked := looked + found_now;
    if have_limits then
      for e in select * from tasks.entries n where n.organization_id = organization and n.task_id = any (batch) and n.limits is not null order by n.sort_key loop
        if not tasks.admit(e) then
          batch := array_remove(batch, e.task_id);
        end if;
      end loop;
    end if;
    ids := ids || coalesce(batch, '{}');
    exit when found_now = 0 or have_limits is not true or cardinality(ids) >= places or looked >= looks_max;
  end loop;
  if ids = '{}' then
    return null;
  end if;
  with taken as (
    delete from tasks.entries n where n.organization_id = organization and n.task_id = any (ids) returning n.task_id, n.attempt + 1 as attempt, n.type
  )
  insert into tasks.claims (organization_id, worker, task_ids, attempts, types, expires_at)
    select organization, worker, array_agg(task_id order by task_id), array_agg(attempt order by task_id), array_agg(type order by task_id), now() + lease
    from taken
    returning * into c;
  return c;
end
$$;
comment on function tasks.take is 'Takes up to so many tasks of one organization.';

create function tasks.halt(organization uuid) returns void
  language sql set search_path = ''
  begin atomic
    update tasks.entries e set state = 'halted' where e.organization_id = organization and e.task_id = any (array(
      select n.task_id from tasks.entries n where n.organization_id = organization and n.state = 'ready'
      order by n.sort_key limit 1000 for update skip locked));
  end;
comment on function tasks.halt(uuid) is 'Takes out of line what came into it though the organization is not active.';

/*
  Takes up to so many tasks for a worker that knows these types, and answers a claim for each organization. It goes round: it begins
  with the organization that was served last, where that had not yet had its turn (as many tasks as it has weight), and gives those that
  wait a share each, by weight. So who has a million waiting delays nobody else's first. What is left over goes round once more, up to
  the bursts. Where nothing is there to be taken of some organizations, the next ones are looked at.
*/
create function tasks.claim(worker text, types text[], places integer, after uuid, served integer, lease interval) returns setof tasks.claims
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_sort = off set enable_incremental_sort = off as $$
declare
  ring_max constant integer := 16;
  rings_max constant integer := 8;
  ring uuid[];
  position uuid := after;
  weights bigint;
  left_over integer := places;
  next uuid;
  line tasks.lines;
  share integer;
  c tasks.claims;
begin
  -- What is lost with the server was never begun: nobody waits for the disk.
  perform set_config('synchronous_commit', 'off', true);
  for turn in 1 .. rings_max loop
    ring := tasks.ring(position, ring_max);
    -- The one served last stands last; where the ring has no room for it, it is asked by itself.
    if turn = 1 and served > 0 and ring <> '{}' then
      ring := array_prepend(after, array_remove(ring, after));
    end if;
    weights := (select sum(weight) from unnest(ring) o left join tasks.lines l on l.organization_id = o);
    for lap in 1 .. 2 loop
      foreach next in array ring loop
        exit when left_over = 0;
        line := null;
        select * into line from tasks.lines l where l.organization_id = next for no key update skip locked;
        continue when not found and next <> tasks.installation();
        if not line.is_open then
          perform tasks.halt(next);
          continue;
        end if;
        share := case lap when 1 then greatest(coalesce(line.weight, 1), places * coalesce(line.weight, 1) / coalesce(weights, 1)) else left_over end;
        if lap = 1 and turn = 1 and next = after then
          share := share - served;
        end if;
        share := least(share, left_over, case lap when 1 then line.running_max else line.burst_max end - (
          select coalesce(sum(cardinality(k.task_ids)), 0) from tasks.claims k where k.organization_id = next));
        continue when share <= 0;
        c := tasks.take(next, worker, types, share, lease);
        if c.token is not null then
          left_over := left_over - cardinality(c.task_ids);
          return next c;
        end if;
      end loop;
    end loop;
    exit when left_over = 0 or cardinality(ring) < ring_max;
    position := ring[cardinality(ring)];
  end loop;
end
$$;
comment on function tasks.claim is 'Takes tasks for a worker, in turn of the organizations that have some.';
call kernel.run_as_definer('tasks.claim');
grant execute on function tasks.claim to tenon_dispatcher;

create function tasks.ring(after uuid, most integer) returns uuid[]
  language plpgsql stable set search_path = '' as $$
declare
  ring uuid[] := '{}';
  position uuid := after;
  has_wrapped boolean := false;
  next uuid;
begin
  while cardinality(ring) < most loop
    select e.organization_id into next from tasks.entries e
      where e.state = 'ready' and e.organization_id > position order by e.organization_id, e.sort_key limit 1;
    if next is null or has_wrapped and next > after then
      exit when has_wrapped;
      has_wrapped := true;
      position := '00000000-0000-0000-0000-000000000000';
    else
      ring := ring || next;
      position := next;
    end if;
  end loop;
  return ring;
end
$$;
comment on function tasks.ring is 'The organizations that have something in line, from the one behind; each is found by one look into the index.';
grant execute on function tasks.ring, tasks.halt, tasks.take, tasks.admit, tasks.let_in, tasks.free_slots, tasks.installation, tasks.sort_key to tenon_definer;

create function tasks.holds_of(c tasks.claims) returns table (id uuid, task_id uuid)
  language plpgsql stable set search_path = '' as $$
#variable_conflict use_column
begin
  return query
    select h.id, k.id from unnest(c.task_ids) as k (id)
    join credits.holds h on h.organization_id = c.organization_id and h.operation_key = format('task:%s:%s', k.id, c.token)
    where h.status = 'active' order by h.id;
end
$$;
comment on function tasks.holds_of is 'The credits that are set aside for the tasks of a claim.';
grant execute on function tasks.holds_of to tenon_definer;

/*
  A worker is heard of: its claims last on. What it is at for a second is shown as under way. Answers its claims that still stand, with
  the tasks that somebody wished to stop: what is not answered was lost, and its worker must drop it.
*/
create function tasks.heartbeat(tokens bigint[], lease interval) returns table (token bigint, cancelled uuid[])
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  held tasks.claims[];
  c tasks.claims;
begin
  perform set_config('synchronous_commit', 'off', true);
  -- All claims are locked before any task, as by everybody.
  select array_agg(locked.k) into held from (select k from tasks.claims k where k.token = any (tokens) order by k.token for no key update) locked;
  foreach c in array coalesce(held, '{}') loop
    if not c.is_shown and c.begun_at < now() - interval '1 second' and c.organization_id <> tasks.installation() then
      update tasks.tasks t set status = 'processing', started_at = coalesce(t.started_at, c.begun_at)
        where t.organization_id = c.organization_id and t.id = any (c.task_ids) and t.status = 'queued';
      c.is_shown := true;
    end if;
    update tasks.claims k set expires_at = now() + lease, is_shown = c.is_shown where k.token = c.token;
    if c.has_holds then
      perform credits.extend_holds(array_agg(c.organization_id), array_agg(h.id), now() + lease * 3) from tasks.holds_of(c) h;
    end if;
    token := c.token;
    cancelled := c.cancelled;
    return next;
  end loop;
end
$$;
comment on function tasks.heartbeat is 'Extends a worker''s claims; answers those that still stand.';
call kernel.run_as_definer('tasks.heartbeat');
grant execute on function tasks.heartbeat to tenon_dispatcher;

-- Ends tasks that somebody wished to stop, or that are past their deadline, and that nobody works on any more.
create function tasks.end_stopped(organization uuid, ids uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  late uuid[];
begin
  if coalesce(ids, '{}') <> '{}' then
    late := array(select t.id from tasks.tasks t where t.organization_id = organization and t.id = any (ids) and t.deadline_at <= now());
    perform tasks.end_at_once(organization, late, 'failed', '{"code": "deadline_passed", "message": "It was not done by its deadline."}');
    perform tasks.end_at_once(
      organization, array(select id from unnest(ids) id where id <> all (late)), 'cancelled', '{"code": "cancelled", "message": "It was cancelled."}');
  end if;
end
$$;
comment on function tasks.end_stopped is 'Ends tasks that were to stop: as failed where their deadline has passed, else as cancelled.';

-- Puts tasks back into line that were not tried: their worker stops, or knows them no more.
create function tasks.put_back(token bigint, ids uuid[]) returns void
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  c tasks.claims;
begin
  select * into c from tasks.claims k where k.token = put_back.token for update;
  if found then
    -- What was to stop is not begun again.
    perform tasks.enter_line_again(c, array(select id from unnest(ids) id where id <> all (c.cancelled)), now(), is_counted => false);
    perform tasks.leave_claim(c, ids);
    perform tasks.end_stopped(c.organization_id, array(select unnest(c.cancelled) intersect select unnest(ids)));
  end if;
end
$$;
comment on function tasks.put_back is 'Puts claimed tasks back into line, as if nobody had taken them.';
call kernel.run_as_definer('tasks.put_back');
grant execute on function tasks.put_back to tenon_dispatcher;

-- Of the installation's own work too, so that a mail server or a receiver that hangs does not take up every worker.
create function tasks.job_limits(type text) returns jsonb
  language sql immutable parallel safe
  return case type
    when 'mail.send' then '{"lane": "mail.send", "slots": 5}'::jsonb
    when 'tasks.webhooks' then '{"lane": "tasks.webhooks", "slots": 8}'::jsonb
  end;
comment on function tasks.job_limits(text) is 'How many of a kind of the installation''s own work are done at once.';

create function tasks.enter_line_again(c tasks.claims, ids uuid[], at timestamptz, is_counted boolean default true) returns void
  language sql set search_path = ''
  begin atomic
    insert into tasks.entries (organization_id, task_id, type, state, sort_key, ready_at, attempt, limits)
      select c.organization_id, k.id, k.type, case when at > now() then 'later' else 'ready' end,
             tasks.sort_key(at, coalesce(t.priority, 1)), at, k.attempt - (not is_counted)::integer,
             case when c.organization_id = tasks.installation() then tasks.job_limits(k.type) else t.limits end
      from unnest(c.task_ids, c.attempts, c.types) as k (id, attempt, type)
      left join tasks.tasks t on t.organization_id = c.organization_id and t.id = k.id
      where k.id = any (ids) and (t.status in ('queued', 'processing') or c.organization_id = tasks.installation())
      on conflict do nothing;
    update tasks.tasks t set status = 'queued' where t.organization_id = c.organization_id and t.id = any (ids) and t.status = 'processing';
  end;
comment on function tasks.enter_line_again is 'Puts claimed tasks into line for another try, now or later.';

create function tasks.leave_claim(c tasks.claims, ids uuid[]) returns void
  language plpgsql set search_path = '' as $$
begin
  -- Mostly it is all of them, which is seen at once by their order.
  if c.task_ids = ids or c.task_ids <@ ids then
    delete from tasks.claims k where k.token = c.token;
  else
    update tasks.claims k set (task_ids, attempts, types) = (
      select array_agg(u.id order by u.id), array_agg(u.attempt order by u.id), array_agg(u.type order by u.id)
      from unnest(c.task_ids, c.attempts, c.types) as u (id, attempt, type) where u.id <> all (ids))
      where k.token = c.token;
  end if;
  if exists (select from tasks.slots s where s.organization_id = c.organization_id) then
    perform tasks.free_slots(c.organization_id, ids);
  end if;
end
$$;
comment on function tasks.leave_claim is 'Takes tasks out of a claim; it is gone with the last.';
grant execute on function tasks.job_limits, tasks.enter_line_again, tasks.leave_claim, tasks.end_stopped to tenon_definer;
