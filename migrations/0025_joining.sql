-- Joining by a proved domain, and keeping the proof fresh.

create table organizations.join_requests (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  user_id uuid not null,
  domain_id uuid not null,
  status text not null default 'open' check (status in ('open', 'approved', 'refused')),
  decided_by uuid,
  decided_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references organizations.memberships on delete cascade,
  foreign key (organization_id, domain_id) references organizations.domains on delete cascade,
  foreign key (organization_id, decided_by) references organizations.memberships on delete cascade,
  check ((status = 'open') = (decided_at is null))
);
comment on table organizations.join_requests is 'People who ask to join by their address; each has a membership that is pending, or was left. Sensitivity: medium.';
comment on column organizations.join_requests.organization_id is 'The organization to join.';
comment on column organizations.join_requests.id is 'Identifier.';
comment on column organizations.join_requests.user_id is 'The person who asks.';
comment on column organizations.join_requests.domain_id is 'The domain of their address; it says which role they would get.';
comment on column organizations.join_requests.status is 'open until a member decided, or the person joined in another way.';
comment on column organizations.join_requests.decided_by is 'The member who decided.';
comment on column organizations.join_requests.decided_at is 'When.';
comment on index organizations.join_requests_pkey is 'Finds a request by id.';
create unique index join_requests_open on organizations.join_requests (organization_id, user_id) where status = 'open';
comment on index organizations.join_requests_open is 'One open request per person.';
create index join_requests_by_member on organizations.join_requests (organization_id, user_id);
comment on index organizations.join_requests_by_member is 'The requests of a person.';
create index join_requests_by_domain on organizations.join_requests (organization_id, domain_id);
comment on index organizations.join_requests_by_domain is 'Who asked by a domain.';
create index join_requests_by_decider on organizations.join_requests (organization_id, decided_by) where decided_by is not null;
comment on index organizations.join_requests_by_decider is 'What a member decided.';
call kernel.tenant_table('organizations.join_requests', access => 'read');

create function organizations.close_join_requests() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  update organizations.join_requests r set status = 'approved', decided_at = now()
    where r.organization_id = new.organization_id and r.user_id = new.user_id and r.status = 'open';
  return null;
end
$$;
comment on function organizations.close_join_requests() is 'Whoever became a member need not ask any more.';
create trigger close_join_requests after update of status on organizations.memberships
  for each row when (new.status = 'active' and old.status <> 'active') execute function organizations.close_join_requests();

/*
  The organizations that a person may join by the domain of their proved address, exactly: a name below it, or one that only
  looks alike, is another domain. Who was suspended is not offered anything; who left needs an approval whatever the mode.
*/
create function organizations.joinable_for(person uuid)
  returns table (organization_id uuid, slug text, name text, logo_url text, domain_id uuid, role_id uuid, mode text, membership_status text)
  language sql stable set search_path = ''
  begin atomic
    select o.id, o.slug, o.name, o.logo_url, d.id, d.role_id,
           case when m.status = 'left' then 'request' else d.mode end, m.status
    from identity.users u
    join organizations.verified_domains v
      on v.domain = organizations.domain_of_address(u.email) or v.unicode_name = organizations.domain_of_address(u.email)
    join organizations.organizations o on o.id = v.holder_id and o.status = 'active'
    join organizations.domains d on d.organization_id = o.id and d.domain = v.domain
    left join organizations.memberships m on m.organization_id = o.id and m.user_id = u.id
    where u.id = person and u.kind = 'person' and u.status = 'active' and u.email_verified_at is not null
      and not organizations.is_public_domain(v.domain)
      and (m.status is null or m.status in ('pending', 'left'));
  end;
comment on function organizations.joinable_for(uuid) is 'The organizations that a person may join by their address.';

create function organizations.my_joinable(holder uuid, session uuid, secret text, request text) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret);
begin
  return jsonb_build_object('items', (
    select coalesce(jsonb_agg(jsonb_build_object('slug', j.slug, 'name', j.name, 'logo_url', j.logo_url, 'mode', j.mode,
      'is_requested', exists (select from organizations.join_requests r
        where r.organization_id = j.organization_id and r.user_id = person and r.status = 'open')) order by j.name), '[]')
    from organizations.joinable_for(person) j));
end
$$;
comment on function organizations.my_joinable is 'The organizations that the person of the session may join by their address.';

create function organizations.join_by_domain(holder uuid, session uuid, secret text, slug text, request text) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  refused_for constant interval := '7 days';
  person constant uuid := identity.require_session(holder, session, secret);
  j record;
