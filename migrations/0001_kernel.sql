-- The floor under every module: who is asking, ids, row versions, and the one call that makes a table a tenant's.
-- Schema kernel and table kernel.migrations exist already: the migrator makes them before the first file.

-- Indexes over words, and over an organization together with what has no order: all three are trusted, so no superuser is needed.
create schema extensions;
comment on schema extensions is 'What PostgreSQL''s own extensions bring.';
create extension pg_trgm with schema extensions;
create extension btree_gin with schema extensions;
create extension btree_gist with schema extensions;

-- Who is asking. kernel.enter() sets these for one transaction; outside of one they are null, and null matches no row.
-- Standard bodies, so that the planner inlines them into policies and no search path can bend them.

create function kernel.organization_id() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('tenon.organization_id', true), '')::uuid;
comment on function kernel.organization_id() is 'The organization this transaction entered, or null.';

create function kernel.user_id() returns uuid
  language sql stable parallel safe
  return nullif(current_setting('tenon.user_id', true), '')::uuid;
comment on function kernel.user_id() is 'The person on whose behalf this transaction works, or null.';

create function kernel.customer_ids() returns uuid[]
  language sql stable parallel safe
  return nullif(current_setting('tenon.customer_ids', true), '')::uuid[];
comment on function kernel.customer_ids() is 'The customers whose rows a client may see (at most 1,000), or null.';

create function kernel.request() returns jsonb
  language sql stable parallel safe
  return coalesce(nullif(current_setting('tenon.request', true), '')::jsonb, '{}');
comment on function kernel.request() is
  'How the work was asked for: operation, request_id, address, agent, actor, impersonator_id, import_id.';

-- Ids are UUIDs of version 7. Before PostgreSQL 18 they are made here, with microseconds in rand_a, so that ids made by
-- one connection keep their order within a millisecond too.
do $$
begin
  if current_setting('server_version_num')::int >= 180000 then
    create function kernel.uuid_v7() returns uuid
      language sql volatile parallel safe
      return uuidv7();
  else
    create function kernel.uuid_v7() returns uuid
      language plpgsql volatile parallel safe as $function$
    declare
      microseconds bigint := extract(epoch from clock_timestamp()) * 1000000;
    begin
      return lpad(to_hex(microseconds / 1000), 12, '0')
        || to_hex(28672 + (microseconds % 1000) * 4096 / 1000)
        || right(replace(gen_random_uuid()::text, '-', ''), 16);
    end
    $function$;
  end if;
end
$$;
comment on function kernel.uuid_v7() is 'A new id (RFC 9562, version 7). Ids order lists, never events.';

create function kernel.touch() returns trigger
  language plpgsql as $$
begin
  new.version := old.version + 1;
  new.updated_at := now();
  return new;
end
$$;
comment on function kernel.touch() is 'Counts a row''s versions (its ETag) and keeps the time of its last change.';

create function kernel.refuse_change() returns trigger
  language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_argv[0], lower(tg_op)
    using errcode = 'restrict_violation', hint = 'Add a new row that corrects the old one.';
end
$$;
comment on function kernel.refuse_change() is 'Keeps append-only tables append-only, for their owner too.';

create function kernel.is_erasing() returns boolean
  language sql stable parallel safe
  return session_user = 'tenon_dispatcher' and nullif(current_setting('tenon.erasing', true), '') is not null;
comment on function kernel.is_erasing() is 'Whether this transaction erases an organization; nobody else is granted to say so.';

create function kernel.refuse_wrong_step() returns trigger
  language plpgsql set search_path = '' as $$
declare
  was constant text := to_jsonb(old) ->> tg_argv[2];
  becomes constant text := to_jsonb(new) ->> tg_argv[2];
  next_steps constant jsonb := tg_argv[1]::jsonb -> was;
begin
  raise exception '% that is % cannot become %', tg_argv[0], was, becomes
    using errcode = 'restrict_violation', hint = case jsonb_array_length(next_steps) when 0 then 'It is final.'
      else 'It can become ' || (select string_agg(step, ' or ') from jsonb_array_elements_text(next_steps) step) || '.' end;
end
$$;
comment on function kernel.refuse_wrong_step() is 'Says which steps there are. Arguments: what the row is called, state → next states, the column.';

-- Where the order of states matters, a wrong step is refused, and the refusal names the right ones. The steps stand in the trigger's
-- condition, so a right one runs no function.
create procedure kernel.state_order(target regclass, called text, steps jsonb, state_column text default 'status')
  language plpgsql as $$
declare
  right_steps constant text := (
    select string_agg(format('when %L then new.%I = any (%L)', was, state_column, array(select jsonb_array_elements_text(becomes))), ' ')
    from jsonb_each(steps) as s (was, becomes));
