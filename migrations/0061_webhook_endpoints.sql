-- Webhooks: programs elsewhere that are called, to execute a task or to be told what changed; by which secrets calls are signed, and how
-- whoever executes a task tells its outcome later.

call organizations.add_permission('tasks.webhook.manage', 'Set up webhooks, which are told of every change they ask for, and see what they were told', '{admin}');

create table tasks.webhook_endpoints (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 100),
  url text not null check (url ~ '^https?://[^\s]+$' and length(url) <= 2000),
  timeout_seconds smallint not null default 10 check (timeout_seconds between 1 and 60),
  status text not null default 'active' check (status in ('active', 'paused')),
  paused_because text check (paused_because in ('asked', 'failing', 'gone')),
  created_by uuid,
  check ((status = 'paused') = (paused_because is not null)),
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict
);
comment on table tasks.webhook_endpoints is 'Programs elsewhere that are called, to execute a task or to be told of changes. Sensitivity: high.';
comment on column tasks.webhook_endpoints.name is 'What people call it.';
comment on column tasks.webhook_endpoints.url is 'Where it is called. Where it leads to is checked at each call.';
comment on column tasks.webhook_endpoints.timeout_seconds is 'How long a call may take, from the look-up of the name to the end of the answer.';
comment on column tasks.webhook_endpoints.status is 'A paused one is not called.';
comment on column tasks.webhook_endpoints.paused_because is 'Somebody asked for it, it failed for too long, or it answered that it is gone for good (410).';
comment on column tasks.webhook_endpoints.created_by is 'The member who made it.';
comment on index tasks.webhook_endpoints_organization_id_name_key is 'Two endpoints do not have one name.';
create index webhook_endpoints_by_maker on tasks.webhook_endpoints (organization_id, created_by);
comment on index tasks.webhook_endpoints_by_maker is 'The endpoints that a member made.';
call kernel.tenant_table('tasks.webhook_endpoints', access => 'read');
grant update (name, url, timeout_seconds, status, paused_because), delete on tasks.webhook_endpoints to tenon_member, tenon_steward;

create table tasks.webhook_secrets (
  organization_id uuid not null,
  endpoint_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  sealed bytea not null check (octet_length(sealed) between 93 and 1024),
  key_id text not null generated always as (encode(substr(sealed, 2, 4), 'hex')) stored references kernel.keys on delete restrict,
  ends_at timestamptz,
  primary key (organization_id, endpoint_id, id),
  foreign key (organization_id, endpoint_id) references tasks.webhook_endpoints on delete cascade
);
comment on table tasks.webhook_secrets is
  'What calls to an endpoint are signed with: one secret, and the one before for a while. Sensitivity: critical.';
comment on column tasks.webhook_secrets.endpoint_id is 'The endpoint.';
comment on column tasks.webhook_secrets.sealed is 'The secret, sealed; opened outside of the database only.';
comment on column tasks.webhook_secrets.key_id is 'The key it is sealed with, read out of the seal.';
comment on column tasks.webhook_secrets.ends_at is 'Until when calls are signed with it too, after another took its place.';
comment on index tasks.webhook_secrets_pkey is 'The secrets of an endpoint.';
create index webhook_secrets_by_key on tasks.webhook_secrets (organization_id, key_id);
comment on index tasks.webhook_secrets_by_key is 'Which secrets a rotation of the key has yet to wrap anew.';
call kernel.tenant_table('tasks.webhook_secrets', access => 'none', secrets => '{sealed}');

create table tasks.callbacks (
  organization_id uuid not null,
  task_id uuid not null,
  token_hash bytea not null check (octet_length(token_hash) = 32),
  expires_at timestamptz not null,
  used_at timestamptz,
  early_answer jsonb check (pg_column_size(early_answer) <= 524288),
  primary key (organization_id, task_id, token_hash),
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade
);
comment on table tasks.callbacks is
  'Tokens by which whoever was called tells the outcome of a task later: one for each call, and one answer for all of them. Sensitivity: critical.';
comment on column tasks.callbacks.task_id is 'The task.';
comment on column tasks.callbacks.token_hash is 'SHA-256 of the token''s secret.';
comment on column tasks.callbacks.expires_at is 'Until when it is good.';
comment on column tasks.callbacks.used_at is 'When the outcome was told, by this token or another of the task.';
comment on column tasks.callbacks.early_answer is 'An answer that came before the task waited for it.';
comment on index tasks.callbacks_pkey is 'Finds a callback by its token.';
call kernel.tenant_table('tasks.callbacks', access => 'none', secrets => '{token_hash,early_answer}');
grant insert (organization_id, task_id, token_hash, expires_at) on tasks.callbacks to tenon_worker;

