-- The record: who changed which row from what to what, under which operation. Written by triggers in the change's own
-- transaction, append-only, and the only event stream of the system.

call kernel.module_schema('audit');

create table kernel.partition_retention (
  name text primary key,
  months integer not null check (months between 1 and 240)
);
comment on table kernel.partition_retention is 'How long a partitioned table keeps its rows; one that is not named here keeps them for ever. Sensitivity: low.';
comment on column kernel.partition_retention.name is 'The table, with its schema.';
comment on column kernel.partition_retention.months is 'For how many whole months before this one rows are kept.';
comment on index kernel.partition_retention_pkey is 'Finds a table''s rule.';
call kernel.global_table('kernel.partition_retention', 'select');

create function kernel.partitions_ahead() returns table (parent text, months integer)
  language sql stable security definer set search_path = ''
  begin atomic
    select p.partrelid::regclass::text,
           (count(*) filter (where right(c.relname, 7) > to_char(now() at time zone 'UTC', 'YYYY_MM')))::integer
    from pg_partitioned_table p
    left join pg_inherits i on i.inhparent = p.partrelid
    left join pg_class c on c.oid = i.inhrelid
    group by 1;
  end;
comment on function kernel.partitions_ahead() is 'How many months each partitioned table is ahead; fewer than three is an alarm.';
grant execute on function kernel.partitions_ahead() to tenon_dispatcher;

create function kernel.make_missing_partitions() returns integer
  language plpgsql security definer set search_path = '' as $$
begin
  -- Several processes do this each day.
  perform pg_advisory_xact_lock(hashtextextended('kernel.make_missing_partitions', 0));
  return (select coalesce(sum(kernel.make_partitions(p.partrelid)), 0) from pg_partitioned_table p);
end
$$;
comment on function kernel.make_missing_partitions() is 'Makes the partitions that are missing of every partitioned table; returns how many.';
grant execute on function kernel.make_missing_partitions() to tenon_dispatcher;

-- Tables that only grow are partitioned by month and read by members; what is written there comes from definer functions.
create procedure kernel.append_only_table(
  target regclass, called text, outlives_organization boolean default false, months_kept integer default null
)
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security, force row level security', target);
  execute format('create policy organization on %s to tenon_member, tenon_steward, tenon_worker using (organization_id = kernel.organization_id()) with check (organization_id = kernel.organization_id())', target);
  execute format('grant select on %s to tenon_member, tenon_steward, tenon_worker', target);
  execute format('grant select, insert on %s to tenon_definer', target);
  if outlives_organization then
    execute format('create trigger append_only before delete on %s for each row execute function kernel.refuse_change(%L)', target, called);
  else
    execute format('create trigger append_only before update or delete on %s for each row when (not kernel.is_erasing()) execute function kernel.refuse_change(%L)', target, called);
    execute format('grant delete on %s to tenon_definer', target);
  end if;
  execute format('create trigger append_only_whole before truncate on %s for each statement execute function kernel.refuse_change(%L)', target, called);
  perform kernel.make_partitions(target);
  if months_kept is not null then
    insert into kernel.partition_retention values (target::text, months_kept);
  end if;
end
$$;
comment on procedure kernel.append_only_table is 'Closes a partitioned tenant table to all changes but inserts by definer functions and the erasure of an organization, and makes its partitions.';

create sequence audit.entry_seq;
comment on sequence audit.entry_seq is 'Numbers the entries in the order they were written, which is not the order they became visible.';

create table audit.audit_logs (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  created_at timestamptz not null default now(),
  seq bigint not null default nextval('audit.entry_seq'),
  xid xid8 not null default pg_current_xact_id(),
  actor_kind text not null check (actor_kind in ('user', 'api_key', 'task', 'system')),
  user_id uuid,
  impersonator_id uuid,
  api_key_id uuid,
  operation text collate "C",
  action text not null check (action in ('insert', 'update', 'delete')),
  resource_type text not null,
  resource_id text,
  old_values jsonb,
  new_values jsonb,
  details jsonb,
  import_id uuid,
  ip_address inet,
  user_agent text,
  request_id text,
  salt bytea not null default uuid_send(gen_random_uuid()),
  erased_values bytea,
  erased_origin bytea,
  primary key (organization_id, id, created_at)
) partition by range (created_at);

