-- Signing in: the first factor, the second one, and the session that comes of both.

create table identity.second_factors (
  user_id uuid not null references identity.users on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 100),
  sealed_seed bytea not null check (octet_length(sealed_seed) between 93 and 1024),
  key_id text not null generated always as (encode(substr(sealed_seed, 2, 4), 'hex')) stored,
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz,
  last_used_at timestamptz,
  primary key (user_id, id)
);
comment on table identity.second_factors is 'Authenticator apps (TOTP, RFC 6238) of a person. Sensitivity: critical.';
comment on column identity.second_factors.user_id is 'Whose factor it is.';
comment on column identity.second_factors.id is 'Identifier.';
comment on column identity.second_factors.name is 'What the person calls it.';
comment on column identity.second_factors.sealed_seed is 'The seed, sealed; opened outside of the database only.';
comment on column identity.second_factors.key_id is 'The key it is sealed with, read out of the seal.';
comment on column identity.second_factors.last_step is 'The time step of the last code taken: none is taken twice.';
comment on column identity.second_factors.created_at is 'When it was set up.';
comment on column identity.second_factors.confirmed_at is 'When a first code proved that it works; it counts from then on.';
comment on column identity.second_factors.last_used_at is 'When it was last used.';
comment on index identity.second_factors_pkey is 'Lists a person''s factors.';
create index second_factors_by_key on identity.second_factors (key_id);
comment on index identity.second_factors_by_key is 'Which seeds a rotation has yet to wrap anew.';

create table identity.recovery_codes (
  user_id uuid not null references identity.users on delete cascade,
  code_hash bytea not null check (octet_length(code_hash) = 32),
  created_at timestamptz not null default now(),
  used_at timestamptz,
  primary key (user_id, code_hash)
);
comment on table identity.recovery_codes is 'Codes that stand in for a lost second factor, once each. Sensitivity: critical.';
comment on column identity.recovery_codes.user_id is 'Whose code it is.';
comment on column identity.recovery_codes.code_hash is 'SHA-256 of the code.';
comment on column identity.recovery_codes.created_at is 'When it was made.';
comment on column identity.recovery_codes.used_at is 'When it was used up.';
comment on index identity.recovery_codes_pkey is 'Finds a person''s code.';

create table identity.passkeys (
  user_id uuid not null references identity.users on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 100),
  credential_id text not null unique check (length(credential_id) between 16 and 1400),
  public_key bytea not null check (octet_length(public_key) <= 2048),
  sign_count bigint not null default 0,
  transports text[] not null default '{}' check (cardinality(transports) <= 10),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (user_id, id)
);
comment on table identity.passkeys is 'Passkeys (WebAuthn) of a person. Sensitivity: high.';
comment on column identity.passkeys.user_id is 'Whose passkey it is.';
comment on column identity.passkeys.id is 'Identifier.';
comment on column identity.passkeys.name is 'What the person calls it.';
comment on column identity.passkeys.credential_id is 'The authenticator''s name for it, base64url.';
comment on column identity.passkeys.public_key is 'Its public key (COSE).';
comment on column identity.passkeys.sign_count is 'The authenticator''s counter: one that falls back tells of a copy.';
comment on column identity.passkeys.transports is 'How a browser reaches the authenticator.';
comment on column identity.passkeys.created_at is 'When it was added.';
comment on column identity.passkeys.last_used_at is 'When it was last used.';
comment on index identity.passkeys_pkey is 'Lists a person''s passkeys.';
comment on index identity.passkeys_credential_id_key is 'Finds a passkey by what the authenticator sends.';

create table identity.pending_sign_ins (
  user_id uuid not null references identity.users on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  method text not null check (length(method) <= 50),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (user_id, id)
);
comment on table identity.pending_sign_ins is 'Sign-ins that still want a second factor. They open nothing. Sensitivity: critical.';
comment on column identity.pending_sign_ins.user_id is 'Who signs in.';
comment on column identity.pending_sign_ins.id is 'Identifier.';
comment on column identity.pending_sign_ins.secret_hash is 'SHA-256 of the secret that was handed out.';
comment on column identity.pending_sign_ins.method is 'The first factor.';
comment on column identity.pending_sign_ins.created_at is 'When the first factor was right.';
comment on column identity.pending_sign_ins.expires_at is 'Until when the second one may follow.';
comment on index identity.pending_sign_ins_pkey is 'Finds a sign-in under way.';

