-- Appointments: who is where, when, with whom. Nobody can be in two places: the database refuses it.

call kernel.module_schema('calendar');

create table calendar.appointments (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  title text not null check (length(btrim(title)) between 1 and 300),
  description text not null default '' check (length(description) <= 20000),
  customer_id uuid,
  assigned_to uuid not null,
  created_by uuid default kernel.user_id(),
  start_time timestamptz not null,
  end_time timestamptz not null,
  status text not null default 'scheduled' check (status in ('scheduled', 'confirmed', 'completed', 'cancelled', 'no_show')),
  location text check (length(location) <= 500),
  meeting_url text check (meeting_url ~ '^https?://' and length(meeting_url) <= 2000),
  recurrence text check (length(recurrence) <= 500),
  series_id uuid,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references crm.customers on delete restrict,
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict,
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict,
  foreign key (organization_id, series_id) references calendar.appointments on delete cascade,
  check (end_time > start_time and end_time <= start_time + interval '31 days'),
  check (recurrence is null or series_id is null),
  constraint appointments_no_double_booking exclude using gist (
    organization_id extensions.gist_uuid_ops with =, assigned_to extensions.gist_uuid_ops with =, tstzrange(start_time, end_time) with &&
  ) where (status in ('scheduled', 'confirmed'))
);
comment on table calendar.appointments is 'A time at which a member is somewhere, with a customer or without. Sensitivity: medium.';
comment on column calendar.appointments.title is 'What it is about, in a line.';
comment on column calendar.appointments.description is 'The rest of it.';
comment on column calendar.appointments.customer_id is 'The customer it is with.';
comment on column calendar.appointments.assigned_to is 'The member whose time it takes.';
comment on column calendar.appointments.created_by is 'The member who made it.';
comment on column calendar.appointments.start_time is 'When it begins.';
comment on column calendar.appointments.end_time is 'When it ends; the next one may begin then.';
comment on column calendar.appointments.status is 'Where it stands; only what is to come takes the member''s time.';
comment on column calendar.appointments.location is 'Where it is.';
comment on column calendar.appointments.meeting_url is 'Where to join from afar.';
comment on column calendar.appointments.recurrence is 'When it comes again (RFC 5545 RRULE), on the first of a series.';
comment on column calendar.appointments.series_id is 'The first of the series that it belongs to.';
comment on index calendar.appointments_no_double_booking is 'No member has two appointments at a time; finds who is busy when.';
call kernel.tenant_table('calendar.appointments', client => 'customer_id');
call kernel.state_order('calendar.appointments', 'An appointment',
  '{"scheduled": ["confirmed", "completed", "cancelled", "no_show"], "confirmed": ["scheduled", "completed", "cancelled", "no_show"], "cancelled": ["scheduled"], "completed": [], "no_show": ["completed"]}');
create index appointments_by_time on calendar.appointments (organization_id, start_time);
comment on index calendar.appointments_by_time is 'The calendar of all, day by day.';
create index appointments_by_member on calendar.appointments (organization_id, assigned_to, start_time);
comment on index calendar.appointments_by_member is 'The calendar of a member.';
create index appointments_by_customer on calendar.appointments (organization_id, customer_id, start_time);
comment on index calendar.appointments_by_customer is 'The appointments with a customer.';
create index appointments_by_maker on calendar.appointments (organization_id, created_by);
comment on index calendar.appointments_by_maker is 'The appointments that a member made.';
create index appointments_by_series on calendar.appointments (organization_id, series_id, start_time);
comment on index calendar.appointments_by_series is 'The appointments of a series.';