begin
  execute format(
    'create trigger keep_order_of_%1$s before update of %1$I on %2$s for each row
     when (old.%1$I is distinct from new.%1$I and not coalesce(case old.%1$I %5$s end, false))
     execute function kernel.refuse_wrong_step(%3$L, %4$L, %1$L)',
    state_column, target, called, steps, right_steps);
end
$$;
comment on procedure kernel.state_order is 'Keeps a column of states to the steps given, state → next states.';

-- A definer function bypasses row-level security, so it has a fixed path and nobody may call it until granted.
create procedure kernel.run_as_definer(target regproc)
  language plpgsql as $$
begin
  if not exists (
    select from pg_proc where oid = target and (proconfig @> array['search_path=""'] or prosqlbody is not null)
  ) then
    raise exception '% needs "set search_path = ''''"', target;
  end if;
  execute format('grant create on schema %s to tenon_definer', (select pronamespace::regnamespace from pg_proc where oid = target));
  execute format('alter function %s owner to tenon_definer', target::regprocedure);
  execute format('revoke create on schema %s from tenon_definer', (select pronamespace::regnamespace from pg_proc where oid = target));
end
$$;
comment on procedure kernel.run_as_definer(regproc) is 'Hands a security definer function to the role that bypasses row-level security.';

create function kernel.refuse_cycle() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  start constant uuid := to_jsonb(new) ->> tg_argv[1];
  goal constant uuid := to_jsonb(new) ->> tg_argv[2];
  is_circle boolean;
begin
  if goal is null or tg_op = 'UPDATE' and start::text = to_jsonb(old) ->> tg_argv[1] and goal::text = to_jsonb(old) ->> tg_argv[2] then
    return null;
  end if;
  -- Two arrows in parallel could close a circle that neither sees: the second waits for the first. Where the arrow begins at a
  -- new row nobody else can point to it yet.
  if tg_op = 'UPDATE' or tg_argv[1] <> 'id' then
    perform pg_advisory_xact_lock(hashtextextended(tg_argv[0] || new.organization_id, 0));
  end if;
  -- The offset keeps each step a look-up: joined as a whole, a long way would read the table once for every step of it.
  execute format(
    'with recursive path (id) as (
       values ($1) union select next.id from path p cross join lateral (
         select e.%2$I as id from %1$s e where e.organization_id = $2 and e.%3$I = p.id and e.%2$I is not null offset 0) next
     ) select exists (select from %1$s e where e.organization_id = $2 and e.%2$I = $3) and exists (select from path where id = $3)',
    tg_argv[0], tg_argv[2], tg_argv[1])
    into is_circle using goal, new.organization_id, start;
  if is_circle then
    raise exception 'This would go round in a circle' using errcode = 'TN011', hint = 'One of the two already leads to the other.';
  end if;
  return null;
end
$$;
comment on function kernel.refuse_cycle() is 'Refuses an arrow that closes a circle. Arguments: the table, the column an arrow begins at, the one it points to.';

-- A statement's rows before and after it are old_rows and new_rows; an insert has no old ones, a delete no new ones.
create procedure kernel.follow_changes(target regclass, follower regproc)
  language plpgsql as $$
begin
  execute format('create trigger follow_insert after insert on %s referencing new table as new_rows for each statement execute function %s()', target, follower);
  execute format('create trigger follow_update after update on %s referencing old table as old_rows new table as new_rows for each statement execute function %s()', target, follower);
  execute format('create trigger follow_delete after delete on %s referencing old table as old_rows for each statement execute function %s()', target, follower);
end
$$;
comment on procedure kernel.follow_changes is 'Runs a trigger function after each statement that changes a table, with the rows before and after.';

create function kernel.signed_rows(operation text) returns text
  language sql immutable parallel safe
  return case operation
    when 'INSERT' then 'select 1 as sign, * from new_rows'
    when 'DELETE' then 'select -1 as sign, * from old_rows'
    else 'select 1 as sign, * from new_rows union all select -1 as sign, * from old_rows' end;
comment on function kernel.signed_rows(text) is
  'The query, for a function that follows changes, of what came (sign 1) and what went (sign -1): what did not change adds up to nothing.';
grant execute on function kernel.signed_rows to tenon_definer;

create procedure kernel.acyclic(target regclass, from_column text, to_column text)
  language plpgsql as $$
begin
  execute format(
    'create trigger keep_acyclic after insert or update of %1$I, %2$I on %3$s for each row execute function kernel.refuse_cycle(%3$L, %1$L, %2$L)',
    from_column, to_column, target);
end
$$;
comment on procedure kernel.acyclic is 'Keeps the arrows between rows from going round in a circle, in parallel too.';

call kernel.run_as_definer('kernel.refuse_cycle');

-- Opens a module's schema. Every role may name what is in it; what it may do there is granted table by table.
create procedure kernel.module_schema(name text)
  language plpgsql as $$
begin
  execute format('create schema %I', name);
  execute format(
    'grant usage on schema %I to tenon_definer, tenon_reader, tenon_gate, tenon_member, tenon_own, tenon_client, tenon_steward,
     tenon_worker, tenon_dispatcher, tenon_public, tenon_loader', name);
end
$$;
comment on procedure kernel.module_schema(text) is 'Makes a module''s schema and lets every database role name what is in it.';

create function kernel.primary_key(target regclass) returns text[]
  language sql stable
  return (
    select array_agg(a.attname::text order by k.position)
    from pg_constraint c
    cross join unnest(c.conkey) with ordinality as k (attnum, position)
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
    where c.conrelid = target and c.contype = 'p'
  );
comment on function kernel.primary_key(regclass) is 'The columns of a table''s primary key, in order.';

/*
  Makes a table a tenant's: row-level security (enabled and forced), one policy per database role, grants, the record,
  version and updated_at. The table must exist with organization_id first in its primary key.

  audit       full: every change with its values · keys: only which rows · none: not recorded (a test lists the reasons)
  access      write: members select, insert, update, delete · read: members select; changes go through definer functions · none
  own         the column that names the person a row belongs to; opens the table, for reading, to tenon_own
  client      the column that names the customer a row belongs to; opens the table, for reading, to tenon_client
  secrets     columns whose values the record masks
  unrecorded  columns derived from recorded rows, left out of the record
  search      makes the view <table>_search, on which filters that are not leakproof can use an index
  entry_per_row_up_to   a statement that changes more rows is recorded in entries that list which, without values
  versions    whether rows count their versions; false for what machines alone keep
*/
create procedure kernel.tenant_table(
  target regclass,
  audit text default 'full',
  access text default 'write',
  own text default null,
  client text default null,
  secrets text[] default '{}',
  unrecorded text[] default '{}',
  search boolean default false,
  entry_per_row_up_to integer default 1000,
  versions boolean default true
)
  language plpgsql as $$
declare
  same_organization constant text := 'organization_id = kernel.organization_id()';
  rights constant text := case access when 'write' then 'select, insert, update, delete' when 'read' then 'select' end;
begin
  if (kernel.primary_key(target))[1] is distinct from 'organization_id' then
    raise exception '% must have organization_id first in its primary key', target;
  end if;
  if audit not in ('full', 'keys', 'none') or access not in ('write', 'read', 'none') then
    raise exception 'tenant_table(%): audit is full, keys or none; access is write, read or none', target;
  end if;

  execute format('alter table %s enable row level security, force row level security', target);
  execute format('create policy organization on %s to tenon_member, tenon_steward, tenon_worker using (%s) with check (%2$s)', target, same_organization);
  if rights is not null then
    execute format('grant %s on %s to tenon_member, tenon_steward, tenon_worker', rights, target);
  end if;
  -- What members insert may be loaded for them, where the record checks it.
  if access = 'write' and audit <> 'none' then
    execute format('grant insert on %s to tenon_loader', target);
  end if;
  if own is not null then
    execute format('create policy own on %s to tenon_own using (%s and %I = kernel.user_id()) with check (%2$s and %3$I = kernel.user_id())', target, same_organization, own);
    execute format('grant select on %s to tenon_own', target);
  end if;
  if client is not null then
    execute format('create policy client on %s to tenon_client using (%s and %I = any (kernel.customer_ids()))', target, same_organization, client);
    execute format('grant select on %s to tenon_client', target);
  end if;
  execute format('grant select, insert, update, delete on %s to tenon_definer', target);

  call kernel.describe_keys(target);
  if versions then
    call kernel.add_row_version(target);
  end if;
  if audit <> 'none' then
    call audit.record_changes(target, audit, 'organization_id', secrets, unrecorded, entry_per_row_up_to);
  end if;
  if search then
    call kernel.add_search_view(target);
  end if;
end
$$;
comment on procedure kernel.tenant_table is 'Makes a table a tenant''s: row-level security, policies, grants, the record, version and updated_at.';

-- What is the same in every table is told once, where a table does not tell it better.
create procedure kernel.describe_keys(target regclass)
  language plpgsql as $$
declare
  column_name text;
  key constant regclass := (select conindid from pg_constraint where conrelid = target and contype = 'p');
begin
  for column_name in
    select attname from pg_attribute where attrelid = target and attname in ('organization_id', 'id') and col_description(target, attnum) is null
  loop
    execute format('comment on column %s.%I is %L', target, column_name,
      case column_name when 'id' then 'Identifier.' else 'The organization that owns the row.' end);
  end loop;
  if obj_description(key, 'pg_class') is null then
    execute format('comment on index %s is ''Finds a row by its key.''', key);
  end if;
