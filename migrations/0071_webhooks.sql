-- Webhooks that are told of changes: what each asks for, what it is to be told, and how that went.

create table tasks.webhook_subscriptions (
  organization_id uuid not null,
  endpoint_id uuid not null,
  event text collate "C" not null check (event ~ '^(\*|[a-z][a-z_]*(\.[a-z_]+)*(\.\*)?)$' and length(event) <= 100),
  primary key (organization_id, endpoint_id, event),
  foreign key (organization_id, endpoint_id) references tasks.webhook_endpoints on delete cascade
);
comment on table tasks.webhook_subscriptions is 'Of what an endpoint is told. Sensitivity: low.';
comment on column tasks.webhook_subscriptions.endpoint_id is 'The endpoint.';
comment on column tasks.webhook_subscriptions.event is
  'An operation (crm.customer.update), a kind of change (crm.customers.update), the beginning of either with a star behind its dot (labeling.*), or * for all.';
comment on index tasks.webhook_subscriptions_pkey is 'What an endpoint is told of.';
call kernel.tenant_table('tasks.webhook_subscriptions', access => 'read', versions => false);

create table tasks.webhook_figures (
  organization_id uuid not null,
  endpoint_id uuid not null,
  backlog integer not null default 0 check (backlog >= 0),
  dropped bigint not null default 0,
  failures integer not null default 0,
  failing_since timestamptz,
  retry_at timestamptz,
  delivered_at timestamptz,
  primary key (organization_id, endpoint_id),
  foreign key (organization_id, endpoint_id) references tasks.webhook_endpoints on delete cascade
);
comment on table tasks.webhook_figures is 'How it goes with telling an endpoint of changes. Sensitivity: low.';
comment on column tasks.webhook_figures.endpoint_id is 'The endpoint.';
comment on column tasks.webhook_figures.backlog is 'How many deliveries wait or are under way.';
comment on column tasks.webhook_figures.dropped is 'How many changes it was never told of, since too many were waiting.';
comment on column tasks.webhook_figures.failures is 'How many calls have failed since the last that succeeded.';
comment on column tasks.webhook_figures.failing_since is 'When the first of these failed.';
comment on column tasks.webhook_figures.retry_at is 'Before this time it is not called.';
comment on column tasks.webhook_figures.delivered_at is 'When a call succeeded last.';
comment on index tasks.webhook_figures_pkey is 'How it goes with an endpoint.';
call kernel.tenant_table('tasks.webhook_figures', audit => 'none', access => 'read', versions => false);

create table tasks.webhook_lines (
  organization_id uuid primary key references organizations.organizations on delete cascade,
  runner uuid,
  position bigint not null default 0
);
comment on table tasks.webhook_lines is
  'Organizations that have deliveries. Whoever adds some or tells how one went locks the row, so that none is overlooked. Sensitivity: low.';
comment on column tasks.webhook_lines.position is 'The place of the delivery that was made last.';
comment on column tasks.webhook_lines.runner is 'Who is delivering: another one is refused what this one was taken away.';
call kernel.tenant_table('tasks.webhook_lines', audit => 'none', access => 'none', versions => false);

create table tasks.webhook_deliveries (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  endpoint_id uuid not null,
  position bigint not null,
  type text collate "C" not null,
  operation text collate "C",
  resource text collate "C" not null check (length(resource) <= 600),
  entry_id uuid,
  entry_at timestamptz,
  status text not null default 'ready' check (status in ('ready', 'waiting', 'delivered', 'failed')),
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, endpoint_id) references tasks.webhook_endpoints on delete cascade,
  check ((status in ('delivered', 'failed')) = (ended_at is not null))
);
comment on table tasks.webhook_deliveries is 'Changes that an endpoint is told of. What changed stands in the record alone. Sensitivity: low.';
comment on column tasks.webhook_deliveries.endpoint_id is 'The endpoint.';
comment on column tasks.webhook_deliveries.position is 'Its place in the order of commits.';
comment on column tasks.webhook_deliveries.type is 'The kind of change: the table, and insert, update or delete; or webhook.test.';
comment on column tasks.webhook_deliveries.operation is 'The operation that made the change.';
comment on column tasks.webhook_deliveries.resource is 'The table and the row''s key: the changes of one are told in their order.';
comment on column tasks.webhook_deliveries.entry_id is 'The entry of the record.';
comment on column tasks.webhook_deliveries.entry_at is 'The entry''s time, which its key has too.';
comment on column tasks.webhook_deliveries.status is 'waiting is behind another of the same resource; ready is to be sent when it is due; failed was given up.';
comment on column tasks.webhook_deliveries.attempts is 'How often it was sent in vain, since it was made or sent again.';
comment on column tasks.webhook_deliveries.created_at is 'When it was made.';
comment on column tasks.webhook_deliveries.due_at is 'Not before this time.';
comment on column tasks.webhook_deliveries.ended_at is 'When it was delivered or given up.';
create index webhook_deliveries_log on tasks.webhook_deliveries (organization_id, endpoint_id, id);
comment on index tasks.webhook_deliveries_log is 'An endpoint''s deliveries, newest first.';
create index webhook_deliveries_due on tasks.webhook_deliveries (organization_id, endpoint_id, due_at) where status = 'ready';
comment on index tasks.webhook_deliveries_due is 'What is sent next.';
create index webhook_deliveries_open on tasks.webhook_deliveries (organization_id, endpoint_id, resource, position) where ended_at is null;
comment on index tasks.webhook_deliveries_open is 'What a resource''s next delivery is.';
create index webhook_deliveries_ended on tasks.webhook_deliveries (organization_id, ended_at) where ended_at is not null;
comment on index tasks.webhook_deliveries_ended is 'What is old enough to be removed.';
call kernel.tenant_table('tasks.webhook_deliveries', audit => 'none', access => 'read', versions => false);

