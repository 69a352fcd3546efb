-- The rights of a person: a copy of what is kept of them, and its erasure; and the erasure of a whole organization. Both go on in
-- small steps, each in a transaction of its own, and whatever interrupts them, the next run goes on where they were.

create table audit.erasures (
  id uuid primary key default kernel.uuid_v7(),
  kind text not null check (kind in ('person', 'organization')),
  subject_id uuid not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  counts jsonb not null default '{}' check (pg_column_size(counts) <= 65536),
  organizations uuid[] not null default '{}',
  position uuid not null default '00000000-0000-0000-0000-000000000000',
  unique (kind, subject_id)
);
comment on table audit.erasures is 'Who and what was erased, with the number of rows by table. It names nobody. Sensitivity: medium.';
comment on column audit.erasures.id is 'Identifier.';
comment on column audit.erasures.kind is 'Whether it is a person or an organization.';
comment on column audit.erasures.subject_id is 'The id of whom; the record keeps it too.';
comment on column audit.erasures.started_at is 'When it began.';
comment on column audit.erasures.finished_at is 'When the last row was gone.';
comment on column audit.erasures.counts is 'How many rows were erased, by table.';
comment on column audit.erasures.organizations is 'The organizations in whose record the person''s traces are still to be erased.';
comment on column audit.erasures.position is 'The entry of the record up to which that was done.';
comment on index audit.erasures_pkey is 'Finds an erasure.';
comment on index audit.erasures_kind_subject_id_key is 'Nobody is erased twice.';
call kernel.global_table('audit.erasures', 'select, insert, update');

-- What is erased is found in the catalog, so that a table that comes later is not forgotten.

create function audit.tenant_tables() returns table (target regclass, key text)
  language sql stable set search_path = ''
  begin atomic
    select c.oid::regclass, (select string_agg(quote_ident(k), ', ') from unnest(kernel.primary_key(c.oid)) k)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id' and a.attnotnull and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and pg_get_userbyid(c.relowner) = 'tenon_owner'
      and c.oid <> 'audit.audit_logs'::regclass;
  end;
comment on function audit.tenant_tables() is 'Every tenant table but the record, with the columns of its key.';

create function audit.erasure_order() returns table (target regclass, key text, self_columns text[])
  language plpgsql stable set search_path = '' as $$
declare
  remaining oid[] := array(select t.target from audit.tenant_tables() t order by t.target::text);
  children oid[];
  parents oid[];
  free oid[];
  ordered oid[] := '{}';
begin
  select array_agg(c.conrelid), array_agg(c.confrelid) into children, parents
    from pg_constraint c where c.contype = 'f' and c.conrelid <> c.confrelid and c.conrelid = any (remaining);
  while cardinality(remaining) > 0 loop
    free := array(
      select r from unnest(remaining) r
      where r not in (select k.parent from unnest(children, parents) k (child, parent) where k.child = any (remaining)));
    if cardinality(free) = 0 then
      raise exception 'Foreign keys go in a circle: %', array(select r::regclass from unnest(remaining) r);
    end if;
    ordered := ordered || free;
    remaining := array(select r from unnest(remaining) r where r <> all (free));
  end loop;
  return query
    select t.target, t.key, array(
      select distinct a.attname::text from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
      where c.contype = 'f' and c.conrelid = t.target and c.confrelid = t.target and not a.attnotnull)
    from audit.tenant_tables() t order by array_position(ordered, t.target::oid);
end
$$;
comment on function audit.erasure_order() is 'The tenant tables, each before those it references; with the columns by which its rows refer to each other.';

create function audit.tables_of_person() returns table (target regclass, column_name text)
  language sql stable set search_path = ''
  begin atomic
    select c.oid::regclass, a.attname::text
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition and pg_get_userbyid(c.relowner) = 'tenon_owner'
      and not exists (select from pg_attribute t where t.attrelid = c.oid and t.attname = 'organization_id' and t.attnotnull and not t.attisdropped)
      and (a.attname = 'user_id' and a.atttypid = 'uuid'::regtype or exists (
        select from pg_constraint f where f.contype = 'f' and f.conrelid = c.oid and f.confrelid = 'identity.users'::regclass and f.confdeltype = 'c' and f.conkey = array[a.attnum]))
    order by 1, 2;
  end;
