-- What stands in studio sessions: saving without writing over anybody, what it said before, public links, and documents made of it.

create function studio.document_json(d studio.documents, access text) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'section', d.section, 'content', d.content, 'revision', coalesce(d.version, 0), 'saved_by', studio.person_json(d.organization_id, d.saved_by),
      'saved_at', d.updated_at, 'access', access);
  end;
comment on function studio.document_json is 'A section with its revision, 0 where nobody has saved it yet, and how far it is open to who asks.';

create function studio.shown_section(d studio.documents) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object('section', d.section, 'content', d.content, 'saved_at', d.updated_at);
  end;
comment on function studio.shown_section is 'A section as those see it who have no part in the session: by a public link, and in print.';

create function studio.read_document(session uuid, section text) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  s constant studio.sessions := studio.find_session(session);
  d studio.documents;
begin
  select * into d from studio.documents x where x.organization_id = s.organization_id and x.session_id = s.id and x.section = read_document.section;
  d.section := read_document.section;
  d.content := coalesce(d.content, '{}');
  return studio.document_json(d, studio.standing(s));
end
$$;
comment on function studio.read_document is 'A section of a session that is open to who entered.';

create function studio.lock_document(session uuid, section text) returns studio.documents
  language plpgsql set search_path = '' as $$
declare
  s constant studio.sessions := studio.find_session(session, 'write');
  d studio.documents;
begin
  insert into studio.documents (organization_id, session_id, section) values (s.organization_id, s.id, lock_document.section) on conflict do nothing;
  select * into d from studio.documents x
    where x.organization_id = s.organization_id and x.session_id = s.id and x.section = lock_document.section for no key update;
  return d;
end
$$;
comment on function studio.lock_document is 'Locks a section for writing, which is there from then on.';

-- Of versions without a name the oldest go, so that a section that is worked in for years does not grow for ever.
create function studio.keep_version(d studio.documents, name text default null) returns integer
  language plpgsql set search_path = '' as $$
declare
  unnamed_max constant integer := 200;
  named_max constant integer := 100;
  number constant integer := 1 + coalesce((
    select max(v.number) from studio.versions v where v.organization_id = d.organization_id and v.session_id = d.session_id and v.section = d.section), 0);
begin
  if name is not null and (
    select count(*) from studio.versions v
    where v.organization_id = d.organization_id and v.session_id = d.session_id and v.section = d.section and v.name is not null) >= named_max then
    raise exception 'There are % versions with a name already', named_max using errcode = 'TN011', hint = 'Go on in a copy of the session.';
  end if;
  insert into studio.versions (organization_id, session_id, section, number, content, name, saved_by, saved_at)
    values (d.organization_id, d.session_id, d.section, number, d.content, btrim(keep_version.name), d.saved_by, d.updated_at);
  delete from studio.versions v
    where v.organization_id = d.organization_id and v.session_id = d.session_id and v.section = d.section and v.name is null and v.number <= (
      select o.number from studio.versions o
      where o.organization_id = d.organization_id and o.session_id = d.session_id and o.section = d.section and o.name is null
      order by o.number desc offset unnamed_max limit 1);
  return number;
end
$$;
comment on function studio.keep_version is 'Keeps what a section says now as a version, with a name or without; returns its number.';

/*
  Whether what stands there is kept when it is written over. Saving comes every few seconds, so: when another person wrote it, but not
  more than once a minute, and when ten minutes have passed since the last version, or since the section was made.
*/
create function studio.is_worth_keeping(d studio.documents) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select d.content <> '{}' and now() - coalesce((
        select max(v.created_at) from studio.versions v
        where v.organization_id = d.organization_id and v.session_id = d.session_id and v.section = d.section), d.created_at)
      >= case when d.saved_by is distinct from kernel.user_id() then interval '1 minute' else interval '10 minutes' end;
  end;
comment on function studio.is_worth_keeping is 'Whether a version is kept of a section before it is written over.';