comment on table audit.audit_logs is 'The record of every change, one entry per changed row. Append-only. Sensitivity: high.';
comment on column audit.audit_logs.organization_id is 'The organization the change happened in.';
comment on column audit.audit_logs.id is 'Identifier of the entry.';
comment on column audit.audit_logs.created_at is 'When the change''s transaction began; the partition key.';
comment on column audit.audit_logs.seq is 'The order in which entries were written.';
comment on column audit.audit_logs.xid is 'The transaction that wrote the entry; readers compare it with snapshots.';
comment on column audit.audit_logs.actor_kind is 'What acted: a user, an API key, a task, or the system itself.';
comment on column audit.audit_logs.user_id is 'The person who acted, or on whose behalf.';
comment on column audit.audit_logs.impersonator_id is 'The supporter who acted as that person, if one did.';
comment on column audit.audit_logs.api_key_id is 'The API key it was done with, if it was one.';
comment on column audit.audit_logs.operation is 'The operation that the request entered with, such as labeling.task.submit.';
comment on column audit.audit_logs.action is 'What was done to the row.';
comment on column audit.audit_logs.resource_type is 'The table, with its schema.';
comment on column audit.audit_logs.resource_id is 'The row''s key without the organization; null when details lists many.';
comment on column audit.audit_logs.old_values is 'Changed columns before: secrets masked, large values as hash and size.';
comment on column audit.audit_logs.new_values is 'Changed columns after: secrets masked, large values as hash and size.';
comment on column audit.audit_logs.details is 'For a statement over many rows: the ids it touched.';
comment on column audit.audit_logs.import_id is 'The import that brought the row.';
comment on column audit.audit_logs.ip_address is 'The address the request came from.';
comment on column audit.audit_logs.user_agent is 'The program the request came from.';
comment on column audit.audit_logs.request_id is 'The request, as its answer and the logs name it.';
comment on column audit.audit_logs.salt is 'Keeps anyone from guessing what was erased by its hash: half of it for the values, half for the origin, zeroed with them.';
comment on column audit.audit_logs.erased_values is 'The hash of the values that were erased; seals go on holding with it.';
comment on column audit.audit_logs.erased_origin is 'The hash of the address and the program that were erased.';
comment on index audit.audit_logs_pkey is 'Lists an organization''s entries, newest first.';

create index audit_logs_by_resource on audit.audit_logs (organization_id, resource_type, resource_id, created_at);
comment on index audit.audit_logs_by_resource is 'The history of one row.';
create index audit_logs_by_person on audit.audit_logs (organization_id, user_id, id);
comment on index audit.audit_logs_by_person is 'What a person did, newest first.';
create index audit_logs_by_operation on audit.audit_logs (organization_id, operation, id);
comment on index audit.audit_logs_by_operation is 'What was done by an operation, or by those of a module.';
create index audit_logs_by_supporter on audit.audit_logs (organization_id, impersonator_id, id) where impersonator_id is not null;
comment on index audit.audit_logs_by_supporter is 'What support did in members'' places.';
create index audit_logs_by_key on audit.audit_logs (organization_id, api_key_id, id) where api_key_id is not null;
comment on index audit.audit_logs_by_key is 'What was done with an API key.';
create index audit_logs_by_transaction on audit.audit_logs (xid);
comment on index audit.audit_logs_by_transaction is 'Where a reader''s window between two snapshots begins, across organizations.';
create index audit_logs_by_seq on audit.audit_logs using brin (seq) with (autosummarize = on);
comment on index audit.audit_logs_by_seq is 'Walks a reader''s window in the order of writing.';

-- Of an update only one kind is let through, by a trigger of its own: values that are erased.
call kernel.append_only_table('audit.audit_logs', 'The record', outlives_organization => true);
grant usage, select on sequence audit.entry_seq to tenon_definer;

-- How a row is written down.

create function audit.presentable(row_values jsonb, secrets text[]) returns jsonb
  language plpgsql immutable parallel safe as $$
declare
  row_bytes_max constant integer := 8192;
  value_bytes_max constant integer := 4096;
