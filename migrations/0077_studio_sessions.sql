-- Studio, what people do in it. Sessions are open to whose they are and to whom they were opened, whatever the scope of the person's role; so
-- these functions find out by themselves what is open to whoever entered, and how far. What is not is answered as if it were not there.

create function studio.standing(s studio.sessions) returns text
  language plpgsql stable set search_path = '' as $$
declare
  held constant jsonb := kernel.actor_permissions();
  opened studio.session_people;
begin
  if held ->> 'studio.session.manage' = 'organization' or s.user_id = kernel.user_id() and held ? 'studio.session.write' then
    return 'own';
  end if;
  select * into opened from studio.session_people p
    where p.organization_id = s.organization_id and p.session_id = s.id and p.user_id = kernel.user_id();
  return case
    when opened.may_write and held ? 'studio.session.write' then 'write'
    when opened.user_id is not null and held ?| '{studio.session.read,studio.session.write}' then 'read'
    when s.is_template and held ? 'studio.session.write' then 'read' end;
end
$$;
comment on function studio.standing is
  'How far a session is open to who entered: own, write or read, or null. Templates are read by all who work in sessions.';

create function studio.find_session(session uuid, wanted text default 'read', in_bin boolean default false) returns studio.sessions
  language plpgsql stable set search_path = '' as $$
declare
  s studio.sessions;
  standing text;
begin
  select * into s from studio.sessions x where x.organization_id = kernel.organization_id() and x.id = session;
  standing := studio.standing(s);
  if s.id is null or standing is null or s.deleted_at is not null and not (in_bin and standing = 'own') then
    raise exception 'No such session' using errcode = 'TN010';
  elsif wanted = 'own' and standing <> 'own' then
    raise exception 'This is for whose session it is' using errcode = 'TN003', hint = 'Ask them, or work in a copy of your own.';
  elsif wanted = 'write' and standing = 'read' then
    raise exception 'This session is open to you for reading' using errcode = 'TN003', hint = 'Ask whose it is to let you write, or work in a copy of your own.';
  end if;
  return s;
end
$$;
comment on function studio.find_session is 'A session that is open to who entered as far as is wanted; raises TN010 where there is none, and TN003.';

create function studio.person_json(organization uuid, person uuid) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object('id', m.user_id, 'name', m.display_name) from organizations.memberships m
      where m.organization_id = organization and m.user_id = person;
  end;
comment on function studio.person_json(uuid, uuid) is 'A member by id and name; null for nobody.';

create function studio.touched_at(s studio.sessions) returns timestamptz
  language sql stable set search_path = ''
  begin atomic
    select greatest(s.created_at, (select max(d.updated_at) from studio.documents d where d.organization_id = s.organization_id and d.session_id = s.id));
  end;
comment on function studio.touched_at is 'When somebody last wrote something in a session.';

create function studio.session_json(s studio.sessions) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', s.id, 'title', s.title, 'client_name', s.client_name, 'session_type', s.session_type, 'is_template', s.is_template,
      'access', studio.standing(s), 'owner', studio.person_json(s.organization_id, s.user_id),
      'tags', (
        select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name, 'color', t.color) order by t.name), '[]')
        from studio.session_tags g join organizations.tags t on t.organization_id = g.organization_id and t.id = g.tag_id
        where g.organization_id = s.organization_id and g.session_id = s.id),
      'people', (
        select coalesce(json_agg(json_build_object('id', m.user_id, 'name', m.display_name, 'may_write', p.may_write) order by m.display_name, m.user_id), '[]')
        from studio.session_people p join organizations.memberships m on m.organization_id = p.organization_id and m.user_id = p.user_id
        where p.organization_id = s.organization_id and p.session_id = s.id and p.user_id <> s.user_id),
      'created_at', s.created_at, 'touched_at', studio.touched_at(s), 'deleted_at', s.deleted_at);
  end;
comment on function studio.session_json is 'A session as who entered sees it.';

create function studio.read_session(session uuid) returns json
  language sql stable security definer set search_path = ''
  begin atomic
    select studio.session_json(studio.find_session(session, in_bin => true));
  end;
comment on function studio.read_session(uuid) is 'A session that is open to who entered, in the bin too where it is theirs.';

