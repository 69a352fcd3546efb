-- Making, rotating and ending API keys, and the services that some of them act as. Nobody, and no key, gives a key more than
-- they have themselves; a key acts as its maker or as a service, never as another person.

-- The rights of a key.

create procedure organizations.require_key_rights(member uuid, scopes text[])
  language plpgsql set search_path = '' as $$
declare
  held constant jsonb := kernel.actor_permissions();
  of_member constant jsonb := (
    select m.effective_permissions from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.user_id = member);
  scope text;
begin
  foreach scope in array scopes loop
    if not exists (select from organizations.permissions p where p.name = scope) then
      raise exception 'There is no permission %', scope using errcode = 'TN012', hint = 'Choose scopes out of the list of permissions.';
    elsif not kernel.covers(held, jsonb_build_object(scope, coalesce(of_member ->> scope, held ->> scope, 'organization'))) then
      raise exception 'You do not have % yourself', scope using errcode = 'TN003', hint = 'Leave this scope out, or ask somebody who has it.';
    elsif not of_member ? scope then
      raise exception 'The service does not have %', scope using errcode = 'TN012', hint = 'Give the service a role that permits it first, or leave this scope out.';
    end if;
  end loop;
end
$$;
comment on procedure organizations.require_key_rights is 'Raises unless who entered, and the member that a key acts as, have all of its scopes.';

-- A key that leaked makes none that outlives it or that can be used from where it cannot.
create procedure organizations.require_key_bounds(addresses cidr[])
  language plpgsql set search_path = '' as $$
declare
  bounds constant cidr[] := (
    select k.allowed_addresses from organizations.api_keys k
    where k.organization_id = kernel.organization_id() and k.id = (kernel.request() ->> 'api_key_id')::uuid);
begin
  if bounds <> '{}' and (addresses = '{}' or exists (
    select from unnest(addresses) a where not exists (select from unnest(bounds) b where a <<= b)
  )) then
    raise exception 'This key may give on only the addresses that it may be used from' using errcode = 'TN003', hint = 'Allow fewer addresses, or sign in as a person.';
  end if;
end
$$;
comment on procedure organizations.require_key_bounds is 'Raises when a key with an address allow-list would allow another key more addresses.';

-- A key outlives sessions and passwords: who found a session open must not go away with one.
create procedure organizations.require_key_proof(session uuid, secret text)
  language plpgsql set search_path = '' as $$
begin
  perform identity.require_session(kernel.user_id(), session, secret, '15 minutes') where not kernel.request() ? 'api_key_id';
end
$$;
comment on procedure organizations.require_key_proof is 'Raises unless who entered is a person who proved lately who they are, or a key.';

create function organizations.networks_of(addresses text[]) returns cidr[]
  language plpgsql immutable strict set search_path = '' as $$
declare
  networks cidr[] := '{}';
  address text;
begin
  foreach address in array addresses loop
    begin
      networks := networks || network(address::inet);
    exception when data_exception then
      raise exception '"%" is no address and no network', left(address, 50) using errcode = 'TN012', hint = 'Write allowed_addresses as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32.';
    end;
    if networks[cardinality(networks)] <<= '::ffff:0:0/96'::cidr then
      raise exception '"%" is an IPv4 address in the clothes of IPv6', left(address, 50) using errcode = 'TN012', hint = 'Write it as IPv4: that is how callers are known here.';
    end if;
  end loop;
  return networks;
end
$$;
comment on function organizations.networks_of(text[]) is 'Addresses and networks as people write them, as networks.';

-- Making.

create function organizations.make_key(
  name text, scopes text[], expires_in_days integer, addresses text[], member uuid, secret_hash bytea, secret_prefix text,
  session uuid, session_secret text
) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  live_keys_max constant integer := 100;
  scopes_max constant integer := 100;
  organization constant uuid := kernel.organization_id();
  acts_as constant uuid := coalesce(member, kernel.user_id());
  wanted constant text[] := array(select distinct s from unnest(scopes) s order by s);
  networks constant cidr[] := organizations.networks_of(addresses);
  made organizations.api_keys;