begin
  if cardinality(secrets) = 0 and pg_column_size(row_values) <= row_bytes_max then
    return row_values;
  end if;
  return (
    select jsonb_object_agg(key, case
      when value = 'null' then value
      when key = any (secrets) then '"[masked]"'
      when pg_column_size(value) > value_bytes_max then jsonb_build_object(
        'sha256', encode(sha256(convert_to(value::text, 'UTF8')), 'hex'), 'bytes', octet_length(value::text))
      else value
    end)
    from jsonb_each(row_values)
  );
end
$$;
comment on function audit.presentable(jsonb, text[]) is 'A row''s values as the record keeps them: secrets masked, large values as hash and size.';

create function audit.resource_id(row_values jsonb, key text[]) returns text
  language sql immutable parallel safe
  return case cardinality(key)
    when 1 then row_values ->> key[1]
    else (select string_agg(row_values ->> k.name, '/' order by k.position) from unnest(key) with ordinality as k (name, position))
  end;
comment on function audit.resource_id(jsonb, text[]) is 'A row''s key without the organization, several columns joined by a slash.';

create function audit.write_entry(
  organization_id uuid, action text, resource_type text, resource_id text,
  old_values jsonb default null, new_values jsonb default null, details jsonb default null
) returns void
  language plpgsql set search_path = '' as $$
declare
  request constant jsonb := kernel.request();
begin
  insert into audit.audit_logs (
    organization_id, actor_kind, user_id, impersonator_id, api_key_id, operation, action, resource_type, resource_id,
    old_values, new_values, details, import_id, ip_address, user_agent, request_id
  ) values (
    organization_id, coalesce(request ->> 'actor', 'system'), kernel.user_id(), (request ->> 'impersonator_id')::uuid,
    (request ->> 'api_key_id')::uuid,
    request ->> 'operation', action, resource_type, resource_id, old_values, new_values, details,
    (request ->> 'import_id')::uuid, (request ->> 'address')::inet, request ->> 'agent', request ->> 'request_id'
  );
end
$$;
comment on function audit.write_entry is 'Adds one entry to the record, with who and why out of the context.';

/*
  The trigger. Arguments: 0 the table's name (a distributed engine calls its shards otherwise), 1 full or keys,
  2 the tenant's column, 3 the key without it, 4 secret columns, 5 columns left out, 6 up to how many rows each gets an entry.
  Transition tables hold the old and the new row of one change at the same position.
*/
create function audit.record_change() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  ids_max constant integer := 1000;
  rows_max constant integer := tg_argv[6];
  changed bigint;
  key constant text[] := tg_argv[3];
  secrets constant text[] := tg_argv[4];
  unrecorded constant text[] := tg_argv[5];
  before jsonb[] := '{}';
  after jsonb[] := '{}';
  row_values jsonb;
  old_values jsonb;
  new_values jsonb;
  summary record;
  foreign_rows bigint;
