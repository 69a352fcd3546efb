-- What a person does with their own account: see and end sessions, prove who they are, change the profile and the address, go.

create function identity.prove_with_password(
  holder uuid, session uuid, secret text, derived_hash bytea, unlock_hash bytea, sealed_unlock bytea, request text
) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  how constant jsonb := request;
begin
  holder := identity.require_session(holder, session, secret);
  if identity.lock_attempts(holder) then
    perform identity.record_event(holder, 'proof_refused', '{"method": "password", "reason": "locked"}', how);
    return false;
  elsif identity.is_password(holder, derived_hash) then
    update identity.user_sessions s set proved_at = now() where s.user_id = holder and s.id = session;
    -- As with signing in: a password alone does not give more tries at the second factor.
    if not identity.has_second_factor(holder) then
      perform identity.forget_failures(holder);
    end if;
    perform identity.record_event(holder, 'proved', jsonb_build_object('method', 'password', 'session', session), how);
    return true;
  end if;
  if identity.count_failure(holder, 'password', how) then
    perform identity.offer_unlock(holder, unlock_hash, sealed_unlock);
  end if;
  return false;
end
$$;
comment on function identity.prove_with_password is 'Notes that the person of a session showed the password once more; false when it is wrong or the account waits.';
call kernel.run_as_definer('identity.prove_with_password');

-- Sessions and history.

-- Definer functions read it: sessions belong to people, so no role that serves requests is granted it or its table.
create view identity.active_user_sessions with (security_invoker = true) as
  select s.id, s.user_id, u.full_name, u.email, s.kind, s.user_agent, s.ip_address, s.created_at, s.last_seen_at, s.expires_at,
         s.second_factor, s.only_organization_id
  from identity.user_sessions s join identity.users u on u.id = s.user_id
  where s.revoked_at is null and s.expires_at > now();
comment on view identity.active_user_sessions is 'Sessions that are alive, of people who may sign in, without anything secret. Sensitivity: high.';
grant select on identity.active_user_sessions to tenon_definer;

create function identity.list_sessions(holder uuid, session uuid, secret text, request text) returns text
  language plpgsql stable security definer set search_path = '' as $$
begin
  holder := identity.require_session(holder, session, secret);
  return (
    select jsonb_build_object('items', jsonb_agg(jsonb_build_object(
      'id', s.id, 'kind', s.kind, 'device', s.user_agent, 'address', host(s.ip_address), 'created_at', s.created_at,
      'last_seen_at', s.last_seen_at, 'expires_at', s.expires_at, 'second_factor', s.second_factor, 'current', s.id = session
    ) order by s.id = session desc, s.last_seen_at desc, s.id desc))
    from identity.active_user_sessions s where s.user_id = holder
  );
end
$$;
comment on function identity.list_sessions is 'Where the person of a session is signed in, this session first, as JSON.';
call kernel.run_as_definer('identity.list_sessions');

