-- What a request with an Idempotency-Key did is kept in the transaction that did it: both are there, or neither is.

create table kernel.idempotency_keys (
  organization_id uuid not null,
  user_id uuid not null,
  actor_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  step integer not null check (step >= 0),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  answer bytea not null check (octet_length(answer) <= 4194304),
  created_at timestamptz not null default now(),
  primary key (organization_id, user_id, actor_id, key, step),
  foreign key (organization_id, user_id) references organizations.memberships on delete cascade
);
comment on table kernel.idempotency_keys is 'What requests that may be sent again did the first time, for a day. Sensitivity: critical.';
comment on column kernel.idempotency_keys.user_id is 'The member who asked.';
comment on column kernel.idempotency_keys.actor_id is 'Who it was: the API key or the supporter who acted as the member, or the member.';
comment on column kernel.idempotency_keys.key is 'The key as it was sent.';
comment on column kernel.idempotency_keys.step is 'Which of the request''s transactions it was, from 0.';
comment on column kernel.idempotency_keys.request_hash is 'SHA-256 of the request: another one under the same key is refused.';
comment on column kernel.idempotency_keys.answer is 'What the transaction resulted in, as the server serializes it.';
comment on column kernel.idempotency_keys.created_at is 'When it was done.';
comment on index kernel.idempotency_keys_pkey is 'Finds what a request did.';
create index idempotency_keys_by_time on kernel.idempotency_keys (created_at);
comment on index kernel.idempotency_keys_by_time is 'What retention removes.';
call kernel.tenant_table('kernel.idempotency_keys', audit => 'none', access => 'none', versions => false);

create function kernel.actor_id() returns uuid
  language sql stable
  return coalesce(kernel.request() ->> 'api_key_id', kernel.request() ->> 'impersonator_id', kernel.user_id()::text)::uuid;
comment on function kernel.actor_id() is 'Who acts: the API key or the supporter in the member''s place, or the member.';

create function kernel.recall_answer(key text, step integer, request_hash bytea) returns bytea
  language plpgsql security definer set search_path = '' as $$
declare
  kept record;
begin
  -- Of two requests under one key the second waits here until the first is over, and then finds what that one kept.
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws('/', 'idempotency', kernel.organization_id(), kernel.user_id(), kernel.actor_id(), step, key), 0));
  select k.request_hash, k.answer into kept from kernel.idempotency_keys k
    where k.organization_id = kernel.organization_id() and k.user_id = kernel.user_id() and k.actor_id = kernel.actor_id()
      and k.key = recall_answer.key and k.step = recall_answer.step;
  if kept.request_hash <> recall_answer.request_hash then
    raise exception 'This Idempotency-Key was sent with another request' using errcode = 'TN017', hint = 'Send a new key with each new request.';
  end if;
  return kept.answer;
end
$$;
comment on function kernel.recall_answer is 'What this step of the request resulted in when it was done; null when it was not. Nobody else does it meanwhile.';
call kernel.run_as_definer('kernel.recall_answer');

create function kernel.keep_answer(key text, step integer, request_hash bytea, answer bytea) returns void
  language sql security definer set search_path = ''
  begin atomic
    insert into kernel.idempotency_keys (organization_id, user_id, actor_id, key, step, request_hash, answer)
    values (kernel.organization_id(), kernel.user_id(), kernel.actor_id(), key, step, request_hash, answer);
  end;
comment on function kernel.keep_answer is 'Keeps what this step of the request resulted in.';
call kernel.run_as_definer('kernel.keep_answer');

create function kernel.remove_old_answers(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  removed integer;
begin
  delete from kernel.idempotency_keys k using (
    select o.organization_id, o.user_id, o.actor_id, o.key, o.step from kernel.idempotency_keys o
    where o.created_at < now() - interval '24 hours' order by o.created_at limit batch for update skip locked
  ) old
  where k.organization_id = old.organization_id and k.user_id = old.user_id and k.actor_id = old.actor_id and k.key = old.key and k.step = old.step;
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function kernel.remove_old_answers(integer) is 'Removes what was kept for a day. Returns how many, at most a batch.';
call kernel.run_as_definer('kernel.remove_old_answers');

grant execute on function kernel.actor_id() to tenon_definer;
grant execute on function kernel.recall_answer, kernel.keep_answer to tenon_member, tenon_own, tenon_client, tenon_steward, tenon_loader;
grant execute on function kernel.remove_old_answers to tenon_dispatcher;
