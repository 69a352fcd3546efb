-- The door. Nothing of an organization is visible in a transaction that did not come through here.

/*
  Lets the person of a live session into an organization, for one transaction, if an active membership holds the permission
  in a scope that the database role of this connection serves. Raises otherwise, and nothing after it runs:
    TN001  no such session, or its secret is wrong, or it ended
    TN002  no such organization, or the person is no active member of it
    TN003  the permission is missing
    TN004  the caller's hint is old: the detail names the slug or the scope that it should have been
    TN005  this transaction has entered already
    TN006  the organization wants a second factor, and the session has none
  It writes nothing and caches nothing, so a revoked session, membership or role ends with the next request.
*/
create function kernel.enter(
  holder uuid, session uuid, secret text, organization uuid, slug text, permission text, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  -- One statement, for every request pays for it: what the transaction is told is told only if all that is asked here holds.
  perform set_config('tenon.organization_id', organization::text, true),
          set_config('tenon.user_id', holder::text, true),
          set_config('tenon.request', case when s.impersonator_id is null then request else kernel.request_of(request, s.impersonator_id) end, true)
    from identity.user_sessions s
    join organizations.memberships m on m.organization_id = organization and m.user_id = s.user_id and m.status = 'active'
    join organizations.organizations o on o.id = m.organization_id and o.slug = enter.slug and o.status = 'active'
    where s.user_id = holder and s.id = session and s.secret_hash = sha256(convert_to(secret, 'UTF8'))
      and s.revoked_at is null and s.expires_at > now()
      and (s.only_organization_id is null or s.only_organization_id = organization)
      and (s.second_factor or not o.second_factor_required)
      and (s.impersonator_id is null or permission <> all (kernel.closed_to_support()))
      and kernel.role_serves(session_user, m.effective_permissions ->> permission)
      and not kernel.has_entered();
  if not found then
    call kernel.refuse_entry(holder, session, secret, organization, slug, permission);
  elsif session_user = 'tenon_client' then
    perform set_config('tenon.customer_ids', crm.customers_of(organization, holder)::text, true);
  elsif session_user = 'tenon_own' and permission ^@ 'evaluation.' then
    perform set_config('tenon.benchmark_ids', evaluation.benchmarks_of(organization, holder)::text, true);
  end if;
end
$$;
comment on function kernel.enter is 'Lets the person of a live session into an organization for one transaction, or raises.';

create function kernel.benchmark_ids() returns uuid[]
  language sql stable parallel safe
  return nullif(current_setting('tenon.benchmark_ids', true), '')::uuid[];
comment on function kernel.benchmark_ids() is
  'The benchmarks that a participant sees (at most 1,000), or null: they are named for the operations of benchmarks alone.';
grant execute on function kernel.benchmark_ids() to tenon_definer, tenon_reader, tenon_gate, tenon_member, tenon_own, tenon_client,
  tenon_steward, tenon_worker, tenon_dispatcher, tenon_public, tenon_loader;

create function kernel.has_entered() returns boolean
  language sql stable parallel safe
  return nullif(current_setting('tenon.organization_id', true), '') is not null;
comment on function kernel.has_entered() is 'Whether this transaction has entered an organization.';

-- A function of its own language is made ready only when it is called, and few requests come from a supporter.
create function kernel.request_of(request text, impersonator uuid) returns text
  language plpgsql stable set search_path = '' as $$
begin
  return request::jsonb || jsonb_build_object('impersonator_id', impersonator);
end
$$;
comment on function kernel.request_of(text, uuid) is 'How the work was asked for, with the supporter who acts in the member''s place.';

create procedure kernel.refuse_second_entry()
  language plpgsql set search_path = '' as $$
begin
  if kernel.has_entered() then
    raise exception 'This transaction has entered an organization already' using errcode = 'TN005';
  end if;
end
$$;
comment on procedure kernel.refuse_second_entry() is 'A transaction enters one organization, once.';

create function kernel.closed_to_support() returns text[]
  language sql immutable parallel safe
  return array['organization.own', 'organization.domain.manage', 'organization.support.manage', 'member.manage', 'role.manage', 'key.create', 'key.manage', 'audit.hold'];
comment on function kernel.closed_to_support() is 'What a supporter may not do in a member''s place: whatever would outlast the visit.';

-- One look into a constant, for every request pays for it.
create function kernel.role_serves(database_role text, scope text) returns boolean
  language sql immutable parallel safe
  return '{"tenon_own": ["own", "organization"], "tenon_client": ["client"], "tenon_member": ["organization"],
    "tenon_steward": ["organization"], "tenon_loader": ["organization"]}'::jsonb -> database_role ? scope;
