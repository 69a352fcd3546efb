-- Mail that waits to be sent. It is queued in the transaction of what it tells about, and sent by a worker.

create table kernel.mails (
  id uuid primary key default kernel.uuid_v7(),
  recipient text not null check (length(recipient) between 3 and 254),
  template text not null check (template ~ '^[a-z_]+$' and length(template) <= 50),
  data jsonb not null default '{}' check (pg_column_size(data) <= 16384),
  sealed_token bytea check (octet_length(sealed_token) between 93 and 1024),
  status text not null default 'queued' check (status in ('queued', 'sent', 'kept', 'failed', 'discarded')),
  attempts integer not null default 0 check (attempts >= 0),
  next_attempt_at timestamptz not null default now(),
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
comment on column kernel.mails.next_attempt_at is 'When it is tried again, or taken to be lost by the worker that claimed it.';
comment on column kernel.mails.last_error is 'What the mail server answered last.';
comment on column kernel.mails.created_at is 'When it was queued.';
comment on column kernel.mails.sent_at is 'When the mail server took it.';
comment on index kernel.mails_pkey is 'Finds a mail.';
create index mails_queued on kernel.mails (next_attempt_at) where status = 'queued';
comment on index kernel.mails_queued is 'What is to be sent next.';
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
