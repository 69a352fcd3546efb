-- The door. Nothing of an organization is visible in a transaction that did not come through here.

/*
  Lets the person of a live session into an organization, for one transaction, if an active membership holds the permission
  in a scope that the database role of this connection serves. Raises otherwise, and nothing after it runs:
    TN001  no such session, or its secret is wrong, or it ended
    TN002  no such organization, or the person is no active member of it
    TN003  the permission is missing
    TN004  the caller's hint is old: the detail names the slug or the scope that it should have been
    TN005  this transaction has entered already
  It writes nothing and caches nothing, so a revoked session, membership or role ends with the next request.
*/
create function kernel.enter(
  holder uuid, session uuid, secret text, organization uuid, slug text, permission text, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  scope text;
begin
  if nullif(current_setting('tenon.organization_id', true), '') is not null then
    raise exception 'This transaction has entered an organization already' using errcode = 'TN005';
  end if;

  select m.effective_permissions ->> permission into scope
    from identity.user_sessions s
    join identity.users u on u.id = s.user_id and u.status = 'active'
    join organizations.memberships m on m.organization_id = organization and m.user_id = s.user_id and m.status = 'active'
    join organizations.organizations o on o.id = m.organization_id and o.slug = enter.slug and o.status = 'active'
    where s.user_id = holder and s.id = session and s.secret_hash = sha256(convert_to(secret, 'UTF8'))
      and s.revoked_at is null and s.expires_at > now();

  if scope is null or not kernel.role_serves(session_user, scope) then
    call kernel.refuse_entry(holder, session, secret, organization, slug, permission, scope);
  end if;

  perform set_config('tenon.organization_id', organization::text, true),
          set_config('tenon.user_id', holder::text, true),
          set_config('tenon.request', request, true);
end
$$;
comment on function kernel.enter is 'Lets the person of a live session into an organization for one transaction, or raises.';

create function kernel.role_serves(database_role text, scope text) returns boolean
  language sql immutable parallel safe
  return case database_role
    when 'tenon_own' then scope in ('own', 'organization')
    when 'tenon_client' then scope = 'client'
    when 'tenon_member' then scope = 'organization'
    when 'tenon_steward' then scope = 'organization'
    when 'tenon_loader' then scope = 'organization'
    else false
  end;
comment on function kernel.role_serves(text, text) is 'Whether a connection of this database role may serve a permission held in this scope.';

create procedure kernel.refuse_entry(
  holder uuid, session uuid, secret text, organization uuid, slug text, permission text, scope text
)
  language plpgsql set search_path = '' as $$
declare
  slug_now text;
begin
  if identity.session_user_id(holder, session, secret) is null then
    raise exception 'Not signed in' using errcode = 'TN001', hint = 'Sign in again.';
  end if;
  select o.slug into slug_now
    from organizations.memberships m join organizations.organizations o on o.id = m.organization_id and o.status = 'active'
    where m.organization_id = organization and m.user_id = holder and m.status = 'active';
  if slug_now is null then
    raise exception 'No such organization' using errcode = 'TN002';
  elsif slug_now is distinct from slug then
    raise exception 'The organization''s address has changed' using errcode = 'TN004', detail = 'slug ' || slug_now;
  elsif scope is not null then
    raise exception 'This permission is held in another scope' using errcode = 'TN004', detail = 'scope ' || scope;
  end if;
  raise exception 'Permission % is missing', permission using errcode = 'TN003', hint = 'Ask an administrator of the organization for it.';
end
$$;
comment on procedure kernel.refuse_entry is 'Says why entering was refused, no more than the caller may know.';

call kernel.run_as_definer('kernel.enter');
grant execute on function kernel.role_serves(text, text) to tenon_definer;
grant execute on procedure kernel.refuse_entry to tenon_definer;
grant execute on function identity.session_user_id to tenon_definer, tenon_gate;
grant execute on function kernel.enter to tenon_member, tenon_own, tenon_client, tenon_steward, tenon_loader;

-- Finding the organization of an address, before entering it: the gate's, for members only.
create function organizations.organization_of_slug(holder uuid, session uuid, secret text, slug text) returns uuid
  language sql stable security definer set search_path = ''
  begin atomic
    select o.id from organizations.organizations o
    join organizations.memberships m on m.organization_id = o.id and m.status = 'active'
    where o.slug = organization_of_slug.slug and o.status = 'active'
      and m.user_id = identity.session_user_id(holder, session, secret);
  end;
comment on function organizations.organization_of_slug is 'The organization a slug names, if the person of the session is a member of it.';
call kernel.run_as_definer('organizations.organization_of_slug');
grant execute on function organizations.organization_of_slug to tenon_gate;

create function organizations.me(holder uuid, session uuid, secret text) returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select jsonb_build_object('user_id', u.id, 'email', u.email, 'name', u.full_name, 'organizations', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', o.id, 'name', o.name, 'slug', o.slug,
        'roles', (
          select coalesce(jsonb_agg(r.name order by r.name), '[]')
          from organizations.member_roles mr
          join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
          where mr.organization_id = m.organization_id and mr.user_id = m.user_id),
        'permissions', (
          select coalesce(jsonb_agg(p order by p), '[]') from jsonb_object_keys(m.effective_permissions) p)
        ) order by o.name)
      from organizations.memberships m
      join organizations.organizations o on o.id = m.organization_id and o.status = 'active'
      where m.user_id = u.id and m.status = 'active'), '[]'))
    from identity.users u
    where u.id = identity.session_user_id(holder, session, secret);
  end;
comment on function organizations.me is 'The person of a live session, with the organizations they may enter; null without one.';
call kernel.run_as_definer('organizations.me');
grant execute on function organizations.me to tenon_gate;

-- Making an organization: the one thing that a person does without being inside of one.

create function organizations.create_organization(holder uuid, session uuid, secret text, name text, slug text, request text) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  founder constant uuid := identity.session_user_id(holder, session, secret);
  organization uuid;
begin
  if founder is null then
    raise exception 'Not signed in' using errcode = 'TN001';
  end if;
  perform set_config('tenon.user_id', founder::text, true), set_config('tenon.request', request, true);

  insert into organizations.organizations (name, slug) values (create_organization.name, create_organization.slug) returning id into organization;
  insert into organizations.roles (organization_id, name, scope, template, description)
    select organization, t.name, t.scope, t.name, t.description from organizations.role_templates t order by t.name;
  insert into organizations.role_permissions (organization_id, role_id, permission)
    select r.organization_id, r.id, p.permission from organizations.roles r
    join organizations.role_template_permissions p on p.role = r.template where r.organization_id = organization;
  perform organizations.add_member(organization, founder, array['owner']);
  return organization;
end
$$;
comment on function organizations.create_organization is 'Makes an organization with the built-in roles; the person of the session becomes its owner.';

create function organizations.add_member(organization uuid, person uuid, roles text[]) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into organizations.memberships (organization_id, user_id, display_name, email, avatar_url)
    select organization, u.id, u.full_name, u.email, u.avatar_url from identity.users u where u.id = person;
  insert into organizations.member_roles (organization_id, user_id, role_id)
    select r.organization_id, person, r.id from organizations.roles r
    where r.organization_id = organization and r.name = any (add_member.roles);
end
$$;
comment on function organizations.add_member(uuid, uuid, text[]) is 'Makes a person a member with the named roles.';

call kernel.run_as_definer('organizations.create_organization');
grant execute on function organizations.create_organization to tenon_gate;
grant execute on function organizations.add_member to tenon_definer;