begin
  -- Who erases an organization leaves its rows no trace in the record: that they are gone is told once, with counts.
  if kernel.is_erasing() then
    return null;
  end if;
  if tg_op = 'DELETE' then
    changed := (select count(*) from old_rows);
  else
    changed := (select count(*) from new_rows);
  end if;

  -- The loader bypasses row-level security, so its rows are held against the organization it entered here.
  if session_user = 'tenon_loader' then
    execute format('select count(*) from new_rows where %I is distinct from kernel.organization_id()', tg_argv[2]) into foreign_rows;
    if foreign_rows > 0 then
      raise exception '% of the loaded rows belong to another organization', foreign_rows using errcode = 'insufficient_privilege';
    end if;
  end if;

  if changed > rows_max and tg_op <> 'DELETE' and key = '{id}' and tg_argv[2] = 'organization_id' then
    -- What most tables have can be said without planning it anew each time.
    for summary in
      select organization_id, jsonb_build_object('rows', count(*), 'ids', jsonb_agg(id)) as details from (
        select n.organization_id, n.id, (row_number() over (partition by n.organization_id) - 1) / ids_max as chunk from new_rows n
      ) as changed group by organization_id, chunk order by organization_id, chunk
    loop
      perform audit.write_entry(summary.organization_id, lower(tg_op), tg_argv[0], null, details => summary.details);
    end loop;
    return null;
  elsif changed > rows_max then
    for summary in execute format(
      'select organization_id, jsonb_build_object(''rows'', count(*), ''ids'', jsonb_agg(id)) as details from (
         select %1$I as organization_id, concat_ws(''/'', %2$s) as id, (row_number() over (partition by %1$I) - 1) / $1 as chunk from %3$I
       ) as changed group by organization_id, chunk order by organization_id, chunk',
      tg_argv[2], (select string_agg(quote_ident(k), ', ') from unnest(key) k), case tg_op when 'DELETE' then 'old_rows' else 'new_rows' end)
      using ids_max
    loop
      perform audit.write_entry(summary.organization_id, lower(tg_op), tg_argv[0], null, details => summary.details);
    end loop;
    return null;
  end if;

  case tg_op
    when 'INSERT' then after := array(select to_jsonb(n) from new_rows n);
    when 'DELETE' then before := array(select to_jsonb(o) from old_rows o);
    else
      select array(select to_jsonb(o) from old_rows o), array(select to_jsonb(n) from new_rows n) into before, after;
  end case;
  for i in 1 .. changed loop
    row_values := coalesce(after[i], before[i]);
    if tg_op = 'UPDATE' then
      select jsonb_object_agg(v.key, before[i] -> v.key), jsonb_object_agg(v.key, v.value) into old_values, new_values
        from jsonb_each(after[i] - unrecorded) v where v.value is distinct from before[i] -> v.key;
      continue when new_values is null;
    else
      old_values := before[i] - unrecorded;
      new_values := after[i] - unrecorded;
    end if;
    perform audit.write_entry(
      (row_values ->> tg_argv[2])::uuid, lower(tg_op), tg_argv[0], audit.resource_id(row_values, key),
      case tg_argv[1] when 'full' then audit.presentable(old_values, secrets) end,
      case tg_argv[1] when 'full' then audit.presentable(new_values, secrets) end
    );
  end loop;
  return null;
end
$$;
comment on function audit.record_change() is
  'Writes a statement''s changes into the record: an entry per row up to so many rows, beyond that entries of 1,000 ids each.';
call kernel.run_as_definer('audit.record_change');
grant execute on function audit.write_entry, audit.presentable, audit.resource_id to tenon_definer;

create procedure audit.record_changes(
  target regclass, mode text, tenant text, secrets text[], unrecorded text[], entry_per_row_up_to integer default 1000
)
  language plpgsql as $$
declare
  key constant text[] := coalesce(nullif(array_remove(kernel.primary_key(target), tenant), '{}'), array[tenant]);
  operation text;
begin
  foreach operation in array array['insert', 'update', 'delete'] loop
    execute format(
      'create trigger record_%1$s after %1$s on %2$s referencing %3$s for each statement
       execute function audit.record_change(%4$L, %5$L, %6$L, %7$L, %8$L, %9$L, %10$L)',
      operation, target,
      case operation when 'insert' then 'new table as new_rows' when 'delete' then 'old table as old_rows'
        else 'old table as old_rows new table as new_rows' end,
      target::text, mode, tenant, key, secrets, unrecorded || array['organization_id', 'version', 'updated_at'], entry_per_row_up_to);
  end loop;
end
$$;
comment on procedure audit.record_changes is 'Puts a table''s changes on the record.';

-- Reading it. Entries become visible in the order of commits, not in the order of seq, so a reader that remembers the last
-- seq loses events. A cursor is a window between two snapshots: what the later one sees and the earlier did not, by seq.

create table audit.cursors (
  consumer text primary key,
  system_identifier bigint not null,
  seen pg_snapshot not null,
  reading pg_snapshot not null,
  position bigint not null,
  window_end bigint not null,
  base bigint not null default 0,
  check (position <= window_end)
);
comment on column audit.cursors.base is 'What was restored from another cluster ends at this seq; transaction ids mean something only behind it.';
comment on table audit.cursors is 'How far each consumer has read the record. Sensitivity: low.';
comment on column audit.cursors.consumer is 'The consumer''s name.';
comment on column audit.cursors.system_identifier is 'The database cluster that the snapshots belong to; another one after a restore.';
comment on column audit.cursors.seen is 'Everything visible in this snapshot was delivered.';
comment on column audit.cursors.reading is 'What is visible in this snapshot, and not in seen, is being delivered.';
comment on column audit.cursors.position is 'The seq delivered last in this window.';
comment on column audit.cursors.window_end is 'The highest seq in this window.';
comment on index audit.cursors_pkey is 'Finds a consumer''s cursor.';
alter table audit.cursors enable row level security, force row level security;
grant select, insert, update, delete on audit.cursors to tenon_definer;

