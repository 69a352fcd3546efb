-- What comes from stores: how they are connected, and how far their syncs are.

-- Connecting. Whoever connects brings what opens the store, sealed; nobody reads it but workers, for a store that is in use.

create function commerce.connect_store(
  store uuid, name text, platform text, store_url text, api_version text, currency text, rate numeric, sealed bytea
) returns void
  language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  stores_max constant integer := 50;
  organization constant uuid := kernel.organization_id();
  secret uuid;
begin
  call kernel.require_permission('commerce.store.write');
  perform organizations.lock_organization(organization);
  if exists (select from commerce.stores s where s.organization_id = organization and s.status = 'active'
      and s.platform = connect_store.platform and s.store_url = connect_store.store_url) then
    raise exception 'This store is connected already' using errcode = 'TN011', hint = 'Disconnect it first, to connect it with other keys.';
  elsif (select count(*) from commerce.stores s where s.organization_id = organization and s.status = 'active') >= stores_max then
    raise exception 'The organization has % stores, which is the most', stores_max using errcode = 'TN011', hint = 'Disconnect one that is not in use.';
  end if;
  insert into commerce.stores as s (organization_id, id, name, platform, store_url, api_version, currency, rate, status, connected_by)
    values (organization, store, connect_store.name, connect_store.platform, connect_store.store_url, connect_store.api_version,
            connect_store.currency, connect_store.rate, 'active', kernel.acting_member(organization))
    on conflict (organization_id, id) do update
      set name = excluded.name, api_version = excluded.api_version, currency = excluded.currency, rate = excluded.rate, status = 'active',
          sync_error = null, connected_by = excluded.connected_by;
  insert into kernel.secrets (organization_id, name, sealed) values (organization, 'commerce.store/' || store, connect_store.sealed)
    on conflict (organization_id, name) do update set sealed = excluded.sealed returning id into secret;
  insert into commerce.store_credentials (organization_id, store_id, secret_id) values (organization, store, secret)
    on conflict (organization_id, store_id) do update set secret_id = excluded.secret_id;
end
$$;
comment on function commerce.connect_store is 'Takes a store into use, with what opens it: a new one, or one that was not in use any more.';
call kernel.run_as_definer('commerce.connect_store');