-- Which: open (theirs and what was opened to them), own, shared, templates, bin, or all (for who may see everybody's).
create function studio.list_sessions(which text, search text, tag uuid) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  looked_at_max constant integer := 1000;
  shown_max constant integer := 200;
  organization constant uuid := kernel.organization_id();
  person constant uuid := kernel.user_id();
  sees_all constant boolean := coalesce(kernel.actor_permissions() ->> 'studio.session.manage' = 'organization', false);
begin
  return (
    with known as (
      (select s as k from studio.session_people p
         join studio.sessions s on s.organization_id = p.organization_id and s.id = p.session_id
         where which in ('open', 'own', 'shared', 'bin') and p.organization_id = organization and p.user_id = person
           and (s.deleted_at is not null) = (which = 'bin') and (which in ('open', 'bin') or (s.user_id = person) = (which = 'own'))
         order by p.session_id desc limit looked_at_max)
      union all
      (select s from studio.sessions s
         where which in ('templates', 'all') and (sees_all or which = 'templates') and s.organization_id = organization
           and s.deleted_at is null and s.is_template = (which = 'templates')
         order by s.updated_at desc limit looked_at_max)
    ), found as (
      select n.k, studio.touched_at(n.k) as touched_at from known n
      where (search is null or strpos(lower(concat_ws(' ', (n.k).title, (n.k).client_name)), lower(search)) > 0)
        and (tag is null or exists (
          select from studio.session_tags g where g.organization_id = organization and g.session_id = (n.k).id and g.tag_id = tag))
        and (which <> 'bin' or studio.standing(n.k) = 'own') and studio.standing(n.k) is not null
      order by touched_at desc, (n.k).id desc limit shown_max
    )
    select json_build_object('items', coalesce(json_agg(studio.session_json(f.k) order by f.touched_at desc, (f.k).id desc), '[]')) from found f);
end
$$;
comment on function studio.list_sessions is 'The sessions of a kind that are open to who entered, what was touched last first, at most 200.';

-- Making and changing sessions.

create function studio.require_write() returns void
  language plpgsql stable set search_path = '' as $$
begin
  if not kernel.actor_permissions() ? 'studio.session.write' then
    raise exception 'Permission studio.session.write is missing' using errcode = 'TN003', hint = 'Ask an administrator of the organization for it.';
  end if;
end
$$;
comment on function studio.require_write() is 'Raises TN003 unless who entered may work in sessions.';

create function studio.set_tags(session studio.sessions, tags uuid[]) returns void
  language plpgsql set search_path = '' as $$
begin
  if exists (select from unnest(tags) wanted where not exists (
      select from organizations.tags t where t.organization_id = session.organization_id and t.id = wanted)) then
    raise exception 'One of the tags is not there' using errcode = 'TN012', hint = 'Choose from the tags that the organization has.';
  end if;
  delete from studio.session_tags g where g.organization_id = session.organization_id and g.session_id = session.id and g.tag_id <> all (tags);
  insert into studio.session_tags (organization_id, session_id, tag_id)
    select distinct session.organization_id, session.id, wanted from unnest(tags) wanted on conflict do nothing;
end
$$;
comment on function studio.set_tags is 'Gives a session these tags and no others; raises TN012 where one is none of the organization''s.';

-- wanted has title and, where they matter, client_name, session_type, is_template and tags. Of a source all sections are taken over, and
-- what wanted leaves out; a copy of a template is none itself.
create function studio.make_session(wanted jsonb, source uuid default null) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  sessions_max constant integer := 1000;
  person constant uuid := kernel.user_id();
  original studio.sessions;
  made studio.sessions;
begin
  perform studio.require_write();
  if source is not null then
    original := studio.find_session(source);
  end if;
  -- Who makes several at once makes one after the other, so that they are counted.
  perform from organizations.memberships m where m.organization_id = kernel.organization_id() and m.user_id = person for no key update;
  if (select count(*) from studio.sessions s where s.organization_id = kernel.organization_id() and s.user_id = person and s.deleted_at is null) >= sessions_max then
    raise exception 'You have % sessions already', sessions_max using errcode = 'TN011', hint = 'Put those into the bin that you do not need any more.';
  end if;
  insert into studio.sessions (organization_id, user_id, title, client_name, customer_id, session_type, is_template)
    values (
      kernel.organization_id(), person, btrim(wanted ->> 'title'),
      case when wanted ? 'client_name' then wanted ->> 'client_name' when not original.is_template then original.client_name end,
      case when not original.is_template then original.customer_id end,
      coalesce(wanted ->> 'session_type', nullif(original.session_type, 'template'), 'solution'), coalesce((wanted ->> 'is_template')::boolean, false))
    returning * into made;
  insert into studio.documents (organization_id, session_id, section, content, saved_by)
    select made.organization_id, made.id, d.section, d.content, person from studio.documents d
    where d.organization_id = original.organization_id and d.session_id = original.id;
  insert into studio.documents (organization_id, session_id, section, saved_by) values (made.organization_id, made.id, 'structuring', person)
    on conflict do nothing;
  perform studio.set_tags(made, case
    when wanted ? 'tags' then array(select jsonb_array_elements_text(wanted -> 'tags')::uuid)
    else array(select g.tag_id from studio.session_tags g where g.organization_id = original.organization_id and g.session_id = original.id) end);
  return studio.session_json(made);
end
$$;
comment on function studio.make_session is 'Makes a session of who entered, empty or as a copy, in one step.';

create function studio.change_session(session uuid, changes jsonb) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  s studio.sessions := studio.find_session(session, case when changes ? 'is_template' then 'own' else 'write' end);
begin
  update studio.sessions x
    set title = coalesce(btrim(changes ->> 'title'), x.title),
        client_name = case when changes ? 'client_name' then changes ->> 'client_name' else x.client_name end,
        session_type = coalesce(changes ->> 'session_type', x.session_type),
        is_template = coalesce((changes ->> 'is_template')::boolean, x.is_template)
    where x.organization_id = s.organization_id and x.id = s.id and changes ?| '{title,client_name,session_type,is_template}' returning * into s;
  s := studio.find_session(session);
  if changes ? 'tags' then
    perform studio.set_tags(s, array(select jsonb_array_elements_text(changes -> 'tags')::uuid));
  end if;
  return studio.session_json(s);
end
$$;
comment on function studio.change_session is 'Changes what is given of a session: title, client_name, session_type, is_template, tags.';

create function studio.bin_session(session uuid, is_binned boolean) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  s studio.sessions := studio.find_session(session, 'own', in_bin => true);
begin
  update studio.sessions x set deleted_at = case when is_binned then now() end
    where x.organization_id = s.organization_id and x.id = s.id and (x.deleted_at is not null) <> is_binned;
  return studio.read_session(session);
end
$$;
comment on function studio.bin_session is 'Puts a session into the bin, or takes it out.';

create function studio.open_to(session uuid, member uuid, may_write boolean) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  people_max constant integer := 100;
  s constant studio.sessions := studio.find_session(session, 'own');
  status constant text := (select m.status from organizations.memberships m where m.organization_id = s.organization_id and m.user_id = member);
begin
  if status is null then
    raise exception 'No such member' using errcode = 'TN010';
  elsif status = 'left' then
    raise exception 'They have left the organization' using errcode = 'TN011', hint = 'Choose somebody else, or invite them again.';
  elsif member = s.user_id then
    raise exception 'It is open to whose it is already' using errcode = 'TN011', hint = 'Choose somebody else.';
  elsif (select count(*) from studio.session_people p where p.organization_id = s.organization_id and p.session_id = s.id) > people_max then
    raise exception 'It is open to % people already', people_max using errcode = 'TN011', hint = 'Close it to those who do not need it any more.';
  end if;
  insert into studio.session_people as p (organization_id, session_id, user_id, may_write) values (s.organization_id, s.id, member, open_to.may_write)
    on conflict (organization_id, session_id, user_id) do update set may_write = excluded.may_write where p.may_write <> excluded.may_write;
  return studio.session_json(s);
end
$$;
comment on function studio.open_to is 'Opens a session to a member, to read it or to write in it too.';

create function studio.close_to(session uuid, member uuid) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  s constant studio.sessions := studio.find_session(session, 'own');
begin
  delete from studio.session_people p where p.organization_id = s.organization_id and p.session_id = s.id and p.user_id = member and member <> s.user_id;
  if not found then
    raise exception 'It is not open to them' using errcode = 'TN010';
  end if;
  return studio.session_json(s);
end
$$;
comment on function studio.close_to is 'Closes a session to a member that it was opened to.';

call kernel.run_as_definer('studio.read_session');
call kernel.run_as_definer('studio.list_sessions');
call kernel.run_as_definer('studio.make_session');
call kernel.run_as_definer('studio.change_session');
call kernel.run_as_definer('studio.bin_session');
call kernel.run_as_definer('studio.open_to');
call kernel.run_as_definer('studio.close_to');
grant execute on function studio.read_session, studio.list_sessions, studio.make_session, studio.change_session, studio.bin_session, studio.open_to,
  studio.close_to to tenon_member, tenon_own;
grant execute on function studio.read_session, studio.list_sessions to tenon_client;
grant execute on function studio.standing, studio.find_session, studio.person_json, studio.touched_at, studio.session_json, studio.require_write, studio.set_tags
  to tenon_definer;