/*
  Saves a section if it still is at the revision that the caller knows: {is_saved, document}; is_saved is false where it is not, and
  document is then what stands there. Who names no revision writes over whatever there is, which is always kept as a version.
*/
create function studio.save_document(session uuid, section text, content jsonb, revision bigint) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  d studio.documents := studio.lock_document(session, section);
  is_known constant boolean := revision is null or revision = d.version or revision = 0 and d.content = '{}';
begin
  if is_known and d.content <> save_document.content then
    if studio.is_worth_keeping(d) or revision is null and d.content <> '{}' then
      perform studio.keep_version(d);
    end if;
    update studio.documents x set content = save_document.content, saved_by = kernel.user_id()
      where x.organization_id = d.organization_id and x.session_id = d.session_id and x.section = d.section returning * into d;
  end if;
  return json_build_object('is_saved', is_known, 'document', studio.document_json(d, studio.standing(studio.find_session(session))));
end
$$;
comment on function studio.save_document is 'Saves a section unless somebody has saved it since; answers what stands there then.';

-- What a section said before.

create function studio.version_json(v studio.versions) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object('number', v.number, 'name', v.name, 'saved_by', studio.person_json(v.organization_id, v.saved_by), 'saved_at', v.saved_at);
  end;
comment on function studio.version_json is 'A version without its content.';

create function studio.list_versions(session uuid, section text) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  s constant studio.sessions := studio.find_session(session);
begin
  return (
    select json_build_object('items', coalesce(json_agg(studio.version_json(v) order by v.number desc), '[]')) from studio.versions v
    where v.organization_id = s.organization_id and v.session_id = s.id and v.section = list_versions.section);
end
$$;
comment on function studio.list_versions is 'The versions of a section, the latest first.';

create function studio.find_version(s studio.sessions, section text, number integer) returns studio.versions
  language plpgsql stable set search_path = '' as $$
declare
  v studio.versions;
begin
  select * into v from studio.versions x
    where x.organization_id = s.organization_id and x.session_id = s.id and x.section = find_version.section and x.number = find_version.number;
  if not found then
    raise exception 'No such version' using errcode = 'TN010';
  end if;
  return v;
end
$$;
comment on function studio.find_version is 'A version of a section; raises TN010 where there is none.';

create function studio.read_version(session uuid, section text, number integer) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  v constant studio.versions := studio.find_version(studio.find_session(session), section, number);
begin
  return (studio.version_json(v)::jsonb || jsonb_build_object('content', v.content))::json;
end
$$;
comment on function studio.read_version is 'A version of a section with its content.';

create function studio.name_version(session uuid, section text, name text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  number constant integer := studio.keep_version(studio.lock_document(session, section), name);
begin
  return studio.version_json(studio.find_version(studio.find_session(session), section, number));
end
$$;
comment on function studio.name_version is 'Keeps what a section says now as a version with a name.';

create function studio.restore_version(session uuid, section text, number integer) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  d studio.documents := studio.lock_document(session, section);
  v constant studio.versions := studio.find_version(studio.find_session(session), section, number);
begin
  if d.content <> v.content then
    perform studio.keep_version(d) where d.content <> '{}';
    update studio.documents x set content = v.content, saved_by = kernel.user_id()
      where x.organization_id = d.organization_id and x.session_id = d.session_id and x.section = d.section returning * into d;
  end if;
  return studio.document_json(d, studio.standing(studio.find_session(session)));
end
$$;
comment on function studio.restore_version is 'Makes a version what the section says, as a new revision; what it said is kept as a version.';

-- Public links.

create function studio.share_json(h studio.shares) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', h.id, 'sections', h.sections, 'created_by', studio.person_json(h.organization_id, h.created_by), 'created_at', h.created_at,
      'expires_at', h.expires_at, 'revoked_at', h.revoked_at, 'last_opened_at', h.last_opened_at,
      'is_open', h.revoked_at is null and (h.expires_at is null or h.expires_at > now()));
  end;
comment on function studio.share_json is 'A public link, of whose secret nothing is told.';

create function studio.make_share(session uuid, secret_hash bytea, sections text[], days integer) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  open_max constant integer := 50;
  s constant studio.sessions := studio.find_session(session, 'write');
  made studio.shares;
