-- Showing a second factor: to finish signing in, to sign in by a passkey alone, or to prove oneself once more.

-- What is shown comes as JSON, checked by the server as far as it can: {"method": "totp", "factor", "step"} when a code fits an
-- app at a time step, {"method": "recovery_code", "hash"}, or {"method": "passkey", "credential_id", "sign_count", "challenge"} when
-- its signature is right; hash and challenge in hexadecimal digits. A method alone is something that was wrong.
create function identity.use_second_factor(person uuid, proof jsonb) returns boolean
  language plpgsql set search_path = '' as $$
begin
  case proof ->> 'method'
    when 'totp' then
      update identity.second_factors f set last_step = (proof ->> 'step')::bigint, last_used_at = now()
        where f.user_id = person and f.id = (proof ->> 'factor')::uuid and f.confirmed_at is not null
          and f.last_step < (proof ->> 'step')::bigint;
      return found;
    when 'recovery_code' then
      update identity.recovery_codes c set used_at = now()
        where c.user_id = person and c.code_hash = decode(proof ->> 'hash', 'hex') and c.used_at is null;
      return found;
    when 'passkey' then
      return identity.use_passkey(person, proof);
    else
      return false;
  end case;
end
$$;
comment on function identity.use_second_factor is 'Whether a person''s second factor was shown; a code or a challenge is used up by it.';

create function identity.use_passkey(person uuid, proof jsonb) returns boolean
  language plpgsql set search_path = '' as $$
declare
  new_count constant bigint := (proof ->> 'sign_count')::bigint;
  old_count bigint;
begin
  if proof ->> 'challenge' is null or not identity.use_challenge(decode(proof ->> 'challenge', 'hex'), null, 'sign_in') then
    return false;
  end if;
  select p.sign_count into old_count from identity.passkeys p
    where p.user_id = person and p.credential_id = proof ->> 'credential_id' for update;
  -- Authenticators that count at all count upwards: one that does not is a copy. Those that do not count send zero for ever.
  if old_count is null or new_count <= old_count and (new_count > 0 or old_count > 0) then
    return false;
  end if;
  update identity.passkeys p set sign_count = new_count, last_used_at = now()
    where p.user_id = person and p.credential_id = proof ->> 'credential_id';
  return true;
end
$$;
comment on function identity.use_passkey is 'Whether a passkey that signed a challenge may be believed; the challenge is used up in any case.';

create function identity.pending_person(holder uuid, pending uuid, secret text) returns uuid
  language sql stable set search_path = ''
  begin atomic
    select p.user_id from identity.pending_sign_ins p join identity.users u on u.id = p.user_id and u.status = 'active'
    where p.user_id = holder and p.id = pending and p.secret_hash = sha256(convert_to(secret, 'UTF8')) and p.expires_at > now();
  end;
comment on function identity.pending_person is 'The person of a sign-in that waits for its second factor, or null.';

create function identity.totp_seeds(person uuid) returns table (id uuid, sealed_seed bytea)
  language sql stable set search_path = ''
  begin atomic
    select f.id, f.sealed_seed from identity.second_factors f where f.user_id = person and f.confirmed_at is not null;
  end;
comment on function identity.totp_seeds is 'The sealed seeds of a person''s authenticator apps.';

create function identity.pending_totp_seeds(holder uuid, pending uuid, secret text) returns table (id uuid, sealed_seed bytea)
  language sql stable security definer set search_path = ''
  begin atomic
    select f.id, f.sealed_seed from identity.totp_seeds(identity.pending_person(holder, pending, secret)) f;
  end;
comment on function identity.pending_totp_seeds is 'The sealed seeds that a code is checked against, for a sign-in that waits for its second factor.';

create function identity.session_totp_seeds(holder uuid, session uuid, secret text) returns table (id uuid, sealed_seed bytea)
  language sql stable security definer set search_path = ''
  begin atomic
    select f.id, f.sealed_seed from identity.totp_seeds(identity.require_session(holder, session, secret)) f;
  end;
comment on function identity.session_totp_seeds is 'The sealed seeds that a code is checked against, for the person of a session.';

/*
  Finishes a sign-in that waits for its second factor. No row comes back when anything is wrong, whatever it is. Tries are counted
  together with those at the password, and wait for each other on the row that counts them.
*/
create function identity.finish_sign_in(
  holder uuid, pending uuid, secret text, proof jsonb, kind text, secret_hash bytea, refresh_hash bytea,
  unlock_hash bytea, sealed_unlock bytea, request text
) returns table (user_id uuid, session_id uuid, pending_id uuid)
  language plpgsql security definer set search_path = '' as $$
declare
  how constant jsonb := request;
  method constant text := proof ->> 'method';
  person uuid := identity.pending_person(holder, pending, secret);
  first_method text;