comment on function kernel.role_serves(text, text) is 'Whether a connection of this database role may serve a permission held in this scope; null where the role serves nobody, or nothing is held.';

create procedure kernel.refuse_entry(
  holder uuid, session uuid, secret text, organization uuid, slug text, permission text
)
  language plpgsql set search_path = '' as $$
declare
  found_member record;
begin
  call kernel.refuse_second_entry();
  if identity.session_user_id(holder, session, secret) is null then
    raise exception 'Not signed in' using errcode = 'TN001', hint = 'Sign in again.';
  end if;
  select o.slug, m.effective_permissions ->> permission as scope, s.impersonator_id is not null as is_support,
         o.second_factor_required and not s.second_factor as is_too_weak
    into found_member
    from organizations.memberships m
    join organizations.organizations o on o.id = m.organization_id and o.status = 'active'
    join identity.user_sessions s on s.user_id = m.user_id and s.id = session
    where m.organization_id = organization and m.user_id = holder and m.status = 'active'
      and (s.only_organization_id is null or s.only_organization_id = organization);
  if not found then
    raise exception 'No such organization' using errcode = 'TN002';
  elsif found_member.is_too_weak then
    raise exception 'This organization wants a second factor' using errcode = 'TN006',
      hint = 'Set up an authenticator app or a passkey in your account, then sign in with it.';
  elsif found_member.slug <> slug then
    raise exception 'The organization''s address has changed' using errcode = 'TN004', detail = 'slug ' || found_member.slug;
  elsif found_member.is_support and permission = any (kernel.closed_to_support()) then
    raise exception 'Support may not do this in a member''s place' using errcode = 'TN003', hint = 'Ask a member of the organization to do it.';
  elsif found_member.scope is not null then
    raise exception 'This permission is held in another scope' using errcode = 'TN004', detail = 'scope ' || found_member.scope;
  end if;
  raise exception 'Permission % is missing', permission using errcode = 'TN003', hint = 'Ask an administrator of the organization for it.';
end
$$;
comment on procedure kernel.refuse_entry is 'Says why entering was refused, no more than the caller may know.';

call kernel.run_as_definer('kernel.enter');
grant execute on function kernel.role_serves(text, text), kernel.has_entered, kernel.request_of to tenon_definer;
grant execute on procedure kernel.refuse_entry, kernel.refuse_second_entry to tenon_definer;
grant execute on function kernel.closed_to_support to tenon_definer;
grant execute on function kernel.enter to tenon_member, tenon_own, tenon_client, tenon_steward, tenon_loader;

-- What whoever entered may do, for functions that give rights on: nobody gives what they do not have.

create function kernel.actor_permissions() returns jsonb
  language plpgsql stable set search_path = '' as $$
declare
  key constant uuid := kernel.request() ->> 'api_key_id';
  held jsonb;
begin
  select m.effective_permissions into held from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.user_id = kernel.user_id() and m.status = 'active';
  if key is not null then
    select coalesce(jsonb_object_agg(s.permission, held -> s.permission), '{}') into held from organizations.api_key_scopes s
      where s.organization_id = kernel.organization_id() and s.key_id = key and held ? s.permission;
  end if;
  return coalesce(held, '{}');