-- Endpoints: members read them as they are; who makes one or gives it another secret brings the secret sealed.

create function tasks.make_webhook_endpoint(endpoint uuid, name text, url text, timeout_seconds integer, sealed bytea) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  endpoints_max constant integer := 100;
  organization constant uuid := kernel.organization_id();
begin
  call kernel.require_permission('tasks.webhook.manage');
  perform organizations.lock_organization(organization);
  if (select count(*) from tasks.webhook_endpoints e where e.organization_id = organization) >= endpoints_max then
    raise exception 'The organization has % webhook endpoints, which is the most', endpoints_max using errcode = 'TN011',
      hint = 'Delete endpoints that nobody uses.';
  elsif exists (select from tasks.webhook_endpoints e where e.organization_id = organization and e.name = btrim(make_webhook_endpoint.name)) then
    raise exception 'There is an endpoint with this name' using errcode = 'TN011', hint = 'Choose another name.';
  end if;
  insert into tasks.webhook_endpoints (organization_id, id, name, url, timeout_seconds, created_by)
    values (organization, endpoint, btrim(make_webhook_endpoint.name), make_webhook_endpoint.url, make_webhook_endpoint.timeout_seconds, kernel.user_id());
  insert into tasks.webhook_secrets (organization_id, endpoint_id, sealed) values (organization, endpoint, make_webhook_endpoint.sealed);
end
$$;
comment on function tasks.make_webhook_endpoint is 'Makes an endpoint with its first secret.';
call kernel.run_as_definer('tasks.make_webhook_endpoint');

create function tasks.rotate_webhook_secret(endpoint uuid, sealed bytea, overlap_hours integer) returns timestamptz
  language plpgsql security definer set search_path = '' as $$
declare
  overlap_hours_max constant integer := 168;
  organization constant uuid := kernel.organization_id();
  ends constant timestamptz := case when overlap_hours > 0 then now() + make_interval(hours => overlap_hours) end;
begin
  call kernel.require_permission('tasks.webhook.manage');
  if coalesce(overlap_hours, -1) not between 0 and overlap_hours_max then
    raise exception 'The old secret can be good for 0 to % hours more', overlap_hours_max using errcode = 'TN012', hint = 'Give fewer overlap_hours.';
  end if;
  perform from tasks.webhook_endpoints e where e.organization_id = organization and e.id = endpoint for update;
  if not found then
    raise exception 'There is no such endpoint' using errcode = 'TN010';
  end if;
  -- Who rotates twice may know why: the secret before the last one is not good any longer, whatever was said then.
  delete from tasks.webhook_secrets s
    where s.organization_id = organization and s.endpoint_id = endpoint and (s.ends_at is not null or ends is null);
  update tasks.webhook_secrets s set ends_at = ends where s.organization_id = organization and s.endpoint_id = endpoint;
  insert into tasks.webhook_secrets (organization_id, endpoint_id, sealed) values (organization, endpoint, rotate_webhook_secret.sealed);
  return ends;
end
$$;
comment on function tasks.rotate_webhook_secret is 'Gives an endpoint another secret; the old one signs beside it for so many hours. Returns until when, null for not at all.';
call kernel.run_as_definer('tasks.rotate_webhook_secret');
grant execute on function tasks.make_webhook_endpoint, tasks.rotate_webhook_secret to tenon_member;

-- Nobody lists secrets: a worker asks for those of the endpoint that it calls.
create function tasks.endpoint_for_call(
  endpoint uuid, out url text, out timeout_seconds integer, out status text, out sealed_secrets bytea[]
) returns setof record
  language sql stable security definer set search_path = ''
  begin atomic
    select e.url, e.timeout_seconds::integer, e.status, array(
      select s.sealed from tasks.webhook_secrets s
      where s.organization_id = e.organization_id and s.endpoint_id = e.id and (s.ends_at is null or s.ends_at > now())
      order by s.ends_at nulls first)
    from tasks.webhook_endpoints e where e.organization_id = kernel.organization_id() and e.id = endpoint;
  end;
comment on function tasks.endpoint_for_call is 'An endpoint of the organization entered, with its secrets, sealed, the newest first.';
call kernel.run_as_definer('tasks.endpoint_for_call');
grant execute on function tasks.endpoint_for_call to tenon_worker;

-- Callbacks.

create function tasks.end_by_callback(organization uuid, task uuid, outcome text, output jsonb, error jsonb) returns boolean
  language plpgsql set search_path = '' as $$
