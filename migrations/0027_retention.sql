-- How long the record keeps what an entry says, and what keeps it from being erased. The entry itself stays, and so do its seals.

create table audit.legal_holds (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  reason text not null check (length(btrim(reason)) between 1 and 1000),
  placed_by uuid not null,
  placed_at timestamptz not null default now(),
  released_by uuid,
  released_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, placed_by) references organizations.memberships on delete restrict,
  foreign key (organization_id, released_by) references organizations.memberships on delete restrict,
  check (released_at is null or released_by is not null)
);
comment on table audit.legal_holds is 'Reasons why nothing of an organization may be erased for the time being. Sensitivity: high.';
comment on column audit.legal_holds.organization_id is 'The organization that owns the row.';
comment on column audit.legal_holds.id is 'Identifier.';
comment on column audit.legal_holds.reason is 'Why, such as the number of a case.';
comment on column audit.legal_holds.placed_by is 'The member who placed it.';
comment on column audit.legal_holds.placed_at is 'Since when nothing is erased.';
comment on column audit.legal_holds.released_by is 'The member who lifted it.';
comment on column audit.legal_holds.released_at is 'Until when it stood.';
comment on index audit.legal_holds_pkey is 'Finds a hold; lists an organization''s.';
create index legal_holds_standing on audit.legal_holds (organization_id) where released_at is null;
comment on index audit.legal_holds_standing is 'Whether a hold stands.';
create index legal_holds_by_placer on audit.legal_holds (organization_id, placed_by);
comment on index audit.legal_holds_by_placer is 'The holds that a member placed.';
create index legal_holds_by_releaser on audit.legal_holds (organization_id, released_by) where released_by is not null;
comment on index audit.legal_holds_by_releaser is 'The holds that a member lifted.';
call kernel.tenant_table('audit.legal_holds', access => 'read');

create table audit.retention (
  organization_id uuid primary key references organizations.organizations on delete cascade,
  audit_days integer check (audit_days between 30 and 3650),
  expired_to uuid not null default '00000000-0000-0000-0000-000000000000'
);
comment on table audit.retention is 'How long an organization''s record keeps what entries say. Sensitivity: low.';
comment on column audit.retention.organization_id is 'The organization.';
comment on column audit.retention.audit_days is 'After so many days the values of an entry are erased; null keeps them for ever.';
comment on column audit.retention.expired_to is 'The entry up to which that was done.';
comment on index audit.retention_pkey is 'Finds an organization''s rule.';
call kernel.tenant_table('audit.retention', access => 'read', unrecorded => '{expired_to}');

create function audit.is_held(organization uuid) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select exists (select from audit.legal_holds h where h.organization_id = organization and h.released_at is null);
  end;
comment on function audit.is_held(uuid) is 'Whether a legal hold stands in an organization.';

create function audit.first_id_of(moment timestamptz) returns uuid
  language sql immutable parallel safe
  return (lpad(to_hex(floor(extract(epoch from moment) * 1000)::bigint), 12, '0') || '7000' || '8000' || repeat('0', 12))::uuid;
comment on function audit.first_id_of(timestamptz) is 'The least id that can have been made at a moment.';

-- Holds and rules are for the organization's members, who entered.

create function audit.place_hold(reason text) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  hold uuid;
begin
  call kernel.require_permission('audit.hold');
  -- Whoever erases holds this lock: what is being erased is erased before the hold stands, and nothing after.
  perform organizations.lock_organization(kernel.organization_id());
  insert into audit.legal_holds (organization_id, reason, placed_by) values (kernel.organization_id(), btrim(place_hold.reason), kernel.user_id())
    returning id into hold;
  return hold;
end
$$;
comment on function audit.place_hold(text) is 'Places a legal hold: nothing of the organization is erased while it stands.';
call kernel.run_as_definer('audit.place_hold');

