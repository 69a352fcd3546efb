-- Booking and moving appointments, the feeds that calendar programs read, and the mails that remind.

-- Whoever books or moves waits for others who do so for the same member: two changes that are in each other's way would else wait for
-- each other. That nobody has two appointments at a time is the constraint's to say, not the lock's.
create function calendar.lock_calendars(organization uuid, members uuid[]) returns void
  language sql set search_path = ''
  begin atomic
    select pg_advisory_xact_lock(hashtextextended('calendar ' || organization || m.id, 0))
    from (select distinct id from unnest(members) as given (id) order by id) m;
  end;
comment on function calendar.lock_calendars is 'Makes those wait who book or move appointments of the same members.';

create function calendar.is_daytime(start_time timestamptz, end_time timestamptz, zone text) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select extract(isodow from start_time at time zone zone) <= 5
      and (start_time at time zone zone)::date = (end_time at time zone zone)::date
      and (start_time at time zone zone)::time >= '08:00' and (end_time at time zone zone)::time <= '18:00';
  end;
comment on function calendar.is_daytime is 'Whether a time is one at which people work: Monday to Friday, 8 to 18 by their clock.';

/*
  The next three times from a wanted one on at which a member is free for as long, in steps of half an hour, within two weeks; besides
  an appointment that is to be moved. They are at daytime, unless the wanted one is not.
*/
create function calendar.free_slots(organization uuid, member uuid, wanted timestamptz, lasting interval, besides uuid default null) returns json
  language sql stable set search_path = ''
  begin atomic
    select coalesce(json_agg(json_build_object('start_time', free.at, 'end_time', free.at + lasting) order by free.at), '[]')
    from (
      select slot.at
      from identity.users u
      cross join generate_series(wanted, wanted + interval '14 days', interval '30 minutes') as slot (at)
      where u.id = member
        and (calendar.is_daytime(slot.at, slot.at + lasting, u.timezone) or not calendar.is_daytime(wanted, wanted + lasting, u.timezone))
        and not exists (
          select from calendar.appointments a
          where a.organization_id = organization and a.assigned_to = member and a.status in ('scheduled', 'confirmed') and a.id is distinct from besides
            and tstzrange(a.start_time, a.end_time) && tstzrange(slot.at, slot.at + lasting))
      order by slot.at limit 3
    ) free;
  end;
comment on function calendar.free_slots is 'The next times at which a member is free, as JSON.';

create function calendar.appointment_json(a calendar.appointments) returns json
  language sql stable set search_path = ''
  begin atomic
    select json_build_object(
      'id', (a).id, 'title', (a).title, 'description', (a).description, 'customer_id', (a).customer_id, 'assigned_to', (a).assigned_to,
      'start_time', (a).start_time, 'end_time', (a).end_time, 'status', (a).status, 'location', (a).location, 'meeting_url', (a).meeting_url,
      'version', (a).version);
  end;
comment on function calendar.appointment_json is 'An appointment as verbs answer it.';

create procedure calendar.require_present(organization uuid, member uuid)
  language plpgsql set search_path = '' as $$
begin
  if not exists (select from organizations.memberships m where m.organization_id = organization and m.user_id = member and m.status = 'active') then
    raise exception 'Whose time this takes is no active member' using errcode = 'TN012', hint = 'Choose somebody who works here.';
  end if;
end
$$;
comment on procedure calendar.require_present is 'Only active members have appointments made for them.';

/*
  What comes of a change: the appointment, or, where the member is busy then, the next times that are free; or the appointment as it is now,
  where it is not the one that the caller knows.
*/
create function calendar.book(
  wanted jsonb, remind_minutes integer[], out appointment json, out free_slots json, out current json
)
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  given constant calendar.appointments := jsonb_populate_record(null::calendar.appointments, wanted);
  made calendar.appointments;
