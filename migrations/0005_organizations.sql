-- Organizations, who belongs to them, and what each may do there.

call kernel.module_schema('organizations');

create table organizations.organizations (
  id uuid primary key default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'
    and slug <> all ('{account,api,assets,data-model,healthz,invitation,mailbox,metrics,new,organizations,p,readyz,reset-password,shared,sign-in,sign-up,verify}')),
  description text check (length(description) <= 2000),
  logo_url text check (length(logo_url) <= 500),
  brand_colors jsonb not null default '{}' check (pg_column_size(brand_colors) <= 8192),
  address jsonb not null default '{}' check (pg_column_size(address) <= 8192),
  timezone text not null default 'UTC' check (length(timezone) <= 64),
  currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
  settings jsonb not null default '{}' check (pg_column_size(settings) <= 65536),
  ai_preferences jsonb not null default '{"preferred_provider": "auto", "quality_tier": "standard", "cost_sensitivity": 0.5, "max_task_cost": 10000000}'
    check (pg_column_size(ai_preferences) <= 65536),
  usage_limits jsonb not null default '{}' check (pg_column_size(usage_limits) <= 65536),
  second_factor_required boolean not null default false,
  status text not null default 'active' check (status in ('active', 'suspended', 'deleted')),
  deleted_at timestamptz,
  founded_by uuid references identity.users on delete restrict
);
call kernel.add_row_version('organizations.organizations');
call audit.record_changes('organizations.organizations', 'full', 'id', '{}', '{}');
call kernel.global_table('organizations.organizations', 'select, insert, update, delete');
alter table identity.user_sessions add foreign key (only_organization_id) references organizations.organizations on delete cascade;
create index user_sessions_by_organization on identity.user_sessions (only_organization_id) where only_organization_id is not null;
comment on index identity.user_sessions_by_organization is 'The sessions that open one organization only.';
comment on table organizations.organizations is 'A tenant. Global, so reached through definer functions only. Sensitivity: medium.';
comment on column organizations.organizations.id is 'Identifier; organization_id everywhere else.';
comment on column organizations.organizations.name is 'Name as people write it.';
comment on column organizations.organizations.slug is 'Name in addresses: lower-case letters, digits, hyphens.';
comment on column organizations.organizations.description is 'What the organization does.';
comment on column organizations.organizations.logo_url is 'Address of the logo.';
comment on column organizations.organizations.brand_colors is 'Colours of the brand.';
comment on column organizations.organizations.address is 'Postal address.';
comment on column organizations.organizations.timezone is 'IANA time zone of its days and months.';
comment on column organizations.organizations.currency is 'ISO 4217 currency its figures are shown in.';
comment on column organizations.organizations.settings is 'Free-form settings.';
comment on column organizations.organizations.ai_preferences is 'Preferred models and caps; max_task_cost is what one task may cost, in micro-credits.';
comment on column organizations.organizations.usage_limits is 'Limits and features that differ from the plan''s.';
comment on column organizations.organizations.second_factor_required is 'Whether only sessions with a second factor may enter.';
comment on column organizations.organizations.status is 'Only an active organization can be entered.';
comment on column organizations.organizations.deleted_at is 'When it was deleted; it is erased after the grace period.';
comment on column organizations.organizations.founded_by is 'Who made it; nobody makes more than a few.';
create index organizations_by_founder on organizations.organizations (founded_by) where founded_by is not null;
comment on index organizations.organizations_by_founder is 'How many a person made.';
comment on index organizations.organizations_pkey is 'Finds an organization by id.';
comment on index organizations.organizations_slug_key is 'Finds an organization by its name in addresses.';

create table organizations.permissions (
  name text primary key check (name ~ '^[a-z]+(\.[a-z_]+)+$'),
  description text not null
);
comment on table organizations.permissions is 'Everything that can be permitted. Sensitivity: low.';
comment on column organizations.permissions.name is 'Module, noun and operation, such as labeling.task.assign.';
comment on column organizations.permissions.description is 'What it lets a person do.';
comment on index organizations.permissions_pkey is 'Finds a permission by name.';

