-- Accepting an invitation: with the token from the mail, or, for a person whose address is proved, without it.

-- Makes a person a member with these roles and no other rights. Denials of a former membership stay: they only take away.
create function organizations.admit_member(organization uuid, person uuid, inviter uuid, given uuid[]) returns void
  language plpgsql set search_path = '' as $$
declare
  found_status text;
begin
  select m.status into found_status from organizations.memberships m
    where m.organization_id = organization and m.user_id = person for update;
  if found_status = 'active' then
    raise exception 'You are a member of this organization already' using errcode = 'TN011', hint = 'Go to the organization.';
  elsif found_status = 'suspended' then
    raise exception 'Your membership of this organization is suspended' using errcode = 'TN011', hint = 'Ask an administrator of the organization.';
  elsif found_status is null then
    insert into organizations.memberships (organization_id, user_id, display_name, email, avatar_url, invited_by)
      select organization, u.id, u.full_name, u.email, u.avatar_url, inviter from identity.users u where u.id = person;
  else
    delete from organizations.member_roles r where r.organization_id = organization and r.user_id = person;
    update organizations.memberships m
      set status = 'active', permissions = jsonb_set(m.permissions, '{grants}', '[]'), joined_at = now(), left_at = null, invited_by = inviter
      where m.organization_id = organization and m.user_id = person;
  end if;
  perform organizations.give_roles(organization, person, given);
end
$$;
comment on function organizations.admit_member is 'Makes a person an active member with these roles; raises for one who is active or suspended.';

create function organizations.invitation_of_token(organization uuid, invitation uuid, secret text) returns organizations.invitations
  language plpgsql stable set search_path = '' as $$
declare
  i organizations.invitations;
begin
  select * into i from organizations.invitations
    where organization_id = organization and id = invitation and secret_hash = sha256(convert_to(secret, 'UTF8'));
  if i.id is null then
    raise exception 'There is no such invitation' using errcode = 'TN010';
  end if;
  return i;
end
$$;
comment on function organizations.invitation_of_token is 'The invitation of a token; raises TN010 when the token is none.';

create procedure organizations.require_open(i organizations.invitations)
  language plpgsql set search_path = '' as $$
declare
  given constant uuid[] := array(select r.role_id from organizations.invitation_roles r
    where r.organization_id = i.organization_id and r.invitation_id = i.id);
  held jsonb;
begin
  if not exists (select from organizations.organizations o where o.id = i.organization_id and o.status = 'active') then
    raise exception 'The organization is not open any more' using errcode = 'TN013', hint = 'Ask whoever invited you.';
  elsif organizations.invitation_status(i) <> 'open' then
    raise exception '%', case organizations.invitation_status(i)
        when 'accepted' then 'This invitation was accepted already'
        when 'revoked' then 'This invitation was taken back'
        else 'This invitation has expired' end
      using errcode = 'TN013', hint = case organizations.invitation_status(i)
        when 'accepted' then 'Sign in to go to the organization.' else 'Ask for a new one.' end;
  end if;
  select m.effective_permissions into held from organizations.memberships m join identity.users u on u.id = m.user_id
    where m.organization_id = i.organization_id and m.user_id = i.invited_by and m.status = 'active' and u.status = 'active';
  if held is null or not kernel.covers(held, '{"member.manage": "organization"}') or cardinality(given) = 0
    or not organizations.covers_roles(held, i.organization_id, given) then
    raise exception 'Whoever invited you may not do so any more' using errcode = 'TN013', hint = 'Ask somebody else in the organization for a new invitation.';
  end if;
end
$$;
comment on procedure organizations.require_open is 'Raises TN013 unless an invitation can be accepted now: its inviter must still be one who could invite like this.';

create function organizations.preview_invitation(organization uuid, invitation uuid, secret text, request text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  i constant organizations.invitations := organizations.invitation_of_token(organization, invitation, secret);
begin
  call organizations.require_open(i);
  return jsonb_build_object(
    'organization', (select jsonb_build_object('name', o.name, 'logo_url', o.logo_url) from organizations.organizations o where o.id = organization),
    'email', i.email, 'message', i.message, 'expires_at', i.expires_at,
    'inviter', organizations.describe_invitation(i) -> 'inviter',
    'roles', (select coalesce(jsonb_agg(r -> 'name'), '[]') from jsonb_array_elements(organizations.describe_invitation(i) -> 'roles') as r),
    'has_account', exists (select from identity.users u where u.email_key = i.email_key));
end
$$;
comment on function organizations.preview_invitation is 'What an invitation is about, for whoever holds its token and so reads the mailbox it went to.';

/*
  Makes a person a member by an invitation that was found before. The organization is locked first, as every change of roles
  does: what the inviter may is what it is at that moment, and of two who accept at once the second finds it accepted.
*/
create function organizations.accept_invitation_of(organization uuid, invitation uuid, person uuid, request text) returns text
  language plpgsql set search_path = '' as $$
declare
  i organizations.invitations;
begin
  perform organizations.lock_organization(organization);
  select * into i from organizations.invitations where organization_id = organization and id = invitation for update;
  call organizations.require_open(i);
  if not exists (select from identity.users u where u.id = person and u.email_key = i.email_key) then
    raise exception 'This invitation is for another address' using errcode = 'TN003', hint = 'Sign in with the address that was invited.';
  end if;
  perform set_config('tenon.user_id', person::text, true), set_config('tenon.request', request, true);
  update identity.users u set email_verified_at = now() where u.id = person and u.email_verified_at is null;
  if found then
    perform identity.record_event(person, 'email_verified', '{"method": "invitation"}', request::jsonb);
  end if;
  perform organizations.admit_member(organization, person, i.invited_by, array(
    select r.role_id from organizations.invitation_roles r where r.organization_id = organization and r.invitation_id = invitation));
  update organizations.invitations set accepted_at = now(), accepted_by = person where organization_id = organization and id = invitation;
  return (select o.slug from organizations.organizations o where o.id = organization);
end
$$;
comment on function organizations.accept_invitation_of is 'Makes a person a member by an invitation to their address; returns the organization''s slug.';

create function organizations.accept_invitation(
  holder uuid, session uuid, secret text, organization uuid, invitation uuid, invitation_secret text, request text
) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret);
  i constant organizations.invitations := organizations.invitation_of_token(organization, invitation, invitation_secret);