create function commerce.disconnect_store(store uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
begin
  call kernel.require_permission('commerce.store.write');
  update commerce.stores s set status = 'inactive' where s.organization_id = organization and s.id = store;
  if not found then
    raise exception 'There is no such store' using errcode = 'TN010';
  end if;
  delete from kernel.secrets k using commerce.store_credentials c
    where c.organization_id = organization and c.store_id = store and k.organization_id = organization and k.id = c.secret_id;
end
$$;
comment on function commerce.disconnect_store is 'Takes a store out of use and forgets what opens it; its products and orders stay.';
call kernel.run_as_definer('commerce.disconnect_store');
grant execute on function commerce.connect_store, commerce.disconnect_store to tenon_member;

create function commerce.store_for_call(
  store uuid, out platform text, out store_url text, out api_version text, out currency text, out rate numeric, out sealed bytea
) returns setof record
  language sql stable security definer set search_path = ''
  begin atomic
    select s.platform, s.store_url, s.api_version, s.currency, s.rate, k.sealed
    from commerce.stores s
    join commerce.store_credentials c on c.organization_id = s.organization_id and c.store_id = s.id
    join kernel.secrets k on k.organization_id = c.organization_id and k.id = c.secret_id
    where s.organization_id = kernel.organization_id() and s.id = store and s.status in ('active', 'error');
  end;
comment on function commerce.store_for_call is 'A store of the organization entered that is in use, with what opens it, sealed.';
call kernel.run_as_definer('commerce.store_for_call');
grant execute on function commerce.store_for_call to tenon_worker;

-- A sync goes on where the one before stopped, and a try at it where the try before was lost: the cursor moves with the rows.

create function commerce.begin_sync(store uuid, task uuid, is_full boolean) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  retried_max constant integer := 200;
  organization constant uuid := kernel.organization_id();
  run commerce.sync_runs;
begin
  perform from commerce.stores s where s.organization_id = organization and s.id = store for update;
  select * into run from commerce.sync_runs r where r.organization_id = organization and r.store_id = store and r.status = 'running';
  if run.task_id is distinct from task then
    update commerce.sync_runs r set status = 'cancelled', ended_at = now() where r.organization_id = organization and r.id = run.id;
    insert into commerce.sync_runs (organization_id, store_id, task_id, kind, cursor)
      values (organization, store, task, case when is_full then 'full' else 'incremental' end, case when not is_full then (
        select r.cursor from commerce.sync_runs r where r.organization_id = organization and r.store_id = store order by r.started_at desc, r.id desc limit 1) end)
      returning * into run;
    update commerce.stores s set sync_status = 'syncing' where s.organization_id = organization and s.id = store;
  end if;
  return json_build_object('run', run.id, 'cursor', run.cursor, 'created', run.created_count, 'updated', run.updated_count, 'failed', run.failed_count, 'faults', (
    select coalesce(json_agg(json_build_object('kind', f.kind, 'id', f.external_id)), '[]') from (
      select * from commerce.sync_faults f where f.organization_id = organization and f.store_id = store and f.run_id is distinct from run.id
      order by f.updated_at limit retried_max) f));
end
$$;
comment on function commerce.begin_sync is 'Begins a sync of a store for a task, or goes on with the one that a lost try of the task began; tells what failed before.';
call kernel.run_as_definer('commerce.begin_sync');

/*
  Notes what became of some things of a store: how many were new or had changed, and why others could not be taken over. What could be
  is no fault any more. A sync names its run and its next cursor; what a store told by itself does not.
*/
create function commerce.note_taken(store uuid, run uuid, next_cursor text, kind text, taken text[], created bigint, updated bigint, faults jsonb)
  returns bigint
  language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  organization constant uuid := kernel.organization_id();
  mended bigint;
  more_failed bigint;
begin
  with gone as (
    delete from commerce.sync_faults f
      where f.organization_id = organization and f.store_id = store and f.kind = note_taken.kind and f.external_id = any (taken) returning f.run_id)
  select count(*) into mended from gone where run_id = run;
  -- A sync may meet the same thing twice: as one that failed before, and in its list.
  select count(distinct w.id) - mended into more_failed from jsonb_to_recordset(faults) w (id text) where not exists (
    select from commerce.sync_faults f where f.organization_id = organization and f.store_id = store and f.kind = note_taken.kind and f.external_id = w.id
      and f.run_id = run);
  insert into commerce.sync_faults as f (organization_id, store_id, kind, external_id, run_id, reason)
    select distinct on (w.id) organization, store, note_taken.kind, w.id, run, w.reason
    from jsonb_to_recordset(faults) w (id text, reason text) order by w.id
    on conflict (organization_id, store_id, kind, external_id) do update
      set run_id = excluded.run_id, reason = excluded.reason, tries = f.tries + 1;
  if run is not null then
    update commerce.sync_runs r
      set cursor = coalesce(next_cursor, r.cursor), created_count = r.created_count + created, updated_count = r.updated_count + updated,
          failed_count = r.failed_count + more_failed
      where r.organization_id = organization and r.id = run and r.status = 'running';
    if not found then
      raise exception 'This sync is over' using errcode = 'TN011', hint = 'Another one goes on.';
    end if;
  end if;
  return more_failed;
end
$$;
comment on function commerce.note_taken is
  'Notes what was taken over from a store, what could not be, and how far its sync is; answers how many more things of the sync could not be taken over.';
call kernel.run_as_definer('commerce.note_taken');

create function commerce.end_sync(store uuid, run uuid, failure text, is_refused boolean) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
begin
  update commerce.sync_runs r set status = case when failure is null then 'success' else 'error' end, ended_at = now(), error = failure
    where r.organization_id = organization and r.id = run and r.status = 'running';
  if found then
    update commerce.stores s
      set sync_status = case when failure is null then 'success' else 'error' end, sync_error = failure, last_sync_at = now(),
          status = case when is_refused then 'error' when s.status = 'error' and failure is null then 'active' else s.status end
      where s.organization_id = organization and s.id = store and s.status in ('active', 'error');
  end if;
end
$$;
comment on function commerce.end_sync is 'Ends a sync of a store, and says why where it failed; a store that refuses what opens it stands in error.';
call kernel.run_as_definer('commerce.end_sync');
grant execute on function commerce.begin_sync, commerce.note_taken, commerce.end_sync to tenon_worker;
