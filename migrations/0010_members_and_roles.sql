-- Members and roles. Whoever changes them gives nothing that they do not have, and touches nobody who has more. Every
-- change locks the organization first and looks again at what the actor holds: it may have been taken a moment ago.

create function organizations.name_permissions(permissions text[], scope text) returns jsonb
  language sql stable
  return (select coalesce(jsonb_object_agg(p, scope), '{}') from unnest(permissions) p);
comment on function organizations.name_permissions is 'Permissions in one scope, as kernel.covers() compares them.';

create function organizations.role_permissions_of(organization uuid, roles uuid[]) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    select coalesce(jsonb_object_agg(w.permission, w.scope), '{}') from (
      select distinct on (rp.permission) rp.permission, r.scope
      from organizations.role_permissions rp
      join organizations.roles r on r.organization_id = rp.organization_id and r.id = rp.role_id
      where rp.organization_id = organization and rp.role_id = any (roles)
      order by rp.permission, array_position(array['organization', 'own', 'client'], r.scope)
    ) w;
  end;
comment on function organizations.role_permissions_of is 'What some roles permit together: permission → widest scope.';

create procedure organizations.require_known_permissions(names text[])
  language plpgsql set search_path = '' as $$
declare
  unknown text;
begin
  select n into unknown from unnest(names) n where not exists (select from organizations.permissions p where p.name = n) limit 1;
  if found then
    raise exception 'There is no permission %', unknown using errcode = 'TN012', hint = 'GET …/permissions lists them all.';
  end if;
end
$$;
comment on procedure organizations.require_known_permissions is 'Raises TN012 when a permission does not exist.';

create procedure organizations.require_coverage(held jsonb, wanted jsonb, fault text)
  language plpgsql set search_path = '' as $$
begin
  if not kernel.covers(held, wanted) then
    raise exception '%', fault using errcode = 'TN003', hint = 'Ask somebody who has all these permissions.';
  end if;
end
$$;
comment on procedure organizations.require_coverage is 'Raises TN003 unless one set of permissions covers another.';

-- Members.

-- What the actor holds is read before the change: one that touches the actor's own rights must not vouch for itself.
create function organizations.begin_member_change(person uuid, out held jsonb, out status text, out is_owner boolean, out permissions jsonb)
  language plpgsql set search_path = '' as $$
declare
  held_before jsonb;
begin
  perform organizations.lock_organization(kernel.organization_id());
  call kernel.require_permission('member.manage');
  held := kernel.actor_permissions();
  select m.status, m.permissions, m.effective_permissions into status, permissions, held_before from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.user_id = person;
  if not found then
    raise exception 'No such member' using errcode = 'TN010';
  end if;
  call organizations.require_coverage(held, held_before, 'This member has permissions that you do not have');
  is_owner := exists (
    select from organizations.member_roles mr
    join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
    where mr.organization_id = kernel.organization_id() and mr.user_id = person and r.template = 'owner');
end
$$;
comment on function organizations.begin_member_change is 'Locks, and refuses whoever may not change this member; gives what the actor and the member hold.';

create function organizations.end_member_change(person uuid, held jsonb) returns void
  language plpgsql set search_path = '' as $$
declare
  held_now jsonb;
begin
  select m.effective_permissions into held_now from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.user_id = person;
  call organizations.require_coverage(held, held_now, 'This would give permissions that you do not have');
end
$$;
comment on function organizations.end_member_change is 'Refuses a change that gave more than the actor held before it.';

create procedure organizations.require_present(status text)
  language plpgsql set search_path = '' as $$
begin
  if status = 'left' then
    raise exception 'This person has left the organization' using errcode = 'TN011', hint = 'Invite them again.';
  end if;
end
$$;
comment on procedure organizations.require_present is 'Raises TN011 for a member who left.';

