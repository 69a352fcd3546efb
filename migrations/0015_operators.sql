-- What the operator of an installation does from its command line, as the database's owner: no runtime role may call any of it.

alter table organizations.organizations add column suspended_reason text check (length(suspended_reason) <= 500);
comment on column organizations.organizations.suspended_reason is 'Why the operator suspended it.';

create function identity.operator_request() returns jsonb
  language sql immutable parallel safe
  return '{"actor": "system", "agent": "tenon admin"}'::jsonb;
comment on function identity.operator_request() is 'How the record tells of what was done from the command line.';

create function identity.require_account(address text) returns uuid
  language plpgsql stable set search_path = '' as $$
declare
  person uuid;
begin
  select u.id into person from identity.users u where u.email_key = lower(btrim(address)) and u.kind = 'person' and u.status <> 'deleted';
  if person is null then
    raise exception 'There is no account with the address %', address using errcode = 'TN010';
  end if;
  return person;
end
$$;
comment on function identity.require_account(text) is 'The person with an address; raises TN010 when there is none.';

create function identity.grant_platform_role(address text, role text) returns boolean
  language plpgsql set search_path = '' as $$
declare
  person constant uuid := identity.require_account(address);
begin
  insert into identity.platform_roles (user_id, role) values (person, grant_platform_role.role) on conflict do nothing;
  if found then
    perform identity.record_event(person, 'platform_role_granted', jsonb_build_object('role', role), identity.operator_request());
    return true;
  end if;
  return false;
end
$$;
comment on function identity.grant_platform_role is 'Gives a person a role on the whole platform; false when they had it.';

create function identity.revoke_platform_role(address text, role text) returns boolean
  language plpgsql set search_path = '' as $$
declare
  person constant uuid := identity.require_account(address);
begin
  delete from identity.platform_roles r where r.user_id = person and r.role = revoke_platform_role.role;
  if found then
    perform identity.record_event(person, 'platform_role_revoked', jsonb_build_object('role', role), identity.operator_request());
    return true;
  end if;
  return false;
end
$$;
comment on function identity.revoke_platform_role is 'Takes a role on the whole platform from a person; false when they did not have it.';

-- A person without a password: the token is shown once on the operator's screen, and lets its holder set one.
create function identity.create_operator(address text, name text, token_hash bytea, out user_id uuid, out token_id uuid, out expires_at timestamptz)
  language plpgsql set search_path = '' as $$
begin
  insert into identity.users (email, full_name, email_verified_at) values (btrim(address), btrim(name), now())
    on conflict (email_key) do nothing returning id into user_id;
  if user_id is not null then
    insert into identity.one_time_tokens as t (user_id, purpose, secret_hash, expires_at)
      values (create_operator.user_id, 'reset_password', token_hash, now() + interval '1 day') returning t.id, t.expires_at into token_id, expires_at;
    perform identity.record_event(user_id, 'account_created', '{"by": "operator"}', identity.operator_request());
  else
    user_id := identity.require_account(address);
  end if;
  perform identity.grant_platform_role(address, 'admin');
end
$$;
comment on function identity.create_operator is 'Makes a person an administrator of the platform, and makes the person where there is none.';

create function identity.unlock_account(address text) returns boolean
  language plpgsql set search_path = '' as $$
declare
  person constant uuid := identity.require_account(address);
begin
  update identity.lockouts l set failed_attempts = 0, locked_until = null where l.user_id = person and l.failed_attempts > 0;
  if found then
    perform identity.record_event(person, 'unlocked', '{"by": "operator"}', identity.operator_request());
    return true;
  end if;
  return false;
end
$$;
comment on function identity.unlock_account(text) is 'Forgets the failures of an account; false when there were none.';

create function identity.suspend_person(address text) returns boolean
  language plpgsql set search_path = '' as $$
declare
  person constant uuid := identity.require_account(address);
begin
  update identity.users u set status = 'suspended' where u.id = person and u.status = 'active';
  if not found then
    return false;
  end if;
  perform identity.record_event(person, 'suspended', '{"by": "operator"}', identity.operator_request());
  return true;
end
$$;
comment on function identity.suspend_person(text) is 'Shuts a person out everywhere and ends their sessions; false when they were not active.';

create function identity.resume_person(address text) returns boolean
  language plpgsql set search_path = '' as $$
declare
  person constant uuid := identity.require_account(address);
begin
  update identity.users u set status = 'active' where u.id = person and u.status = 'suspended';
  if found then
    perform identity.record_event(person, 'resumed', '{"by": "operator"}', identity.operator_request());
    return true;
  end if;
  return false;
end
$$;
comment on function identity.resume_person(text) is 'Lets a suspended person sign in again; false when they were not suspended.';

-- Organizations. Nobody enters a suspended one; its sessions and keys stay, and work again when it is resumed.

create function organizations.set_suspension(slug text, wanted text, reason text) returns void
  language plpgsql set search_path = '' as $$
declare
  organization organizations.organizations;
begin
  select o.* into organization from organizations.organizations o where o.slug = set_suspension.slug and o.status <> 'deleted' for update;
  if not found then
    raise exception 'There is no organization with the address %', slug using errcode = 'TN010';
  elsif organization.status = wanted then
    raise exception 'The organization % is % already', slug, wanted using errcode = 'TN011';
  end if;
  perform set_config('tenon.request', (identity.operator_request() || jsonb_build_object(
    'operation', case wanted when 'suspended' then 'admin.organization.suspend' else 'admin.organization.resume' end))::text, true);
  update organizations.organizations o set status = wanted, suspended_reason = reason where o.id = organization.id;
end
$$;
comment on function organizations.set_suspension is 'Suspends or resumes an organization, on the record.';

create function organizations.suspend_organization(slug text, reason text) returns void
  language sql set search_path = ''
  begin atomic
    select organizations.set_suspension(slug, 'suspended', btrim(reason));
  end;
comment on function organizations.suspend_organization is 'Closes an organization to everybody until it is resumed.';

create function organizations.resume_organization(slug text) returns void
  language sql set search_path = ''
  begin atomic
    select organizations.set_suspension(slug, 'active', null);
  end;
comment on function organizations.resume_organization is 'Opens a suspended organization again.';
