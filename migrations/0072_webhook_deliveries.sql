-- Telling webhooks what changed: the record is read once for all of them, each change becomes a delivery to whoever asked for it, and a
-- worker at a time sends those of an organization.

create type tasks.heard_entry as (
  place bigint, organization_id uuid, id uuid, created_at timestamptz, resource_type text, resource_id text, action text, operation text
);
comment on type tasks.heard_entry is 'What decides who is told of an entry of the record.';

create function tasks.is_event(event text, operation text, change text) returns boolean
  language sql immutable parallel safe
  return case when event = '*' then true
    when right(event, 2) = '.*' then change ^@ left(event, -1) or coalesce(operation ^@ left(event, -1), false)
    else event = change or coalesce(event = operation, false) end;
comment on function tasks.is_event is 'Whether an event that somebody asked for is this operation, or this kind of change.';

/*
  Reads on in the record and makes the deliveries of what it finds: the first of a resource is ready, the others wait behind it. Answers how
  many entries it read; null when nobody asks for any, and then the record is not read at all.
*/
create function tasks.tell_webhooks(entries_max integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  backlog_max constant integer := 100000;
  heard tasks.heard_entry[];
  count_read integer;
  told uuid[];
begin
  -- Whoever subscribes locks the cursor as well: the first one is not overlooked.
  perform from audit.cursors c where c.consumer = 'tasks.webhooks' for update;
  if not exists (select from tasks.webhook_subscriptions) then
    perform audit.stop_reading('tasks.webhooks');
    return null;
  end if;
  select count(*), array_agg(row(a.place, a.organization_id, a.id, a.created_at, a.resource_type, a.resource_id, a.action, a.operation)::tasks.heard_entry order by a.place)
      filter (where exists (select from tasks.webhook_subscriptions s where s.organization_id = a.organization_id))
    into count_read, heard
    from audit.next_batch('tasks.webhooks', entries_max) with ordinality as a (
      organization_id, id, created_at, seq, xid, actor_kind, user_id, impersonator_id, api_key_id, operation, action, resource_type, resource_id,
      old_values, new_values, details, import_id, ip_address, user_agent, request_id, salt, erased_values, erased_origin, place);
  if heard is null then
    return count_read;
  end if;

  perform from tasks.webhook_lines l where l.organization_id in (select h.organization_id from unnest(heard) h) order by l.organization_id for update;
  with wanted as (
    select distinct h.place, h.organization_id, s.endpoint_id, h.id, h.created_at, h.operation, h.resource_type || '.' || h.action as type,
           left(concat(h.resource_type, '/', h.resource_id), 600) as resource
    from unnest(heard) h
    join tasks.webhook_subscriptions s on s.organization_id = h.organization_id
      and tasks.is_event(s.event, h.operation, h.resource_type || '.' || h.action)
  ), counted as (
    select w.*, f.backlog, row_number() over (partition by w.organization_id, w.endpoint_id order by w.place) as number,
           row_number() over (partition by w.organization_id order by w.place, w.endpoint_id) as step,
           row_number() over (partition by w.organization_id, w.endpoint_id, w.resource order by w.place) = 1 as is_first
    from wanted w join tasks.webhook_figures f on f.organization_id = w.organization_id and f.endpoint_id = w.endpoint_id
  ), made as (
    insert into tasks.webhook_deliveries (organization_id, endpoint_id, position, type, operation, resource, entry_id, entry_at, status)
      select c.organization_id, c.endpoint_id, l.position + c.step, c.type, c.operation, c.resource, c.id, c.created_at,
             case when c.is_first and not exists (
               select from tasks.webhook_deliveries d
               where d.organization_id = c.organization_id and d.endpoint_id = c.endpoint_id and d.resource = c.resource and d.ended_at is null)
             then 'ready' else 'waiting' end
      from counted c join tasks.webhook_lines l on l.organization_id = c.organization_id
      where c.backlog + c.number <= backlog_max order by c.place
      returning organization_id, endpoint_id
  ), figures as (
    select c.organization_id, c.endpoint_id, count(*) as wanted, (
      select count(*) from made m where m.organization_id = c.organization_id and m.endpoint_id = c.endpoint_id) as made
    from counted c group by c.organization_id, c.endpoint_id
  ), placed as (
    update tasks.webhook_lines l set position = l.position + n.steps
      from (select c.organization_id, count(*) as steps from counted c group by c.organization_id) n where l.organization_id = n.organization_id
  ), changed as (
    update tasks.webhook_figures f set backlog = f.backlog + n.made, dropped = f.dropped + n.wanted - n.made
      from figures n where f.organization_id = n.organization_id and f.endpoint_id = n.endpoint_id
      returning f.organization_id
  )
  select array_agg(distinct organization_id) into told from changed;
  perform tasks.queue_webhooks(told);
  return count_read;
end
$$;
comment on function tasks.tell_webhooks is 'Makes deliveries of what the record says next; answers how many entries it read, null when nobody asks for any.';
call kernel.run_as_definer('tasks.tell_webhooks');

create function tasks.keep_webhooks() returns void
  language sql security definer set search_path = ''
  begin atomic
    select tasks.keep_in_line(array_agg(l.organization_id), array_agg('tasks.webhooks'::text))
    from tasks.webhook_lines l
    where exists (
      select from tasks.webhook_figures f where f.organization_id = l.organization_id and f.backlog > 0)
    having count(*) > 0;
  end;
comment on function tasks.keep_webhooks is 'Puts organizations with deliveries in line that do not stand there, as after a backup was restored.';
call kernel.run_as_definer('tasks.keep_webhooks');

create function tasks.has_webhooks() returns boolean
  language sql stable security definer set search_path = ''
  begin atomic
    select exists (select from tasks.webhook_subscriptions);
  end;
comment on function tasks.has_webhooks() is 'Whether anybody asks to be told of changes.';
call kernel.run_as_definer('tasks.has_webhooks');

-- Sending.

/*
  From now on this one delivers for an organization, and whoever did before is given nothing more. False while another one is at it: that one
  holds a claim as well. Null where there is nothing to deliver any more.
*/
create function tasks.begin_webhooks(organization uuid, runner uuid) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  before uuid;
begin
  select l.runner into before from tasks.webhook_lines l where l.organization_id = organization for update;
  if not found then
    return null;
  elsif before is not null and (
    select count(*) from tasks.claims c where c.organization_id = tasks.installation() and organization = any (c.task_ids)) > 1 then
    return false;
  end if;
  update tasks.webhook_lines l set runner = begin_webhooks.runner where l.organization_id = organization;
  return true;
end
$$;
comment on function tasks.begin_webhooks is 'Has this one deliver for an organization, unless another one is at it.';
call kernel.run_as_definer('tasks.begin_webhooks');

-- What an endpoint is told, as Standard Webhooks has it: values as the record keeps them, or has erased them.
create function tasks.webhook_message(d tasks.webhook_deliveries) returns text
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object(
      'type', d.type,
      'timestamp', to_char(coalesce(a.created_at, d.created_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'data', jsonb_build_object(
        'organization_id', d.organization_id, 'operation', d.operation, 'action', a.action,
        'resource', jsonb_build_object('type', a.resource_type, 'id', a.resource_id, 'ids', a.details -> 'ids'),
        'actor', jsonb_build_object('kind', a.actor_kind, 'user_id', a.user_id, 'api_key_id', a.api_key_id),
        'old_values', a.old_values, 'new_values', a.new_values, 'request_id', a.request_id))::text
    from (values (true)) one
    left join audit.audit_logs a on a.organization_id = d.organization_id and a.id = d.entry_id and a.created_at = d.entry_at;
  end;
comment on function tasks.webhook_message is 'The body of the call that tells of a change.';

create function tasks.delivery_message(delivery uuid) returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('tasks.webhook.manage');
  return (select tasks.webhook_message(d)::jsonb from tasks.webhook_deliveries d where d.organization_id = kernel.organization_id() and d.id = delivery);
end
$$;
comment on function tasks.delivery_message is 'What a delivery of the organization entered says.';
call kernel.run_as_definer('tasks.delivery_message');

/*
  What is to be sent now, but for what is under way: a few of each endpoint at once, and one at a time of one that fails again and again.
*/
create function tasks.take_deliveries(organization uuid, runner uuid, under_way uuid[], endpoints_under_way uuid[])
  returns table (id uuid, endpoint_id uuid, url text, timeout_seconds integer, sealed_secrets bytea[], message text)
  language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
  at_once constant integer := 5;
  failures_max constant integer := 10;
begin
  return query
    select n.id, e.id, e.url, e.timeout_seconds::integer, array(
             select s.sealed from tasks.webhook_secrets s
             where s.organization_id = organization and s.endpoint_id = e.id and (s.ends_at is null or s.ends_at > now())
             order by s.ends_at nulls first),
           tasks.webhook_message(n.delivery)
    from tasks.webhook_lines l
    join organizations.organizations o on o.id = l.organization_id and o.status = 'active'
    join tasks.webhook_endpoints e on e.organization_id = l.organization_id and e.status = 'active'
    join tasks.webhook_figures f on f.organization_id = e.organization_id and f.endpoint_id = e.id
      and f.backlog > 0 and (f.retry_at is null or f.retry_at <= now())
    cross join lateral (
      select d.id, d as delivery from tasks.webhook_deliveries d
      where d.organization_id = organization and d.endpoint_id = e.id and d.status = 'ready' and d.due_at <= now() and d.id <> all (under_way)
      order by d.due_at, d.position
      limit greatest(0, case when f.failures >= failures_max then 1 else at_once end - (select count(*) from unnest(endpoints_under_way) u where u = e.id))
    ) n
    where l.organization_id = organization and l.runner = take_deliveries.runner;
end
$$;
comment on function tasks.take_deliveries is 'What of an organization is to be sent now, with the sealed secrets that sign it.';
call kernel.run_as_definer('tasks.take_deliveries');

create function tasks.pause_webhook(organization uuid, endpoint uuid, because text) returns void
  language plpgsql set search_path = '' as $$
begin
  perform set_config('tenon.request', '{"actor": "system", "operation": "tasks.webhook.pause"}', true);
  update tasks.webhook_endpoints e set status = 'paused', paused_because = because
    where e.organization_id = organization and e.id = endpoint and e.status = 'active';
  if found then
    perform kernel.queue_mail(m.email, 'webhook_paused', jsonb_build_object(
        'name', m.display_name, 'webhook', e.name, 'organization', o.name, 'slug', o.slug, 'endpoint', e.id, 'because', because))
      from tasks.webhook_endpoints e
      join organizations.organizations o on o.id = e.organization_id
      cross join lateral (
        select m.email, m.display_name from organizations.memberships m join identity.users u on u.id = m.user_id and u.kind = 'person'
        where m.organization_id = o.id and m.status = 'active' and m.effective_permissions ->> 'tasks.webhook.manage' = 'organization'
        order by m.joined_at, m.user_id limit 10) m
      where e.organization_id = organization and e.id = endpoint;
  end if;
end
$$;
comment on function tasks.pause_webhook is 'Has an endpoint not be called any more, and tells those who may resume it.';

/*
  Tells how a call went: delivered, failed, or gone, when the receiver is there no more. One that failed is tried again ten times in three days,
  and an endpoint that has failed for as long, with nothing delivered in between, is paused. Who was taken the organization away may still
  tell that something was delivered, for that is true.
*/
create function tasks.settle_delivery(
  organization uuid, runner uuid, delivery uuid, outcome text, status_code integer, duration_ms integer, message text, retry_after integer
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  waits constant interval[] := array['5 seconds', '5 minutes', '30 minutes', '2 hours', '5 hours', '10 hours', '14 hours', '20 hours', '24 hours'];
  failures_max constant integer := 10;
  failing_max constant interval := '3 days';
  pause_first constant interval := '10 seconds';
  pause_longest constant interval := '15 minutes';
  asked constant interval := make_interval(secs => coalesce(retry_after, 0));
  d tasks.webhook_deliveries;
  f tasks.webhook_figures;
  wait interval;
  becomes text;
begin
  perform tasks.lock_webhooks(organization);
  select * into d from tasks.webhook_deliveries w where w.organization_id = organization and w.id = delivery for update;
  if not found then
    return;
  end if;
  insert into tasks.webhook_attempts (organization_id, delivery_id, status_code, duration_ms, message)
    values (organization, delivery, status_code, duration_ms, left(message, 1000));
  if d.status <> 'ready' or outcome <> 'delivered' and not exists (
    select from tasks.webhook_lines l where l.organization_id = organization and l.runner = settle_delivery.runner) then
    return;
  end if;

  wait := waits[d.attempts + 1] * (0.9 + 0.2 * random());
  becomes := case when outcome = 'delivered' then 'delivered' when wait is null then 'failed' else 'ready' end;
  update tasks.webhook_deliveries w
    set status = becomes, attempts = w.attempts + (outcome <> 'delivered')::integer, due_at = now() + greatest(wait, asked),
        ended_at = case when becomes <> 'ready' then now() end
    where w.organization_id = organization and w.id = delivery;
  if becomes <> 'ready' then
    update tasks.webhook_deliveries w set status = 'ready', due_at = now()
      where w.organization_id = organization and w.id = (
        select n.id from tasks.webhook_deliveries n
        where n.organization_id = organization and n.endpoint_id = d.endpoint_id and n.resource = d.resource and n.ended_at is null
        order by n.position limit 1) and w.status = 'waiting';
  end if;
  update tasks.webhook_figures w set backlog = w.backlog - (becomes <> 'ready')::integer,
      failures = case outcome when 'delivered' then 0 else w.failures + 1 end,
      failing_since = case when outcome <> 'delivered' then coalesce(w.failing_since, now()) end,
      delivered_at = case outcome when 'delivered' then now() else w.delivered_at end,
      retry_at = case when outcome <> 'delivered' then now() + greatest(asked, case when w.failures + 1 >= failures_max
        then least(pause_first * power(2, least(w.failures + 1 - failures_max, 10)), pause_longest) end) end
    where w.organization_id = organization and w.endpoint_id = d.endpoint_id
    returning * into f;
  if outcome = 'gone' or f.failures >= failures_max and f.failing_since <= now() - failing_max then
    perform tasks.pause_webhook(organization, d.endpoint_id, case outcome when 'gone' then 'gone' else 'failing' end);
  end if;
end
$$;
comment on function tasks.settle_delivery is 'Tells how a call went by which an endpoint was told of a change.';
call kernel.run_as_definer('tasks.settle_delivery');

/*
  Who has nothing more to send rests: true, and comes into line again when something is due. False when something came in the meantime.
*/
create function tasks.rest_webhooks(organization uuid, runner uuid) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  next_at timestamptz;
begin
  perform from tasks.webhook_lines l where l.organization_id = organization and l.runner = rest_webhooks.runner for update;
  if not found then
    return true;
  end if;
  select min(greatest(f.retry_at, n.due_at)) into next_at
    from tasks.webhook_endpoints e
    join organizations.organizations o on o.id = e.organization_id and o.status = 'active'
    join tasks.webhook_figures f on f.organization_id = e.organization_id and f.endpoint_id = e.id and f.backlog > 0
    cross join lateral (
      select d.due_at from tasks.webhook_deliveries d
      where d.organization_id = organization and d.endpoint_id = e.id and d.status = 'ready' order by d.due_at limit 1) n
    where e.organization_id = organization and e.status = 'active';
  if next_at <= clock_timestamp() then
    return false;
  end if;
  update tasks.webhook_lines l set runner = null where l.organization_id = organization;
  insert into tasks.entries (organization_id, task_id, type, state, sort_key, ready_at, limits)
    select tasks.installation(), organization, 'tasks.webhooks', 'later', next_at, next_at, tasks.job_limits('tasks.webhooks') where next_at is not null
    on conflict (organization_id, task_id) do update set state = 'later', ready_at = excluded.ready_at, sort_key = excluded.sort_key;
  return true;
end
$$;
comment on function tasks.rest_webhooks is 'Ends delivering for an organization until something is due; false when something is due now.';
call kernel.run_as_definer('tasks.rest_webhooks');

create function tasks.remove_old_deliveries(kept interval, most integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  removed integer;
begin
  with old as (
    select d.organization_id, d.id from tasks.webhook_lines l
    cross join lateral (
      select w.organization_id, w.id from tasks.webhook_deliveries w
      where w.organization_id = l.organization_id and w.ended_at < now() - kept order by w.ended_at limit most) d
    limit most
  )
  delete from tasks.webhook_deliveries d using old where d.organization_id = old.organization_id and d.id = old.id;
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function tasks.remove_old_deliveries is 'Removes deliveries that were over so long ago, at most so many; returns how many.';
call kernel.run_as_definer('tasks.remove_old_deliveries');
grant execute on function tasks.is_event, tasks.webhook_message, tasks.pause_webhook to tenon_definer;
grant execute on function tasks.delivery_message to tenon_member;
grant execute on function tasks.tell_webhooks, tasks.keep_webhooks, tasks.has_webhooks, tasks.begin_webhooks, tasks.take_deliveries, tasks.settle_delivery,
  tasks.rest_webhooks, tasks.remove_old_deliveries to tenon_dispatcher;