create table identity.one_time_tokens (
  user_id uuid not null references identity.users on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  purpose text not null check (length(purpose) <= 50),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  data jsonb not null default '{}' check (pg_column_size(data) <= 4096),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, id)
);
comment on table identity.one_time_tokens is 'Tokens sent by mail: each for one purpose, once, for a while. Sensitivity: critical.';
comment on column identity.one_time_tokens.user_id is 'Whose account it is about.';
comment on column identity.one_time_tokens.id is 'Identifier.';
comment on column identity.one_time_tokens.purpose is 'What it lets its holder do, such as reset_password.';
comment on column identity.one_time_tokens.secret_hash is 'SHA-256 of the secret in the mail.';
comment on column identity.one_time_tokens.data is 'What the purpose needs, such as the new address.';
comment on column identity.one_time_tokens.created_at is 'When it was made.';
comment on column identity.one_time_tokens.expires_at is 'Until when it is good.';
comment on column identity.one_time_tokens.used_at is 'When it was used up.';
comment on index identity.one_time_tokens_pkey is 'Finds a token by what the mail says.';

call kernel.global_table('identity.second_factors', 'select, insert, update, delete');
call kernel.global_table('identity.recovery_codes', 'select, insert, update, delete');
call kernel.global_table('identity.passkeys', 'select, insert, update, delete');
call kernel.global_table('identity.pending_sign_ins', 'select, insert, delete');
call kernel.global_table('identity.one_time_tokens', 'select, insert, update, delete');

-- Who a token belongs to.

create function identity.session_user_id(holder uuid, session uuid, secret text) returns uuid
  language sql stable security definer set search_path = ''
  begin atomic
    select s.user_id from identity.user_sessions s
    where s.user_id = holder and s.id = session and s.secret_hash = sha256(convert_to(secret, 'UTF8'))
      and s.revoked_at is null and s.expires_at > now();
  end;
comment on function identity.session_user_id(uuid, uuid, text) is 'The person of a live session, or null.';

create function identity.require_session(holder uuid, session uuid, secret text, proved_within interval default null) returns uuid
  language plpgsql stable set search_path = '' as $$
declare
  proved timestamptz;
begin
  select s.proved_at into proved from identity.user_sessions s
    where s.user_id = identity.session_user_id(holder, session, secret) and s.id = session and s.impersonator_id is null;
  if not found then
    raise exception 'Not signed in' using errcode = 'TN001', hint = 'Sign in again.';
  elsif proved < now() - proved_within then
    raise exception 'Prove once more who you are' using errcode = 'TN007', hint = 'Send the password, a code or a passkey to POST /api/session/proof, then try again.';
  end if;
  return holder;
end
$$;
comment on function identity.require_session is 'The person of a live session that is their own, and was proved lately where that is asked for; raises TN001 or TN007 otherwise.';

create function identity.record_event(person uuid, kind text, details jsonb, request jsonb) returns void
  language sql set search_path = ''
  begin atomic
    insert into identity.user_events (user_id, kind, details, ip_address, user_agent, request_id)
    values (person, kind, details, (request ->> 'address')::inet, left(request ->> 'agent', 500), left(request ->> 'request_id', 100));
  end;
comment on function identity.record_event is 'Adds an event to the history of an account; to nobody''s where there is none.';

-- Sessions.

create function identity.session_lifetimes(kind text) returns table (idle interval, whole interval)
  language sql immutable parallel safe
  return case kind
    when 'browser' then row(interval '14 days', interval '90 days')
    when 'token' then row(interval '30 days', interval '180 days')
    when 'external' then row(interval '1 hour', interval '24 hours')
    when 'impersonation' then row(interval '1 hour', interval '1 hour')
  end;
comment on function identity.session_lifetimes(text) is 'How long a session of a kind lasts unused, and at the most.';

create function identity.new_session(
  person uuid, kind text, secret_hash bytea, refresh_hash bytea, second_factor boolean, request jsonb, lasts interval default null
) returns uuid
  language plpgsql set search_path = '' as $$
declare
  session uuid;
begin
  insert into identity.user_sessions (user_id, kind, secret_hash, refresh_hash, second_factor, expires_at, ends_at, ip_address, user_agent)
    select person, new_session.kind, new_session.secret_hash, new_session.refresh_hash, new_session.second_factor,
           now() + least(l.idle, lasts), now() + least(l.whole, lasts), (request ->> 'address')::inet, left(request ->> 'agent', 500)
    from identity.session_lifetimes(new_session.kind) l, identity.users u where u.id = person and u.status = 'active' for key share of u
    returning id into session;
  if not found then
    raise exception 'Not signed in' using errcode = 'TN001', hint = 'Sign in again.';
  end if;
  return session;
end
$$;
comment on function identity.new_session is 'Opens a session for a person who proved who they are; raises TN001 where they were shut out meanwhile.';

create function identity.person_shut_out() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  -- The person is locked: a session that is being opened is waited for, and ends too.
  update identity.user_sessions s set revoked_at = now(), revoked_reason = 'account ' || new.status where s.user_id = new.id and s.revoked_at is null;
  return new;
