-- The life of an organization: its address and the old ones, its settings, how it is deleted, brought back and suspended,
-- and what a person does with an organization from outside of it.

create table organizations.slug_history (
  organization_id uuid not null references organizations.organizations on delete cascade,
  slug text not null check (length(slug) between 1 and 63),
  primary key (organization_id, slug)
);
comment on table organizations.slug_history is 'Old names in addresses, which lead to the present one and are nobody else''s to take. Sensitivity: low.';
comment on column organizations.slug_history.organization_id is 'The organization that owns the row.';
comment on column organizations.slug_history.slug is 'What its slug was.';
comment on index organizations.slug_history_pkey is 'Lists the old slugs of an organization.';
create index slug_history_by_slug on organizations.slug_history (slug);
comment on index organizations.slug_history_by_slug is 'The organization of an old slug, before one is entered.';
call kernel.tenant_table('organizations.slug_history', access => 'read');

/*
  Only its own organization adds a slug to the history, in the transaction that gives it up: until that one ends, the unique
  index makes others who want the slug wait. They look here after the index let them through, and then the history is there.
*/
create function organizations.keep_old_slug() returns trigger
  language plpgsql set search_path = '' as $$
declare
  old_slugs_max constant integer := 10;
begin
  if exists (select from organizations.slug_history h where h.slug = new.slug and h.organization_id <> new.id) then
    raise exception 'The slug was another organization''s' using errcode = 'unique_violation';
  end if;
  if tg_op = 'UPDATE' then
    delete from organizations.slug_history h where h.organization_id = new.id and h.slug = new.slug;
    insert into organizations.slug_history (organization_id, slug) values (new.id, old.slug);
    delete from organizations.slug_history h where h.organization_id = new.id and h.slug not in (
      select n.slug from organizations.slug_history n where n.organization_id = new.id order by n.created_at desc, n.slug limit old_slugs_max);
  end if;
  return null;
end
$$;
comment on function organizations.keep_old_slug() is 'Keeps old slugs for the organization that had them, the newest ten.';
create trigger keep_old_slug_insert after insert on organizations.organizations
  for each row execute function organizations.keep_old_slug();
create trigger keep_old_slug_update after update of slug on organizations.organizations
  for each row when (old.slug <> new.slug) execute function organizations.keep_old_slug();

-- Finding the organization of an address, before entering it: the gate's, for members only.
create function organizations.organization_of_slug(holder uuid, session uuid, secret text, slug text)
  returns table (organization uuid, slug_now text)
  language sql stable security definer set search_path = ''
  begin atomic
    select o.id, o.slug from organizations.organizations o
    join organizations.memberships m on m.organization_id = o.id and m.status = 'active'
    where o.id = coalesce(
        (select n.id from organizations.organizations n where n.slug = organization_of_slug.slug),
        (select h.organization_id from organizations.slug_history h where h.slug = organization_of_slug.slug limit 1))
      and o.status = 'active' and m.user_id = identity.session_user_id(holder, session, secret);
  end;
comment on function organizations.organization_of_slug is 'The organization that a slug names, or named, with its present slug, if the person of the session is a member of it.';
call kernel.run_as_definer('organizations.organization_of_slug');

create function organizations.grace_period() returns interval
  language sql immutable parallel safe
  return interval '30 days';
comment on function organizations.grace_period() is 'How long a deleted organization can be brought back, and is not erased.';
grant execute on function organizations.grace_period to tenon_definer;