begin
  call kernel.require_permission('calendar.appointment.write');
  call calendar.require_present(organization, given.assigned_to);
  perform calendar.lock_calendars(organization, array[given.assigned_to]);
  insert into calendar.appointments as a
      (organization_id, title, description, customer_id, assigned_to, created_by, start_time, end_time, location, meeting_url)
    values (organization, given.title, coalesce(given.description, ''), given.customer_id, given.assigned_to, kernel.user_id(),
            given.start_time, given.end_time, given.location, given.meeting_url)
    on conflict on constraint appointments_no_double_booking do nothing
    returning a.* into made;
  if made.id is null then
    free_slots := calendar.free_slots(organization, given.assigned_to, given.start_time, given.end_time - given.start_time);
    return;
  end if;
  insert into calendar.reminders (organization_id, appointment_id, minutes_before)
    select distinct organization, made.id, m from unnest(remind_minutes) m;
  appointment := calendar.appointment_json(made);
end
$$;
comment on function calendar.book is 'Makes an appointment with reminders for the member, or tells when they are free.';

create function calendar.reschedule(
  target uuid, starting timestamptz, ending timestamptz, member uuid, known_version bigint, out appointment json, out free_slots json, out current json
)
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  a calendar.appointments;
begin
  call kernel.require_permission('calendar.appointment.write');
  select * into a from calendar.appointments x where x.organization_id = organization and x.id = target;
  member := coalesce(member, a.assigned_to);
  perform calendar.lock_calendars(organization, array[a.assigned_to, member]);
  select * into a from calendar.appointments x where x.organization_id = organization and x.id = target for no key update;
  if not found then
    raise exception 'No such appointment' using errcode = 'TN010';
  elsif a.version <> known_version then
    current := calendar.appointment_json(a);
    return;
  elsif a.status not in ('scheduled', 'confirmed') then
    raise exception 'An appointment that is % is not moved', a.status using errcode = 'TN011', hint = 'Make a new one.';
  end if;
  if member <> a.assigned_to then
    call calendar.require_present(organization, member);
  end if;
  -- At another time it is to be confirmed anew.
  update calendar.appointments x set start_time = starting, end_time = ending, assigned_to = member, status = 'scheduled'
    where x.organization_id = organization and x.id = target returning * into a;
  appointment := calendar.appointment_json(a);
exception when exclusion_violation then
  free_slots := calendar.free_slots(organization, member, starting, ending - starting, target);
end
$$;
comment on function calendar.reschedule is 'Moves an appointment to another time or member, or tells when they are free.';

create function calendar.set_status(
  target uuid, becomes text, known_version bigint, out appointment json, out free_slots json, out current json
)
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  a calendar.appointments;
begin
  call kernel.require_permission('calendar.appointment.write');
  select * into a from calendar.appointments x where x.organization_id = organization and x.id = target;
  perform calendar.lock_calendars(organization, array[a.assigned_to]);
  select * into a from calendar.appointments x where x.organization_id = organization and x.id = target for no key update;
  if not found then
    raise exception 'No such appointment' using errcode = 'TN010';
  elsif a.version <> known_version then
    current := calendar.appointment_json(a);
    return;
  elsif a.status = becomes then
    raise exception 'The appointment is % already', becomes using errcode = 'TN011', hint = 'Look at what was changed meanwhile.';
  end if;
  update calendar.appointments x set status = becomes where x.organization_id = organization and x.id = target returning * into a;
  appointment := calendar.appointment_json(a);
exception when exclusion_violation then
  free_slots := calendar.free_slots(organization, a.assigned_to, a.start_time, a.end_time - a.start_time, target);
end
$$;
comment on function calendar.set_status is 'Confirms, ends, calls off or takes up an appointment; what was called off may find its time taken.';

call kernel.run_as_definer('calendar.book');
call kernel.run_as_definer('calendar.reschedule');
call kernel.run_as_definer('calendar.set_status');
grant execute on function calendar.lock_calendars, calendar.is_daytime, calendar.free_slots, calendar.appointment_json to tenon_definer;
grant execute on procedure calendar.require_present to tenon_definer;
grant execute on function calendar.book, calendar.reschedule, calendar.set_status to tenon_member;

-- Feeds. Each member has their own; whoever has its address reads it, as long as the member may read appointments.

create procedure calendar.require_reader()
  language plpgsql set search_path = '' as $$
begin
  if not kernel.covers(kernel.actor_permissions(), '{"calendar.appointment.read": "client"}') then
    raise exception 'Permission % is missing', 'calendar.appointment.read' using errcode = 'TN003',
      hint = 'Ask an administrator of the organization for it.';
  elsif kernel.request() ? 'impersonator_id' then
    raise exception 'Support may not do this in a member''s place' using errcode = 'TN003', hint = 'The address would outlast the visit.';
  end if;