end
$$;
comment on function identity.person_shut_out() is 'Ends the sessions of a person who is not active any more.';
create trigger end_sessions before update of status on identity.users
  for each row when (old.status = 'active' and new.status <> 'active') execute function identity.person_shut_out();
call kernel.run_as_definer('identity.person_shut_out');

create function identity.has_second_factor(person uuid) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select exists (select from identity.second_factors f where f.user_id = person and f.confirmed_at is not null)
        or exists (select from identity.passkeys p where p.user_id = person);
  end;
comment on function identity.has_second_factor(uuid) is 'Whether a password alone does not let this person in.';

/*
  Goes on after the first factor was right. A method that is two factors by itself (a passkey that verifies its user), and a
  person without a second one, get their session; the others get a sign-in under way, for ten minutes, that opens nothing.
  Failures are forgotten only once a session is open: who has the password alone does not get more tries at the code.
*/
create function identity.begin_session(
  person uuid, method text, is_strong boolean, kind text, secret_hash bytea, refresh_hash bytea, request jsonb,
  out user_id uuid, out session_id uuid, out pending_id uuid
)
  language plpgsql set search_path = '' as $$
begin
  user_id := person;
  if not is_strong and identity.has_second_factor(person) then
    delete from identity.pending_sign_ins p where p.user_id = person and p.expires_at < now();
    insert into identity.pending_sign_ins (user_id, secret_hash, method, expires_at)
      values (person, begin_session.secret_hash, begin_session.method, now() + interval '10 minutes')
      returning id into pending_id;
    return;
  end if;
  session_id := identity.new_session(person, kind, secret_hash, refresh_hash, is_strong, request);
  update identity.lockouts l set failed_attempts = 0, locked_until = null where l.user_id = person and l.failed_attempts > 0;
  update identity.users u set last_login_at = now(), last_active_at = now() where u.id = person;
  perform identity.record_event(person, 'signed_in', jsonb_build_object('method', method, 'session', session_id), request);
end
$$;
comment on function identity.begin_session is 'Opens a session after the first factor, or a sign-in that waits for the second.';

-- Lockout: counted on a row that is locked first, in a transaction that never raises, so that parallel tries count exactly.

create function identity.lock_attempts(person uuid) returns boolean
  language plpgsql set search_path = '' as $$
declare
  locked boolean;
begin
  insert into identity.lockouts (user_id) values (person) on conflict do nothing;
  select coalesce(l.locked_until > now(), false) into locked from identity.lockouts l where l.user_id = person for update;
  return locked;
end
$$;
comment on function identity.lock_attempts(uuid) is 'Makes the tries at an account wait for each other; true while the account is locked.';

create function identity.count_failure(person uuid, method text, request jsonb) returns boolean
  language plpgsql set search_path = '' as $$
declare
  attempts_before_lock constant integer := 10;
  lock_first constant interval := '1 minute';
  lock_max constant interval := '1 hour';
  attempts integer;
begin
  update identity.lockouts l
    set failed_attempts = l.failed_attempts + 1, last_failed_at = now(),
        locked_until = case when l.failed_attempts + 1 >= attempts_before_lock
          then now() + least(lock_max, lock_first * power(2, least(l.failed_attempts + 1 - attempts_before_lock, 10))) end
    where l.user_id = person returning l.failed_attempts into attempts;
  perform identity.record_event(person, 'sign_in_failed', jsonb_build_object('method', method, 'attempts', attempts), request);
  return attempts = attempts_before_lock;
end
$$;
comment on function identity.count_failure is 'Counts a failure; from the tenth on the account waits, longer each time. True when this one locked it first.';

-- Passwords, in two steps: the database gives the salt, Node derives the hash, the database compares.
-- An address without an account gets a salt too, always the same one, so that nothing tells the two apart.

create function identity.password_parameters(address text)
  returns table (password_salt bytea, memory_kib integer, passes integer, parallelism integer)
  language sql stable security definer set search_path = ''
  begin atomic
    select coalesce(c.password_salt, substr(sha256(i.decoy_secret || convert_to(lower(address), 'UTF8')), 1, 16)),
           coalesce(c.memory_kib, 19456), coalesce(c.passes, 2), coalesce(c.parallelism, 1)
    from identity.installation i
    left join identity.users u on u.email_key = lower(address)
    left join identity.credentials c on c.user_id = u.id;
  end;
comment on function identity.password_parameters(text) is 'How to derive the password hash for an address; made up when there is no such account.';
call kernel.run_as_definer('identity.password_parameters');

create function identity.is_password(person uuid, derived_hash bytea) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select exists (
      select from identity.users u join identity.credentials c on c.user_id = u.id
      where u.id = person and u.status = 'active' and c.password_hash = derived_hash);
  end;
comment on function identity.is_password is 'Whether a derived hash is an active account''s. To be asked once tries wait for each other: a password that was changed meanwhile counts.';

