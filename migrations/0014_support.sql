-- Support in a member's place: only while the organization lets support in, for an hour at most, with a reason, and with both
-- people on the record.

create table organizations.support_grants (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  granted_by uuid not null,
  reason text not null check (length(btrim(reason)) between 1 and 500),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by uuid,
  primary key (organization_id, id),
  foreign key (organization_id, granted_by) references organizations.memberships on delete cascade,
  foreign key (organization_id, revoked_by) references organizations.memberships on delete cascade
);
comment on table organizations.support_grants is 'When an organization let support in, and until when. Sensitivity: medium.';
comment on column organizations.support_grants.organization_id is 'The organization that owns the row.';
comment on column organizations.support_grants.id is 'Identifier.';
comment on column organizations.support_grants.granted_by is 'The member who let support in.';
comment on column organizations.support_grants.reason is 'What support is wanted for.';
comment on column organizations.support_grants.expires_at is 'When it ends by itself, and every visit with it.';
comment on column organizations.support_grants.revoked_at is 'When it was ended early.';
comment on column organizations.support_grants.revoked_by is 'The member who ended it early.';
comment on index organizations.support_grants_pkey is 'Finds a consent.';
create index support_grants_by_granter on organizations.support_grants (organization_id, granted_by);
comment on index organizations.support_grants_by_granter is 'The consents that a member gave.';
create index support_grants_by_revoker on organizations.support_grants (organization_id, revoked_by) where revoked_by is not null;
comment on index organizations.support_grants_by_revoker is 'The consents that a member took back.';
call kernel.tenant_table('organizations.support_grants', access => 'none');

create table organizations.support_visits (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  grant_id uuid not null,
  member_id uuid not null,
  supporter_id uuid not null,
  supporter_name text not null check (length(supporter_name) <= 200),
  reason text not null check (length(btrim(reason)) between 10 and 500),
  session_id uuid not null,
  started_at timestamptz not null default now(),
  ends_at timestamptz not null,
  ended_at timestamptz,
  end_reason text check (length(end_reason) <= 200),
  primary key (organization_id, id),
  unique (organization_id, session_id),
  foreign key (organization_id, grant_id) references organizations.support_grants on delete cascade,
  foreign key (organization_id, member_id) references organizations.memberships on delete cascade
);
comment on table organizations.support_visits is 'When a supporter acted in a member''s place, and why. Sensitivity: high.';
comment on column organizations.support_visits.organization_id is 'The organization that owns the row.';
comment on column organizations.support_visits.id is 'Identifier.';
comment on column organizations.support_visits.grant_id is 'The consent that it rests on.';
comment on column organizations.support_visits.member_id is 'The member in whose place the supporter acted.';
comment on column organizations.support_visits.supporter_id is 'The supporter, who is no member.';
comment on column organizations.support_visits.supporter_name is 'The supporter''s name at the time.';
comment on column organizations.support_visits.reason is 'What the supporter wanted there.';
comment on column organizations.support_visits.session_id is 'The session that was opened for it.';
comment on column organizations.support_visits.started_at is 'When it began.';
comment on column organizations.support_visits.ends_at is 'When it ends by itself.';
comment on column organizations.support_visits.ended_at is 'When it was ended early.';
comment on column organizations.support_visits.end_reason is 'Why it was ended early.';
comment on index organizations.support_visits_pkey is 'Finds a visit.';
comment on index organizations.support_visits_organization_id_session_id_key is 'Finds the visit of a session.';
create index support_visits_by_grant on organizations.support_visits (organization_id, grant_id);
comment on index organizations.support_visits_by_grant is 'The visits that rest on a consent.';
create index support_visits_by_member on organizations.support_visits (organization_id, member_id);
comment on index organizations.support_visits_by_member is 'The visits in a member''s place.';
call kernel.tenant_table('organizations.support_visits', access => 'none', secrets => '{supporter_name}');

-- The organization's side.

create function organizations.allow_support(reason text, expires_in_hours integer) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  live_grants_max constant integer := 20;
  hours_max constant integer := 7 * 24;
  organization constant uuid := kernel.organization_id();
  made organizations.support_grants;
begin
  call kernel.require_permission('organization.support.manage');
  if expires_in_hours not between 1 and hours_max then
    raise exception 'Support is let in for 1 to % hours', hours_max using errcode = 'TN012', hint = 'Choose fewer hours; it can be granted again.';
  end if;
  perform organizations.lock_organization(organization);
  if (select count(*) from organizations.support_grants g
      where g.organization_id = organization and g.revoked_at is null and g.expires_at > now()) >= live_grants_max then
    raise exception 'Support has been let in % times at once, which is the most', live_grants_max using errcode = 'TN011', hint = 'Take a consent back first.';
  end if;
  insert into organizations.support_grants (organization_id, granted_by, reason, expires_at)
    values (organization, kernel.user_id(), btrim(allow_support.reason), now() + make_interval(hours => expires_in_hours)) returning * into made;
  return jsonb_build_object('id', made.id, 'expires_at', made.expires_at);
end
$$;
comment on function organizations.allow_support is 'Lets support into the organization for up to seven days.';