begin
  call kernel.require_permission('key.create');
  call organizations.require_key_proof(session, session_secret);
  if acts_as <> kernel.user_id() then
    call kernel.require_permission('key.manage');
    if not exists (
      select from organizations.memberships m
      where m.organization_id = organization and m.user_id = acts_as and m.kind = 'service' and m.status = 'active'
    ) then
      raise exception 'A key acts as oneself or as a service of the organization' using errcode = 'TN012', hint = 'Leave member out, or give the id of a service.';
    end if;
  end if;
  if coalesce(cardinality(wanted), 0) not between 1 and scopes_max then
    raise exception 'A key has 1 to % scopes', scopes_max using errcode = 'TN012', hint = 'Make several keys.';
  end if;
  call organizations.require_key_rights(acts_as, wanted);
  call organizations.require_key_bounds(networks);
  perform organizations.lock_organization(organization);
  if (select count(*) from organizations.api_keys k
      where k.organization_id = organization and k.revoked_at is null and k.expires_at > now()) >= live_keys_max then
    raise exception 'The organization has % keys, which is the most', live_keys_max using errcode = 'TN011', hint = 'Revoke keys that nobody uses.';
  end if;

  insert into organizations.api_keys (organization_id, user_id, name, secret_hash, secret_prefix, allowed_addresses, created_by, expires_at)
    values (organization, acts_as, btrim(make_key.name), make_key.secret_hash, make_key.secret_prefix, networks, kernel.user_id(),
      least(now() + make_interval(days => expires_in_days), (
        select k.expires_at from organizations.api_keys k
        where k.organization_id = organization and k.id = (kernel.request() ->> 'api_key_id')::uuid)))
    returning * into made;
  insert into organizations.api_key_scopes (organization_id, key_id, permission) select organization, made.id, s from unnest(wanted) s;
  return jsonb_build_object('id', made.id, 'expires_at', made.expires_at);
end
$$;
comment on function organizations.make_key is 'Makes an API key that acts as oneself or as a service, with no more than its maker has.';

-- Finding one that may be changed: one's own, or anybody's by key.manage. It is locked, so that changes wait for each other.
create function organizations.key_to_change(key uuid) returns organizations.api_keys
  language plpgsql set search_path = '' as $$
declare
  target organizations.api_keys;
begin
  call kernel.require_permission('key.create');
  select k.* into target from organizations.api_keys k
    where k.organization_id = kernel.organization_id() and k.id = key
      and (k.user_id = kernel.user_id() or kernel.covers(kernel.actor_permissions(), '{"key.manage": "organization"}'))
    for update;
  if not found then
    raise exception 'There is no such key' using errcode = 'TN010';
  end if;
  return target;
end
$$;
comment on function organizations.key_to_change(uuid) is 'A key that who entered may see, locked; raises TN010 otherwise.';

create procedure organizations.require_live_key(target organizations.api_keys)
  language plpgsql set search_path = '' as $$
begin
  if target.revoked_at is not null or target.expires_at <= now() then
    raise exception 'This key has ended' using errcode = 'TN011', hint = 'Make a new one.';
  end if;
end
$$;
comment on procedure organizations.require_live_key is 'Raises TN011 when a key was revoked or is expired.';

-- Who rotates a key holds it afterwards: so it must be one's own or a service's, and have no scope that one has not. A
-- person who signed in may do as they like with the keys that act as themselves, also with one whose rights they lost.
create procedure organizations.require_key_holder(target organizations.api_keys)
  language plpgsql set search_path = '' as $$
declare
  of_service constant boolean := exists (
    select from organizations.memberships m
    where m.organization_id = target.organization_id and m.user_id = target.user_id and m.kind = 'service');
  scopes constant text[] := array(
    select s.permission from organizations.api_key_scopes s where s.organization_id = target.organization_id and s.key_id = target.id);