comment on function audit.tables_of_person() is 'Every table outside of organizations that holds rows of a person, with the column that names them. What only refers to one, as an organization to its founder, is not theirs.';

create function audit.add_count(counts jsonb, name text, more bigint) returns jsonb
  language sql immutable parallel safe
  return case when more = 0 then counts else counts || jsonb_build_object(name, coalesce((counts ->> name)::bigint, 0) + more) end;
comment on function audit.add_count is 'Counts with so many more under one name.';

-- Beginning. Nothing of anyone is erased while a legal hold stands in an organization that they belong to.

create function audit.begin_erasure(kind text, subject uuid) returns void
  language plpgsql set search_path = '' as $$
declare
  organization uuid;
begin
  if kind = 'organization' then
    if audit.is_held(subject) then
      raise exception 'A legal hold stands in organization %', subject using errcode = 'TN011', hint = 'Nothing of it is erased until the hold is lifted.';
    end if;
    insert into audit.erasures (kind, subject_id) values (begin_erasure.kind, subject) on conflict do nothing;
    return;
  end if;
  for organization in select m.organization_id from organizations.memberships m where m.user_id = subject order by 1 loop
    perform organizations.lock_organization(organization);
    if audit.is_held(organization) then
      raise exception 'A legal hold stands in organization %', organization using errcode = 'TN011', hint = 'Nobody who belongs to it is erased until the hold is lifted.';
    end if;
  end loop;
  insert into audit.erasures (kind, subject_id, organizations) values (begin_erasure.kind, subject, array(
      select o.id from organizations.organizations o where exists (
        select from audit.audit_logs a where a.organization_id = o.id and (a.user_id = subject or a.impersonator_id = subject))))
    on conflict do nothing;
end
$$;
comment on function audit.begin_erasure(text, uuid) is 'Notes that a person or an organization is to be erased; raises TN011 while a legal hold stands.';