end
$$;
comment on function kernel.actor_permissions() is 'Permission → widest scope of who entered, cut to the scopes of their API key.';

create function kernel.acting_member(organization uuid) returns uuid
  language sql stable set search_path = ''
  begin atomic
    select m.user_id from organizations.memberships m where m.organization_id = organization and m.user_id = kernel.user_id();
  end;
comment on function kernel.acting_member(uuid) is 'The member on whose behalf this transaction works; null where it is the system itself.';

create function kernel.covers(held jsonb, wanted jsonb) returns boolean
  language sql immutable parallel safe
  return not exists (
    select from jsonb_each_text(wanted) w
    where not coalesce(held ->> w.key = 'organization' or held ->> w.key = w.value, false)
  );
comment on function kernel.covers(jsonb, jsonb) is 'Whether each wanted permission is held in a scope at least as wide.';

create procedure kernel.require_permission(permission text)
  language plpgsql set search_path = '' as $$
begin
  if not kernel.covers(kernel.actor_permissions(), jsonb_build_object(permission, 'organization')) then
    raise exception 'Permission % is missing', permission using errcode = 'TN003', hint = 'Ask an administrator of the organization for it.';
  end if;
end
$$;
comment on procedure kernel.require_permission(text) is 'Raises TN003 unless who entered holds the permission for the whole organization.';
grant execute on function kernel.actor_permissions, kernel.acting_member, kernel.covers to tenon_definer;
grant execute on procedure kernel.require_permission to tenon_definer;

-- Where it is known only inside which permission is needed, the verb asks.
create function kernel.holds(permission text) returns boolean
  language sql stable security definer set search_path = ''
  return kernel.covers(kernel.actor_permissions(), jsonb_build_object(permission, 'organization'));
comment on function kernel.holds(text) is 'Whether who entered holds a permission for the whole organization.';
call kernel.run_as_definer('kernel.holds');
grant execute on function kernel.holds to tenon_member, tenon_worker;

-- Making an organization: the one thing that a person does without being inside of one.

create function organizations.create_organization(holder uuid, session uuid, secret text, name text, slug text, request text) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  founded_max constant integer := 20;
begin
  holder := identity.require_session(holder, session, secret);
  -- Two requests of one person count one after the other.
  perform from identity.users u where u.id = holder for no key update;
  if (select count(*) from organizations.organizations o where o.founded_by = holder) >= founded_max then
    raise exception 'You have made % organizations already', founded_max using errcode = 'TN003', hint = 'Use one of them, or ask a colleague to make this one.';
  end if;
  return organizations.found_organization(holder, name, slug, request);
end
$$;
comment on function organizations.create_organization is 'Makes an organization with the built-in roles; the person of the session becomes its owner.';

create function organizations.found_organization(founder uuid, name text, slug text, request text) returns uuid
  language plpgsql set search_path = '' as $$
declare
  organization uuid;
begin
  perform set_config('tenon.user_id', founder::text, true), set_config('tenon.request', request, true);
  insert into organizations.organizations (name, slug, founded_by)
    values (found_organization.name, found_organization.slug, founder) returning id into organization;
  insert into organizations.roles (organization_id, name, scope, template, description)
    select organization, t.name, t.scope, t.name, t.description from organizations.role_templates t order by t.name;
  insert into organizations.role_permissions (organization_id, role_id, permission)
    select r.organization_id, r.id, p.permission from organizations.roles r
    join organizations.role_template_permissions p on p.role = r.template where r.organization_id = organization;
  perform organizations.add_member(organization, founder, array['owner']);
  return organization;
end
$$;
comment on function organizations.found_organization is 'Makes an organization with the built-in roles and its first owner.';

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
grant execute on function organizations.found_organization, organizations.add_member to tenon_definer;