begin
  if target.user_id <> kernel.user_id() and not of_service then
    raise exception 'This key acts as another person' using errcode = 'TN003', hint = 'Its owner can rotate it; you can revoke it.';
  elsif target.user_id <> kernel.user_id() or kernel.request() ? 'api_key_id' then
    call organizations.require_key_rights(target.user_id, scopes);
    call organizations.require_key_bounds(target.allowed_addresses);
  end if;
end
$$;
comment on procedure organizations.require_key_holder is 'Raises unless who entered may hold this key''s secret.';

create function organizations.rotate_key(key uuid, overlap_hours integer, secret_hash bytea, secret_prefix text, session uuid, session_secret text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  target organizations.api_keys;
begin
  target := organizations.key_to_change(key);
  call organizations.require_key_proof(session, session_secret);
  call organizations.require_live_key(target);
  call organizations.require_key_holder(target);
  update organizations.api_keys k
    set secret_hash = rotate_key.secret_hash, secret_prefix = rotate_key.secret_prefix,
        old_secret_hash = case when overlap_hours > 0 then target.secret_hash end,
        old_secret_until = case when overlap_hours > 0 then least(now() + make_interval(hours => overlap_hours), target.expires_at) end
    where k.organization_id = target.organization_id and k.id = target.id returning k.* into target;
  return jsonb_build_object('id', target.id, 'expires_at', target.expires_at, 'old_secret_until', target.old_secret_until);
end
$$;
comment on function organizations.rotate_key is 'Gives a key a new secret; the old one is good for a while yet, or ends at once.';

create function organizations.change_key(key uuid, name text, addresses text[]) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  target organizations.api_keys;
  networks constant cidr[] := organizations.networks_of(addresses);
begin
  target := organizations.key_to_change(key);
  call organizations.require_live_key(target);
  if networks is not null then
    call organizations.require_key_bounds(networks);
  end if;
  update organizations.api_keys k
    set name = coalesce(btrim(change_key.name), k.name), allowed_addresses = coalesce(networks, k.allowed_addresses)
    where k.organization_id = target.organization_id and k.id = target.id;
end
$$;
comment on function organizations.change_key is 'Renames a key, or changes from where it may be used.';

create function organizations.revoke_key(key uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  target organizations.api_keys;
begin
  target := organizations.key_to_change(key);
  update organizations.api_keys k set revoked_at = now()
    where k.organization_id = target.organization_id and k.id = target.id and k.revoked_at is null;
end
$$;
comment on function organizations.revoke_key(uuid) is 'Ends a key at once; once more changes nothing.';

-- Looking.

create function organizations.describe_key(k organizations.api_keys) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object(
      'id', k.id, 'name', k.name, 'secret_prefix', k.secret_prefix, 'member', jsonb_build_object('id', m.user_id, 'name', m.display_name, 'kind', m.kind),
      'scopes', scopes.every, 'effective_scopes', case m.status when 'active' then scopes.effective else '[]' end,
      'allowed_addresses', to_jsonb(array(select case when masklen(a) = case family(a) when 4 then 32 else 128 end then host(a) else a::text end
        from unnest(k.allowed_addresses) a)),
      'created_at', k.created_at, 'created_by', jsonb_build_object('id', maker.user_id, 'name', maker.display_name),
      'expires_at', k.expires_at, 'last_used_at', k.last_used_at, 'revoked_at', k.revoked_at,
      'old_secret_until', case when k.old_secret_until > now() then k.old_secret_until end,
      'status', case when k.revoked_at is not null then 'revoked' when k.expires_at <= now() then 'expired'
        when m.status <> 'active' then 'member_inactive' else 'live' end)
    from organizations.memberships m
    join organizations.memberships maker on maker.organization_id = m.organization_id and maker.user_id = k.created_by
    cross join lateral (
      select coalesce(jsonb_agg(s.permission order by s.permission), '[]') as every,
             coalesce(jsonb_agg(s.permission order by s.permission) filter (where m.effective_permissions ? s.permission), '[]') as effective
      from organizations.api_key_scopes s where s.organization_id = k.organization_id and s.key_id = k.id) scopes
    where m.organization_id = k.organization_id and m.user_id = k.user_id;
  end;
comment on function organizations.describe_key is 'A key as its holder may see it.';

create function organizations.list_keys(unused_days integer) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  keys_max constant integer := 500;
  sees_all constant boolean := kernel.covers(kernel.actor_permissions(), '{"key.manage": "organization"}');
begin
  call kernel.require_permission('key.create');
  return jsonb_build_object('items', coalesce((
    select jsonb_agg(organizations.describe_key(listed) order by listed.id desc)
    from (
      select k.* from organizations.api_keys k
      where k.organization_id = kernel.organization_id() and (sees_all or k.user_id = kernel.user_id())
        and (unused_days is null or k.revoked_at is null and k.expires_at > now()
          and coalesce(k.last_used_at, k.created_at) <= now() - make_interval(days => unused_days))
      order by k.revoked_at is null and k.expires_at > now() desc, k.id desc limit keys_max) listed), '[]'));
end
$$;
comment on function organizations.list_keys(integer) is 'One''s own keys, or everybody''s by key.manage: the newest 500, live ones first; those unused for so many days, if that is asked.';

create function organizations.read_current_key() returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  described jsonb;
begin
  select organizations.describe_key(k) into described from organizations.api_keys k
    where k.organization_id = kernel.organization_id() and k.id = (kernel.request() ->> 'api_key_id')::uuid;
  if not found then
    raise exception 'This request came with no API key' using errcode = 'TN011', hint = 'Send the key as a bearer token.';
  end if;
  return described;
end
$$;
comment on function organizations.read_current_key() is 'What the key that this request came with is, and what it may do.';

-- Services: members that no person is. They have keys and no way to sign in.

create function identity.refuse_service_session() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if exists (select from identity.users u where u.id = new.user_id and u.kind = 'service') then
    raise exception 'A service does not sign in' using errcode = 'restrict_violation', hint = 'Make an API key for it.';
  end if;
  return new;
end
$$;
comment on function identity.refuse_service_session() is 'Whichever way of signing in forgets to ask: a service has no session.';
create trigger people_only before insert on identity.user_sessions for each row execute function identity.refuse_service_session();
grant execute on function identity.refuse_service_session to tenon_definer;

create function organizations.create_service(name text, roles uuid[]) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  services_max constant integer := 100;
  organization constant uuid := kernel.organization_id();
  held constant jsonb := kernel.actor_permissions();
  service constant uuid := kernel.uuid_v7();
  wanted constant uuid[] := array(select distinct r from unnest(roles) r);
  too_much text;
begin
  call kernel.require_permission('key.manage');
  perform organizations.lock_organization(organization);
  if (select count(*) from organizations.memberships m
      where m.organization_id = organization and m.kind = 'service' and m.status <> 'left') >= services_max then
    raise exception 'The organization has % services, which is the most', services_max using errcode = 'TN011', hint = 'Remove those that nobody needs.';
  elsif (select count(*) from organizations.roles r where r.organization_id = organization and r.id = any (wanted)) <> cardinality(wanted) then
    raise exception 'One of the roles does not exist' using errcode = 'TN012', hint = 'Choose roles out of the organization''s list.';
  elsif exists (select from organizations.roles r where r.organization_id = organization and r.id = any (wanted) and r.template = 'owner') then
    raise exception 'A service cannot be an owner' using errcode = 'TN012', hint = 'Give it a role with just what it needs.';
  end if;
  select string_agg(distinct rp.permission, ', ' order by rp.permission) into too_much
    from organizations.role_permissions rp
    join organizations.roles r on r.organization_id = rp.organization_id and r.id = rp.role_id
    where rp.organization_id = organization and rp.role_id = any (wanted) and not kernel.covers(held, jsonb_build_object(rp.permission, r.scope));
  if too_much is not null then
    raise exception 'The roles permit what you may not do yourself: %', too_much using errcode = 'TN003', hint = 'Choose other roles, or ask somebody who has these rights.';
  end if;

  insert into identity.users (id, email, kind, full_name) values (service, service || '@service.invalid', 'service', btrim(create_service.name));
  insert into organizations.memberships (organization_id, user_id, kind, display_name, email, invited_by)
    select organization, u.id, u.kind, u.full_name, u.email, kernel.user_id() from identity.users u where u.id = service;
  insert into organizations.member_roles (organization_id, user_id, role_id) select organization, service, r from unnest(wanted) r;
  return jsonb_build_object('id', service);
end
$$;
comment on function organizations.create_service is 'Makes a member that acts through API keys, with no more than its maker has.';

create function organizations.list_services() returns jsonb
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('key.manage');
  return jsonb_build_object('items', coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', m.user_id, 'name', m.display_name, 'status', m.status, 'created_at', m.joined_at,
      'roles', (
        select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name) order by r.name), '[]')
        from organizations.member_roles mr
        join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
        where mr.organization_id = m.organization_id and mr.user_id = m.user_id),
      'live_keys', (
        select count(*) from organizations.api_keys k
        where k.organization_id = m.organization_id and k.user_id = m.user_id and k.revoked_at is null and k.expires_at > now()))
      order by m.display_name, m.user_id)
    from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.kind = 'service' and m.status <> 'left'), '[]'));