create table tasks.webhook_attempts (
  organization_id uuid not null,
  delivery_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  attempted_at timestamptz not null default now(),
  status_code integer,
  duration_ms integer not null check (duration_ms >= 0),
  message text check (length(message) <= 1000),
  primary key (organization_id, delivery_id, id),
  foreign key (organization_id, delivery_id) references tasks.webhook_deliveries on delete cascade
);
comment on table tasks.webhook_attempts is 'Every call by which an endpoint was to be told of a change. Sensitivity: medium.';
comment on column tasks.webhook_attempts.delivery_id is 'The delivery.';
comment on column tasks.webhook_attempts.attempted_at is 'When it ended.';
comment on column tasks.webhook_attempts.status_code is 'The HTTP status of the answer; null when there was none.';
comment on column tasks.webhook_attempts.duration_ms is 'How long it took, in milliseconds.';
comment on column tasks.webhook_attempts.message is 'The beginning of the answer, or why there was none.';
comment on index tasks.webhook_attempts_pkey is 'The calls of a delivery, in their order.';
call kernel.tenant_table('tasks.webhook_attempts', audit => 'none', access => 'read', versions => false);

-- What a webhook is told, and by whom.

create function tasks.queue_webhooks(organizations uuid[]) returns void
  language sql set search_path = ''
  begin atomic
    insert into tasks.entries (organization_id, task_id, type, sort_key, limits)
      select tasks.installation(), l.organization_id, 'tasks.webhooks', now(), tasks.job_limits('tasks.webhooks')
      from tasks.webhook_lines l where l.organization_id = any (organizations) and l.runner is null order by l.organization_id
      on conflict (organization_id, task_id) do update set state = 'ready', ready_at = now(), sort_key = now() where entries.state = 'later';
  end;
comment on function tasks.queue_webhooks is 'Has deliveries of organizations sent, where nobody is at it. Their lines are locked.';

