-- Seeing members, roles, and why somebody may do something. Who holds member.read for their own rows sees themselves only.

create function organizations.sees_member(person uuid) returns boolean
  language sql stable set search_path = ''
  return coalesce(kernel.actor_permissions() ->> 'member.read' = 'organization', false) or coalesce(person = kernel.user_id(), false);
comment on function organizations.sees_member(uuid) is 'Whether who entered may see a member, and not just themselves.';

create function organizations.present_member(m organizations.memberships) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object(
      'user_id', m.user_id, 'kind', u.kind, 'name', m.display_name, 'email', m.email, 'avatar_url', m.avatar_url,
      'status', m.status, 'joined_at', m.joined_at, 'left_at', m.left_at, 'last_active_at', m.last_active_at,
      'roles', coalesce((
        select jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name) order by r.name)
        from organizations.member_roles mr
        join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
        where mr.organization_id = m.organization_id and mr.user_id = m.user_id), '[]'))
    from identity.users u where u.id = m.user_id;
  end;
comment on function organizations.present_member is 'A member as colleagues see one.';

-- A view that runs with its reader's rights: a member sees the colleagues that the policies of its tables let through.
create view organizations.organization_members with (security_invoker = true) as
  select m.organization_id, m.user_id, m.kind, m.display_name, m.email, m.avatar_url, m.joined_at, m.last_active_at, m.invited_by,
         array(select r.name from organizations.member_roles mr
               join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
               where mr.organization_id = m.organization_id and mr.user_id = m.user_id order by r.name) as roles
  from organizations.memberships m where m.status = 'active';
comment on view organizations.organization_members is 'Those who work in an organization now, with the names of their roles. Sensitivity: medium.';
grant select on organizations.organization_members to tenon_member, tenon_steward, tenon_worker;