create table organizations.role_templates (
  name text primary key,
  scope text not null check (scope in ('organization', 'own', 'client')),
  description text not null
);
comment on table organizations.role_templates is 'The built-in roles, copied into every organization when it is made. Sensitivity: low.';
comment on column organizations.role_templates.name is 'Name of the role.';
comment on column organizations.role_templates.scope is 'Whose rows its holders see: all, their own, or their customer''s.';
comment on column organizations.role_templates.description is 'Who should hold it.';
comment on index organizations.role_templates_pkey is 'Finds a built-in role by name.';

create table organizations.role_template_permissions (
  role text not null references organizations.role_templates on delete cascade,
  permission text not null references organizations.permissions on delete cascade,
  primary key (role, permission)
);
comment on table organizations.role_template_permissions is 'What the built-in roles permit. Sensitivity: low.';
comment on column organizations.role_template_permissions.role is 'The built-in role.';
comment on column organizations.role_template_permissions.permission is 'What it permits.';
comment on index organizations.role_template_permissions_pkey is 'Lists what a built-in role permits.';
create index role_template_permissions_by_permission on organizations.role_template_permissions (permission);
comment on index organizations.role_template_permissions_by_permission is 'Which built-in roles hold a permission.';

alter table organizations.permissions enable row level security, force row level security;
alter table organizations.role_templates enable row level security, force row level security;
alter table organizations.role_template_permissions enable row level security, force row level security;
create policy everyone on organizations.permissions for select to tenon_member, tenon_steward using (true);
grant select on organizations.permissions to tenon_member, tenon_steward, tenon_definer;
grant select on organizations.role_templates, organizations.role_template_permissions to tenon_definer;

create table organizations.memberships (
  organization_id uuid not null references organizations.organizations on delete cascade,
  user_id uuid not null references identity.users on delete restrict,
  kind text not null default 'person' check (kind in ('person', 'service')),
  status text not null default 'active' check (status in ('active', 'pending', 'suspended', 'left')),
  permissions jsonb not null default '{"grants": [], "denials": []}'
    check (jsonb_typeof(permissions -> 'grants') = 'array' and jsonb_typeof(permissions -> 'denials') = 'array' and pg_column_size(permissions) <= 16384),
  effective_permissions jsonb not null default '{}',
  display_name text not null,
  name_key text collate "C" not null generated always as (lower(display_name)) stored,
  email text not null,
  avatar_url text,
  notification_settings jsonb not null default '{"email_notifications": true, "task_notifications": true}' check (pg_column_size(notification_settings) <= 16384),
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  last_active_at timestamptz,
  invited_by uuid,
  primary key (organization_id, user_id),
  foreign key (organization_id, invited_by) references organizations.memberships on delete restrict
);
comment on table organizations.memberships is 'A person in an organization: what colleagues see of them, and what they may do. Never deleted while the organization lives. Sensitivity: medium.';
comment on column organizations.memberships.organization_id is 'The organization.';
comment on column organizations.memberships.user_id is 'The person.';
comment on column organizations.memberships.kind is 'A person, or a service that acts through API keys.';
comment on column organizations.memberships.status is 'Only an active member gets in; who leaves is kept as left.';
comment on column organizations.memberships.permissions is 'Grants and denials of this member beside the roles; a denial wins.';
comment on column organizations.memberships.effective_permissions is 'Kept by trigger: each permission held, with the widest scope it is held in.';
comment on column organizations.memberships.display_name is 'The person''s name, kept by trigger.';
comment on column organizations.memberships.name_key is 'The name in lower case, by which members are listed and found.';
comment on column organizations.memberships.email is 'The person''s address, kept by trigger.';
comment on column organizations.memberships.avatar_url is 'The person''s picture, kept by trigger.';
comment on column organizations.memberships.notification_settings is 'What the member wants to be told, and how.';
comment on column organizations.memberships.joined_at is 'When the person joined.';
comment on column organizations.memberships.left_at is 'When the person left.';
comment on column organizations.memberships.last_active_at is 'When the person last worked here.';
comment on column organizations.memberships.invited_by is 'The member who invited the person.';
comment on index organizations.memberships_pkey is 'Finds a member; entering is this look-up.';
create index memberships_by_user on organizations.memberships (user_id, organization_id);
create index memberships_by_name on organizations.memberships (organization_id, name_key, user_id);
comment on index organizations.memberships_by_name is 'Lists members by name.';
comment on index organizations.memberships_by_user is 'The organizations of a person.';
create index memberships_by_inviter on organizations.memberships (organization_id, invited_by) where invited_by is not null;
comment on index organizations.memberships_by_inviter is 'Whom a member invited.';
-- The union is read at every entry: kept in the row, not in a side file.
alter table organizations.memberships alter column effective_permissions set storage main;
-- The record is never changed, so it does not learn what erasing a person must blank.
call kernel.tenant_table('organizations.memberships', access => 'read', own => 'user_id',
  secrets => '{display_name,name_key,email,avatar_url}', unrecorded => '{effective_permissions}');