create table calendar.reminders (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  appointment_id uuid not null,
  channel text not null default 'email' check (channel in ('email', 'sms', 'in_app')),
  recipient text not null default 'member' check (recipient in ('member', 'customer')),
  minutes_before integer not null check (minutes_before between 0 and 40320),
  due_at timestamptz not null,
  status text not null default 'pending' check (status in ('pending', 'sent', 'failed', 'cancelled')),
  sent_at timestamptz,
  error text check (length(error) <= 1000),
  primary key (organization_id, id),
  constraint reminders_once unique (organization_id, appointment_id, recipient, channel, minutes_before),
  foreign key (organization_id, appointment_id) references calendar.appointments on delete cascade,
  check ((sent_at is not null) = (status = 'sent'))
);
comment on table calendar.reminders is 'A reminder of an appointment: to be sent, and that it was. Sensitivity: low.';
comment on column calendar.reminders.appointment_id is 'The appointment.';
comment on column calendar.reminders.channel is 'How it is sent.';
comment on column calendar.reminders.recipient is 'To whom it is sent.';
comment on column calendar.reminders.minutes_before is 'How long before the beginning, in minutes.';
comment on column calendar.reminders.due_at is 'When it is to be sent, kept by trigger.';
comment on column calendar.reminders.status is 'Whether it was sent.';
comment on column calendar.reminders.sent_at is 'When it was sent.';
comment on column calendar.reminders.error is 'Why it could not be sent.';
comment on index calendar.reminders_once is 'The reminders of an appointment, each once.';
create index reminders_due on calendar.reminders (due_at) where status = 'pending';
comment on index calendar.reminders_due is 'What is to be sent next.';
call kernel.tenant_table('calendar.reminders');

create table calendar.feeds (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  user_id uuid not null,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  primary key (organization_id, id),
  constraint feeds_one_each unique (organization_id, user_id),
  foreign key (organization_id, user_id) references organizations.memberships on delete cascade
);
comment on table calendar.feeds is 'The secret address at which a member''s calendar is read by other programs: one each. Sensitivity: critical.';
comment on column calendar.feeds.user_id is 'Whose calendar it is.';
comment on column calendar.feeds.secret_hash is 'SHA-256 of the secret in the address.';
comment on index calendar.feeds_one_each is 'Finds a member''s feed; they have one.';
call kernel.tenant_table('calendar.feeds', access => 'none', secrets => '{secret_hash}');

create function calendar.keep_due_time() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  select a.start_time - make_interval(mins => new.minutes_before) into new.due_at
    from calendar.appointments a where a.organization_id = new.organization_id and a.id = new.appointment_id;
  return new;
end
$$;
comment on function calendar.keep_due_time() is 'Works out when a reminder is due.';
call kernel.run_as_definer('calendar.keep_due_time');
create trigger keep_due_time before insert or update of minutes_before, appointment_id on calendar.reminders
  for each row execute function calendar.keep_due_time();

create function calendar.appointment_moved() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  is_open constant boolean := new.status in ('scheduled', 'confirmed');
begin
  update calendar.reminders r
    set due_at = new.start_time - make_interval(mins => r.minutes_before),
        status = case when is_open then 'pending' else 'cancelled' end,
        sent_at = null, error = null
    where r.organization_id = new.organization_id and r.appointment_id = new.id and (r.status in ('pending', 'cancelled')
      -- Who was reminded of a time is reminded of another one that is still to come.
      or r.status in ('sent', 'failed') and is_open and old.start_time <> new.start_time and new.start_time - make_interval(mins => r.minutes_before) > now());
  return null;
end
$$;
comment on function calendar.appointment_moved() is 'Moves the reminders of an appointment with it, and drops them when it is called off.';
call kernel.run_as_definer('calendar.appointment_moved');
create trigger move_reminders after update of start_time, status on calendar.appointments
  for each row when (old.start_time <> new.start_time or old.status <> new.status) execute function calendar.appointment_moved();

call organizations.add_permission('calendar.appointment.read', 'See appointments', '{admin,member,moderator,viewer,client}');
call organizations.add_permission('calendar.appointment.write', 'Make, move and cancel appointments', '{admin,member}');
