-- What changes, told as it happens: one reader a process asks once a second for all who listen there, while somebody does.

create function audit.changes_since(seen pg_snapshot, organizations uuid[], out cluster text, out reading text, out resume_at text, out is_cut boolean, out changes jsonb)
  language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
declare
  entries_max constant integer := 10000;
  present constant pg_snapshot := audit.current_snapshot();
begin
  cluster := (select c.system_identifier from pg_control_system() c)::text;
  reading := present::text;
  resume_at := pg_snapshot_xmin(present)::text;
  -- Where nothing is given it is asked for the present only; a transaction that is still to come was told by another cluster.
  if seen is null or pg_snapshot_xmin(seen) > pg_snapshot_xmax(present) then
    is_cut := seen is not null;
    changes := '[]';
    return;
  end if;
  with found as materialized (
    select a.* from audit.audit_logs a
    where a.xid >= pg_snapshot_xmin(seen)::text::xid8 and a.xid < pg_snapshot_xmax(present)::text::xid8
      and not pg_visible_in_snapshot(a.xid, seen) and pg_visible_in_snapshot(a.xid, present)
    limit entries_max + 1
  )
  select count(*) > entries_max, coalesce(jsonb_agg(jsonb_build_object(
      'organization_id', f.organization_id, 'operation', f.operation, 'action', f.action, 'resource_type', f.resource_type,
      'resource_id', f.resource_id, 'actor_kind', f.actor_kind, 'user_id', f.user_id) order by f.seq)
      filter (where f.organization_id = any (organizations)), '[]')
    into is_cut, changes from found f;
end
$$;
comment on function audit.changes_since is
  'Which rows of organizations changed between a snapshot and now, without values; is_cut when it is too much to tell. resume_at is the transaction from which on a later look misses nothing.';
call kernel.run_as_definer('audit.changes_since');
grant execute on function audit.changes_since to tenon_dispatcher;

create function audit.listener_permissions() returns jsonb
  language sql stable security definer set search_path = ''
  return kernel.actor_permissions();
comment on function audit.listener_permissions() is 'What who entered may do, and in which scope: it decides what they are told of.';
call kernel.run_as_definer('audit.listener_permissions');
grant execute on function audit.listener_permissions to tenon_member, tenon_own, tenon_client;