-- The present, with this very transaction as one that is still under way: it may have more to write.
create function audit.current_snapshot() returns pg_snapshot
  language sql stable set search_path = ''
  return (
    select case when own is null or own >= pg_snapshot_xmax(s) then s
      else (pg_snapshot_xmin(s) || ':' || pg_snapshot_xmax(s) || ':' || (
        select string_agg(xid::text, ',' order by xid) from (select pg_snapshot_xip(s) union select own) as running (xid)))::pg_snapshot end
    from pg_current_snapshot() s, pg_current_xact_id_if_assigned() own
  );
comment on function audit.current_snapshot() is 'The current snapshot, in which the asking transaction is under way.';
grant execute on function audit.current_snapshot() to tenon_definer;

/*
  Delivers the consumer's next entries, at most batch_max, across organizations, each exactly once and in the order of
  writing per row, to a consumer that does its work in the same transaction. A new consumer starts at the present. After a
  restore into another cluster, where transaction ids mean nothing, it goes on behind the seq it had reached.
*/
create function audit.next_batch(consumer text, batch_max integer default 500) returns setof audit.audit_logs
  language plpgsql security definer set search_path = '' as $$
declare
  entries_max constant integer := greatest(least(batch_max, 10000), 1);
  cluster constant bigint := (select system_identifier from pg_control_system());
  c audit.cursors;
  upto bigint;
begin
  insert into audit.cursors (consumer, system_identifier, seen, reading, position, window_end)
    select next_batch.consumer, cluster, s, s, last, last
    from audit.current_snapshot() s, (select last_value as last from audit.entry_seq) l on conflict do nothing;
  select * into c from audit.cursors where cursors.consumer = next_batch.consumer for update;

  if c.system_identifier <> cluster then
    c.system_identifier := cluster;
    c.reading := audit.current_snapshot();
    select greatest(coalesce(max(seq), 0), c.position) into c.base from audit.audit_logs;
    c.window_end := c.base;
  end if;

  if c.position >= c.window_end then
    c.seen := c.reading;
    c.reading := audit.current_snapshot();
    select coalesce(min(seq) - 1, c.position), coalesce(max(seq), c.position) into c.position, c.window_end
      from audit.audit_logs
      where xid >= pg_snapshot_xmin(c.seen)::text::xid8 and xid < pg_snapshot_xmax(c.reading)::text::xid8 and seq > c.base
        and not pg_visible_in_snapshot(xid, c.seen) and pg_visible_in_snapshot(xid, c.reading);
  end if;

  while c.position < c.window_end loop
    upto := least(c.position + entries_max, c.window_end);
    return query
      select a.* from audit.audit_logs a
      where a.seq > c.position and a.seq <= upto
        and (upto <= c.base or not pg_visible_in_snapshot(a.xid, c.seen) and pg_visible_in_snapshot(a.xid, c.reading))
      order by a.seq;
    c.position := upto;
    exit when found;
    select coalesce(min(seq) - 1, c.window_end) into c.position from audit.audit_logs
      where seq > upto and case when upto <= c.base then true
        else xid >= pg_snapshot_xmin(c.seen)::text::xid8 and xid < pg_snapshot_xmax(c.reading)::text::xid8
        and not pg_visible_in_snapshot(xid, c.seen) and pg_visible_in_snapshot(xid, c.reading) end;
  end loop;

  update audit.cursors set (system_identifier, seen, reading, position, window_end, base) =
    (c.system_identifier, c.seen, c.reading, c.position, c.window_end, c.base) where cursors.consumer = c.consumer;
end
$$;
comment on function audit.next_batch(text, integer) is 'The consumer''s next entries of the record, none lost, none out of order per row.';
call kernel.run_as_definer('audit.next_batch');
grant execute on function audit.next_batch(text, integer) to tenon_dispatcher;