begin
  if person is null then
    return;
  elsif identity.lock_attempts(person) then
    perform identity.record_event(person, 'sign_in_refused', jsonb_build_object('method', method, 'reason', 'locked'), how);
    return;
  end if;
  -- Two tries at once: the first one to succeed has ended the sign-in that the other one was about.
  if identity.pending_person(holder, pending, secret) is null then
    return;
  elsif identity.use_second_factor(person, proof) then
    delete from identity.pending_sign_ins p where p.user_id = person and p.id = pending returning p.method into first_method;
    return query select * from identity.begin_session(person, first_method || '+' || method, true, finish_sign_in.kind,
      finish_sign_in.secret_hash, finish_sign_in.refresh_hash, how);
  elsif identity.count_failure(person, method, how) then
    perform identity.offer_unlock(person, unlock_hash, sealed_unlock);
  end if;
end
$$;
comment on function identity.finish_sign_in is 'Opens the session of a sign-in whose second factor was shown too.';

create function identity.start_passkey_sign_in(challenge bytea, request text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform identity.add_challenge(challenge, null, 'sign_in');
end
$$;
comment on function identity.start_passkey_sign_in is 'Keeps a challenge for whoever is going to show a passkey.';

create function identity.read_passkey(credential_id text) returns table (user_id uuid, public_key bytea, transports text[])
  language sql stable security definer set search_path = ''
  begin atomic
    select p.user_id, p.public_key, p.transports from identity.passkeys p where p.credential_id = read_passkey.credential_id;
  end;
comment on function identity.read_passkey is 'The public half of a passkey, by the long name that only its authenticator tells.';

/*
  Signs in by a passkey whose signature was right and that verified its user: two factors in one. No row comes back when anything
  is wrong. It gets in while the account waits after wrong passwords: nobody guesses a passkey, and so nobody keeps its owner out.
*/
create function identity.sign_in_with_passkey(
  holder uuid, proof jsonb, kind text, secret_hash bytea, refresh_hash bytea, request text
) returns table (user_id uuid, session_id uuid, pending_id uuid)
  language plpgsql security definer set search_path = '' as $$
declare
  how constant jsonb := request;
begin
  if not exists (select from identity.users u where u.id = holder and u.status = 'active' and u.kind = 'person') then
    return;
  elsif identity.use_passkey(holder, proof) then
    return query select * from identity.begin_session(holder, 'passkey', true, sign_in_with_passkey.kind,
      sign_in_with_passkey.secret_hash, sign_in_with_passkey.refresh_hash, how);
  else
    perform identity.record_event(holder, 'sign_in_failed', '{"method": "passkey"}', how);
  end if;
end
$$;
comment on function identity.sign_in_with_passkey is 'Opens a session by a passkey alone.';

create function identity.prove_second_factor(
  holder uuid, session uuid, secret text, proof jsonb, unlock_hash bytea, sealed_unlock bytea, request text
) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  how constant jsonb := request;
  method constant text := proof ->> 'method';
  person constant uuid := identity.require_session(holder, session, secret);
begin
  if identity.lock_attempts(person) then
    perform identity.record_event(person, 'proof_refused', jsonb_build_object('method', method, 'reason', 'locked'), how);
    return false;
  elsif identity.use_second_factor(person, proof) then
    update identity.user_sessions s set proved_at = now(), second_factor = true where s.user_id = person and s.id = session;
    update identity.lockouts l set failed_attempts = 0, locked_until = null where l.user_id = person and l.failed_attempts > 0;
    perform identity.record_event(person, 'proved', jsonb_build_object('method', method, 'session', session), how);
    return true;
  elsif identity.count_failure(person, method, how) then
    perform identity.offer_unlock(person, unlock_hash, sealed_unlock);
  end if;
  return false;
end
$$;
comment on function identity.prove_second_factor is 'Notes that the person of a session has proved themselves once more, by a second factor; false when it was wrong.';

call kernel.run_as_definer('identity.pending_totp_seeds');
call kernel.run_as_definer('identity.session_totp_seeds');
call kernel.run_as_definer('identity.finish_sign_in');
call kernel.run_as_definer('identity.start_passkey_sign_in');
call kernel.run_as_definer('identity.read_passkey');
call kernel.run_as_definer('identity.sign_in_with_passkey');
call kernel.run_as_definer('identity.prove_second_factor');
grant execute on function identity.use_second_factor, identity.use_passkey, identity.pending_person, identity.totp_seeds to tenon_definer;
grant execute on function identity.pending_totp_seeds, identity.session_totp_seeds, identity.finish_sign_in, identity.start_passkey_sign_in,
  identity.read_passkey, identity.sign_in_with_passkey, identity.prove_second_factor to tenon_gate;
