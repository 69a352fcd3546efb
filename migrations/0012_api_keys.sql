-- API keys: how a program acts as a member, a person or a service, with no more rights than the key names.

create table organizations.api_keys (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  user_id uuid not null,
  name text not null check (length(btrim(name)) between 1 and 100),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  secret_prefix text not null check (length(secret_prefix) <= 12),
  old_secret_hash bytea check (octet_length(old_secret_hash) = 32),
  old_secret_until timestamptz,
  allowed_addresses cidr[] not null default '{}' check (cardinality(allowed_addresses) <= 50),
  created_by uuid not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references organizations.memberships on delete cascade,
  foreign key (organization_id, created_by) references organizations.memberships on delete cascade,
  check ((old_secret_hash is null) = (old_secret_until is null))
);
comment on table organizations.api_keys is 'Keys by which programs act as a member. Secrets are kept as hashes. Sensitivity: critical.';
comment on column organizations.api_keys.organization_id is 'The organization that it opens, and no other.';
comment on column organizations.api_keys.id is 'Identifier; opens nothing without the secret.';
comment on column organizations.api_keys.user_id is 'The member it acts as.';
comment on column organizations.api_keys.name is 'What it is for.';
comment on column organizations.api_keys.secret_hash is 'SHA-256 of the secret.';
comment on column organizations.api_keys.secret_prefix is 'How the secret begins, so that its holder can tell keys apart.';
comment on column organizations.api_keys.old_secret_hash is 'SHA-256 of the secret before the last rotation.';
comment on column organizations.api_keys.old_secret_until is 'Until when the old secret is good too.';
comment on column organizations.api_keys.allowed_addresses is 'From where it may be used; empty means from anywhere.';
comment on column organizations.api_keys.created_by is 'The member who made it.';
comment on column organizations.api_keys.expires_at is 'When it ends by itself.';
comment on column organizations.api_keys.last_used_at is 'When it was last used, to a few minutes.';
comment on column organizations.api_keys.revoked_at is 'When it was ended early.';
comment on index organizations.api_keys_pkey is 'Finds a key by its token.';
create index api_keys_by_member on organizations.api_keys (organization_id, user_id);
comment on index organizations.api_keys_by_member is 'The keys that act as a member.';
create index api_keys_by_maker on organizations.api_keys (organization_id, created_by);
comment on index organizations.api_keys_by_maker is 'The keys that a member made.';
call kernel.tenant_table('organizations.api_keys', access => 'none',
  secrets => '{secret_hash,old_secret_hash}', unrecorded => '{last_used_at}');

create table organizations.api_key_scopes (
  organization_id uuid not null,
  key_id uuid not null,
  permission text not null references organizations.permissions on delete cascade,
  primary key (organization_id, key_id, permission),
  foreign key (organization_id, key_id) references organizations.api_keys on delete cascade
);
comment on table organizations.api_key_scopes is 'What a key may do, where its member may too. Sensitivity: low.';
comment on column organizations.api_key_scopes.organization_id is 'The organization that owns the row.';
comment on column organizations.api_key_scopes.key_id is 'The key.';
comment on column organizations.api_key_scopes.permission is 'What it may do.';
comment on index organizations.api_key_scopes_pkey is 'Lists a key''s scopes; entering looks one up.';
create index api_key_scopes_by_permission on organizations.api_key_scopes (organization_id, permission);
comment on index organizations.api_key_scopes_by_permission is 'Which keys hold a permission.';
call kernel.tenant_table('organizations.api_key_scopes', access => 'none');

/*
  Lets a program in as the member its key acts as, for one transaction, if the key's scopes and the member both have the
  permission. Raises as kernel.enter does. A key that is wrong, ended, used from elsewhere, or whose member is not active,
  gets one and the same TN001. The organization is the key's own: another one's address is not found, nor that of one that
  is closed.
*/
create function kernel.enter_with_key(
  organization uuid, key uuid, secret text, slug text, permission text, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  hash constant bytea := sha256(convert_to(secret, 'UTF8'));
  how constant jsonb := request::jsonb || jsonb_build_object('actor', 'api_key', 'api_key_id', key);
  found_key record;
begin
  call kernel.refuse_second_entry();
  select k.user_id, case o.status when 'active' then o.slug end as slug_now, sc.permission is not null as is_in_scope,
         m.effective_permissions ->> enter_with_key.permission as scope
    into found_key
    from organizations.api_keys k
    join identity.users u on u.id = k.user_id and u.status = 'active'
    join organizations.memberships m on m.organization_id = k.organization_id and m.user_id = k.user_id and m.status = 'active'
    join organizations.organizations o on o.id = k.organization_id
    left join organizations.api_key_scopes sc
      on sc.organization_id = k.organization_id and sc.key_id = k.id and sc.permission = enter_with_key.permission
    where k.organization_id = organization and k.id = key and k.revoked_at is null and k.expires_at > now()
      and (k.secret_hash = hash or k.old_secret_hash = hash and k.old_secret_until > now())
      and (k.allowed_addresses = '{}' or (how ->> 'address')::inet <<= any (k.allowed_addresses));

  if not found then
    raise exception 'Not signed in' using errcode = 'TN001', hint = 'The API key is wrong, ended, or not for this address.';
  elsif found_key.slug_now <> slug and exists (
    select from organizations.slug_history h where h.organization_id = organization and h.slug = enter_with_key.slug
  ) then
    raise exception 'The organization''s address has changed' using errcode = 'TN004', detail = 'slug ' || found_key.slug_now;
  elsif found_key.slug_now is distinct from slug then
    raise exception 'No such organization' using errcode = 'TN002';
  elsif found_key.scope is null or not found_key.is_in_scope then
    raise exception 'Permission % is missing', permission using errcode = 'TN003',
      hint = case when found_key.scope is null then 'The member that the key acts as has no right to this.' else 'The key''s scopes leave it out.' end;
  elsif kernel.role_serves(session_user, found_key.scope) is not true then
    raise exception 'This permission is held in another scope' using errcode = 'TN004', detail = 'scope ' || found_key.scope;
  end if;

  perform set_config('tenon.organization_id', organization::text, true),
          set_config('tenon.user_id', found_key.user_id::text, true),
          set_config('tenon.request', how::text, true);
  if session_user = 'tenon_client' then
    perform set_config('tenon.customer_ids', crm.customers_of(organization, found_key.user_id)::text, true);
  elsif session_user = 'tenon_own' and permission ^@ 'evaluation.' then
    perform set_config('tenon.benchmark_ids', evaluation.benchmarks_of(organization, found_key.user_id)::text, true);
  end if;
end
$$;
comment on function kernel.enter_with_key is 'Lets a program in as the member that its key acts as, for one transaction, or raises.';
call kernel.run_as_definer('kernel.enter_with_key');
grant execute on function kernel.enter_with_key to tenon_member, tenon_own, tenon_client, tenon_steward, tenon_loader;

-- Entering writes nothing, so a server tells now and then that a key is in use, by whichever of its secrets.
create function organizations.touch_key(organization uuid, key uuid, secret text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  hash constant bytea := sha256(convert_to(secret, 'UTF8'));
begin
  update organizations.api_keys k set last_used_at = now()
    where k.organization_id = organization and k.id = key and k.revoked_at is null and k.expires_at > now()
      and (k.secret_hash = hash or k.old_secret_hash = hash and k.old_secret_until > now());
end
$$;
comment on function organizations.touch_key is 'Notes that a key is in use.';
call kernel.run_as_definer('organizations.touch_key');
grant execute on function organizations.touch_key to tenon_gate;