end
$$;
comment on procedure calendar.require_reader is 'Whoever sees appointments has a feed, a client too.';

create function calendar.read_own_feed() returns json
  language plpgsql security definer set search_path = '' as $$
begin
  call calendar.require_reader();
  return json_build_object('made_at', (
    select f.updated_at from calendar.feeds f where f.organization_id = kernel.organization_id() and f.user_id = kernel.user_id()));
end
$$;
comment on function calendar.read_own_feed() is 'Since when the member has a feed, if they do.';

create function calendar.make_feed(secret_hash bytea) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  made uuid;
begin
  call calendar.require_reader();
  insert into calendar.feeds as f (organization_id, user_id, secret_hash)
    values (kernel.organization_id(), kernel.user_id(), make_feed.secret_hash)
    on conflict on constraint feeds_one_each do update set secret_hash = excluded.secret_hash
    returning f.id into made;
  return made;
end
$$;
comment on function calendar.make_feed(bytea) is 'Gives the member a feed, or theirs another secret: the old address opens nothing then.';

create function calendar.remove_feed() returns void
  language plpgsql security definer set search_path = '' as $$
begin
  call calendar.require_reader();
  delete from calendar.feeds f where f.organization_id = kernel.organization_id() and f.user_id = kernel.user_id();
end
$$;
comment on function calendar.remove_feed() is 'Takes the member''s feed away.';

/*
  What a feed shows, for whoever has its secret: the appointments of its member, or, of a client, those of their customers, from 90 days
  back to a year ahead. Null where it opens nothing.
*/
create function calendar.read_feed(organization uuid, feed uuid, secret text, request text) returns json
  language plpgsql stable security definer set search_path = '' as $$
declare
  appointments_max constant integer := 2000;
  f record;
begin
  select x.user_id, m.effective_permissions ->> 'calendar.appointment.read' as scope, o.name, u.timezone into f
    from calendar.feeds x
    join organizations.memberships m on m.organization_id = x.organization_id and m.user_id = x.user_id and m.status = 'active'
    join identity.users u on u.id = x.user_id and u.status = 'active'
    join organizations.organizations o on o.id = x.organization_id and o.status = 'active'
    where x.organization_id = organization and x.id = feed and x.secret_hash = sha256(convert_to(secret, 'UTF8'));
  if f.scope is null then
    return null;
  end if;
  return json_build_object('name', f.name, 'timezone', f.timezone, 'appointments', (
    select coalesce(json_agg(json_build_object(
        'id', a.id, 'title', a.title, 'description', a.description, 'location', a.location, 'meeting_url', a.meeting_url, 'status', a.status,
        'start_time', a.start_time, 'end_time', a.end_time, 'version', a.version, 'created_at', a.created_at, 'updated_at', a.updated_at,
        'customer', case when f.scope <> 'client' then c.name end) order by a.start_time, a.id), '[]')
    from (
      select own.* from calendar.appointments own
        where f.scope <> 'client' and own.organization_id = organization and own.assigned_to = f.user_id
          and own.start_time between now() - interval '90 days' and now() + interval '1 year'
      union all
      select theirs.* from calendar.appointments theirs
        where f.scope = 'client' and theirs.organization_id = organization and theirs.customer_id = any (crm.customers_of(organization, f.user_id))
          and theirs.start_time between now() - interval '90 days' and now() + interval '1 year'
      order by start_time limit appointments_max
    ) a
    left join crm.customers c on c.organization_id = a.organization_id and c.id = a.customer_id));
end
$$;
comment on function calendar.read_feed is 'What a feed shows, for whoever has its secret.';

call kernel.run_as_definer('calendar.read_own_feed');
call kernel.run_as_definer('calendar.make_feed');
call kernel.run_as_definer('calendar.remove_feed');
call kernel.run_as_definer('calendar.read_feed');
grant execute on procedure calendar.require_reader to tenon_definer;
grant execute on function calendar.read_own_feed, calendar.make_feed, calendar.remove_feed to tenon_member, tenon_client;
grant execute on function calendar.read_feed to tenon_public;