begin
  if (
    select count(*) from studio.shares h where h.organization_id = s.organization_id and h.session_id = s.id and (studio.share_json(h) ->> 'is_open')::boolean
  ) >= open_max then
    raise exception 'This session has % open links already', open_max using errcode = 'TN011', hint = 'Take back those that are not needed any more.';
  end if;
  insert into studio.shares (organization_id, session_id, secret_hash, sections, created_by, expires_at)
    values (s.organization_id, s.id, make_share.secret_hash, make_share.sections, kernel.user_id(), now() + make_interval(days => days)) returning * into made;
  return studio.share_json(made);
end
$$;
comment on function studio.make_share is 'Makes a public link to sections of a session, for so many days or until it is taken back.';

create function studio.list_shares(session uuid) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  shown_max constant integer := 200;
  s constant studio.sessions := studio.find_session(session, 'write');
begin
  return (
    select json_build_object('items', coalesce(json_agg(studio.share_json(h) order by h.id desc), '[]')) from (
      select * from studio.shares x where x.organization_id = s.organization_id and x.session_id = s.id order by x.id desc limit shown_max) h);
end
$$;
comment on function studio.list_shares is 'The public links to a session, the latest first, at most 200.';

create function studio.revoke_share(session uuid, share uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  s constant studio.sessions := studio.find_session(session, 'write');
begin
  update studio.shares h set revoked_at = coalesce(h.revoked_at, now()) where h.organization_id = s.organization_id and h.session_id = s.id and h.id = share;
  if not found then
    raise exception 'No such link' using errcode = 'TN010';
  end if;
end
$$;
comment on function studio.revoke_share is 'Takes a public link back: it opens nothing from then on.';

-- Whoever holds the secret is shown what the link shows; anything else is null, whatever the reason. That it was opened is noted once a minute.
create function studio.open_share(organization uuid, share uuid, secret_hash bytea, request text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  h studio.shares;
  shown json;
begin
  select * into h from studio.shares x
    where x.organization_id = organization and x.id = share and x.secret_hash = open_share.secret_hash and x.revoked_at is null
      and (x.expires_at is null or x.expires_at > now());
  select json_build_object(
      'title', s.title, 'client_name', s.client_name, 'organization', o.name, 'expires_at', h.expires_at, 'sections', (
        select coalesce(json_agg(studio.shown_section(d) order by d.section), '[]')
        from studio.documents d where d.organization_id = h.organization_id and d.session_id = h.session_id and d.section = any (h.sections)))
    into shown
    from studio.sessions s join organizations.organizations o on o.id = s.organization_id and o.status = 'active'
    where s.organization_id = h.organization_id and s.id = h.session_id and s.deleted_at is null;
  update studio.shares x set last_opened_at = now()
    where shown is not null and x.organization_id = h.organization_id and x.id = h.id and coalesce(x.last_opened_at < now() - interval '1 minute', true);
  return shown;
end
$$;
comment on function studio.open_share is 'What a public link shows, for whoever has its secret; null where it shows nothing.';

call kernel.run_as_definer('studio.read_document');
call kernel.run_as_definer('studio.save_document');
call kernel.run_as_definer('studio.list_versions');
call kernel.run_as_definer('studio.read_version');
call kernel.run_as_definer('studio.name_version');
call kernel.run_as_definer('studio.restore_version');
call kernel.run_as_definer('studio.make_share');
call kernel.run_as_definer('studio.list_shares');
call kernel.run_as_definer('studio.revoke_share');
call kernel.run_as_definer('studio.open_share');
grant execute on function studio.read_document, studio.save_document, studio.list_versions, studio.read_version, studio.name_version, studio.restore_version,
  studio.make_share, studio.list_shares, studio.revoke_share to tenon_member, tenon_own;
grant execute on function studio.read_document, studio.list_versions, studio.read_version to tenon_client;
grant execute on function studio.open_share to tenon_public;
grant execute on function studio.document_json, studio.shown_section, studio.lock_document, studio.keep_version, studio.is_worth_keeping, studio.version_json,
  studio.find_version, studio.share_json to tenon_definer;