begin
  -- Asked twice: once to know what to lock, once to know what is true then.
  select * into j from organizations.joinable_for(person) f where f.slug = join_by_domain.slug;
  perform organizations.lock_organization(j.organization_id);
  select * into j from organizations.joinable_for(person) f where f.slug = join_by_domain.slug;
  if j.organization_id is null then
    raise exception 'There is no such organization to join' using errcode = 'TN010';
  end if;
  perform set_config('tenon.user_id', person::text, true), set_config('tenon.request', request, true);
  if j.mode = 'join' then
    perform organizations.admit_member(j.organization_id, person, null, array[j.role_id]);
    return 'joined';
  elsif exists (select from organizations.join_requests r where r.organization_id = j.organization_id and r.user_id = person and r.status = 'open') then
    return 'requested';
  elsif exists (select from organizations.join_requests r
    where r.organization_id = j.organization_id and r.user_id = person and r.status = 'refused' and r.decided_at > now() - refused_for) then
    raise exception 'Your last request was refused a short while ago' using errcode = 'TN011', hint = 'Ask somebody in the organization to invite you.';
  end if;
  if j.membership_status is null then
    insert into organizations.memberships (organization_id, user_id, status, display_name, email, avatar_url)
      select j.organization_id, u.id, 'pending', u.full_name, u.email, u.avatar_url from identity.users u where u.id = person;
  end if;
  insert into organizations.join_requests (organization_id, user_id, domain_id) values (j.organization_id, person, j.domain_id);
  perform organizations.tell_deciders(j.organization_id, person);
  return 'requested';
end
$$;
comment on function organizations.join_by_domain is 'Makes the person of the session a member of an organization by their address, or asks for it: joined or requested.';

create function organizations.tell_deciders(organization uuid, person uuid) returns void
  language sql set search_path = ''
  begin atomic
    select kernel.queue_mail(d.email, 'join_requested', jsonb_build_object(
      'name', d.display_name, 'person', u.full_name, 'email', u.email, 'organization', o.name, 'slug', o.slug))
    from organizations.organizations o
    join identity.users u on u.id = person
    cross join lateral (
      select m.email, m.display_name from organizations.memberships m join identity.users mu on mu.id = m.user_id and mu.kind = 'person'
      where m.organization_id = o.id and m.status = 'active' and m.effective_permissions ->> 'member.manage' = 'organization'
      order by m.joined_at, m.user_id limit 10) d
    where o.id = organization;
  end;
comment on function organizations.tell_deciders(uuid, uuid) is 'Tells those who may decide, ten at most, that somebody asks to join.';

