-- Documents made of studio sessions: a task prints them, and they cost credits. What becomes of the task is told by the export's row.

create function studio.export_json(e studio.exports) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', e.id, 'format', e.format, 'status', e.status, 'file_name', e.file_name, 'bytes', e.bytes, 'error', e.error,
      'requested_by', studio.person_json(e.organization_id, e.requested_by), 'created_at', e.created_at,
      'is_kept', exists (
        select from tasks.files f where f.organization_id = e.organization_id and f.id::text = e.storage_key));
  end;
comment on function studio.export_json is 'An export, and whether its file is still kept.';

-- The wish is for the task that prints it. What it costs is set aside by the engine before each try; whether it can be is asked here too, so
-- that whoever has not enough credits hears it at once.
create function studio.start_export(session uuid, wish jsonb) returns json
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  open_max constant integer := 5;
  s constant studio.sessions := studio.find_session(session, 'write');
  made studio.exports;
begin
  if (
    select count(*) from studio.exports e where e.organization_id = s.organization_id and e.session_id = s.id and e.status in ('queued', 'running')
  ) >= open_max then
    raise exception 'PDFs of this session are being made already' using errcode = 'TN011', hint = 'Wait until one of them is ready.';
  end if;
  perform credits.check_limit(s.organization_id, 'exports');
  insert into studio.exports (organization_id, session_id, format, requested_by) values (s.organization_id, s.id, 'pdf', kernel.user_id()) returning * into made;
  perform credits.release_hold(s.organization_id, credits.reserve(
    s.organization_id, (wish ->> 'estimated_cost')::bigint, 'studio.export:' || made.id, kernel.user_id(), now() + interval '1 minute'));
  update studio.exports e
    set task_id = (select t.id from tasks.enqueue(s.organization_id, kernel.user_id(), jsonb_build_array(wish)) t)
    where e.organization_id = made.organization_id and e.id = made.id returning * into made;
  return studio.export_json(made);
end
$$;
comment on function studio.start_export is 'Has a document made of a session by a task; raises TN014 or TN015 where it cannot be paid.';

create function studio.list_exports(session uuid) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  shown_max constant integer := 50;
  s constant studio.sessions := studio.find_session(session);
begin
  return (
    select json_build_object('items', coalesce(json_agg(studio.export_json(e) order by e.id desc), '[]')) from (
      select * from studio.exports x where x.organization_id = s.organization_id and x.session_id = s.id order by x.id desc limit shown_max) e);
end
$$;
comment on function studio.list_exports is 'The documents made of a session, the latest first, at most 50.';

create function studio.find_export_file(session uuid, export uuid) returns tasks.files
  language plpgsql stable set search_path = '' as $$
declare
  s constant studio.sessions := studio.find_session(session);
  f tasks.files;
begin
  select x.* into f from studio.exports e join tasks.files x on x.organization_id = e.organization_id and x.id::text = e.storage_key
    where e.organization_id = s.organization_id and e.session_id = s.id and e.id = export;
  if not found then
    raise exception 'No such document' using errcode = 'TN010';
  end if;
  return f;
end
$$;
comment on function studio.find_export_file is 'The file of an export; raises TN010 where there is none, or none any more.';

create function studio.read_export(session uuid, export uuid) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  f constant tasks.files := studio.find_export_file(session, export);
begin
  return json_build_object('name', f.name, 'media_type', f.media_type, 'bytes', f.bytes);
end
$$;
comment on function studio.read_export is 'What the file of an export is.';

create function studio.read_export_piece(session uuid, export uuid, piece integer) returns text
  language plpgsql stable security definer set search_path = '' as $$
declare
  f constant tasks.files := studio.find_export_file(session, export);
begin
  return (
    select encode(c.bytes, 'base64') from tasks.file_chunks c where c.organization_id = f.organization_id and c.file_id = f.id and c.position = piece);
end
$$;
comment on function studio.read_export_piece is 'A piece of the file of an export, from 0, as base64; null behind the last.';

-- What its task does. Begun again after a worker was lost, it finds what is done already.

create function studio.begin_export(task uuid) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  e studio.exports;
  s studio.sessions;
begin
  select * into e from studio.exports x where x.organization_id = kernel.organization_id() and x.task_id = task for no key update;
  if not found then
    raise exception 'No such export' using errcode = 'TN010';
  elsif e.status = 'completed' then
    return json_build_object('done', studio.export_json(e));
  end if;
  -- Who asked may have lost the session meanwhile.
  s := studio.find_session(e.session_id);
  update studio.exports x set status = 'running', error = null where x.organization_id = e.organization_id and x.id = e.id and x.status <> 'running';
  return json_build_object(
    'title', s.title, 'client_name', s.client_name, 'organization', (select o.name from organizations.organizations o where o.id = s.organization_id),
    'printed_at', now(), 'sections', (
      select coalesce(json_agg(studio.shown_section(d) order by d.section), '[]') from studio.documents d
      where d.organization_id = s.organization_id and d.session_id = s.id));
end
$$;
comment on function studio.begin_export is 'What is to be printed for a task, or the export, done, where that was done before.';

create function studio.complete_export(task uuid, file uuid, cost bigint) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  e studio.exports;
begin
  select * into e from studio.exports x where x.organization_id = kernel.organization_id() and x.task_id = task for no key update;
  if e.status <> 'completed' then
    update studio.exports x set status = 'completed', storage_key = f.id, file_name = f.name, bytes = f.bytes
      from tasks.files f where x.organization_id = e.organization_id and x.id = e.id and f.organization_id = e.organization_id and f.id = file
      returning x.* into e;
    perform credits.record_usage(e.organization_id, jsonb_build_array(jsonb_build_object(
      'key', 'studio.export:' || e.id, 'event', 'pdf_export', 'resource', 'exports', 'amount', 1, 'credits', cost,
      'user_id', e.requested_by, 'subject', 'studio.session:' || e.session_id, 'data', jsonb_build_object('export', e.id))));
  end if;
  return studio.export_json(e);
end
$$;
comment on function studio.complete_export is 'Notes the file of an export and what was used, once.';

-- A task can fail without being run: for want of credits, or because its workers were lost.
create function studio.follow_export() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update studio.exports e set status = 'failed', error = coalesce(new.error_details ->> 'message', 'It was not made.')
    where e.organization_id = new.organization_id and e.task_id = new.id and e.status in ('queued', 'running');
  return null;
end
$$;
comment on function studio.follow_export() is 'Tells an export that its task has failed.';
call kernel.run_as_definer('studio.follow_export');
create trigger follow_export after update of status on tasks.tasks for each row
  when (new.type = 'studio.export_pdf' and new.status in ('failed', 'cancelled')) execute function studio.follow_export();

call kernel.run_as_definer('studio.start_export');
call kernel.run_as_definer('studio.list_exports');
call kernel.run_as_definer('studio.read_export');
call kernel.run_as_definer('studio.read_export_piece');
call kernel.run_as_definer('studio.begin_export');
call kernel.run_as_definer('studio.complete_export');
grant execute on function studio.start_export to tenon_member, tenon_own;
grant execute on function studio.list_exports, studio.read_export, studio.read_export_piece to tenon_member, tenon_own, tenon_client;
grant execute on function studio.begin_export, studio.complete_export to tenon_worker;
grant execute on function studio.export_json, studio.find_export_file to tenon_definer;