create function organizations.me(holder uuid, session uuid, secret text) returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select jsonb_build_object(
      'user_id', u.id, 'email', u.email, 'name', u.full_name, 'avatar_url', u.avatar_url,
      'timezone', u.timezone, 'locale', u.locale, 'preferences', u.preferences,
      'second_factor', s.second_factor, 'impersonator_id', s.impersonator_id, 'organizations', coalesce((
      select jsonb_agg(jsonb_build_object(
        'id', o.id, 'name', o.name, 'slug', o.slug, 'second_factor_required', o.second_factor_required,
        'notification_settings', m.notification_settings,
        'old_slugs', (
          select coalesce(jsonb_agg(h.slug order by h.slug), '[]') from organizations.slug_history h where h.organization_id = o.id),
        'roles', (
          select coalesce(jsonb_agg(r.name order by r.name), '[]')
          from organizations.member_roles mr
          join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
          where mr.organization_id = m.organization_id and mr.user_id = m.user_id),
        'permissions', (
          select coalesce(jsonb_agg(p order by p), '[]') from jsonb_object_keys(m.effective_permissions) p),
        'narrow_permissions', (
          select coalesce(jsonb_agg(p.key order by p.key), '[]') from jsonb_each_text(m.effective_permissions) p where p.value <> 'organization')
        ) order by o.name)
      from organizations.memberships m
      join organizations.organizations o on o.id = m.organization_id and o.status = 'active'
      where m.user_id = u.id and m.status = 'active'
        and (s.only_organization_id is null or s.only_organization_id = o.id)), '[]'),
      'deleted_organizations', coalesce((
      select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name, 'until', o.deleted_at + organizations.grace_period()) order by o.name)
      from organizations.memberships m
      join organizations.organizations o on o.id = m.organization_id and o.status = 'deleted'
      where m.user_id = u.id and m.status = 'active' and m.effective_permissions ->> 'organization.own' = 'organization'
        and o.deleted_at > now() - organizations.grace_period()
        and (s.only_organization_id is null or s.only_organization_id = o.id)), '[]'))
    from identity.users u join identity.user_sessions s on s.user_id = u.id and s.id = session
    where u.id = identity.session_user_id(holder, session, secret);
  end;
comment on function organizations.me is 'The person of a live session, with the organizations they may enter or bring back; null without one.';
call kernel.run_as_definer('organizations.me');
grant execute on function organizations.me, organizations.organization_of_slug to tenon_gate;

-- Inside: settings and address.

create function organizations.read_organization() returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select to_jsonb(o) - '{status,suspended_reason,deleted_at,founded_by,updated_at}'::text[] || jsonb_build_object('old_slugs', (
      select coalesce(jsonb_agg(h.slug order by h.slug), '[]') from organizations.slug_history h where h.organization_id = o.id))
    from organizations.organizations o where o.id = kernel.organization_id();
  end;
comment on function organizations.read_organization() is 'The organization that was entered, with its settings.';
call kernel.run_as_definer('organizations.read_organization');

