-- Second factors: authenticator apps, passkeys and recovery codes; adding and removing them, and showing one.

create table identity.challenges (
  hash bytea primary key check (octet_length(hash) = 32),
  user_id uuid references identity.users on delete cascade,
  purpose text not null check (purpose in ('register', 'sign_in')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
comment on table identity.challenges is 'What passkeys are asked to sign: each once, for a few minutes. Sensitivity: medium.';
comment on column identity.challenges.hash is 'SHA-256 of the challenge.';
comment on column identity.challenges.user_id is 'Who adds a passkey; nobody yet where one is to sign in.';
comment on column identity.challenges.purpose is 'Adding a passkey, or showing one.';
comment on column identity.challenges.created_at is 'When it was made.';
comment on column identity.challenges.expires_at is 'Until when it is good.';
comment on index identity.challenges_pkey is 'Finds a challenge by what was signed.';
create index challenges_by_user on identity.challenges (user_id) where user_id is not null;
comment on index identity.challenges_by_user is 'The challenges of a person.';
create index challenges_by_end on identity.challenges (expires_at);
comment on index identity.challenges_by_end is 'What is over.';
call kernel.global_table('identity.challenges', 'select, insert, update, delete');

create function identity.add_challenge(challenge bytea, person uuid, purpose text) returns void
  language plpgsql set search_path = '' as $$
begin
  delete from identity.challenges c where c.hash in (
    select o.hash from identity.challenges o where o.expires_at < now() order by o.expires_at limit 100 for update skip locked);
  insert into identity.challenges (hash, user_id, purpose, expires_at)
    values (challenge, person, add_challenge.purpose, now() + interval '5 minutes');
end
$$;
comment on function identity.add_challenge is 'Keeps a new challenge, and clears away some that are over.';

create function identity.use_challenge(challenge bytea, person uuid, purpose text) returns boolean
  language plpgsql set search_path = '' as $$
begin
  delete from identity.challenges c where c.hash = challenge and c.purpose = use_challenge.purpose
    and c.user_id is not distinct from person and c.expires_at > now();
  return found;
end
$$;
comment on function identity.use_challenge is 'Uses a challenge up; true when it was good.';

-- Looking after one's factors.

create function identity.list_factors(holder uuid, session uuid, secret text) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret);
begin
  return jsonb_build_object(
    'totp', coalesce((
      select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'created_at', f.created_at, 'last_used_at', f.last_used_at) order by f.id)
      from identity.second_factors f where f.user_id = person and f.confirmed_at is not null), '[]'),
    'passkeys', coalesce((
      select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'created_at', p.created_at, 'last_used_at', p.last_used_at) order by p.id)
      from identity.passkeys p where p.user_id = person), '[]'),
    'recovery_codes', (select count(*) from identity.recovery_codes c where c.user_id = person and c.used_at is null));
end
$$;
comment on function identity.list_factors is 'The second factors of the session''s person, without anything secret.';

-- A password alone neither adds a factor beside others nor takes one away: otherwise it would stand in for them.
create function identity.require_factor_session(holder uuid, session uuid, secret text) returns uuid
  language plpgsql set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret, '15 minutes');
begin
  -- One change after the other: what is the first or the last factor is decided here.
  perform from identity.users u where u.id = person for no key update;
  if identity.has_second_factor(person)
    and not (select s.second_factor from identity.user_sessions s where s.user_id = person and s.id = session) then
    raise exception 'Show your second factor first' using errcode = 'TN006',
      hint = 'Send a code, a recovery code or a passkey to POST /api/session/proof/second-factor, then try again.';
  end if;
  return person;
end
$$;
comment on function identity.require_factor_session is 'The person of a session that may change second factors; their changes wait for each other.';

create procedure identity.refuse_too_many_factors(person uuid)
  language plpgsql set search_path = '' as $$
declare
  factors_max constant integer := 20;
begin
  -- Signing in, a reset and a change of factors touch the same rows: whoever comes second waits here, and not halfway.
  perform identity.lock_attempts(person);
  if (select count(*) from identity.second_factors f where f.user_id = person)
    + (select count(*) from identity.passkeys p where p.user_id = person) >= factors_max then
    raise exception 'More than % second factors are not possible', factors_max using errcode = 'TN011', hint = 'Remove one that you no longer use.';
  end if;
end
$$;
comment on procedure identity.refuse_too_many_factors is 'Keeps the list of a person''s factors short.';