begin
  if not exists (select from tasks.tasks t where t.organization_id = organization and t.id = task and t.status = 'waiting') then
    return false;
  elsif outcome = 'failed' then
    perform tasks.end_at_once(organization, array[task], 'failed', error);
  else
    update tasks.tasks t set status = 'completed', output = end_by_callback.output, error_details = null, completed_at = now()
      where t.organization_id = organization and t.id = task;
    perform tasks.follow_ends(organization, array[task]);
  end if;
  return true;
end
$$;
comment on function tasks.end_by_callback is 'Ends a task that waits as whoever was called says: succeeded or failed. False when it does not wait.';
grant execute on function tasks.end_by_callback to tenon_definer;

create function tasks.wait_for_answer(organization uuid, task uuid) returns void
  language plpgsql set search_path = '' as $$
declare
  answer jsonb;
begin
  -- An answer that never comes is a deadline that passes.
  insert into tasks.deadlines as d (organization_id, task_id, deadline_at)
    select c.organization_id, c.task_id, max(c.expires_at) from tasks.callbacks c
    where c.organization_id = organization and c.task_id = task group by c.organization_id, c.task_id
    on conflict (organization_id, task_id) do update set deadline_at = least(d.deadline_at, excluded.deadline_at);
  select c.early_answer into answer from tasks.callbacks c
    where c.organization_id = organization and c.task_id = task and c.early_answer is not null;
  if found then
    perform tasks.end_by_callback(organization, task, answer ->> 'outcome', answer -> 'output', answer -> 'error');
  end if;
end
$$;
comment on function tasks.wait_for_answer is 'Has a task wait for its answer, for as long as its callbacks last, or ends it where the answer came before.';
grant execute on function tasks.wait_for_answer to tenon_definer;

create function tasks.answer_callback(
  organization uuid, task uuid, secret_hash bytea, outcome text, output jsonb, error jsonb, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  output_bytes_max constant integer := 262144;
  error_bytes_max constant integer := 65536;
  found_callback tasks.callbacks;
begin
  -- Two answers to one task at once, by one token or by two, come one after the other.
  perform from tasks.tasks t
    join organizations.organizations o on o.id = t.organization_id and o.status = 'active'
    where t.organization_id = organization and t.id = task
      and exists (select from tasks.callbacks c where c.organization_id = organization and c.task_id = task and c.token_hash = secret_hash)
    for update of t;
  select * into found_callback from tasks.callbacks c
    where c.organization_id = organization and c.task_id = task and c.token_hash = secret_hash and found;
  if not found then
    raise exception 'There is no such callback' using errcode = 'TN010';
  elsif found_callback.used_at is not null then
    raise exception 'The outcome of this task was told already' using errcode = 'TN013', hint = 'Nothing more is needed.';
  elsif found_callback.expires_at <= now() then
    raise exception 'The callback has expired' using errcode = 'TN013', hint = 'Answer sooner next time, before expires_at of the call.';
  elsif outcome not in ('succeeded', 'failed') or outcome is null then
    raise exception 'A task has succeeded or failed' using errcode = 'TN012', hint = 'Give status as succeeded or failed.';
  elsif pg_column_size(output) > output_bytes_max then
    raise exception 'The output takes more than % KB', output_bytes_max / 1024 using errcode = 'TN012', hint = 'Put it elsewhere, and give an address of it.';
  elsif pg_column_size(error) > error_bytes_max then
    raise exception 'The error takes more than % KB', error_bytes_max / 1024 using errcode = 'TN012', hint = 'Say less of it.';
  end if;

  perform set_config('tenon.request', (request::jsonb || '{"actor": "task"}')::text, true);
  if not tasks.end_by_callback(organization, task, outcome, output, error) then
    -- Who answers at once may be faster than the worker that has just called: the answer is kept until the task waits for it.
    update tasks.callbacks c set early_answer = jsonb_build_object('outcome', outcome, 'output', answer_callback.output, 'error', answer_callback.error)
      from tasks.tasks t
      where t.organization_id = organization and t.id = task and t.status in ('queued', 'processing')
        and c.organization_id = organization and c.task_id = task and c.token_hash = secret_hash;
    if not found then
      raise exception 'The task does not wait for a callback' using errcode = 'TN011', hint = 'It is over: nothing more is needed.';
    end if;
  end if;
  update tasks.callbacks c set used_at = now() where c.organization_id = organization and c.task_id = task;
end
$$;
comment on function tasks.answer_callback is 'Takes the outcome of a task from whoever holds the secret of one of its callbacks, once.';
call kernel.run_as_definer('tasks.answer_callback');
grant execute on function tasks.answer_callback to tenon_gate;
