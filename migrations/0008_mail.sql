-- Mail that waits to be sent. It is queued in the transaction of what it tells about, and sent by a worker.

create table kernel.mails (
  id uuid primary key default kernel.uuid_v7(),
  recipient text not null check (length(recipient) between 3 and 254),
  template text not null check (template ~ '^[a-z_]+$' and length(template) <= 50),
  data jsonb not null default '{}' check (pg_column_size(data) <= 16384),
  sealed_token bytea check (octet_length(sealed_token) between 93 and 1024),
  status text not null default 'queued' check (status in ('queued', 'sent', 'kept', 'failed', 'discarded')),
  attempts integer not null default 0 check (attempts >= 0),
  last_error text check (length(last_error) <= 1000),
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
comment on table kernel.mails is 'Mail to be sent, and for a while what was sent. Sensitivity: critical.';
comment on column kernel.mails.id is 'Identifier; the Message-ID is made of it.';
comment on column kernel.mails.recipient is 'Address it goes to.';
comment on column kernel.mails.template is 'Which mail it is.';
comment on column kernel.mails.data is 'What the template is filled with; no secret.';
comment on column kernel.mails.sealed_token is 'The secret in its link, sealed; gone once it was sent.';
comment on column kernel.mails.status is 'queued until sent; kept where no server is configured; failed after the last try; discarded when there was nobody to write to.';
comment on column kernel.mails.attempts is 'How often sending was tried.';
comment on column kernel.mails.last_error is 'What the mail server answered last.';
comment on column kernel.mails.created_at is 'When it was queued.';
comment on column kernel.mails.sent_at is 'When the mail server took it.';
comment on index kernel.mails_pkey is 'Finds a mail.';
create index mails_queued on kernel.mails (id) where status = 'queued';
comment on index kernel.mails_queued is 'What is to be sent, for whoever looks whether all of it stands in line.';
create index mails_by_time on kernel.mails (created_at);
comment on index kernel.mails_by_time is 'What retention removes; the newest for the developer''s mailbox.';
call kernel.global_table('kernel.mails', 'select, insert, update, delete');

create function kernel.queue_mail(recipient text, template text, data jsonb, sealed_token bytea default null, is_wanted boolean default true) returns void
  language sql set search_path = ''
  begin atomic
    insert into kernel.mails (recipient, template, data, sealed_token, status)
    values (recipient, template, data, case when is_wanted then sealed_token end, case when is_wanted then 'queued' else 'discarded' end);
  end;
comment on function kernel.queue_mail is 'Queues a mail. One that is not wanted costs the same, so that time does not tell whether an address has an account.';
grant execute on function kernel.queue_mail to tenon_definer;

-- What the worker that sends calls. The task engine gives each mail to one of them at a time, and again when that one was lost.

/*
  What is to be sent, as another try; nothing when it was sent already, or given up. What was taken ten times and never settled
  brings its workers down, and is given up.
*/
create function kernel.take_mail(mail uuid)
  returns table (id uuid, recipient text, template text, data jsonb, sealed_token bytea, attempt integer, created_at timestamptz)
  language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  attempts_max constant integer := 10;
begin
  update kernel.mails m
    set status = 'failed', sealed_token = null, last_error = coalesce(m.last_error, 'Every worker that took it was lost.')
    where m.id = mail and m.status = 'queued' and m.attempts >= attempts_max;
  return query
    update kernel.mails m set attempts = m.attempts + 1 where m.id = mail and m.status = 'queued'
    returning m.id, m.recipient, m.template, m.data, m.sealed_token, m.attempts, m.created_at;
end
$$;
comment on function kernel.take_mail(uuid) is 'A mail that is to be sent, counted as another try.';
call kernel.run_as_definer('kernel.take_mail');
grant execute on function kernel.take_mail to tenon_dispatcher;

/*
  Tells what became of a mail that was taken: sent, retry, or failed for good. Answers the seconds until it is to be tried again, or null.
  Who was too slow, so that another one tries already, may still tell that it was sent, for that is true; nothing else of theirs
  counts. The waits add up to a day and a half.
*/
create function kernel.settle_mail(mail uuid, attempt integer, outcome text, error text) returns double precision
  language plpgsql security definer set search_path = '' as $$
declare
  waits constant interval[] := array['1 minute', '5 minutes', '30 minutes', '2 hours', '4 hours', '8 hours', '8 hours', '8 hours', '8 hours'];
  wait constant interval := waits[attempt];
  becomes constant text := case when outcome = 'retry' then case when wait is null then 'failed' else 'queued' end else outcome end;
begin
  if outcome is null or outcome not in ('sent', 'retry', 'failed') then
    raise exception 'settle_mail: the outcome is sent, retry or failed, not %', outcome;
  end if;
  update kernel.mails m
    set status = becomes,
        sealed_token = case when becomes = 'queued' then m.sealed_token end,
        last_error = case when becomes = 'sent' then m.last_error else left(error, 1000) end,
        sent_at = case when becomes = 'sent' then now() end
    where m.id = mail and m.status = 'queued' and (becomes = 'sent' or m.attempts = settle_mail.attempt);
  return case when found and becomes = 'queued' then extract(epoch from wait) * (0.9 + 0.2 * random()) end;
end
$$;
comment on function kernel.settle_mail is 'Tells that a mail was sent, failed for good, or is to be tried again: answers in how many seconds.';
call kernel.run_as_definer('kernel.settle_mail');
grant execute on function kernel.settle_mail to tenon_dispatcher;

-- Where no mail server is configured: nothing is sent, nothing is dropped, and the developer's mailbox shows it.

create function kernel.keep_mail(mail uuid) returns void
  language sql security definer set search_path = ''
  begin atomic
    update kernel.mails m set status = 'kept' where m.id = mail and m.status = 'queued';
  end;
comment on function kernel.keep_mail(uuid) is 'Keeps a mail that would be sent, where there is no server to send it.';
call kernel.run_as_definer('kernel.keep_mail');
grant execute on function kernel.keep_mail to tenon_dispatcher;

create function kernel.kept_mails(newest integer)
  returns table (id uuid, recipient text, template text, data jsonb, sealed_token bytea, created_at timestamptz)
  language sql stable security definer set search_path = ''
  begin atomic
    select m.id, m.recipient, m.template, m.data, m.sealed_token, m.created_at
    from kernel.mails m where m.status in ('kept', 'queued')
    order by m.created_at desc, m.id desc limit newest;
  end;
comment on function kernel.kept_mails(integer) is 'The newest mails that were kept or are about to be, for the developer''s mailbox.';
call kernel.run_as_definer('kernel.kept_mails');
grant execute on function kernel.kept_mails to tenon_dispatcher;

create function kernel.remove_old_mails(batch integer) returns integer
  language plpgsql security definer set search_path = '' as $$
declare
  removed integer;
begin
  delete from kernel.mails where id in (
    select m.id from kernel.mails m
    where m.created_at < now() - interval '30 days' and m.status in ('sent', 'failed', 'discarded')
    order by m.created_at limit batch for update skip locked
  );
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function kernel.remove_old_mails(integer) is 'Removes mail that was done with 30 days ago: it names people. Returns how many, at most a batch.';
call kernel.run_as_definer('kernel.remove_old_mails');
grant execute on function kernel.remove_old_mails to tenon_dispatcher;