create table organizations.roles (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 100),
  scope text not null default 'organization' check (scope in ('organization', 'own', 'client')),
  template text references organizations.role_templates on delete restrict,
  description text not null default '' check (length(description) <= 1000),
  primary key (organization_id, id),
  unique (organization_id, name)
);
comment on table organizations.roles is 'A set of permissions with a name: the built-in ones and the organization''s own. Sensitivity: low.';
comment on column organizations.roles.name is 'Name of the role.';
comment on column organizations.roles.scope is 'Whose rows its holders see: all, their own, or their customer''s.';
comment on column organizations.roles.template is 'The built-in role it was copied from.';
comment on column organizations.roles.description is 'Who should hold it.';
comment on index organizations.roles_pkey is 'Finds a role by id.';
comment on index organizations.roles_organization_id_name_key is 'Finds a role by name.';
create index roles_by_template on organizations.roles (organization_id, template);
comment on index organizations.roles_by_template is 'Finds an organization''s copy of a built-in role, such as its owners.';
call kernel.tenant_table('organizations.roles', access => 'read');

create table organizations.role_permissions (
  organization_id uuid not null,
  role_id uuid not null,
  permission text not null references organizations.permissions on delete cascade,
  primary key (organization_id, role_id, permission),
  foreign key (organization_id, role_id) references organizations.roles on delete cascade
);
comment on table organizations.role_permissions is 'What a role permits. Sensitivity: low.';
comment on column organizations.role_permissions.role_id is 'The role.';
comment on column organizations.role_permissions.permission is 'What it permits.';
comment on index organizations.role_permissions_pkey is 'Lists what a role permits.';
create index role_permissions_by_permission on organizations.role_permissions (organization_id, permission);
comment on index organizations.role_permissions_by_permission is 'Which roles hold a permission.';
call kernel.tenant_table('organizations.role_permissions', access => 'read');

create table organizations.member_roles (
  organization_id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  primary key (organization_id, user_id, role_id),
  foreign key (organization_id, user_id) references organizations.memberships on delete cascade,
  foreign key (organization_id, role_id) references organizations.roles on delete restrict
);
comment on table organizations.member_roles is 'The roles a member holds. Sensitivity: medium.';
comment on column organizations.member_roles.user_id is 'The member.';
comment on column organizations.member_roles.role_id is 'The role.';
comment on index organizations.member_roles_pkey is 'Lists a member''s roles.';
create index member_roles_by_role on organizations.member_roles (organization_id, role_id);
comment on index organizations.member_roles_by_role is 'Who holds a role.';
call kernel.tenant_table('organizations.member_roles', access => 'read', own => 'user_id');

create table organizations.tags (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 100),
  name_key text not null generated always as (lower(name)) stored,
  color text check (color ~ '^#[0-9a-f]{6}$'),
  primary key (organization_id, id),
  unique (organization_id, name_key)
);
comment on table organizations.tags is 'Words that an organization puts on its things; renamed or merged in one place. Sensitivity: low.';
comment on column organizations.tags.name is 'The word.';
comment on column organizations.tags.name_key is 'The word in lower case: unique in the organization.';
comment on column organizations.tags.color is 'Colour as #rrggbb.';
comment on index organizations.tags_pkey is 'Finds a tag by id.';
comment on index organizations.tags_organization_id_name_key_key is 'Finds a tag by its word, whatever its case.';
call kernel.tenant_table('organizations.tags', search => true);

-- The union of what a member's roles and grants permit, less the denials, is kept on the membership row, so that entering
-- costs one look-up. The organization's row is locked first: two changes in parallel cannot both work on an old union.