-- Whoever turns the demand for a second factor on has shown one in this very session: nobody locks themselves out.
create function organizations.update_organization(changes jsonb, session uuid, secret text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  organization organizations.organizations;
begin
  perform organizations.lock_organization(kernel.organization_id());
  call kernel.require_permission('organization.update');
  select * into organization from organizations.organizations o where o.id = kernel.organization_id();
  if (changes ->> 'version')::bigint <> organization.version then
    raise exception 'Somebody else has changed the organization since' using errcode = 'TN011', hint = 'Read it again, then make your change to what it is now.';
  end if;
  if (changes ->> 'second_factor_required')::boolean and not organization.second_factor_required and not exists (
    select from identity.user_sessions s
    where s.user_id = identity.session_user_id(kernel.user_id(), update_organization.session, update_organization.secret)
      and s.id = update_organization.session and s.second_factor
  ) then
    raise exception 'You are signed in without a second factor yourself, and would be locked out' using errcode = 'TN011',
      hint = 'Set up an authenticator app or a passkey, sign in with it, then try again.';
  end if;
  if (changes ->> 'second_factor_required')::boolean <> organization.second_factor_required then
    call organizations.require_proof(update_organization.session, update_organization.secret);
  end if;
  organization := jsonb_populate_record(organization, (
    select jsonb_object_agg(c.key, c.value) from jsonb_each(changes) c where c.key = any (organizations.settings_of_members())));
  update organizations.organizations o
    set name = organization.name, description = organization.description, logo_url = organization.logo_url,
        brand_colors = organization.brand_colors, address = organization.address, timezone = organization.timezone,
        currency = organization.currency, settings = organization.settings, ai_preferences = organization.ai_preferences,
        second_factor_required = organization.second_factor_required
    where o.id = organization.id;
  return organizations.read_organization();
end
$$;
comment on function organizations.update_organization is 'Changes the named settings of the organization; a version that is given must be the present one.';
call kernel.run_as_definer('organizations.update_organization');

create function organizations.settings_of_members() returns text[]
  language sql immutable parallel safe
  return array['name', 'description', 'logo_url', 'brand_colors', 'address', 'timezone', 'currency', 'settings', 'ai_preferences', 'second_factor_required'];
comment on function organizations.settings_of_members() is 'What an organization changes of itself; limits and status are the operator''s.';

create function organizations.change_slug(slug text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform organizations.lock_organization(kernel.organization_id());
  call kernel.require_permission('organization.update');
  update organizations.organizations o set slug = change_slug.slug where o.id = kernel.organization_id() and o.slug <> change_slug.slug;
end
$$;
comment on function organizations.change_slug is 'Gives the organization another address; the old one goes on leading here.';
call kernel.run_as_definer('organizations.change_slug');

-- What cannot be undone easily wants the person themselves, who proved lately who they are; a program's key does not do.
create procedure organizations.require_proof(session uuid, secret text)
  language plpgsql set search_path = '' as $$
begin
  if kernel.request() ->> 'api_key_id' is not null then
    raise exception 'An API key may not do this' using errcode = 'TN003', hint = 'Sign in as a person with the right to it.';
  elsif kernel.request() ->> 'impersonator_id' is not null then
    raise exception 'Support may not do this in a member''s place' using errcode = 'TN003', hint = 'Ask a member of the organization to do it.';
  end if;
  perform identity.require_session(kernel.user_id(), session, secret, '15 minutes');
end
$$;
comment on procedure organizations.require_proof is 'Raises unless whoever entered is a person who proved lately who they are.';

create function organizations.delete_organization(confirm text, session uuid, secret text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization organizations.organizations;
begin
  perform organizations.lock_organization(kernel.organization_id());
  call kernel.require_permission('organization.own');
  call organizations.require_proof(session, secret);
  update organizations.organizations o set status = 'deleted', deleted_at = now()
    where o.id = kernel.organization_id() and o.slug = confirm returning * into organization;
  if not found then
    raise exception 'This is not the address of the organization' using errcode = 'TN011',
      hint = 'Send the organization''s own slug as confirm, so that nobody deletes the wrong one.';
  end if;
  perform kernel.queue_mail(u.email, 'organization_deleted', jsonb_build_object(
      'name', u.full_name, 'organization', organization.name,
      'until', to_char(organization.deleted_at + organizations.grace_period(), 'YYYY-MM-DD')))
    from organizations.owners(organization.id) owner join identity.users u on u.id = owner.user_id;
end
$$;
comment on function organizations.delete_organization is 'Deletes the organization for as long as the grace period lasts, and tells its owners.';
call kernel.run_as_definer('organizations.delete_organization');

create function organizations.owners(organization uuid) returns table (user_id uuid)
  language sql stable set search_path = ''
  begin atomic
    select m.user_id from organizations.memberships m
    join organizations.member_roles mr on mr.organization_id = m.organization_id and mr.user_id = m.user_id
    join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id and r.template = 'owner'
    where m.organization_id = organization and m.status = 'active';
  end;
comment on function organizations.owners(uuid) is 'The active owners of an organization.';

-- Outside: what a person does with an organization by its slug or id. Whoever does not belong to it finds nothing.

create function organizations.find_own(person uuid, session uuid, place text) returns uuid
  language plpgsql set search_path = '' as $$
declare
  organization uuid;
begin
  select o.id into organization from organizations.memberships m
    join organizations.organizations o on o.id = m.organization_id and (o.slug = place or o.id::text = place)
    join identity.user_sessions s on s.user_id = m.user_id and s.id = session
    where m.user_id = person and m.status = 'active' and (s.only_organization_id is null or s.only_organization_id = o.id);
  if not found then
    raise exception 'No such organization' using errcode = 'TN010';
  end if;
  perform organizations.lock_organization(organization);
  return organization;
end
$$;
comment on function organizations.find_own is 'The organization of an active member, locked.';

create function organizations.restore_organization(holder uuid, session uuid, secret text, organization text, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  place uuid;
  deleted timestamptz;
begin
  holder := identity.require_session(holder, session, secret);
  place := organizations.find_own(holder, session, organization);
  perform set_config('tenon.user_id', holder::text, true), set_config('tenon.request', request, true);
  if not exists (select from organizations.memberships m where m.organization_id = place and m.user_id = holder
      and m.status = 'active' and m.effective_permissions ->> 'organization.own' = 'organization') then
    raise exception 'Only an owner may bring an organization back' using errcode = 'TN003', hint = 'Ask an owner of the organization.';
  end if;
  select o.deleted_at into deleted from organizations.organizations o where o.id = place and o.status = 'deleted';
  if not found then
    raise exception 'The organization is not deleted' using errcode = 'TN011';
  elsif deleted <= now() - organizations.grace_period() then
    raise exception 'The organization was deleted too long ago' using errcode = 'TN013';
  end if;
  update organizations.organizations o set status = 'active', deleted_at = null where o.id = place;
end
$$;
comment on function organizations.restore_organization is 'Brings a deleted organization back while the grace period lasts.';
call kernel.run_as_definer('organizations.restore_organization');

create function organizations.end_membership(organization uuid, person uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  -- Denials stay: who was denied something does not get it by leaving and coming back.
  update organizations.memberships m
    set status = 'left', left_at = now(), permissions = jsonb_set(m.permissions, '{grants}', '[]')
    where m.organization_id = end_membership.organization and m.user_id = person;
  delete from organizations.member_roles mr where mr.organization_id = end_membership.organization and mr.user_id = person;
end
$$;
comment on function organizations.end_membership is 'Makes a member one who left, without roles and grants; who comes back is given new ones.';

create function organizations.leave_organization(holder uuid, session uuid, secret text, organization text, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  place uuid;
begin
  holder := identity.require_session(holder, session, secret);
  place := organizations.find_own(holder, session, organization);
  perform set_config('tenon.user_id', holder::text, true), set_config('tenon.request', request, true);
  if not exists (select from organizations.memberships m where m.organization_id = place and m.user_id = holder and m.status = 'active') then
    raise exception 'No such organization' using errcode = 'TN010';
  end if;
  perform organizations.end_membership(place, holder);
end
$$;
comment on function organizations.leave_organization is 'Ends a person''s own membership; the last owner stays.';
call kernel.run_as_definer('organizations.leave_organization');

create function organizations.set_notification_settings(
  holder uuid, session uuid, secret text, organization text, settings jsonb, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  place uuid;
begin
  holder := identity.require_session(holder, session, secret);
  place := organizations.find_own(holder, session, organization);
  perform set_config('tenon.user_id', holder::text, true), set_config('tenon.request', request, true);
  update organizations.memberships m set notification_settings = settings
    where m.organization_id = place and m.user_id = holder and m.status = 'active';
end
$$;
comment on function organizations.set_notification_settings is 'Sets what a member wants to be told by an organization.';
call kernel.run_as_definer('organizations.set_notification_settings');

-- The operator's, as the database's owner: granted to no role that serves requests.


grant execute on function organizations.settings_of_members, organizations.owners, organizations.find_own, organizations.end_membership,
  organizations.read_organization to tenon_definer;
grant execute on procedure organizations.require_proof to tenon_definer;
grant execute on function organizations.read_organization to tenon_member, tenon_own;
grant execute on function organizations.update_organization, organizations.change_slug, organizations.delete_organization to tenon_member;
grant execute on function organizations.restore_organization, organizations.leave_organization, organizations.set_notification_settings to tenon_gate;