create function identity.factor_changed(person uuid, change text, name text, request jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  perform identity.record_event(person, change, jsonb_build_object('factor', name), request);
  perform kernel.queue_mail(u.email, 'factor_changed', jsonb_build_object('name', u.full_name, 'change', change, 'factor', factor_changed.name))
    from identity.users u where u.id = person;
end
$$;
comment on function identity.factor_changed is 'Notes a change of a person''s factors, and tells them by mail.';

create function identity.factor_added(person uuid, session uuid, is_first boolean, code_hashes bytea[], change text, name text, request jsonb)
  returns void
  language plpgsql set search_path = '' as $$
begin
  if is_first then
    perform identity.replace_recovery_codes(person, code_hashes);
  end if;
  update identity.user_sessions s set second_factor = true where s.user_id = person and s.id = session;
  perform identity.factor_changed(person, change, name, request);
end
$$;
comment on function identity.factor_added is 'Gives recovery codes with the first factor; the session that added a factor has shown it.';

create function identity.replace_recovery_codes(person uuid, code_hashes bytea[]) returns void
  language plpgsql set search_path = '' as $$
begin
  delete from identity.recovery_codes c where c.user_id = person;
  insert into identity.recovery_codes (user_id, code_hash) select person, h from unnest(code_hashes) h;
end
$$;
comment on function identity.replace_recovery_codes is 'Voids a person''s recovery codes and keeps new ones.';

create function identity.factor_removed(person uuid, change text, name text, request jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  if not identity.has_second_factor(person) then
    delete from identity.recovery_codes c where c.user_id = person;
    -- Who gave the last one up is one without: an organization that wants one does not let them in on the strength of the past.
    update identity.user_sessions s set second_factor = false
      where s.user_id = person and s.kind in ('browser', 'token') and s.second_factor and s.revoked_at is null;
  end if;
  perform identity.factor_changed(person, change, name, request);
end
$$;
comment on function identity.factor_removed is 'Voids the recovery codes with the last factor; sessions count as without one then.';

create function identity.add_totp(holder uuid, session uuid, secret text, name text, sealed_seed bytea, request text)
  returns table (id uuid, email text)
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_factor_session(holder, session, secret);
begin
  delete from identity.second_factors f where f.user_id = person and f.confirmed_at is null;
  call identity.refuse_too_many_factors(person);
  return query insert into identity.second_factors as f (user_id, name, sealed_seed) values (person, add_totp.name, add_totp.sealed_seed)
    returning f.id, (select u.email from identity.users u where u.id = person);
end
$$;
comment on function identity.add_totp is 'Sets an authenticator app up, in place of one that was never confirmed; it counts once it is confirmed.';

create function identity.read_totp_seed(holder uuid, session uuid, secret text, factor uuid) returns bytea
  language plpgsql stable security definer set search_path = '' as $$
begin
  return (select f.sealed_seed from identity.second_factors f
    where f.user_id = identity.require_session(holder, session, secret, '15 minutes') and f.id = factor and f.confirmed_at is null);
end
$$;
comment on function identity.read_totp_seed is 'The sealed seed of an authenticator app that waits to be confirmed; null where there is none.';

create function identity.confirm_totp(holder uuid, session uuid, secret text, factor uuid, step bigint, code_hashes bytea[], request text) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_factor_session(holder, session, secret);
  is_first constant boolean := not identity.has_second_factor(person);
  confirmed_name text;
begin
  update identity.second_factors f set confirmed_at = now(), last_used_at = now(), last_step = step
    where f.user_id = person and f.id = factor and f.confirmed_at is null and f.last_step < step
    returning f.name into confirmed_name;
  if confirmed_name is null then
    raise exception 'No such authenticator app waits to be confirmed' using errcode = 'TN010';
  end if;
  perform identity.factor_added(person, session, is_first, code_hashes, 'totp_added', confirmed_name, request::jsonb);
  return is_first;
end
$$;
comment on function identity.confirm_totp is 'Makes an authenticator app count, whose code was right; true when it is the first factor, so that the recovery codes are new.';

create function identity.remove_totp(holder uuid, session uuid, secret text, factor uuid, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_factor_session(holder, session, secret);
  removed identity.second_factors;
begin
  delete from identity.second_factors f where f.user_id = person and f.id = factor returning f.* into removed;
  if removed.id is null then
    raise exception 'No such authenticator app' using errcode = 'TN010';
  elsif removed.confirmed_at is not null then
    perform identity.factor_removed(person, 'totp_removed', removed.name, request::jsonb);
  end if;
end
$$;
comment on function identity.remove_totp is 'Takes an authenticator app away.';

create function identity.renew_recovery_codes(holder uuid, session uuid, secret text, code_hashes bytea[], request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_factor_session(holder, session, secret);
begin
  if not identity.has_second_factor(person) then
    raise exception 'There is no second factor that recovery codes could stand in for' using errcode = 'TN011', hint = 'Add an authenticator app or a passkey first.';
  end if;
  perform identity.replace_recovery_codes(person, code_hashes);
  perform identity.factor_changed(person, 'recovery_codes_renewed', '', request::jsonb);
end
$$;
comment on function identity.renew_recovery_codes is 'Gives new recovery codes; the old ones are void.';

create function identity.start_passkey(holder uuid, session uuid, secret text, challenge bytea, request text)
  returns table (email text, name text, existing jsonb)
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_factor_session(holder, session, secret);
begin
  call identity.refuse_too_many_factors(person);
  perform identity.add_challenge(challenge, person, 'register');
  return query select u.email, u.full_name, coalesce((
      select jsonb_agg(jsonb_build_object('id', p.credential_id, 'transports', p.transports)) from identity.passkeys p where p.user_id = person), '[]')
    from identity.users u where u.id = person;
end
$$;
comment on function identity.start_passkey is 'Begins to add a passkey: whose it is, and which ones there are.';

create function identity.add_passkey(
  holder uuid, session uuid, secret text, challenge bytea, name text, credential_id text, public_key bytea, sign_count bigint,
  transports text[], code_hashes bytea[], request text
) returns table (id uuid, is_first boolean)
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_factor_session(holder, session, secret);
begin
  is_first := not identity.has_second_factor(person);
  call identity.refuse_too_many_factors(person);
  if not identity.use_challenge(challenge, person, 'register') then
    raise exception 'This passkey was made too late, or sent before' using errcode = 'TN013', hint = 'Begin anew with POST /api/me/passkeys/options.';
  end if;
  insert into identity.passkeys as p (user_id, name, credential_id, public_key, sign_count, transports)
    values (person, add_passkey.name, add_passkey.credential_id, add_passkey.public_key, add_passkey.sign_count, add_passkey.transports)
    returning p.id into id;
  perform identity.factor_added(person, session, is_first, code_hashes, 'passkey_added', name, request::jsonb);
  return next;
end
$$;
comment on function identity.add_passkey is 'Adds a passkey that was verified; is_first when it is the first factor, so that the recovery codes are new.';

create function identity.rename_passkey(holder uuid, session uuid, secret text, passkey uuid, name text, request text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  update identity.passkeys p set name = rename_passkey.name
    where p.user_id = identity.require_session(holder, session, secret) and p.id = passkey;
  if not found then
    raise exception 'No such passkey' using errcode = 'TN010';
  end if;
end
$$;
comment on function identity.rename_passkey is 'Gives a passkey another name.';

create function identity.remove_passkey(holder uuid, session uuid, secret text, passkey uuid, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_factor_session(holder, session, secret);
  removed text;
begin
  delete from identity.passkeys p where p.user_id = person and p.id = passkey returning p.name into removed;
  if removed is null then
    raise exception 'No such passkey' using errcode = 'TN010';
  end if;
  perform identity.factor_removed(person, 'passkey_removed', removed, request::jsonb);
end
$$;
comment on function identity.remove_passkey is 'Takes a passkey away.';

call kernel.run_as_definer('identity.list_factors');
call kernel.run_as_definer('identity.add_totp');
call kernel.run_as_definer('identity.read_totp_seed');
call kernel.run_as_definer('identity.confirm_totp');
call kernel.run_as_definer('identity.remove_totp');
call kernel.run_as_definer('identity.renew_recovery_codes');
call kernel.run_as_definer('identity.start_passkey');
call kernel.run_as_definer('identity.add_passkey');
call kernel.run_as_definer('identity.rename_passkey');
call kernel.run_as_definer('identity.remove_passkey');
grant execute on function identity.add_challenge, identity.use_challenge, identity.require_factor_session, identity.factor_changed,
  identity.factor_added, identity.replace_recovery_codes, identity.factor_removed to tenon_definer;
grant execute on procedure identity.refuse_too_many_factors to tenon_definer;
grant execute on function identity.list_factors, identity.add_totp, identity.read_totp_seed, identity.confirm_totp, identity.remove_totp,
  identity.renew_recovery_codes, identity.start_passkey, identity.add_passkey, identity.rename_passkey, identity.remove_passkey to tenon_gate;