/*
  Signs in with a derived hash. No row comes back when anything is wrong, whatever it is: no account, another hash, a locked
  account, even with the right password. The failure that locks the account sends its owner a mail with the token to unlock.
*/
create function identity.sign_in_with_password(
  address text, derived_hash bytea, kind text, secret_hash bytea, refresh_hash bytea,
  unlock_hash bytea, sealed_unlock bytea, request text
) returns table (user_id uuid, session_id uuid, pending_id uuid)
  language plpgsql security definer set search_path = '' as $$
declare
  how constant jsonb := request;
  person uuid;
begin
  select u.id into person
    from identity.users u join identity.credentials c on c.user_id = u.id
    where u.email_key = lower(address) and u.status = 'active' and u.kind = 'person';
  if person is null then
    perform identity.record_event(null, 'sign_in_failed', '{"method": "password"}', how);
  elsif identity.lock_attempts(person) then
    perform identity.record_event(person, 'sign_in_refused', '{"method": "password", "reason": "locked"}', how);
  elsif identity.is_password(person, derived_hash) then
    return query select * from identity.begin_session(person, 'password', false, sign_in_with_password.kind,
      sign_in_with_password.secret_hash, sign_in_with_password.refresh_hash, how);
  elsif identity.count_failure(person, 'password', how) then
    perform identity.offer_unlock(person, unlock_hash, sealed_unlock);
  end if;
end
$$;
comment on function identity.sign_in_with_password is 'Opens a session, or a sign-in that waits for a second factor, when the derived hash is the account''s.';
call kernel.run_as_definer('identity.sign_in_with_password');

create function identity.offer_unlock(person uuid, unlock_hash bytea, sealed_unlock bytea) returns void
  language plpgsql set search_path = '' as $$
declare
  token uuid;
begin
  insert into identity.one_time_tokens (user_id, purpose, secret_hash, expires_at)
    values (person, 'unlock', unlock_hash, now() + interval '1 day') returning id into token;
  perform kernel.queue_mail(u.email, 'account_locked', jsonb_build_object('name', u.full_name, 'form', format('tot_%s_%s_', person, token)), sealed_unlock)
    from identity.users u where u.id = person;
end
$$;
comment on function identity.offer_unlock is 'Sends the owner of an account that was locked a mail that unlocks it.';

create function identity.create_user(
  address text, name text, salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer
) returns uuid
  language plpgsql set search_path = '' as $$
declare
  person uuid;
begin
  insert into identity.users (email, full_name, email_verified_at) values (address, name, now()) returning id into person;
  insert into identity.credentials (user_id, password_salt, password_hash, memory_kib, passes, parallelism)
    values (person, salt, hash, create_user.memory_kib, create_user.passes, create_user.parallelism);
  return person;
end
$$;
comment on function identity.create_user is 'Makes a person with a password, whose address somebody vouches for.';

create function identity.end_session(holder uuid, session uuid, secret text, request text) returns boolean
  language plpgsql security definer set search_path = '' as $$
begin
  update identity.user_sessions s set revoked_at = now(), revoked_reason = 'signed out'
    where s.user_id = identity.session_user_id(holder, session, secret) and s.id = session;
  if not found then
    return false;
  end if;
  perform identity.record_event(holder, 'signed_out', jsonb_build_object('session', session), request::jsonb);
  return true;
end
$$;
comment on function identity.end_session is 'Ends a session; true when it was alive.';
call kernel.run_as_definer('identity.end_session');

-- Entering writes nothing, so a server tells now and then that a session is in use.
create function identity.touch_session(holder uuid, session uuid, secret text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  -- It comes beside everything else that a person does, so it waits for no row that something else holds: another time will do.
  perform from identity.user_sessions s where s.user_id = identity.session_user_id(holder, session, secret) and s.id = session
    for no key update skip locked;
  if not found then
    return;
  end if;
  update identity.user_sessions s
    set last_seen_at = now(), expires_at = greatest(s.expires_at, least(s.ends_at, now() + (select idle from identity.session_lifetimes(s.kind))))
    where s.user_id = holder and s.id = session;
  perform from identity.users u where u.id = holder for no key update skip locked;
  update identity.users u set last_active_at = now() where u.id = holder and found;
end
$$;
comment on function identity.touch_session is 'Keeps a session that is used alive; waits for nobody.';
call kernel.run_as_definer('identity.touch_session');

call kernel.run_as_definer('identity.session_user_id');
grant execute on function identity.require_session, identity.record_event, identity.session_lifetimes, identity.new_session,
  identity.has_second_factor, identity.begin_session, identity.lock_attempts, identity.count_failure, identity.offer_unlock, identity.is_password,
  identity.session_user_id to tenon_definer;
grant execute on function identity.password_parameters, identity.sign_in_with_password, identity.end_session,
  identity.touch_session, identity.session_user_id to tenon_gate;