create function organizations.set_member_status(person uuid, status text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  member record;
begin
  member := organizations.begin_member_change(person);
  call organizations.require_present(member.status);
  if member.status = 'pending' then
    raise exception 'This person asks to join' using errcode = 'TN011', hint = 'Decide about their request.';
  elsif person = kernel.user_id() and member.status <> set_member_status.status then
    raise exception 'Nobody suspends themselves' using errcode = 'TN011', hint = 'Leave the organization, or ask a colleague.';
  end if;
  update organizations.memberships m set status = set_member_status.status
    where m.organization_id = kernel.organization_id() and m.user_id = person and m.status <> set_member_status.status;
end
$$;
comment on function organizations.set_member_status is 'Suspends a member, or lets one in again.';
call kernel.run_as_definer('organizations.set_member_status');

create function organizations.remove_member(person uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  member record;
begin
  member := organizations.begin_member_change(person);
  call organizations.require_present(member.status);
  perform organizations.end_membership(kernel.organization_id(), person);
  perform kernel.queue_mail(u.email, 'membership_ended', jsonb_build_object('name', u.full_name, 'organization', o.name))
    from identity.users u cross join organizations.organizations o
    where u.id = person and u.kind = 'person' and u.status = 'active' and o.id = kernel.organization_id() and person <> kernel.user_id();
end
$$;
comment on function organizations.remove_member is 'Ends a membership, and tells the person.';
call kernel.run_as_definer('organizations.remove_member');

create function organizations.set_member_roles(person uuid, roles uuid[]) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  member record;
  added uuid[];
begin
  member := organizations.begin_member_change(person);
  call organizations.require_present(member.status);
  if exists (select from unnest(roles) w where not exists (
      select from organizations.roles r where r.organization_id = organization and r.id = w)) then
    raise exception 'One of the roles does not exist' using errcode = 'TN012', hint = 'GET …/roles lists the roles of the organization.';
  end if;
  select array_agg(distinct w) into added from unnest(roles) w where not exists (
    select from organizations.member_roles mr where mr.organization_id = organization and mr.user_id = person and mr.role_id = w);
  call organizations.require_coverage(member.held, organizations.role_permissions_of(organization, added), 'This would give permissions that you do not have');
  perform organizations.give_roles(organization, person, added);
  delete from organizations.member_roles mr where mr.organization_id = organization and mr.user_id = person and mr.role_id <> all (roles);
  perform organizations.end_member_change(person, member.held);
end
$$;
comment on function organizations.set_member_roles is 'Gives a member these roles and no others.';
call kernel.run_as_definer('organizations.set_member_roles');

create function organizations.give_roles(organization uuid, person uuid, roles uuid[]) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into organizations.member_roles (organization_id, user_id, role_id)
    select organization, person, w from unnest(roles) w on conflict do nothing;
  if not exists (select from organizations.roles r where r.organization_id = organization and r.id = any (roles) and r.template = 'owner') then
    return;
  end if;
  if not exists (select from identity.users u where u.id = person and u.kind = 'person') then
    raise exception 'Only a person can be an owner' using errcode = 'TN012';
  end if;
  -- An owner has every right, so nothing is granted or denied to one beside it.
  update organizations.memberships m set permissions = '{"grants": [], "denials": []}'
    where m.organization_id = organization and m.user_id = person and m.permissions <> '{"grants": [], "denials": []}';
end
$$;
comment on function organizations.give_roles is 'Adds roles; who becomes an owner loses grants and denials.';

create function organizations.set_member_exceptions(person uuid, grants text[], denials text[]) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  member record;
  added text[];
begin
  member := organizations.begin_member_change(person);
  call organizations.require_present(member.status);
  if member.is_owner then
    raise exception 'An owner has every right, and none is granted or denied beside it' using errcode = 'TN011', hint = 'Take the owner''s role away first.';
  elsif grants && denials then
    raise exception 'A permission is granted and denied at once' using errcode = 'TN012', hint = 'Name it in grants or in denials.';
  end if;
  call organizations.require_known_permissions(grants || denials);
  added := array(select g from unnest(grants) g where not member.permissions -> 'grants' ? g);
  call organizations.require_coverage(member.held, organizations.name_permissions(added, 'organization'), 'This would give permissions that you do not have');
  update organizations.memberships m
    set permissions = jsonb_build_object(
      'grants', (select coalesce(jsonb_agg(distinct g order by g), '[]') from unnest(grants) g),
      'denials', (select coalesce(jsonb_agg(distinct d order by d), '[]') from unnest(denials) d))
    where m.organization_id = kernel.organization_id() and m.user_id = person;
  perform organizations.end_member_change(person, member.held);
end
$$;
comment on function organizations.set_member_exceptions is 'Sets what is granted and denied to a member beside the roles.';
call kernel.run_as_definer('organizations.set_member_exceptions');

create function organizations.transfer_ownership(person uuid, session uuid, secret text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  owner_role constant uuid := (select r.id from organizations.roles r where r.organization_id = organization and r.template = 'owner');
  admin_role constant uuid := (select r.id from organizations.roles r where r.organization_id = organization and r.template = 'admin');
  state text;
begin
  perform organizations.lock_organization(organization);
  call kernel.require_permission('organization.own');
  call organizations.require_proof(session, secret);
  select case u.status when 'active' then m.status else u.status end into state
    from organizations.memberships m join identity.users u on u.id = m.user_id
    where m.organization_id = organization and m.user_id = person;
  if not found then
    raise exception 'No such member' using errcode = 'TN010';
  elsif state <> 'active' or person = kernel.user_id() then
    raise exception 'The new owner must be another active member' using errcode = 'TN011', hint = 'Choose a colleague who can sign in here now.';
  end if;
  call organizations.require_coverage(kernel.actor_permissions(),
    organizations.role_permissions_of(organization, array[owner_role]), 'Only an owner can make an owner');
  perform organizations.give_roles(organization, person, array[owner_role]);
  perform organizations.give_roles(organization, kernel.user_id(), array[admin_role]);
  delete from organizations.member_roles mr
    where mr.organization_id = organization and mr.user_id = kernel.user_id() and mr.role_id = owner_role;
end
$$;
comment on function organizations.transfer_ownership is 'Makes another member an owner, and the actor an admin.';
call kernel.run_as_definer('organizations.transfer_ownership');

-- Roles. The built-in ones stay as they are, so that their names mean the same everywhere.

create function organizations.begin_role_change(role uuid, out held jsonb, out scope text)
  language plpgsql set search_path = '' as $$
declare
  built_in text;
begin
  perform organizations.lock_organization(kernel.organization_id());
  call kernel.require_permission('role.manage');
  held := kernel.actor_permissions();
  select r.scope, r.template into scope, built_in from organizations.roles r where r.organization_id = kernel.organization_id() and r.id = role;
  if not found then
    raise exception 'No such role' using errcode = 'TN010';
  elsif built_in is not null then
    raise exception 'A built-in role cannot be changed' using errcode = 'TN011', hint = 'Make a role of your own.';
  end if;
  call organizations.require_coverage(held, organizations.role_permissions_of(kernel.organization_id(), array[role]),
    'This role has permissions that you do not have');
end
$$;
comment on function organizations.begin_role_change is 'Locks, and refuses whoever may not change this role; gives what the actor holds.';

create function organizations.set_role_permissions(role uuid, scope text, wanted text[], held jsonb) returns void
  language plpgsql set search_path = '' as $$
begin
  call organizations.require_known_permissions(wanted);
  call organizations.require_coverage(held, organizations.name_permissions(wanted, scope), 'This would give permissions that you do not have');
  insert into organizations.role_permissions (organization_id, role_id, permission)
    select kernel.organization_id(), role, w from unnest(wanted) w on conflict do nothing;
  delete from organizations.role_permissions rp
    where rp.organization_id = kernel.organization_id() and rp.role_id = role and rp.permission <> all (wanted);
end
$$;
comment on function organizations.set_role_permissions is 'Makes a role permit this and nothing else, none of it beyond what the actor held.';

create function organizations.create_role(name text, scope text, description text, permissions text[]) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  own_roles_max constant integer := 100;
  role uuid;
begin
  perform organizations.lock_organization(kernel.organization_id());
  call kernel.require_permission('role.manage');
  if (select count(*) from organizations.roles r where r.organization_id = kernel.organization_id() and r.template is null) >= own_roles_max then
    raise exception 'The organization has % roles of its own already', own_roles_max using errcode = 'TN011', hint = 'Delete one that nobody holds.';
  end if;
  insert into organizations.roles (organization_id, name, scope, description)
    values (kernel.organization_id(), create_role.name, create_role.scope, create_role.description) returning id into role;
  perform organizations.set_role_permissions(role, create_role.scope, create_role.permissions, kernel.actor_permissions());
  return organizations.read_role(role);
end
$$;
comment on function organizations.create_role is 'Makes a role of the organization''s own.';
call kernel.run_as_definer('organizations.create_role');

create function organizations.update_role(role uuid, changes jsonb) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  was record;
begin
  was := organizations.begin_role_change(role);
  update organizations.roles r
    set name = coalesce(changes ->> 'name', r.name), description = coalesce(changes ->> 'description', r.description)
    where r.organization_id = kernel.organization_id() and r.id = role and changes ?| '{name,description}';
  if changes ? 'permissions' then
    perform organizations.set_role_permissions(role, was.scope,
      array(select jsonb_array_elements_text(changes -> 'permissions')), was.held);
  end if;
  return organizations.read_role(role);
end
$$;
comment on function organizations.update_role is 'Changes the name, description or permissions of a role of the organization''s own.';
call kernel.run_as_definer('organizations.update_role');

create function organizations.delete_role(role uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  holders bigint;
begin
  perform organizations.begin_role_change(role);
  select count(*) into holders from organizations.member_roles mr where mr.organization_id = kernel.organization_id() and mr.role_id = role;
  if holders > 0 then
    raise exception '% this role', case holders when 1 then '1 member holds' else holders || ' members hold' end
      using errcode = 'TN011', hint = 'Give them another role first.';
  end if;
  delete from organizations.roles r where r.organization_id = kernel.organization_id() and r.id = role;
end
$$;
comment on function organizations.delete_role is 'Deletes a role of the organization''s own that nobody holds.';
call kernel.run_as_definer('organizations.delete_role');