create function audit.release_hold(hold uuid) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('audit.hold');
  update audit.legal_holds h set released_by = kernel.user_id(), released_at = now()
    where h.organization_id = kernel.organization_id() and h.id = hold and h.released_at is null;
  if not found and exists (select from audit.legal_holds h where h.organization_id = kernel.organization_id() and h.id = hold) then
    raise exception 'This hold was lifted already' using errcode = 'TN011', hint = 'The list of holds says when, and by whom.';
  elsif not found then
    raise exception 'No such hold' using errcode = 'TN010';
  end if;
end
$$;
comment on function audit.release_hold(uuid) is 'Lifts a legal hold; it stays on the list.';
call kernel.run_as_definer('audit.release_hold');

create function audit.set_retention(days integer) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  call kernel.require_permission('audit.hold');
  insert into audit.retention as r (organization_id, audit_days) values (kernel.organization_id(), days)
    on conflict (organization_id) do update set audit_days = excluded.audit_days where r.audit_days is distinct from excluded.audit_days;
end
$$;
comment on function audit.set_retention(integer) is 'Sets after how many days what entries say is erased; null keeps it for ever.';
call kernel.run_as_definer('audit.set_retention');

-- Erasing what an entry says, or where it came from.

create function audit.erased_entry(entry audit.audit_logs, parts text[]) returns audit.audit_logs
  language plpgsql immutable set search_path = '' as $$
declare
  no_salt constant bytea := decode(repeat('00', 8), 'hex');
begin
  if 'values' = any (parts) and entry.erased_values is null then
    entry.erased_values := audit.values_digest(entry);
    entry.old_values := null;
    entry.new_values := null;
    entry.details := null;
    entry.salt := no_salt || substr(entry.salt, 9, 8);
  end if;
  if 'origin' = any (parts) and entry.erased_origin is null then
    entry.erased_origin := audit.origin_digest(entry);
    entry.ip_address := null;
    entry.user_agent := null;
    entry.salt := substr(entry.salt, 1, 8) || no_salt;
  end if;
  return entry;
end
$$;
comment on function audit.erased_entry is 'An entry without its values, its origin, or both: with their hashes in place of them.';

create function audit.guard_entry() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if current_user = 'tenon_definer' and (
    new = audit.erased_entry(old, '{values}') or new = audit.erased_entry(old, '{origin}') or new = audit.erased_entry(old, '{values,origin}')
  ) then
    if not audit.is_held(old.organization_id) then
      return new;
    end if;
    raise exception 'A legal hold stands in organization %', old.organization_id using errcode = 'TN011', hint = 'Nothing of it is erased until the hold is lifted.';
  end if;
  raise exception 'The record is append-only: update is refused'
    using errcode = 'restrict_violation', hint = 'Add a new row that corrects the old one.';
end
$$;
comment on function audit.guard_entry() is 'Lets entries lose what is erased of them, for hashes of it, while no legal hold stands; refuses every other change.';
create trigger only_erased before update on audit.audit_logs for each row execute function audit.guard_entry();
grant update (old_values, new_values, details, ip_address, user_agent, salt, erased_values, erased_origin) on audit.audit_logs to tenon_definer;

create function audit.erase_entries(organization uuid, ids uuid[], parts text[]) returns bigint
  language plpgsql set search_path = '' as $$
declare
  erased bigint;
begin
  update audit.audit_logs a
    set (old_values, new_values, details, ip_address, user_agent, salt, erased_values, erased_origin) = (
      select e.old_values, e.new_values, e.details, e.ip_address, e.user_agent, e.salt, e.erased_values, e.erased_origin
      from audit.erased_entry(a, parts) e)
    where a.organization_id = organization and a.id = any (ids)
      and ('values' = any (parts) and a.erased_values is null or 'origin' = any (parts) and a.erased_origin is null);
  get diagnostics erased = row_count;
  return erased;
end
$$;
comment on function audit.erase_entries is 'Erases values or origin of entries of one organization; returns of how many.';