create function organizations.decide_join_request(request_id uuid, decision text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  decided constant text := case decision when 'approve' then 'approved' else 'refused' end;
  r organizations.join_requests;
  given uuid;
begin
  call kernel.require_permission('member.manage');
  perform organizations.lock_organization(organization);
  select * into r from organizations.join_requests where organization_id = organization and id = request_id for update;
  if r.id is null then
    raise exception 'There is no such request' using errcode = 'TN010';
  elsif r.status <> 'open' then
    raise exception 'This request was % already', r.status using errcode = 'TN011', hint = 'There is nothing left to decide.';
  end if;
  update organizations.join_requests set status = decided, decided_by = kernel.user_id(), decided_at = now()
    where organization_id = organization and id = request_id;
  if decided = 'approved' then
    select j.role_id into given from organizations.joinable_for(r.user_id) j where j.organization_id = organization;
    if given is null then
      raise exception 'The person has no address at a proved domain any more' using errcode = 'TN011', hint = 'Refuse the request, or invite the person.';
    end if;
    call organizations.require_roles(array[given]);
    perform organizations.admit_member(organization, r.user_id, kernel.user_id(), array[given]);
  else
    update organizations.memberships m set status = 'left', left_at = now()
      where m.organization_id = organization and m.user_id = r.user_id and m.status = 'pending';
  end if;
  perform kernel.queue_mail(u.email, 'join_decided', jsonb_build_object(
      'name', u.full_name, 'organization', o.name, 'slug', o.slug, 'decision', decided))
    from identity.users u cross join organizations.organizations o where u.id = r.user_id and o.id = organization;
  return jsonb_build_object('status', decided);
end
$$;
comment on function organizations.decide_join_request is 'Approves or refuses a request to join, and tells the person.';

create function organizations.remove_domain(domain uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  d constant organizations.domains := organizations.find_domain(domain);
begin
  update organizations.memberships m set status = 'left', left_at = now()
    from organizations.join_requests r
    where r.organization_id = d.organization_id and r.domain_id = d.id and r.status = 'open'
      and m.organization_id = r.organization_id and m.user_id = r.user_id and m.status = 'pending';
  delete from organizations.domains x where x.organization_id = d.organization_id and x.id = d.id;
end
$$;
comment on function organizations.remove_domain(uuid) is 'Removes a domain with the requests that came by it; members stay.';

-- What a look into the DNS came to. `is_there` is null where no name server answered: that proves nothing either way.

create function organizations.note_domain_check(organization uuid, domain uuid, is_there boolean) returns organizations.domains
  language plpgsql set search_path = '' as $$
declare
  missing_for constant interval := '7 days';
  before organizations.domains;
  after organizations.domains;
begin
  select * into before from organizations.domains d where d.organization_id = organization and d.id = note_domain_check.domain for update;
  update organizations.domains d set last_checked_at = now(),
      verified_at = case when is_there then coalesce(d.verified_at, now())
        when is_there is null or d.missing_since is null or d.missing_since > now() - missing_for then d.verified_at end,
      missing_since = case when is_there is null then d.missing_since
        when not is_there and d.verified_at is not null and (d.missing_since is null or d.missing_since > now() - missing_for)
          then coalesce(d.missing_since, now()) end
    where d.organization_id = organization and d.id = note_domain_check.domain returning * into after;
  if before.verified_at is not null and after.verified_at is null then
    perform kernel.queue_mail(m.email, 'domain_lost', jsonb_build_object(
        'name', m.display_name, 'organization', o.name, 'slug', o.slug, 'domain', after.domain, 'record', '_tenon-challenge.' || after.domain))
      from organizations.organizations o
      join organizations.roles r on r.organization_id = o.id and r.template = 'owner'
      join organizations.member_roles mr on mr.organization_id = r.organization_id and mr.role_id = r.id
      join organizations.memberships m on m.organization_id = mr.organization_id and m.user_id = mr.user_id and m.status = 'active'
      where o.id = organization;
  end if;
  return after;
exception when unique_violation then
  raise exception 'This domain is proved by another organization' using errcode = 'TN011',
    hint = 'If it is yours, have the other record removed from your DNS, and wait until the other organization''s proof has lapsed.';
end
$$;
comment on function organizations.note_domain_check is 'Keeps what a look into the DNS came to; a proved domain whose record is gone for seven days is proved no more, and its owners are told.';

create function organizations.verify_domain(domain uuid, is_there boolean) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  d constant organizations.domains := organizations.find_domain(domain);
begin
  return organizations.describe_domain(organizations.note_domain_check(d.organization_id, d.id, is_there));
end
$$;
comment on function organizations.verify_domain is 'Notes for a member that the record of a domain is there, is not, or could not be looked for.';

create function organizations.claim_domain_checks(most integer) returns table (organization_id uuid, id uuid, domain text, token text)
  language plpgsql security definer set search_path = '' as $$
begin
  return query update organizations.domains d set last_checked_at = now()
    from (
      select x.organization_id, x.id from organizations.verified_domains v
      join organizations.organizations o on o.id = v.holder_id and o.status = 'active'
      join organizations.domains x on x.organization_id = v.holder_id and x.domain = v.domain
      where x.last_checked_at is null or x.last_checked_at <= now() - interval '1 day'
      order by x.last_checked_at nulls first limit most for update of x skip locked) due
    where d.organization_id = due.organization_id and d.id = due.id
    returning d.organization_id, d.id, d.domain, d.token;
end
$$;
comment on function organizations.claim_domain_checks(integer) is 'Proved domains that nobody looked up for a day; each is given to one worker.';

create function organizations.record_domain_check(organization uuid, domain uuid, is_there boolean) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform set_config('tenon.request', '{"actor": "system", "operation": "organizations.domain.check"}', true);
  perform organizations.lock_organization(organization);
  perform organizations.note_domain_check(organization, domain, is_there);
end
$$;
comment on function organizations.record_domain_check is 'Keeps what the daily look into the DNS came to.';

call kernel.run_as_definer('organizations.close_join_requests');
call kernel.run_as_definer('organizations.my_joinable');
call kernel.run_as_definer('organizations.join_by_domain');
call kernel.run_as_definer('organizations.decide_join_request');
call kernel.run_as_definer('organizations.remove_domain');
call kernel.run_as_definer('organizations.verify_domain');
call kernel.run_as_definer('organizations.claim_domain_checks');
call kernel.run_as_definer('organizations.record_domain_check');
grant execute on function organizations.joinable_for, organizations.tell_deciders, organizations.note_domain_check to tenon_definer;
grant execute on function organizations.my_joinable, organizations.join_by_domain to tenon_gate;
grant execute on function organizations.decide_join_request, organizations.remove_domain, organizations.verify_domain to tenon_member;
grant execute on function organizations.claim_domain_checks, organizations.record_domain_check to tenon_dispatcher;