end
$$;
comment on function organizations.list_services() is 'The services of the organization, with their roles and how many keys they have.';

create function organizations.remove_service(service uuid) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('key.manage');
  perform from organizations.memberships m
    where m.organization_id = kernel.organization_id() and m.user_id = service and m.kind = 'service' for update;
  if not found then
    raise exception 'There is no such service' using errcode = 'TN010';
  end if;
  update organizations.memberships m set status = 'left', left_at = now()
    where m.organization_id = kernel.organization_id() and m.user_id = service and m.status <> 'left';
end
$$;
comment on function organizations.remove_service(uuid) is 'Ends a service, and its keys with it; once more changes nothing.';

-- Who leaves and comes back begins anew: the keys of before stay ended.
create function organizations.end_keys() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update organizations.api_keys k set revoked_at = now()
    where k.organization_id = new.organization_id and k.user_id = new.user_id and k.revoked_at is null;
  return null;
end
$$;
comment on function organizations.end_keys() is 'Ends the keys that act as a member who left.';
create trigger end_keys after update of status on organizations.memberships
  for each row when (new.status = 'left' and old.status <> 'left') execute function organizations.end_keys();
call kernel.run_as_definer('organizations.end_keys');

call kernel.run_as_definer('organizations.make_key');
call kernel.run_as_definer('organizations.rotate_key');
call kernel.run_as_definer('organizations.change_key');
call kernel.run_as_definer('organizations.revoke_key');
call kernel.run_as_definer('organizations.list_keys');
call kernel.run_as_definer('organizations.read_current_key');
call kernel.run_as_definer('organizations.create_service');
call kernel.run_as_definer('organizations.list_services');
call kernel.run_as_definer('organizations.remove_service');
grant execute on procedure organizations.require_key_rights, organizations.require_key_bounds, organizations.require_live_key,
  organizations.require_key_proof, organizations.require_key_holder to tenon_definer;
grant execute on function organizations.networks_of, organizations.key_to_change, organizations.describe_key to tenon_definer;
grant execute on function organizations.make_key, organizations.rotate_key, organizations.change_key, organizations.revoke_key,
  organizations.list_keys, organizations.create_service, organizations.list_services, organizations.remove_service to tenon_member;
grant execute on function organizations.read_current_key to tenon_member, tenon_own;