create function organizations.list_support_grants() returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  grants_max constant integer := 100;
  visits_max constant integer := 100;
begin
  call kernel.require_permission('organization.support.manage');
  return jsonb_build_object('items', coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', g.id, 'reason', g.reason, 'granted_by', jsonb_build_object('id', m.user_id, 'name', m.display_name),
      'created_at', g.created_at, 'expires_at', g.expires_at, 'revoked_at', g.revoked_at,
      'is_live', g.revoked_at is null and g.expires_at > now(),
      'visits', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'id', v.id, 'supporter', jsonb_build_object('id', v.supporter_id, 'name', v.supporter_name),
          'member', jsonb_build_object('id', v.member_id, 'name', v.member_name), 'reason', v.reason,
          'started_at', v.started_at, 'ends_at', v.ends_at, 'ended_at', v.ended_at, 'end_reason', v.end_reason) order by v.id desc), '[]')
        from (
          select w.*, visited.display_name as member_name from organizations.support_visits w
          join organizations.memberships visited on visited.organization_id = w.organization_id and visited.user_id = w.member_id
          where w.organization_id = g.organization_id and w.grant_id = g.id order by w.id desc limit visits_max) v)
      ) order by g.id desc)
    from (
      select * from organizations.support_grants s where s.organization_id = kernel.organization_id() order by s.id desc limit grants_max) g
    join organizations.memberships m on m.organization_id = g.organization_id and m.user_id = g.granted_by), '[]'));
end
$$;
comment on function organizations.list_support_grants() is 'When support was let in, and who came: the newest 100 of each.';

create function organizations.revoke_support_grant(consent uuid) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('organization.support.manage');
  -- A visit that is just being opened holds this row: it is waited for, and then ended too.
  perform from organizations.support_grants g where g.organization_id = kernel.organization_id() and g.id = consent for update;
  if not found then
    raise exception 'There is no such consent' using errcode = 'TN010';
  end if;
  update organizations.support_grants g set revoked_at = now(), revoked_by = kernel.user_id()
    where g.organization_id = kernel.organization_id() and g.id = consent and g.revoked_at is null;
  update identity.user_sessions s set revoked_at = now(), revoked_reason = 'consent taken back'
    from organizations.support_visits v
    where v.organization_id = kernel.organization_id() and v.grant_id = consent
      and s.user_id = v.member_id and s.id = v.session_id and s.revoked_at is null;
end
$$;
comment on function organizations.revoke_support_grant(uuid) is 'Takes a consent back, which ends the visits that rest on it; once more changes nothing.';

-- Support's side.

/*
  Opens a session in a member's place for a supporter or administrator of the platform, whose own session has a second factor
  and was proved lately. It opens this organization only, ends with the consent, and is no more than the member's rights less
  kernel.closed_to_support(). An organization that does not exist is answered as one that has not let support in.
*/
create function organizations.open_support_visit(
  holder uuid, session uuid, secret text, organization_slug text, member uuid, reason text, visit_hash bytea, request text
) returns table (session_id uuid, ends_at timestamptz)
  language plpgsql security definer set search_path = '' as $$
declare
  supporter constant uuid := identity.require_session(holder, session, secret);
  how constant jsonb := request::jsonb || jsonb_build_object('impersonator_id', supporter);
  supporter_name text;
  organization organizations.organizations;
  consent organizations.support_grants;
begin
  -- Both are held until the end, so that whoever takes the role away finds the visit.
  select u.full_name into supporter_name from identity.users u where u.id = supporter and u.status = 'active' for share;
  perform from identity.platform_roles r where r.user_id = supporter and r.role in ('support', 'admin') for share;
  if not found then
    raise exception 'Only support may act in a member''s place' using errcode = 'TN003', hint = 'An operator of this installation gives this role by "tenon admin grant".';
  elsif not (select s.second_factor from identity.user_sessions s where s.user_id = supporter and s.id = session) then
    raise exception 'Support needs a second factor' using errcode = 'TN006', hint = 'Set up an authenticator app or a passkey in your account, then sign in with it.';
  end if;
  perform identity.require_session(holder, session, secret, '15 minutes');

  select o.* into organization from organizations.organizations o where o.slug = organization_slug and o.status = 'active';
  select g.* into consent from organizations.support_grants g
    where g.organization_id = organization.id and g.revoked_at is null and g.expires_at > now()
    order by g.expires_at desc limit 1 for share;
  if not found then
    raise exception 'This organization has not let support in' using errcode = 'TN003', hint = 'Ask an administrator of the organization to do so, then try again.';
  elsif not exists (
    select from organizations.memberships m join identity.users u on u.id = m.user_id and u.status = 'active'
    where m.organization_id = organization.id and m.user_id = member and m.user_id <> supporter and m.kind = 'person' and m.status = 'active'
  ) then
    raise exception 'There is no such member' using errcode = 'TN010';
  end if;

  insert into identity.user_sessions as s (
      user_id, kind, secret_hash, second_factor, expires_at, ends_at, impersonator_id, only_organization_id, ip_address, user_agent)
    select member, 'impersonation', visit_hash, true, least(now() + l.idle, consent.expires_at), least(now() + l.whole, consent.expires_at),
           supporter, organization.id, (how ->> 'address')::inet, left(how ->> 'agent', 500)
    from identity.session_lifetimes('impersonation') l
    returning s.id, s.ends_at into session_id, ends_at;
  perform set_config('tenon.user_id', member::text, true), set_config('tenon.request', how::text, true);
  insert into organizations.support_visits (organization_id, grant_id, member_id, supporter_id, supporter_name, reason, session_id, ends_at)
    values (organization.id, consent.id, member, supporter, supporter_name, btrim(open_support_visit.reason), open_support_visit.session_id, open_support_visit.ends_at);
  perform identity.record_event(person, 'support_visited', details, how)
    from (select member as person union all select supporter) p,
         jsonb_build_object('session', session_id, 'organization', organization.id, 'member', member, 'supporter', supporter) details;
  perform organizations.tell_owners_of_visit(organization, member, supporter_name, btrim(reason), ends_at);
  return next;