begin
  return organizations.accept_invitation_of(i.organization_id, i.id, person, request);
end
$$;
comment on function organizations.accept_invitation is 'Makes the person of the session a member, by the token of an invitation to their address.';

create function organizations.accept_invitation_as_new(
  organization uuid, invitation uuid, invitation_secret text, name text,
  salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer, session_hash bytea, request text,
  out user_id uuid, out session_id uuid, out slug text
)
  language plpgsql security definer set search_path = '' as $$
declare
  i organizations.invitations := organizations.invitation_of_token(organization, invitation, invitation_secret);
begin
  perform organizations.lock_organization(organization);
  select * into i from organizations.invitations x where x.organization_id = organization and x.id = invitation for update;
  call organizations.require_open(i);
  begin
    user_id := identity.create_user(i.email, name, salt, hash, memory_kib, passes, parallelism);
  exception when unique_violation then
    raise exception 'There is an account with this address' using errcode = 'TN001';
  end;
  perform identity.record_event(user_id, 'signed_up', '{"method": "invitation"}', request::jsonb);
  slug := organizations.accept_invitation_of(organization, invitation, user_id, request);
  session_id := (identity.begin_session(user_id, 'invitation', false, 'browser', session_hash, null, request::jsonb)).session_id;
end
$$;
comment on function organizations.accept_invitation_as_new is 'Makes an account with a proved address, its membership and its first session, by the token of an invitation.';

-- Without a token: whoever proved an address sees what was sent there.

create function organizations.my_invitations(holder uuid, session uuid, secret text, request text) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret);
begin
  return jsonb_build_object('items', coalesce((
    select jsonb_agg(jsonb_build_object('id', i.id, 'organization', jsonb_build_object('name', o.name, 'logo_url', o.logo_url),
        'inviter', d.invitation -> 'inviter', 'message', i.message, 'expires_at', i.expires_at,
        'roles', (select coalesce(jsonb_agg(r -> 'name'), '[]') from jsonb_array_elements(d.invitation -> 'roles') as r)) order by i.id desc)
    from identity.users u
    join organizations.invitations i on i.email_key = u.email_key and organizations.invitation_status(i) = 'open'
    join organizations.organizations o on o.id = i.organization_id and o.status = 'active'
    cross join lateral (select organizations.describe_invitation(i) as invitation) d
    where u.id = person and u.email_verified_at is not null), '[]'));
end
$$;
comment on function organizations.my_invitations is 'The open invitations to the proved address of the session''s person.';

create function organizations.accept_my_invitation(holder uuid, session uuid, secret text, invitation uuid, request text) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret);
  organization uuid;
begin
  select i.organization_id into organization from identity.users u
    join organizations.invitations i on i.email_key = u.email_key and i.id = invitation
    where u.id = person and u.email_verified_at is not null;
  if organization is null then
    raise exception 'There is no such invitation' using errcode = 'TN010';
  end if;
  return organizations.accept_invitation_of(organization, invitation, person, request);
end
$$;
comment on function organizations.accept_my_invitation is 'Makes the person of the session a member, by an invitation to their proved address.';

call kernel.run_as_definer('organizations.preview_invitation');
call kernel.run_as_definer('organizations.accept_invitation');
call kernel.run_as_definer('organizations.accept_invitation_as_new');
call kernel.run_as_definer('organizations.my_invitations');
call kernel.run_as_definer('organizations.accept_my_invitation');
grant execute on function organizations.admit_member, organizations.invitation_of_token, organizations.accept_invitation_of, identity.create_user
  to tenon_definer;
grant execute on procedure organizations.require_open to tenon_definer;
grant execute on function organizations.preview_invitation, organizations.accept_invitation, organizations.accept_invitation_as_new,
  organizations.my_invitations, organizations.accept_my_invitation to tenon_gate;