create function audit.begin_erasure_now(kind text, subject uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  perform set_config('tenon.request', '{"actor": "system", "operation": "erase.now"}', true);
  if kind = 'organization' then
    update organizations.organizations o set status = 'deleted', deleted_at = coalesce(o.deleted_at, now()) where o.id = subject and o.deleted_at is null;
  else
    update identity.users u set status = 'deleted', deleted_at = coalesce(u.deleted_at, now()) where u.id = subject and u.deleted_at is null;
  end if;
  perform audit.begin_erasure(kind, subject);
end
$$;
comment on function audit.begin_erasure_now(text, uuid) is 'Deletes a person or an organization and notes that they are to be erased at once; the operator''s alone.';

create function audit.begin_due_erasures() returns table (kind text, subject_id uuid)
  language plpgsql security definer set search_path = '' as $$
declare
  grace constant interval := '30 days';
  due record;
begin
  for due in
    select 'organization' as kind, o.id from organizations.organizations o where o.status = 'deleted' and o.deleted_at < now() - grace
    union all
    select 'person', u.id from identity.users u where u.status = 'deleted' and u.deleted_at < now() - grace
  loop
    continue when exists (select from audit.erasures e where e.kind = due.kind and e.subject_id = due.id);
    begin
      perform audit.begin_erasure(due.kind, due.id);
    exception when sqlstate 'TN011' then
      -- It is due again tomorrow.
    end;
  end loop;
  return query select e.kind, e.subject_id from audit.erasures e where e.finished_at is null order by e.kind, e.started_at;
end
$$;
comment on function audit.begin_due_erasures() is 'Begins what was deleted more than 30 days ago; returns all that is not finished, organizations first.';
call kernel.run_as_definer('audit.begin_due_erasures');

-- An organization: all rows of all its tables, then what the record says of it, then the organization itself.

create function audit.erase_rows(organization uuid, inout rows_max integer, inout counts jsonb)
  language plpgsql set search_path = '' as $$
declare
  place record;
  self_column text;
  touched bigint;
begin
  for place in select * from audit.erasure_order() loop
    foreach self_column in array place.self_columns loop
      execute format('update %1$s set %2$I = null where organization_id = $1 and (%3$s) in (
        select %3$s from %1$s where organization_id = $1 and %2$I is not null limit $2)', place.target, self_column, place.key) using organization, rows_max;
      get diagnostics touched = row_count;
      rows_max := rows_max - touched;
    end loop;
    execute format('delete from %1$s where organization_id = $1 and (%2$s) in (select %2$s from %1$s where organization_id = $1 limit $2)',
      place.target, place.key) using organization, rows_max;
    get diagnostics touched = row_count;
    counts := audit.add_count(counts, place.target::text, touched);
    rows_max := rows_max - touched;
    exit when rows_max = 0;
  end loop;
end
$$;
comment on function audit.erase_rows is 'Erases the next rows of an organization, children first; how many more it might have, and the counts by table.';

create function audit.erase_organization(organization uuid, rows_max integer) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  erasure audit.erasures;
  ids uuid[];
  step record;
begin
  select * into erasure from audit.erasures e
    where e.kind = 'organization' and e.subject_id = organization and e.finished_at is null for update;
  if not found then
    return true;
  end if;
  perform organizations.lock_organization(organization);
  if audit.is_held(organization) then
    raise exception 'A legal hold stands in organization %', organization using errcode = 'TN011', hint = 'Nothing of it is erased until the hold is lifted.';
  end if;
  perform set_config('tenon.erasing', organization::text, true);
  select * into step from audit.erase_rows(organization, rows_max, erasure.counts);
  if step.counts <> erasure.counts or step.rows_max < rows_max then
    update audit.erasures e set counts = step.counts where e.id = erasure.id;
    return false;
  end if;
  ids := array(
    select a.id from audit.audit_logs a where a.organization_id = organization and a.id > erasure.position order by a.id limit rows_max);
  if cardinality(ids) > 0 then
    update audit.erasures e set position = ids[cardinality(ids)],
        counts = audit.add_count(e.counts, 'audit.audit_logs', audit.erase_entries(organization, ids, '{values,origin}'))
      where e.id = erasure.id;
    return false;
  end if;
  delete from organizations.organizations o where o.id = organization;
  update audit.erasures e set finished_at = now(), counts = audit.add_count(e.counts, 'organizations.organizations', 1) where e.id = erasure.id;
  perform set_config('tenon.erasing', '', true);
  return true;
end
$$;
comment on function audit.erase_organization is 'Erases the next rows of an organization whose erasure has begun; true when nothing is left.';
call kernel.run_as_definer('audit.erase_organization');

-- A person: the account at once, then in every record the addresses and programs that they came from.

create function audit.blank_user(person uuid) returns void
  language plpgsql set search_path = '' as $$
declare
  kept constant text[] := '{id,kind,status,deleted_at,version,created_at,updated_at,email,full_name}';
begin
  execute (
    select format('update identity.users set email = $2, full_name = $3, %s where id = $1', string_agg(format('%I = default', a.attname), ', '))
    from pg_attribute a
    where a.attrelid = 'identity.users'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attname <> all (kept)
  ) using person, format('erased-%s@erased.invalid', person), 'Erased person';
end
$$;
comment on function audit.blank_user(uuid) is 'Leaves of a person their id, that they are deleted, and a name that says so.';

create function audit.erase_account(person uuid) returns jsonb
  language plpgsql set search_path = '' as $$
declare
  counts jsonb := '{}';
  address text;
  place record;
  erased bigint;
begin
  select u.email_key into address from identity.users u where u.id = person for update;
  for place in select t.target, t.column_name from audit.tables_of_person() t where t.target <> 'identity.users'::regclass loop
    execute format('delete from %s where %I = $1', place.target, place.column_name) using person;
    get diagnostics erased = row_count;
    counts := audit.add_count(counts, place.target::text, erased);
  end loop;
  delete from kernel.mails m where lower(m.recipient) = address;
  get diagnostics erased = row_count;
  counts := audit.add_count(counts, 'kernel.mails', erased);
  delete from identity.sign_ups s where s.email_key = address;
  -- Invitations name people by their address, of now or of then.
  update organizations.invitations i set email = format('erased-%s@erased.invalid', person) where i.email_key = address or i.accepted_by = person;
  get diagnostics erased = row_count;
  counts := audit.add_count(counts, 'organizations.invitations', erased);
  update organizations.support_visits v set supporter_name = 'Erased person' where v.supporter_id = person;
  update organizations.memberships m
    set status = 'left', left_at = coalesce(m.left_at, now()), last_active_at = null, notification_settings = default where m.user_id = person;
  get diagnostics erased = row_count;
  counts := audit.add_count(counts, 'organizations.memberships', erased);
  perform audit.blank_user(person);
  return audit.add_count(counts, 'identity.users', 1);
exception when integrity_constraint_violation then
  if sqlstate <> '23000' then
    raise;
  end if;
  raise exception 'The person is the last owner of an organization' using errcode = 'TN011',
    hint = 'Make another member its owner, or delete the organization first.';
end
$$;
comment on function audit.erase_account(uuid) is 'Erases all that is kept of a person outside of organizations, and blanks their name within; returns the counts.';

create function audit.erase_person(person uuid, rows_max integer) returns boolean
  language plpgsql security definer set search_path = '' as $$
declare
  erasure audit.erasures;
  organization uuid;
  ids uuid[];
begin
  select * into erasure from audit.erasures e where e.kind = 'person' and e.subject_id = person and e.finished_at is null for update;
  if not found then
    return true;
  elsif erasure.counts = '{}' then
    perform set_config('tenon.request', '{"actor": "system", "operation": "erase.person"}', true);
    update audit.erasures e set counts = audit.erase_account(person) where e.id = erasure.id;
    return false;
  elsif cardinality(erasure.organizations) = 0 then
    update audit.erasures e set finished_at = now() where e.id = erasure.id;
    return true;
  end if;
  organization := erasure.organizations[1];
  perform organizations.lock_organization(organization);
  -- What a supporter did in a member's place came from the supporter's machine.
  ids := array(
    select a.id from (
      select a.id from audit.audit_logs a
        where a.organization_id = organization and a.user_id = person and a.impersonator_id is null and a.id > erasure.position
      union
      select a.id from audit.audit_logs a
        where a.organization_id = organization and a.impersonator_id = person and a.id > erasure.position
    ) a order by a.id limit rows_max);
  update audit.erasures e
    set counts = audit.add_count(e.counts, 'audit.audit_logs', audit.erase_entries(organization, ids, '{origin}')),
        position = case when cardinality(ids) = rows_max then ids[rows_max] else '00000000-0000-0000-0000-000000000000' end,
        organizations = case when cardinality(ids) = rows_max then e.organizations else e.organizations[2:] end
    where e.id = erasure.id;
  return false;
end
$$;
comment on function audit.erase_person is 'Does the next step of a person''s erasure that has begun; true when it is finished.';
call kernel.run_as_definer('audit.erase_person');

-- What is kept of a person, for that person.

create function audit.account_of(person uuid) returns jsonb
  language plpgsql stable set search_path = '' as $$
declare
  -- Hashes and what is sealed are bytes; a name may tell of a secret, too.
  secret constant text := '(secret|hash|sealed|token)';
  account jsonb := '{}';
  place record;
  found_rows jsonb;
begin
  for place in
    select t.target, t.column_name, array(
      select a.attname::text from pg_attribute a
      where a.attrelid = t.target and a.attnum > 0 and (a.atttypid = 'bytea'::regtype or a.attname ~ secret)) as hidden
    from audit.tables_of_person() t where t.column_name = 'user_id'
  loop
    execute format('select coalesce(jsonb_agg(to_jsonb(t) - $2 order by t), ''[]'') from %s t where t.%I = $1', place.target, place.column_name)
      into found_rows using person, place.hidden;
    account := account || jsonb_build_object(place.target::text, found_rows);
  end loop;
  return account || jsonb_build_object('identity.passkeys', (
    select coalesce(jsonb_agg((to_jsonb(p) - 'public_key') || jsonb_build_object('public_key', encode(p.public_key, 'base64')) order by p.id), '[]')
    from identity.passkeys p where p.user_id = person));
end
$$;
comment on function audit.account_of(uuid) is 'The rows of a person outside of organizations, by table, without secrets and their hashes.';

create function audit.places_of(organization uuid, person uuid) returns jsonb
  language plpgsql stable set search_path = '' as $$
declare
  places jsonb := '{}';
  place record;
  found_rows bigint;
begin
  for place in
    select distinct c.conrelid::regclass as target, a.attname as column_name
    from pg_constraint c
    cross join unnest(c.conkey, c.confkey) as k (own, referenced)
    join pg_attribute r on r.attrelid = c.confrelid and r.attnum = k.referenced and r.attname = 'user_id'
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.own
    where c.contype = 'f' and c.confrelid = 'organizations.memberships'::regclass and c.conparentid = 0
  loop
    execute format('select count(*) from %s where organization_id = $1 and %I = $2', place.target, place.column_name)
      into found_rows using organization, person;
    places := audit.add_count(places, format('%s.%s', place.target, place.column_name), found_rows);
  end loop;
  select count(*) into found_rows from audit.audit_logs a where a.organization_id = organization and a.user_id = person;
  return audit.add_count(places, 'audit.audit_logs.user_id', found_rows);
end
$$;
comment on function audit.places_of(uuid, uuid) is 'How many rows of an organization name a member, by table and column.';

create function audit.export_person(holder uuid, session uuid, secret text, request text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret, '15 minutes');
begin
  perform identity.record_event(person, 'data_exported', '{}', request::jsonb);
  return jsonb_build_object(
    'exported_at', now(),
    'profile', (select to_jsonb(u) - 'email_key' from identity.users u where u.id = person),
    'account', audit.account_of(person),
    'mails', (
      select coalesce(jsonb_agg(jsonb_build_object('template', m.template, 'status', m.status, 'created_at', m.created_at, 'sent_at', m.sent_at) order by m.created_at), '[]')
      from kernel.mails m join identity.users u on lower(m.recipient) = u.email_key where u.id = person),
    'organizations', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', o.id, 'name', o.name, 'slug', o.slug, 'membership', to_jsonb(m) - 'organization_id' - 'user_id',
        'roles', (
          select coalesce(jsonb_agg(r.name order by r.name), '[]')
          from organizations.member_roles mr join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
          where mr.organization_id = m.organization_id and mr.user_id = m.user_id),
        'rows', audit.places_of(m.organization_id, m.user_id)) order by o.name), '[]')
      from organizations.memberships m join organizations.organizations o on o.id = m.organization_id where m.user_id = person));
end
$$;
comment on function audit.export_person is 'All that is kept of the person of the session, without secrets, and how many rows of their organizations name them.';
call kernel.run_as_definer('audit.export_person');

grant execute on function audit.tenant_tables, audit.erasure_order, audit.tables_of_person, audit.add_count, audit.begin_erasure, audit.erase_rows,
  audit.blank_user, audit.erase_account, audit.account_of, audit.places_of to tenon_definer;
grant execute on function audit.begin_due_erasures, audit.erase_organization, audit.erase_person to tenon_dispatcher;
grant execute on function audit.export_person to tenon_gate;
grant execute on function kernel.primary_key(regclass) to tenon_definer;