create function organizations.lock_organization(organization uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  perform from organizations.organizations where id = organization for no key update;
end
$$;
comment on function organizations.lock_organization(uuid) is 'Makes changes of roles and permissions in one organization wait for each other.';

create function organizations.effective_permissions(organization uuid, person uuid) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    with held as (
      select rp.permission, r.scope
      from organizations.member_roles mr
      join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
      join organizations.role_permissions rp on rp.organization_id = r.organization_id and rp.role_id = r.id
      where mr.organization_id = organization and mr.user_id = person
      union all
      select g.permission, 'organization'
      from organizations.memberships m
      cross join jsonb_array_elements_text(m.permissions -> 'grants') as g (permission)
      join organizations.permissions p on p.name = g.permission
      where m.organization_id = organization and m.user_id = person
    ), widest as (
      select distinct on (permission) permission, scope from held
      order by permission, array_position(array['organization', 'own', 'client'], scope)
    )
    select coalesce(jsonb_object_agg(w.permission, w.scope), '{}') from widest w
    where not exists (
      select from organizations.memberships m
      where m.organization_id = organization and m.user_id = person and m.permissions -> 'denials' ? w.permission
    );
  end;
comment on function organizations.effective_permissions(uuid, uuid) is 'What a member may do: permission → widest scope.';

create function organizations.keep_effective_permissions(organization uuid, people uuid[]) returns void
  language plpgsql set search_path = '' as $$
begin
  perform organizations.lock_organization(organization);
  update organizations.memberships m
    set effective_permissions = organizations.effective_permissions(m.organization_id, m.user_id)
    where m.organization_id = organization and m.user_id = any (people)
      and m.effective_permissions <> organizations.effective_permissions(m.organization_id, m.user_id);
end
$$;
comment on function organizations.keep_effective_permissions(uuid, uuid[]) is 'Brings the kept union of some members up to date.';

create function organizations.member_roles_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  organization uuid;
  people uuid[];
  of_owners boolean;
begin
  for organization, people, of_owners in select c.organization_id, array_agg(distinct c.user_id), bool_or(r.template = 'owner') from changed c
    left join organizations.roles r on r.organization_id = c.organization_id and r.id = c.role_id group by 1 order by 1 loop
    perform organizations.keep_effective_permissions(organization, people);
    perform organizations.refuse_without_owner(organization) where tg_op = 'DELETE' and of_owners;
  end loop;
  return null;
end
$$;
comment on function organizations.member_roles_changed() is 'Keeps the union of members whose roles changed.';

create function organizations.role_permissions_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  organization uuid;
  people uuid[];
begin
  for organization in select distinct c.organization_id from changed c order by 1 loop
    perform organizations.lock_organization(organization);
    select array_agg(distinct mr.user_id) into people
      from organizations.member_roles mr join changed c on c.organization_id = mr.organization_id
      and coalesce((to_jsonb(c) ->> 'role_id')::uuid, (to_jsonb(c) ->> 'id')::uuid) = mr.role_id
      where mr.organization_id = organization;
    perform organizations.keep_effective_permissions(organization, people);
  end loop;
  return null;
end
$$;
comment on function organizations.role_permissions_changed() is 'Keeps the union of members whose role, or its permissions, changed.';

create function organizations.membership_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if new.permissions is distinct from old.permissions then
    perform organizations.keep_effective_permissions(new.organization_id, array[new.user_id]);
  end if;
  if old.status = 'active' and new.status <> 'active' and exists (select from organizations.member_roles mr join organizations.roles r
      on r.organization_id = mr.organization_id and r.id = mr.role_id and r.template = 'owner'
      where mr.organization_id = new.organization_id and mr.user_id = new.user_id) then
    perform organizations.lock_organization(new.organization_id), organizations.refuse_without_owner(new.organization_id);
  end if;
  return null;
end
$$;
comment on function organizations.membership_changed() is 'Keeps the union when grants or denials change; keeps an owner when one goes. Who is none may go, also where the last owner''s account is closed.';

create function organizations.refuse_without_owner(organization uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  if exists (select from organizations.organizations where id = organization and status <> 'deleted') and not exists (
    select from organizations.memberships m
    join identity.users u on u.id = m.user_id and u.status = 'active'
    join organizations.member_roles mr on mr.organization_id = m.organization_id and mr.user_id = m.user_id
    join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
    where m.organization_id = organization and m.status = 'active' and m.kind = 'person' and r.template = 'owner'
  ) then
    raise exception 'An organization needs an active owner'
      using errcode = 'TN011', hint = 'Make another member an owner first.';
  end if;
end
$$;
comment on function organizations.refuse_without_owner(uuid) is 'The last owner cannot leave, be suspended or lose the role.';

create trigger keep_permissions_insert after insert on organizations.member_roles
  referencing new table as changed for each statement execute function organizations.member_roles_changed();
create trigger keep_permissions_delete after delete on organizations.member_roles
  referencing old table as changed for each statement execute function organizations.member_roles_changed();
create trigger keep_permissions_insert after insert on organizations.role_permissions
  referencing new table as changed for each statement execute function organizations.role_permissions_changed();
create trigger keep_permissions_delete after delete on organizations.role_permissions
  referencing old table as changed for each statement execute function organizations.role_permissions_changed();
create trigger keep_permissions_update after update on organizations.roles
  referencing new table as changed for each statement execute function organizations.role_permissions_changed();
create trigger keep_permissions after update of permissions, status on organizations.memberships
  for each row execute function organizations.membership_changed();

create function organizations.copy_person() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update organizations.memberships set display_name = new.full_name, email = new.email, avatar_url = new.avatar_url
    where user_id = new.id and (display_name, email, avatar_url) is distinct from (new.full_name, new.email, new.avatar_url);
  return null;
end
$$;
comment on function organizations.copy_person() is 'Keeps what colleagues see of a person up to date in every organization.';
create trigger copy_to_memberships after update of full_name, email, avatar_url on identity.users
  for each row execute function organizations.copy_person();

call kernel.run_as_definer('organizations.member_roles_changed');
call kernel.run_as_definer('organizations.role_permissions_changed');
call kernel.run_as_definer('organizations.membership_changed');
call kernel.run_as_definer('organizations.copy_person');
grant execute on function organizations.lock_organization, organizations.effective_permissions,
  organizations.keep_effective_permissions, organizations.refuse_without_owner to tenon_definer;

insert into organizations.permissions (name, description) values
  ('organization.read', 'See the organization and its settings'),
  ('organization.update', 'Change the organization and its settings'),
  ('organization.tag.write', 'Make, rename, merge and delete tags'),
  ('organization.own', 'Hand the organization over, delete it, and make owners'),
  ('organization.domain.manage', 'Prove domains and decide who may join by them'),
  ('organization.support.manage', 'Let support in, and see it out'),
  ('member.read', 'See the members and their roles'),
  ('member.manage', 'Invite, suspend and remove members, and give them roles'),
  ('role.manage', 'Make roles and change what they permit'),
  ('key.create', 'Make, rotate and revoke API keys of one''s own'),
  ('key.manage', 'Make, rotate and revoke everybody''s API keys, and service members'),
  ('audit.read', 'Read the record of changes'),
  ('audit.hold', 'Place and lift legal holds, and set how long the record is kept');

insert into organizations.role_templates (name, scope, description) values
  ('owner', 'organization', 'Set the organization up, invites, and pays'),
  ('admin', 'organization', 'Runs the organization'),
  ('billing_admin', 'organization', 'Pays the bills and watches the usage'),
  ('task_admin', 'organization', 'Sets up labeling projects and benchmarks'),
  ('reviewer', 'organization', 'Judges labels'),
  ('labeler', 'own', 'Labels what is assigned to them'),
  ('member', 'organization', 'Works with customers, projects, calendar and content'),
  ('moderator', 'organization', 'Publishes content and keeps comments civil'),
  ('viewer', 'organization', 'Looks, and changes nothing'),
  ('client', 'client', 'A customer''s person: sees what is theirs'),
  ('participant', 'own', 'Takes part in benchmarks');

insert into organizations.role_template_permissions (role, permission)
  select t.name, p.name from organizations.role_templates t cross join organizations.permissions p
  where t.name = 'owner'
     or (t.name = 'admin' and p.name <> 'organization.own')
     or p.name = 'member.read'
     or (p.name = 'organization.read' and t.name <> 'client')
     or (p.name = 'key.create' and t.scope = 'organization' and t.name <> 'viewer')
     or (p.name = 'organization.tag.write' and t.name in ('task_admin', 'member', 'moderator'));