/*
  Erases the values of entries that are older than their organization keeps them, of one organization and at most entries_max at a
  time. Returns how many it looked at, or null when nothing is left to do. An id is never older than its entry's time.
*/
create function audit.expire_values(entries_max integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  rule record;
  ids uuid[];
begin
  select r.organization_id, r.expired_to, audit.first_id_of(now() - make_interval(days => r.audit_days)) as upto into rule
    from audit.retention r
    where r.expired_to < audit.first_id_of(now() - make_interval(days => r.audit_days) - interval '1 hour') and not audit.is_held(r.organization_id)
    order by r.organization_id limit 1 for update skip locked;
  if not found then
    return null;
  end if;
  perform organizations.lock_organization(rule.organization_id);
  if audit.is_held(rule.organization_id) then
    return 0;
  end if;
  ids := array(
    select a.id from audit.audit_logs a
    where a.organization_id = rule.organization_id and a.id > rule.expired_to and a.id < rule.upto order by a.id limit entries_max);
  perform audit.erase_entries(rule.organization_id, ids, '{values}');
  update audit.retention r set expired_to = case when cardinality(ids) < entries_max then rule.upto else ids[cardinality(ids)] end
    where r.organization_id = rule.organization_id;
  return cardinality(ids);
end
$$;
comment on function audit.expire_values(integer) is 'Erases the next values that are kept no longer; null when there are none.';
call kernel.run_as_definer('audit.expire_values');

-- A supporter is no member, so colleagues could not see who acted; of strangers it tells nothing.
create function audit.supporter_name(person uuid) returns text
  language sql stable security definer set search_path = ''
  begin atomic
    select u.full_name from identity.users u
    where u.id = person and exists (
      select from audit.audit_logs a where a.organization_id = kernel.organization_id() and a.impersonator_id = person);
  end;
comment on function audit.supporter_name(uuid) is 'The name of a supporter who acted in the organization that was entered.';
call kernel.run_as_definer('audit.supporter_name');

grant execute on function audit.is_held, audit.first_id_of, audit.erased_entry, audit.erase_entries to tenon_definer;
grant execute on function audit.place_hold, audit.release_hold, audit.set_retention, audit.supporter_name to tenon_member;
grant execute on function audit.expire_values to tenon_dispatcher;

/*
  Removes the partitions whose months are over, but for those that hold rows of an organization whose record is held. It is
  detached first, so that no query meets a partition that is half gone; not concurrently, which PostgreSQL refuses in a
  function, and only a function may do it: no role that logs in owns a table. That locks the table for a moment, and
  gives up rather than let everybody wait behind a long query; what is left over is removed the next time.
*/
create function kernel.remove_old_partitions() returns integer
  language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
  removed integer := 0;
  parent text;
  partition_name text;
  is_kept boolean;
begin
  for parent, partition_name in
    select p.name, i.inhrelid::regclass::text
    from kernel.partition_retention p
    join pg_inherits i on i.inhparent = p.name::regclass
    join pg_class c on c.oid = i.inhrelid
    where right(c.relname, 7) < to_char(now() at time zone 'UTC' - make_interval(months => p.months), 'YYYY_MM')
    order by c.relname
  loop
    begin
      -- A hold that is placed now waits, and then finds the rows gone; one that stands keeps them.
      lock table audit.legal_holds in share mode;
      execute format('select exists (select from %s r join audit.legal_holds h on h.organization_id = r.organization_id and h.released_at is null)', partition_name)
        into is_kept;
      if not is_kept then
        execute format('alter table %s detach partition %s', parent, partition_name);
        execute format('drop table %s', partition_name);
        removed := removed + 1;
      end if;
    exception when lock_not_available then
      null;
    end;
  end loop;
  return removed;
end
$$;
comment on function kernel.remove_old_partitions() is 'Detaches and drops the partitions that are older than their table keeps rows; returns how many.';
grant execute on function kernel.remove_old_partitions() to tenon_dispatcher;