create function tasks.lock_webhooks(organization uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  perform from tasks.webhook_lines l where l.organization_id = organization for update;
end
$$;
comment on function tasks.lock_webhooks is 'Has whoever adds deliveries, takes them or tells how they went do so one after the other.';

create function tasks.set_webhook_events(endpoint uuid, events text[]) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
begin
  call kernel.require_permission('tasks.webhook.manage');
  perform from tasks.webhook_endpoints e where e.organization_id = organization and e.id = endpoint for update;
  if not found then
    raise exception 'There is no such endpoint' using errcode = 'TN010';
  end if;
  insert into tasks.webhook_lines (organization_id) values (organization) on conflict do nothing;
  insert into tasks.webhook_figures (organization_id, endpoint_id) values (organization, endpoint) on conflict do nothing;
  delete from tasks.webhook_subscriptions s
    where s.organization_id = organization and s.endpoint_id = endpoint and s.event <> all (events);
  insert into tasks.webhook_subscriptions (organization_id, endpoint_id, event)
    select organization, endpoint, unnest(events) on conflict do nothing;
  if events <> '{}' then
    perform audit.begin_reading('tasks.webhooks');
    perform tasks.wake_chore('tasks.webhook_events');
  end if;
end
$$;
comment on function tasks.set_webhook_events is 'Has an endpoint be told of these events and no others, from now on.';
call kernel.run_as_definer('tasks.set_webhook_events');

create function tasks.send_webhook_again(delivery uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  d tasks.webhook_deliveries;
begin
  call kernel.require_permission('tasks.webhook.manage');
  perform tasks.lock_webhooks(organization);
  select * into d from tasks.webhook_deliveries w where w.organization_id = organization and w.id = delivery for update;
  if not found then
    raise exception 'There is no such delivery' using errcode = 'TN010';
  elsif d.status = 'waiting' then
    raise exception 'It waits behind an earlier change of the same row' using errcode = 'TN011', hint = 'Have that one sent first.';
  end if;
  update tasks.webhook_deliveries w set status = 'ready', attempts = 0, due_at = now(), ended_at = null
    where w.organization_id = organization and w.id = delivery;
  update tasks.webhook_figures f set retry_at = null, backlog = f.backlog + (d.ended_at is not null)::integer
    where f.organization_id = organization and f.endpoint_id = d.endpoint_id;
  perform tasks.queue_webhooks(array[organization]);
end
$$;
comment on function tasks.send_webhook_again is 'Has a delivery sent at once: one that waits for its next try, or that is over.';
call kernel.run_as_definer('tasks.send_webhook_again');

create function tasks.test_webhook(endpoint uuid) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  state text;
  delivery uuid := kernel.uuid_v7();
begin
  call kernel.require_permission('tasks.webhook.manage');
  perform tasks.lock_webhooks(organization);
  select e.status into state from tasks.webhook_endpoints e where e.organization_id = organization and e.id = endpoint;
  if not found then
    raise exception 'There is no such endpoint' using errcode = 'TN010';
  elsif state = 'paused' then
    raise exception 'The webhook is paused' using errcode = 'TN011', hint = 'Resume it first.';
  end if;
  with placed as (
    update tasks.webhook_lines l set position = l.position + 1 where l.organization_id = organization returning l.position
  )
  insert into tasks.webhook_deliveries (organization_id, id, endpoint_id, position, type, operation, resource)
    select organization, delivery, endpoint, p.position, 'webhook.test', kernel.request() ->> 'operation', format('webhook.test/%s', delivery)
    from placed p;
  update tasks.webhook_figures f set backlog = f.backlog + 1 where f.organization_id = organization and f.endpoint_id = endpoint;
  perform tasks.queue_webhooks(array[organization]);
  return delivery;
end
$$;
comment on function tasks.test_webhook is 'Has an endpoint be told of a change that is none; returns the delivery.';
call kernel.run_as_definer('tasks.test_webhook');
grant execute on function tasks.set_webhook_events, tasks.send_webhook_again, tasks.test_webhook to tenon_member;

-- Whoever resumes an endpoint wants it to be called now, whatever went wrong before.
create function tasks.webhook_resumed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform tasks.lock_webhooks(new.organization_id);
  update tasks.webhook_figures f set failures = 0, failing_since = null, retry_at = null
    where f.organization_id = new.organization_id and f.endpoint_id = new.id;
  update tasks.webhook_deliveries d set due_at = now()
    where d.organization_id = new.organization_id and d.endpoint_id = new.id and d.status = 'ready' and d.due_at > now();
  perform tasks.queue_webhooks(array[new.organization_id]);
  return null;
end
$$;
comment on function tasks.webhook_resumed() is 'Begins anew with an endpoint that is called again.';
call kernel.run_as_definer('tasks.webhook_resumed');
create trigger resume after update of status on tasks.webhook_endpoints for each row
  when (old.status = 'paused' and new.status = 'active') execute function tasks.webhook_resumed();
grant execute on function tasks.queue_webhooks, tasks.lock_webhooks to tenon_definer;

-- A consumer of the record that nobody needs for now reads nothing; it begins with what comes after it is needed again.

create function audit.begin_reading(consumer text) returns void
  language sql set search_path = ''
  begin atomic
    insert into audit.cursors (consumer, system_identifier, seen, reading, position, window_end)
      select begin_reading.consumer, c.system_identifier, s, s, l.last_value, l.last_value
      from pg_control_system() c, audit.current_snapshot() s, audit.entry_seq l
      on conflict (consumer) do update set consumer = excluded.consumer;
  end;
comment on function audit.begin_reading is 'Has a consumer hear what is committed from now on; locks its cursor where it has one.';

create function audit.stop_reading(consumer text) returns void
  language sql set search_path = ''
  begin atomic
    delete from audit.cursors c where c.consumer = stop_reading.consumer;
  end;
comment on function audit.stop_reading is 'Forgets how far a consumer has read.';
grant execute on function audit.begin_reading, audit.stop_reading to tenon_definer;
