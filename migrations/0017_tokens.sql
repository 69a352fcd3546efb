-- Tokens for programs that act for a person: the keys that sign access tokens, and refresh tokens that are good once.

-- Keys. Whoever wants to sign offers a new key pair; here is decided whether it is needed, one offer at a time.

create function kernel.read_signing_keys()
  returns table (id text, public_key jsonb, sealed bytea, signs_from timestamptz, retired_at timestamptz)
  language sql stable security definer set search_path = ''
  begin atomic
    select k.id, k.public_key, k.sealed, k.signs_from, k.retired_at from kernel.signing_keys k
    where k.retired_at is null or k.retired_at > now()
    order by k.signs_from desc, k.created_at desc;
  end;
comment on function kernel.read_signing_keys() is 'The key pairs whose signatures count, the newest first; the private halves are sealed.';

create function kernel.offer_signing_key(id text, public_key jsonb, sealed bytea, is_wanted boolean) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  max_age constant interval := '90 days';
  -- Whoever keeps the published keys has a new one before it signs, and an old one while what it signed may be under way.
  overlap constant interval := '1 day';
  newest timestamptz;
begin
  perform pg_advisory_xact_lock(hashtextextended('tenon signing keys', 0));
  select max(k.created_at) into newest from kernel.signing_keys k where k.retired_at is null;
  if newest > now() - max_age and not is_wanted then
    return false;
  end if;
  update kernel.signing_keys k set retired_at = now() + 2 * overlap where k.retired_at is null;
  insert into kernel.signing_keys (id, public_key, sealed, signs_from)
    values (offer_signing_key.id, offer_signing_key.public_key, offer_signing_key.sealed,
            case when newest is null then now() else now() + overlap end);
  return true;
end
$$;
comment on function kernel.offer_signing_key is 'Takes a new key pair where there is none, the newest is old, or a new one is wanted; true when it was taken.';

call kernel.run_as_definer('kernel.read_signing_keys');
call kernel.run_as_definer('kernel.offer_signing_key');
grant execute on function kernel.read_signing_keys, kernel.offer_signing_key to tenon_gate;

/*
  Refreshes a session of the kind token, decided on its locked row, so that of two requests at once one goes first. Says:
    rotated   the token was the current one; next_hash is now
    repeated  it was the one before, and that a moment ago: another tab was faster, or the reply was lost. Nothing changed
    replayed  it is older, so somebody has a copy: the session is over, and its person gets a mail
    refused   it is none of this session's, or the session is over
  The counter and the hash that count now come along. is_authentic says that the token's own seal was right; without it
  only the current token is known, and nobody ends a session by guessing.
*/
create function identity.refresh_session(
  holder uuid, session uuid, counter bigint, presented_hash bytea, is_authentic boolean, next_hash bytea, access_hash bytea, request text
) returns table (outcome text, current_counter bigint, refresh_hash bytea, secret_hash bytea)
  language plpgsql security definer set search_path = '' as $$
declare
  grace constant interval := '30 seconds';
  found_session identity.user_sessions;
begin
  select s.* into found_session from identity.user_sessions s
    where s.user_id = holder and s.id = session and s.kind = 'token' for no key update;
  if found_session.id is null or found_session.revoked_at is not null or found_session.expires_at <= now()
    or not exists (select from identity.users u where u.id = holder and u.status = 'active') then
    outcome := 'refused';
  elsif found_session.refresh_counter = counter and found_session.refresh_hash = presented_hash then
    update identity.user_sessions s
      set refresh_counter = counter + 1, refresh_hash = next_hash, secret_hash = access_hash, refreshed_at = now(), last_seen_at = now(),
          expires_at = greatest(s.expires_at, least(s.ends_at, now() + (select l.idle from identity.session_lifetimes('token') l)))
      where s.user_id = holder and s.id = session returning s.* into found_session;
    update identity.users u set last_active_at = now() where u.id = holder;
    outcome := 'rotated';
  elsif not is_authentic or counter >= found_session.refresh_counter then
    outcome := 'refused';
  elsif counter = found_session.refresh_counter - 1 and found_session.refreshed_at > now() - grace then
    outcome := 'repeated';
  else
    update identity.user_sessions s set revoked_at = now(), revoked_reason = 'refresh token replayed'
      where s.user_id = holder and s.id = session;
    perform identity.record_event(holder, 'session_replayed', jsonb_build_object('session', session), request::jsonb);
    perform kernel.queue_mail(u.email, 'session_replayed', jsonb_build_object('name', u.full_name,
        'agent', coalesce(found_session.user_agent, ''), 'address', coalesce(host(found_session.ip_address), '')))
      from identity.users u where u.id = holder;
    outcome := 'replayed';
  end if;
  return query select refresh_session.outcome, found_session.refresh_counter, found_session.refresh_hash, found_session.secret_hash;
end
$$;
comment on function identity.refresh_session is 'Gives a session its next refresh token; a replay of an old one ends it.';
call kernel.run_as_definer('identity.refresh_session');

create function identity.revoke_refresh(
  holder uuid, session uuid, counter bigint, presented_hash bytea, is_authentic boolean, request text
) returns boolean
  language plpgsql security definer set search_path = '' as $$
begin
  update identity.user_sessions s set revoked_at = now(), revoked_reason = 'signed out'
    where s.user_id = holder and s.id = session and s.kind = 'token' and s.revoked_at is null
      and (is_authentic and counter <= s.refresh_counter or s.refresh_counter = counter and s.refresh_hash = presented_hash);
  if not found then
    return false;
  end if;
  perform identity.record_event(holder, 'signed_out', jsonb_build_object('session', session), request::jsonb);
  return true;
end
$$;
comment on function identity.revoke_refresh is 'Ends the session of a refresh token; true when it was alive.';
call kernel.run_as_definer('identity.revoke_refresh');
grant execute on function identity.refresh_session, identity.revoke_refresh to tenon_gate;