end
$$;
comment on function organizations.open_support_visit is 'Opens a supporter''s session in a member''s place, with the organization''s consent.';

create function organizations.tell_owners_of_visit(
  organization organizations.organizations, member uuid, supporter_name text, reason text, ends_at timestamptz
) returns void
  language sql set search_path = ''
  begin atomic
    select kernel.queue_mail(owner.email, 'support_visited', jsonb_build_object(
      'name', owner.display_name, 'organization', (organization).name, 'supporter', supporter_name, 'member', visited.display_name,
      'reason', reason, 'until', to_char(ends_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')))
    from organizations.memberships visited
    cross join (
      select distinct m.email, m.display_name from organizations.memberships m
      join organizations.member_roles mr on mr.organization_id = m.organization_id and mr.user_id = m.user_id
      join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id and r.template = 'owner'
      where m.organization_id = (organization).id and m.status = 'active' and m.kind = 'person') owner
    where visited.organization_id = (organization).id and visited.user_id = member;
  end;
comment on function organizations.tell_owners_of_visit is 'Queues a mail to each owner of an organization that support visits.';

-- However the session of a visit ends, the organization sees when and why. Its token is in the supporter's hands only.
create function organizations.end_support_visit() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if kernel.organization_id() is null and new.revoked_reason = 'signed out' then
    perform set_config('tenon.user_id', new.user_id::text, true), set_config('tenon.request', jsonb_build_object(
      'actor', 'user', 'operation', 'identity.session.end', 'impersonator_id', new.impersonator_id)::text, true);
  end if;
  update organizations.support_visits v set ended_at = new.revoked_at, end_reason = new.revoked_reason
    where v.organization_id = new.only_organization_id and v.session_id = new.id and v.ended_at is null;
  return null;
end
$$;
comment on function organizations.end_support_visit() is 'Notes on a visit that its session was ended early.';
create trigger end_support_visit after update of revoked_at on identity.user_sessions
  for each row when (new.kind = 'impersonation' and old.revoked_at is null and new.revoked_at is not null)
  execute function organizations.end_support_visit();
call kernel.run_as_definer('organizations.end_support_visit');

-- Who looks after the platform no more, or is shut out, ends their visits too.

create function identity.end_visits_of(supporter uuid, reason text) returns void
  language sql set search_path = ''
  begin atomic
    update identity.user_sessions s set revoked_at = now(), revoked_reason = reason
    where s.impersonator_id = supporter and s.revoked_at is null and s.expires_at > now();
  end;
comment on function identity.end_visits_of is 'Ends the sessions that a supporter has in the place of others.';

create function identity.platform_role_taken() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from identity.platform_roles r where r.user_id = old.user_id and r.role in ('support', 'admin')) then
    perform identity.end_visits_of(old.user_id, 'the supporter lost the role');
  end if;
  return null;
end
$$;
comment on function identity.platform_role_taken() is 'Ends the visits of a supporter who lost the role.';
create trigger end_visits after delete on identity.platform_roles for each row execute function identity.platform_role_taken();

create function identity.supporter_shut_out() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  perform identity.end_visits_of(new.id, 'the supporter''s account is closed');
  return null;
end
$$;
comment on function identity.supporter_shut_out() is 'Ends the visits of a supporter whose account is not active any more.';
create trigger end_visits after update of status on identity.users
  for each row when (new.status <> 'active' and old.status = 'active') execute function identity.supporter_shut_out();

call kernel.run_as_definer('identity.platform_role_taken');
call kernel.run_as_definer('identity.supporter_shut_out');
call kernel.run_as_definer('organizations.allow_support');
call kernel.run_as_definer('organizations.list_support_grants');
call kernel.run_as_definer('organizations.revoke_support_grant');
call kernel.run_as_definer('organizations.open_support_visit');
-- To lock a row is to have the right to change it.
grant update on identity.platform_roles to tenon_definer;
grant execute on function identity.end_visits_of, organizations.tell_owners_of_visit to tenon_definer;
grant execute on function organizations.allow_support, organizations.list_support_grants, organizations.revoke_support_grant to tenon_member;
grant execute on function organizations.open_support_visit to tenon_gate;