create function identity.revoke_session(holder uuid, session uuid, secret text, target uuid, request text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  holder := identity.require_session(holder, session, secret);
  update identity.user_sessions s set revoked_at = now(), revoked_reason = 'revoked by the person'
    where s.user_id = holder and s.id = target and s.revoked_at is null and s.expires_at > now();
  if not found then
    raise exception 'No such session' using errcode = 'TN010';
  end if;
  perform identity.record_event(holder, 'session_revoked', jsonb_build_object('session', target), request::jsonb);
end
$$;
comment on function identity.revoke_session is 'Ends one of the person''s sessions; raises TN010 when it is not alive or not theirs.';
call kernel.run_as_definer('identity.revoke_session');

create function identity.revoke_own_sessions(holder uuid, session uuid, secret text, including_current boolean, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  ended integer;
begin
  holder := identity.require_session(holder, session, secret);
  ended := identity.revoke_sessions(holder, 'revoked by the person', case when not including_current then session end);
  perform identity.record_event(holder, 'sessions_revoked', jsonb_build_object('sessions', ended), request::jsonb);
end
$$;
comment on function identity.revoke_own_sessions is 'Ends all other sessions of a person, or all.';
call kernel.run_as_definer('identity.revoke_own_sessions');

create function identity.list_events(holder uuid, session uuid, secret text, cursor uuid, rows_max integer, request text) returns text
  language plpgsql stable security definer set search_path = '' as $$
begin
  holder := identity.require_session(holder, session, secret);
  return (
    with page as (
      select e.id, e.kind, e.details, e.created_at, host(e.ip_address) as address, e.user_agent as device
      from identity.user_events e
      where e.user_id = holder and (cursor is null or e.id < cursor) order by e.id desc limit rows_max + 1
    ), shown as (
      select * from page order by id desc limit rows_max
    )
    select json_build_object(
      'items', coalesce((select json_agg(shown order by id desc) from shown), '[]'),
      'next_cursor', case when (select count(*) from page) > rows_max then (select id from shown order by id limit 1) end
    )
  );
end
$$;
comment on function identity.list_events is 'A page of the history of the person''s account, newest first, as JSON.';
call kernel.run_as_definer('identity.list_events');

-- Profile.

create function identity.profile_of(person uuid) returns text
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object(
      'user_id', u.id, 'email', u.email, 'email_verified_at', u.email_verified_at, 'full_name', u.full_name,
      'first_name', u.first_name, 'last_name', u.last_name, 'username', u.username, 'avatar_url', u.avatar_url,
      'timezone', u.timezone, 'locale', u.locale, 'preferences', u.preferences,
      'has_password', exists (select from identity.credentials c where c.user_id = u.id),
      'has_second_factor', identity.has_second_factor(u.id))::text
    from identity.users u where u.id = person;
  end;
comment on function identity.profile_of(uuid) is 'What a person says of themselves, as JSON.';

create function identity.read_profile(holder uuid, session uuid, secret text, request text) returns text
  language plpgsql stable security definer set search_path = '' as $$
begin
  return identity.profile_of(identity.require_session(holder, session, secret));
end
$$;
comment on function identity.read_profile is 'The profile of the person of a session, as JSON.';
call kernel.run_as_definer('identity.read_profile');

create function identity.update_profile(holder uuid, session uuid, secret text, changes jsonb, request text) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  violated text;
begin
  holder := identity.require_session(holder, session, secret);
  call identity.work_for(holder, request);
  -- Days are counted by the database, so it must know the time zone too.
  perform now() at time zone (changes ->> 'timezone');
  update identity.users u set
    full_name = coalesce(changes ->> 'full_name', u.full_name),
    first_name = case when changes ? 'first_name' then changes ->> 'first_name' else u.first_name end,
    last_name = case when changes ? 'last_name' then changes ->> 'last_name' else u.last_name end,
    username = case when changes ? 'username' then changes ->> 'username' else u.username end,
    avatar_url = case when changes ? 'avatar_url' then changes ->> 'avatar_url' else u.avatar_url end,
    timezone = coalesce(changes ->> 'timezone', u.timezone),
    locale = coalesce(changes ->> 'locale', u.locale),
    preferences = coalesce(changes -> 'preferences', u.preferences)
    where u.id = holder;
  return identity.profile_of(holder);
exception
  when invalid_parameter_value then
    raise exception 'The time zone is not known' using errcode = 'TN012', hint = 'Take one of the IANA list, such as Europe/Berlin.';
  when unique_violation then
    get stacked diagnostics violated = constraint_name;
    if violated <> 'users_username_key' then
      raise;
    end if;
    raise exception 'This username is taken' using errcode = 'TN011', hint = 'Choose another one.';
end
$$;
comment on function identity.update_profile is 'Changes what a person says of themselves: the given fields, and no others.';
call kernel.run_as_definer('identity.update_profile');

-- The address.

create function identity.request_email_change(
  holder uuid, session uuid, secret text, address text, secret_hash bytea, sealed_token bytea, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  form text;
  other uuid;
begin
  holder := identity.require_session(holder, session, secret, '15 minutes');
  call identity.wait_for_address(address);
  form := identity.issue_token(holder, 'change_email', secret_hash, interval '24 hours', jsonb_build_object('email', address));
  if form is null then
    return;
  end if;
  select u.id into other from identity.users u where u.email_key = lower(address) and u.id <> holder;
  if other is null then
    perform kernel.queue_mail(address, 'confirm_email_change', jsonb_build_object('form', form), sealed_token);
  else
    -- The secret goes nowhere, so that this token confirms nothing.
    perform identity.mail_person(other, 'already_registered', '{"status": "active"}');
  end if;
  perform identity.mail_person(holder, 'email_change_requested');
  perform identity.record_event(holder, 'email_change_requested', '{}', request::jsonb);
end
$$;
comment on function identity.request_email_change is 'Mails a new address a token that proves it, and tells the old one; does as much when the address is somebody else''s.';
call kernel.run_as_definer('identity.request_email_change');

create function identity.confirm_email_change(person uuid, token uuid, secret text, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  address constant text := identity.use_token(person, token, secret, 'change_email') ->> 'email';
begin
  call identity.work_for(person, request);
  perform identity.mail_person(person, 'email_changed');
  update identity.users u set email = address, email_verified_at = now() where u.id = person;
  perform identity.mail_person(person, 'email_changed');
  -- The old address gives nothing of the account away any more.
  perform identity.void_tokens(person, array['reset_password', 'change_email', 'unlock']);
  perform identity.record_event(person, 'email_changed', '{}', request::jsonb);
exception when unique_violation then
  raise exception 'This address belongs to another account' using errcode = 'TN011', hint = 'Choose another one.';
end
$$;
comment on function identity.confirm_email_change is 'Changes the address of an account to the one that a mail''s secret proves; both are told.';
call kernel.run_as_definer('identity.confirm_email_change');

-- The end of an account, and the way back.

create function organizations.owned_alone(person uuid) returns text[]
  language plpgsql set search_path = '' as $$
begin
  perform organizations.lock_organization(own.organization_id) from (
    select m.organization_id from organizations.memberships m
    where m.user_id = person and m.status = 'active' order by m.organization_id
  ) own;
  return (
    with owners as (
      select m.organization_id, m.user_id
      from organizations.memberships own
      join organizations.memberships m on m.organization_id = own.organization_id and m.status = 'active'
      join identity.users u on u.id = m.user_id and u.status = 'active'
      join organizations.member_roles mr on mr.organization_id = m.organization_id and mr.user_id = m.user_id
      join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id and r.template = 'owner'
      where own.user_id = person and own.status = 'active'
    )
    select array_agg(o.name order by o.name) from organizations.organizations o
    where o.status <> 'deleted' and o.id in (select organization_id from owners group by 1 having bool_and(user_id = person))
  );
end
$$;
comment on function organizations.owned_alone(uuid) is 'The names of the organizations that only this person owns, locked so that nobody else stops owning them meanwhile; null when there is none.';

create function identity.delete_account(holder uuid, session uuid, secret text, secret_hash bytea, sealed_token bytea, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  left_alone text[];
begin
  holder := identity.require_session(holder, session, secret, '15 minutes');
  left_alone := organizations.owned_alone(holder);
  if left_alone is not null then
    raise exception 'You are the only owner of %', array_to_string(left_alone, ', ') using errcode = 'TN011',
      hint = 'Make another member an owner there, or delete the organization, then try again.';
  end if;
  perform identity.revoke_sessions(holder, 'account deleted');
  perform identity.void_tokens(holder, array['reset_password', 'change_email', 'unlock', 'restore_account']);
  perform identity.mail_person(holder, 'account_deleted',
    jsonb_build_object('form', identity.issue_token(holder, 'restore_account', delete_account.secret_hash, interval '30 days')), sealed_token);
  update identity.users u set status = 'deleted', deleted_at = now() where u.id = holder;
  perform identity.record_event(holder, 'account_deleted', '{}', request::jsonb);
end
$$;
comment on function identity.delete_account is 'Closes an account: nobody gets in, and a mail can bring it back for 30 days. Raises TN011 where the person is the only owner.';
call kernel.run_as_definer('identity.delete_account');

create function identity.restore_account(person uuid, token uuid, secret text, request text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform identity.use_token(person, token, secret, 'restore_account', 'deleted');
  -- What was begun before the account was closed is not gone on with.
  perform identity.revoke_sessions(person, 'account restored');
  update identity.users u set status = 'active', deleted_at = null where u.id = person;
  perform identity.record_event(person, 'account_restored', '{}', request::jsonb);
end
$$;
comment on function identity.restore_account is 'Brings a deleted account back by a mail''s secret; its person signs in again.';
call kernel.run_as_definer('identity.restore_account');

-- What nobody needs any more.

create function identity.sweep() returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  removed integer;
  total integer := 0;
begin
  delete from identity.sign_ups s where s.expires_at < now();
  get diagnostics removed = row_count;
  total := total + removed;
  delete from identity.one_time_tokens t where t.expires_at < now();
  get diagnostics removed = row_count;
  total := total + removed;
  delete from identity.pending_sign_ins p where p.expires_at < now();
  get diagnostics removed = row_count;
  total := total + removed;
  delete from identity.user_sessions s where least(s.revoked_at, s.expires_at) < now() - interval '90 days';
  get diagnostics removed = row_count;
  total := total + removed;
  delete from identity.user_events e where e.created_at < now() - interval '400 days';
  get diagnostics removed = row_count;
  return total + removed;
end
$$;
comment on function identity.sweep() is 'Removes what has expired: sign-ups, tokens and sign-ins under way; ended sessions after 90 days, the history after 400. Returns how many rows.';
call kernel.run_as_definer('identity.sweep');

grant execute on function identity.profile_of, organizations.owned_alone to tenon_definer;
grant execute on function identity.sweep to tenon_dispatcher;
grant execute on function identity.prove_with_password, identity.list_sessions, identity.revoke_session, identity.revoke_own_sessions,
  identity.list_events, identity.read_profile, identity.update_profile, identity.request_email_change, identity.confirm_email_change,
  identity.delete_account, identity.restore_account to tenon_gate;