-- One row more than asked for tells whether there is a next page. The page before ended with the member `cursor`.
create function organizations.list_members(cursor uuid, search text, status text, role uuid, page_size integer) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  only_self constant uuid := case when not organizations.sees_member(null) then kernel.user_id() end;
  pattern constant text := replace(replace(replace(lower(search), '\', '\\'), '%', '\%'), '_', '\_') || '%';
  last_name constant text := (select a.name_key from organizations.memberships a where a.organization_id = organization and a.user_id = cursor);
  items jsonb;
begin
  if last_name is null and cursor is not null then
    raise exception 'This is no cursor' using errcode = 'TN012', hint = 'Send next_cursor as it was answered.';
  end if;
  select coalesce(jsonb_agg(organizations.present_member(page.m) order by (page.m).name_key, (page.m).user_id), '[]') into items from (
    select m from organizations.memberships m
    where m.organization_id = organization
      and (only_self is null or m.user_id = only_self)
      and (cursor is null or (m.name_key, m.user_id) > (last_name, list_members.cursor))
      and (pattern is null or m.name_key like pattern or lower(m.email) like pattern)
      and (list_members.status is null or m.status = list_members.status)
      and (list_members.role is null or exists (
        select from organizations.member_roles mr
        where mr.organization_id = m.organization_id and mr.user_id = m.user_id and mr.role_id = list_members.role))
    order by m.name_key, m.user_id limit page_size + 1
  ) page;
  return jsonb_build_object(
    'items', case when jsonb_array_length(items) > page_size then items - page_size else items end,
    'next_cursor', case when jsonb_array_length(items) > page_size then items -> (page_size - 1) -> 'user_id' end);
end
$$;
comment on function organizations.list_members is 'A page of members by name, for whoever may see them.';
call kernel.run_as_definer('organizations.list_members');

create function organizations.read_member(person uuid) returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select organizations.present_member(m) || jsonb_build_object(
      'grants', m.permissions -> 'grants', 'denials', m.permissions -> 'denials', 'effective_permissions', m.effective_permissions)
    from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.user_id = person and organizations.sees_member(person);
  end;
comment on function organizations.read_member is 'A member with grants, denials and what they come to; null where who entered may not see one.';
call kernel.run_as_definer('organizations.read_member');

create function organizations.read_role(role uuid) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object(
      'id', r.id, 'name', r.name, 'scope', r.scope, 'description', r.description, 'built_in', r.template is not null,
      'permissions', coalesce((
        select jsonb_agg(rp.permission order by rp.permission) from organizations.role_permissions rp
        where rp.organization_id = r.organization_id and rp.role_id = r.id), '[]'),
      'members', case when organizations.sees_member(null) then (
        select count(*) from organizations.member_roles mr where mr.organization_id = r.organization_id and mr.role_id = r.id) end)
    from organizations.roles r where r.organization_id = kernel.organization_id() and r.id = role;
  end;
comment on function organizations.read_role is 'A role with what it permits and how many hold it.';

create function organizations.list_roles() returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select jsonb_build_object('items', coalesce(jsonb_agg(organizations.read_role(r.id) order by r.template is null, r.name), '[]'))
    from organizations.roles r
    where r.organization_id = kernel.organization_id() and (organizations.sees_member(null) or exists (
      select from organizations.member_roles mr
      where mr.organization_id = r.organization_id and mr.role_id = r.id and mr.user_id = kernel.user_id()));
  end;
comment on function organizations.list_roles() is 'The roles of the organization; their own for who sees only themselves.';
call kernel.run_as_definer('organizations.list_roles');

create function organizations.list_permissions() returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select jsonb_build_object('items', jsonb_agg(jsonb_build_object('name', p.name, 'description', p.description) order by p.name))
    from organizations.permissions p;
  end;
comment on function organizations.list_permissions() is 'Everything that can be permitted.';
call kernel.run_as_definer('organizations.list_permissions');

/*
  Why a member may do something or not, as kernel.enter() decides it: an active person and an active member whose kept union
  holds the permission. That the organization wants a second factor is told too; whether one was shown, only a session knows.
*/
create function organizations.explain_permission(person uuid, permission text) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  member record;
  scope text;
  because jsonb;
begin
  if not exists (select from organizations.permissions p where p.name = permission) then
    raise exception 'There is no permission %', permission using errcode = 'TN012', hint = 'GET …/permissions lists them all.';
  end if;
  select m.*, u.status as account_status, o.second_factor_required into member from organizations.memberships m
    join identity.users u on u.id = m.user_id
    join organizations.organizations o on o.id = m.organization_id
    where m.organization_id = kernel.organization_id() and m.user_id = person and organizations.sees_member(person);
  if not found then
    raise exception 'No such member' using errcode = 'TN010';
  end if;
  if member.status = 'active' and member.account_status = 'active' then
    scope := member.effective_permissions ->> permission;
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'name', r.name, 'scope', r.scope) order by r.place, r.name), '[]') into because from (
    select 1 as place, 'role' as kind, r.name, r.scope
      from organizations.member_roles mr
      join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
      join organizations.role_permissions rp on rp.organization_id = r.organization_id and rp.role_id = r.id
      where mr.organization_id = member.organization_id and mr.user_id = person and rp.permission = explain_permission.permission
    union all select 2, 'grant', permission, 'organization' where member.permissions -> 'grants' ? permission
    union all select 3, 'denial', permission, null where member.permissions -> 'denials' ? permission
    union all select 4, 'status', member.status, null where member.status <> 'active'
    union all select 5, 'status', 'account ' || member.account_status, null where member.account_status <> 'active'
    union all select 6, 'organization', 'second_factor_required', null where member.second_factor_required
  ) r;
  return jsonb_build_object('allowed', scope is not null, 'scope', scope, 'because', because);
end
$$;
comment on function organizations.explain_permission is 'Whether a member may do something, in which scope, and by what.';
call kernel.run_as_definer('organizations.explain_permission');

grant execute on function organizations.name_permissions, organizations.role_permissions_of, organizations.begin_member_change,
  organizations.end_member_change, organizations.give_roles, organizations.begin_role_change, organizations.set_role_permissions,
  organizations.read_role, organizations.sees_member, organizations.present_member to tenon_definer;
grant execute on procedure organizations.require_known_permissions, organizations.require_coverage, organizations.require_present to tenon_definer;
grant execute on function organizations.set_member_status, organizations.remove_member, organizations.set_member_roles,
  organizations.set_member_exceptions, organizations.transfer_ownership, organizations.create_role, organizations.update_role,
  organizations.delete_role to tenon_member;
grant execute on function organizations.list_members, organizations.read_member, organizations.list_roles, organizations.list_permissions,
  organizations.explain_permission to tenon_member, tenon_own, tenon_client;

-- How a later module adds what can be permitted in it: owners hold everything, organizations that are there get it too.
create procedure organizations.add_permission(name text, description text, holders text[])
  language plpgsql as $$
begin
  insert into organizations.permissions values (add_permission.name, add_permission.description);
  insert into organizations.role_template_permissions (role, permission)
    select role, add_permission.name from unnest('{owner}' || holders) as h (role);
  insert into organizations.role_permissions (organization_id, role_id, permission)
    select r.organization_id, r.id, add_permission.name from organizations.roles r where r.template = any ('{owner}' || holders);
end
$$;
comment on procedure organizations.add_permission is 'Adds a permission, and to which built-in roles it belongs beside the owner''s.';