end
$$;
comment on procedure kernel.describe_keys(regclass) is 'Comments on the columns and the index that every table has alike.';

-- A global table has no policy at all: only definer functions reach it.
create procedure kernel.global_table(target regclass, rights text)
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security, force row level security', target);
  execute format('grant %s on %s to tenon_definer', rights, target);
end
$$;
comment on procedure kernel.global_table(regclass, text) is 'Closes a table that belongs to no organization to all but definer functions, which get these rights.';

create procedure kernel.add_row_version(target regclass)
  language plpgsql as $$
begin
  execute format('alter table %s
    add column if not exists version bigint not null default 1,
    add column if not exists created_at timestamptz not null default now(),
    add column if not exists updated_at timestamptz not null default now()', target);
  execute format('comment on column %s.version is ''Counts the row''''s changes; its ETag.''', target);
  execute format('comment on column %s.created_at is ''When the row was made.''', target);
  execute format('comment on column %s.updated_at is ''When the row was last changed.''', target);
  execute format('create trigger touch before update on %s for each row execute function kernel.touch()', target);
end
$$;
comment on procedure kernel.add_row_version(regclass) is 'Adds version, created_at and updated_at, and the trigger that keeps them.';

-- Under row-level security only leakproof operators use an index. This view carries the policy's own expression, its owner
-- bypasses the policy, and so a search in it is fast; it must filter by nothing that could fail on another tenant's row.
create procedure kernel.add_search_view(target regclass)
  language plpgsql as $$
declare
  view_name constant text := (
    select format('%I.%I', relnamespace::regnamespace, relname || '_search') from pg_class where oid = target
  );
begin
  execute format('create view %s as select * from %s where organization_id = kernel.organization_id()', view_name, target);
  execute format('comment on view %s is ''%s for searching: the same rows as its policy lets through, fast for any filter.''', view_name, target);
  execute format('grant select on %s to tenon_reader', target);
  execute format('grant create on schema %s to tenon_reader', (select relnamespace::regnamespace from pg_class where oid = target));
  execute format('alter view %s owner to tenon_reader', view_name);
  execute format('revoke create on schema %s from tenon_reader', (select relnamespace::regnamespace from pg_class where oid = target));
  execute format('grant select on %s to tenon_member, tenon_steward, tenon_worker', view_name);
end
$$;
comment on procedure kernel.add_search_view(regclass) is 'Makes <table>_search, a view in which every filter can use an index.';

-- Partitions by month. They are made first and attached after, which locks the parent less than creating them in place,
-- and nobody is granted anything on them: a partition does not know its parent's policies.
create function kernel.make_partition(parent regclass, month date) returns boolean
  language plpgsql set search_path = '' as $$
declare
  schema_name constant text := (select relnamespace::regnamespace::text from pg_class where oid = parent);
  partition_name constant text := format('%s.%I', schema_name,
    (select relname from pg_class where oid = parent) || to_char(month, '_YYYY_MM'));
  guard text;
begin
  if to_regclass(partition_name) is not null then
    return false;
  end if;
  execute format('create table %s (like %s including defaults including constraints)', partition_name, parent);
  execute format('alter table %s enable row level security, force row level security', partition_name);
  execute format('alter table %s attach partition %s for values from (%L) to (%L)', parent, partition_name,
    month::timestamp at time zone 'UTC', (month + interval '1 month')::timestamp at time zone 'UTC');
  -- Triggers for each row come with the parent; one that refuses truncate does not.
  for guard in select pg_get_triggerdef(oid) from pg_trigger where tgrelid = parent and not tgisinternal and tgtype & 32 = 32 loop
    execute replace(guard, format(' ON %s ', parent), format(' ON %s ', partition_name));
  end loop;
  return true;
end
$$;
comment on function kernel.make_partition(regclass, date) is 'Makes the partition of the month that begins on this day; false when it is there.';

create function kernel.make_partitions(parent regclass, months_ahead integer default 12) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  this_month constant timestamp := date_trunc('month', now() at time zone 'UTC');
  month date;
  made integer := 0;
begin
  for month in select generate_series(this_month, this_month + make_interval(months => months_ahead), '1 month')::date loop
    made := made + kernel.make_partition(parent, month)::integer;
  end loop;
  return made;
end
$$;
comment on function kernel.make_partitions(regclass, integer) is 'Makes the monthly partitions that are missing, from this month on; returns how many.';
grant execute on function kernel.make_partitions(regclass, integer) to tenon_dispatcher;

grant execute on function kernel.is_erasing to tenon_definer;
grant execute on function kernel.organization_id(), kernel.user_id(), kernel.customer_ids(), kernel.request(), kernel.uuid_v7()
  to tenon_definer, tenon_reader, tenon_gate, tenon_member, tenon_own, tenon_client, tenon_steward, tenon_worker,
     tenon_dispatcher, tenon_public, tenon_loader;