-- Reminders. The mail is queued in the transaction that says it was, so there is one, however many look for what is due.

create function calendar.remind(r calendar.reminders) returns text
  language plpgsql set search_path = '' as $$
declare
  about record;
  is_for_member boolean;
  zone text;
begin
  select a.title, a.start_time, a.end_time, coalesce(a.location, a.meeting_url, '') as place, o.name as organization, o.slug, o.timezone as common_zone,
         u.email as member_email, u.timezone as own_zone, m.display_name as member, c.email as customer_email, c.name as customer,
         m.status = 'active' and u.status = 'active' and coalesce((m.notification_settings ->> 'email_notifications')::boolean, true) as is_wanted
    into about
    from calendar.appointments a
    join organizations.organizations o on o.id = a.organization_id
    join organizations.memberships m on m.organization_id = a.organization_id and m.user_id = a.assigned_to
    join identity.users u on u.id = a.assigned_to
    left join crm.customers c on c.organization_id = a.organization_id and c.id = a.customer_id
    where a.organization_id = r.organization_id and a.id = r.appointment_id and a.status in ('scheduled', 'confirmed');
  if not found then
    return 'The appointment was called off.';
  elsif about.end_time <= now() then
    return 'The appointment was over.';
  elsif r.channel <> 'email' then
    return 'Only e-mail is sent.';
  elsif r.recipient = 'member' and not about.is_wanted then
    return 'The member wants no mail.';
  elsif r.recipient = 'customer' and about.customer_email is null then
    return 'The customer has no address.';
  end if;
  is_for_member := r.recipient = 'member';
  zone := case when is_for_member then about.own_zone else about.common_zone end;
  perform kernel.queue_mail(
    case when is_for_member then about.member_email else about.customer_email end,
    case when is_for_member then 'appointment_reminder' else 'appointment_reminder_of_customer' end,
    jsonb_build_object(
      'name', case when is_for_member then about.member else about.customer end, 'title', about.title, 'place', about.place,
      'with', case when is_for_member then coalesce(about.customer, '') else about.member end,
      'when', to_char(about.start_time at time zone zone, 'FMDay, FMDD FMMonth YYYY, HH24:MI') || ' (' || zone || ')',
      'day', to_char(about.start_time at time zone zone, 'YYYY-MM-DD'), 'organization', about.organization, 'slug', about.slug));
  return null;
end
$$;
comment on function calendar.remind is 'Queues the mail of a reminder, in the time zone of who gets it; or says why there is none.';

create function calendar.send_due_reminders(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  due record;
  r calendar.reminders;
  failure text;
  looked_at integer := 0;
begin
  for due in
    select x.organization_id, x.id from calendar.reminders x
    join organizations.organizations o on o.id = x.organization_id and o.status = 'active'
    where x.status = 'pending' and x.due_at <= now() order by x.due_at limit batch
  loop
    select * into r from calendar.reminders x
      where x.organization_id = due.organization_id and x.id = due.id and x.status = 'pending' and x.due_at <= now() for no key update skip locked;
    continue when not found;
    failure := calendar.remind(r);
    update calendar.reminders x
      set status = case when failure is null then 'sent' else 'failed' end, sent_at = case when failure is null then now() end, error = failure
      where x.organization_id = r.organization_id and x.id = r.id;
    looked_at := looked_at + 1;
  end loop;
  return looked_at;
end
$$;
comment on function calendar.send_due_reminders(integer) is 'Queues the mails of reminders whose time has come; answers how many it has looked at.';

create function calendar.next_reminder_seconds() returns double precision
  language sql stable security definer set search_path = ''
  begin atomic
    select extract(epoch from min(r.due_at) - now())::double precision from calendar.reminders r where r.status = 'pending' and r.due_at > now();
  end;
comment on function calendar.next_reminder_seconds() is 'In how many seconds the next reminder is due that is not due yet.';

call kernel.run_as_definer('calendar.send_due_reminders');
call kernel.run_as_definer('calendar.next_reminder_seconds');
grant execute on function calendar.remind to tenon_definer;
grant execute on function calendar.send_due_reminders, calendar.next_reminder_seconds to tenon_dispatcher;
