-- Accounts: how one comes to be, and how its password, its address and it itself change or end.

-- No account exists until somebody proves to read mail at its address; what they asked for waits here. The password is chosen
-- then: a stranger who signs up with somebody's address must not know the password of the account that comes of it.
create table identity.sign_ups (
  id uuid primary key default kernel.uuid_v7(),
  email text not null check (email = btrim(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  email_key text not null generated always as (lower(email)) stored,
  name text not null check (length(name) between 1 and 200),
  organization_name text not null check (length(btrim(organization_name)) between 1 and 200),
  slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,54}[a-z0-9])?$'),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table identity.sign_ups is 'Accounts that were asked for and wait until their address is proved. Sensitivity: critical.';
comment on column identity.sign_ups.id is 'Identifier.';
comment on column identity.sign_ups.email is 'Address that is to be proved.';
comment on column identity.sign_ups.email_key is 'The address in lower case, as with people.';
comment on column identity.sign_ups.name is 'Name of the person.';
comment on column identity.sign_ups.organization_name is 'Name of the organization to be made with the account.';
comment on column identity.sign_ups.slug is 'The organization''s name in addresses, if it is still free then; shorter than a slug may be, so that a tail fits.';
comment on column identity.sign_ups.secret_hash is 'SHA-256 of the secret in the mail.';
comment on column identity.sign_ups.created_at is 'When it was asked for.';
comment on column identity.sign_ups.expires_at is 'Until when the address may be proved.';
comment on column identity.sign_ups.used_at is 'When the account was made.';
comment on index identity.sign_ups_pkey is 'Finds what a mail is about.';
create index sign_ups_by_address on identity.sign_ups (email_key, expires_at);
comment on index identity.sign_ups_by_address is 'Counts what is open for an address.';
call kernel.global_table('identity.sign_ups', 'select, insert, update, delete');

-- What the functions below share.

create procedure identity.wait_for_address(address text)
  language plpgsql set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('identity.address ' || lower(address), 0));
end
$$;
comment on procedure identity.wait_for_address(text) is 'Makes requests for one address, known or not, wait for each other, so that they count exactly.';

create procedure identity.work_for(person uuid, request text)
  language plpgsql set search_path = '' as $$
begin
  perform set_config('tenon.user_id', person::text, true), set_config('tenon.request', request, true);
end
$$;
comment on procedure identity.work_for(uuid, text) is 'Names who acts to the record: a person''s name and address are copied into their organizations.';

create function identity.mail_person(person uuid, template text, data jsonb default '{}', sealed_token bytea default null) returns void
  language sql set search_path = ''
  begin atomic
    select kernel.queue_mail(u.email, template, jsonb_build_object('name', u.full_name) || data, sealed_token)
    from identity.users u where u.id = person;
  end;
comment on function identity.mail_person is 'Queues a mail to a person''s address.';

create function identity.issue_token(person uuid, purpose text, secret_hash bytea, lasts interval, data jsonb default '{}') returns text
  language plpgsql set search_path = '' as $$
declare
  open_max constant integer := 5;
  token uuid;
begin
  perform from identity.users u where u.id = person for no key update;
  if not found or (select count(*) from identity.one_time_tokens t
      where t.user_id = person and t.purpose = issue_token.purpose and t.used_at is null and t.expires_at > now()) >= open_max then
    return null;
  end if;
  insert into identity.one_time_tokens (user_id, purpose, secret_hash, data, expires_at)
    values (person, issue_token.purpose, issue_token.secret_hash, issue_token.data, now() + lasts) returning id into token;
  return format('tot_%s_%s_', person, token);
end
$$;
comment on function identity.issue_token is 'Makes a token for a mail and returns it without its secret; null for nobody, and when five of its purpose are open. Older ones stay good: who asks is not known.';

create function identity.use_token(person uuid, token uuid, secret text, purpose text, status text default 'active') returns jsonb
  language plpgsql set search_path = '' as $$
declare
  found_data jsonb;
begin
  update identity.one_time_tokens t set used_at = now()
    from identity.users u
    where t.user_id = person and t.id = token and t.purpose = use_token.purpose and t.secret_hash = sha256(convert_to(secret, 'UTF8'))
      and t.used_at is null and t.expires_at > now() and u.id = t.user_id and u.status = use_token.status
    returning t.data into found_data;
  if found_data is null then
    raise exception 'This link was used already, or its time is over' using errcode = 'TN013', hint = 'Ask for a new one.';
  end if;
  return found_data;
end
$$;
comment on function identity.use_token is 'Uses a token up and returns its data; raises TN013 when it is not good any more, or never was.';

create function identity.void_tokens(person uuid, purposes text[]) returns void
  language sql set search_path = ''
  begin atomic
    update identity.one_time_tokens t set used_at = now()
      where t.user_id = person and t.purpose = any (purposes) and t.used_at is null;
  end;
comment on function identity.void_tokens(uuid, text[]) is 'Uses up all tokens of some purposes.';

create function identity.revoke_sessions(person uuid, reason text, kept uuid default null) returns integer
  language plpgsql set search_path = '' as $$
declare
  revoked integer;
begin
  -- Whoever is signing in by a password or a code is waited for, and their session ends too; or they wait, and find what is new.
  perform identity.lock_attempts(person);
  delete from identity.pending_sign_ins p where p.user_id = person;
  update identity.user_sessions s set revoked_at = now(), revoked_reason = reason
    where (s.user_id = person or s.impersonator_id = person) and s.id is distinct from kept and s.revoked_at is null;
  get diagnostics revoked = row_count;
  return revoked;
end
$$;
comment on function identity.revoke_sessions is 'Ends the sessions of a person but for one, those in the place of others, and sign-ins under way; returns how many sessions.';

-- Signing up.

create function identity.request_sign_up(
  address text, name text, organization_name text, slug text, secret_hash bytea, sealed_token bytea, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  open_max constant integer := 5;
  sign_up uuid;
  person identity.users;
begin
  call identity.wait_for_address(address);
  if (select count(*) from identity.sign_ups s
      where s.email_key = lower(address) and s.used_at is null and s.expires_at > now()) >= open_max then
    return;
  end if;
  select * into person from identity.users u where u.email_key = lower(address);
  insert into identity.sign_ups (email, name, organization_name, slug, secret_hash, expires_at)
    values (address, request_sign_up.name, request_sign_up.organization_name, request_sign_up.slug, request_sign_up.secret_hash,
      now() + interval '24 hours') returning id into sign_up;
  -- Nothing that the stranger wrote goes into the mail: it may not carry their words to somebody else.
  if person.id is null then
    perform kernel.queue_mail(address, 'confirm_sign_up', jsonb_build_object('form', format('tsu_%s_%s_', sign_up, sign_up)), sealed_token);
  else
    perform identity.mail_person(person.id, 'already_registered', jsonb_build_object('status', person.status));
  end if;
  perform identity.record_event(person.id, 'sign_up_requested', '{}', request::jsonb);
end
$$;
comment on function identity.request_sign_up is 'Keeps what somebody wants to sign up with, and mails the address; does as much when the address has an account. At most five are open for one.';
call kernel.run_as_definer('identity.request_sign_up');

create function identity.read_sign_up(sign_up uuid, secret text, request text, out email text, out name text)
  language plpgsql stable security definer set search_path = '' as $$
begin
  select s.email, s.name into read_sign_up.email, read_sign_up.name from identity.sign_ups s
    where s.id = sign_up and s.secret_hash = sha256(convert_to(secret, 'UTF8')) and s.used_at is null and s.expires_at > now();
  if read_sign_up.email is null then
    raise exception 'This link was used already, or its time is over' using errcode = 'TN013', hint = 'Sign in, or sign up once more.';
  end if;
end
$$;
comment on function identity.read_sign_up is 'Whose account a mail''s token is about, for whoever has it; raises TN013 when it is not good (any more).';
call kernel.run_as_definer('identity.read_sign_up');

create function identity.confirm_sign_up(
  sign_up uuid, secret text, salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer,
  session_secret_hash bytea, request text,
  out user_id uuid, out session_id uuid, out slug text
)
  language plpgsql security definer set search_path = '' as $$
declare
  tries_max constant integer := 4;
  wish identity.sign_ups;
  organization uuid;
begin
  update identity.sign_ups s set used_at = now()
    where s.id = sign_up and s.secret_hash = sha256(convert_to(secret, 'UTF8')) and s.used_at is null and s.expires_at > now()
    returning * into wish;
  if wish.id is null then
    raise exception 'This link was used already, or its time is over' using errcode = 'TN013', hint = 'Sign in, or sign up once more.';
  end if;
  begin
    user_id := identity.create_user(wish.email, wish.name, salt, hash, memory_kib, passes, parallelism);
  exception when unique_violation then
    raise exception 'This address has got an account in the meantime' using errcode = 'TN011', hint = 'Sign in, or reset the password.';
  end;
  perform identity.record_event(user_id, 'signed_up', '{}', request::jsonb);
  -- The slug may be taken, or be a word that addresses of the installation itself begin with.
  slug := wish.slug;
  for try in 1 .. tries_max loop
    begin
      organization := organizations.found_organization(user_id, wish.organization_name, slug, request);
      exit;
    exception when unique_violation or check_violation then
      if try = tries_max then
        raise;
      end if;
      slug := wish.slug || '-' || left(replace(gen_random_uuid()::text, '-', ''), 6);
    end;
  end loop;
  select b.session_id into session_id
    from identity.begin_session(user_id, 'sign_up', false, 'browser', session_secret_hash, null, request::jsonb) b;
end
$$;
comment on function identity.confirm_sign_up is 'Makes the account whose address is proved by the mail''s secret, its organization, and a session; raises TN013 or TN011.';
call kernel.run_as_definer('identity.confirm_sign_up');

-- Passwords.

create function identity.set_password(person uuid, salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into identity.credentials as c (user_id, password_salt, password_hash, memory_kib, passes, parallelism)
    values (person, salt, hash, set_password.memory_kib, set_password.passes, set_password.parallelism)
    on conflict (user_id) do update set password_salt = excluded.password_salt, password_hash = excluded.password_hash,
      memory_kib = excluded.memory_kib, passes = excluded.passes, parallelism = excluded.parallelism, password_changed_at = now();
  -- Who held the account before must not come back by a mail that is under way.
  perform identity.void_tokens(person, array['reset_password', 'change_email']);
  perform identity.mail_person(person, 'password_changed');
end
$$;
comment on function identity.set_password is 'Sets a person''s password, voids what mails could still change, and tells the person.';

create function identity.change_password(
  holder uuid, session uuid, secret text, salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  holder := identity.require_session(holder, session, secret, '15 minutes');
  perform identity.revoke_sessions(holder, 'password changed', session);
  perform identity.set_password(holder, salt, hash, memory_kib, passes, parallelism);
  perform identity.record_event(holder, 'password_changed', '{}', request::jsonb);
end
$$;
comment on function identity.change_password is 'Changes the password of a person who proved lately who they are; their other sessions end.';
call kernel.run_as_definer('identity.change_password');

create function identity.rehash_password(
  address text, old_hash bytea, salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  update identity.credentials c
    set password_salt = salt, password_hash = hash, memory_kib = rehash_password.memory_kib, passes = rehash_password.passes,
        parallelism = rehash_password.parallelism
    from identity.users u
    where u.email_key = lower(address) and c.user_id = u.id and c.password_hash = old_hash;
end
$$;
comment on function identity.rehash_password is 'Keeps the same password at today''s costs, unless it was changed since it was checked.';
call kernel.run_as_definer('identity.rehash_password');

create function identity.request_password_reset(address text, secret_hash bytea, sealed_token bytea, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  person identity.users;
  form text;
begin
  call identity.wait_for_address(address);
  select * into person from identity.users u where u.email_key = lower(address) and u.status = 'active' and u.kind = 'person';
  form := identity.issue_token(person.id, 'reset_password', secret_hash, interval '1 hour');
  perform kernel.queue_mail(coalesce(person.email, address), 'reset_password',
    jsonb_build_object('name', coalesce(person.full_name, ''), 'form', coalesce(form, '')), sealed_token, form is not null);
  if form is null then
    -- As many rows are written as with an account.
    perform kernel.queue_mail(address, 'reset_password', '{}', null, false);
  end if;
  perform identity.record_event(person.id, 'password_reset_requested', '{}', request::jsonb);
end
$$;
comment on function identity.request_password_reset is 'Mails a token by which the password can be set anew; does as much when the address has no account.';
call kernel.run_as_definer('identity.request_password_reset');

create function identity.person_to_reset(person uuid, token uuid, secret text, request text) returns table (email text, name text)
  language sql stable security definer set search_path = ''
  begin atomic
    select u.email, u.full_name from identity.one_time_tokens t join identity.users u on u.id = t.user_id and u.status = 'active'
    where t.user_id = person and t.id = token and t.purpose = 'reset_password' and t.secret_hash = sha256(convert_to(secret, 'UTF8'))
      and t.used_at is null and t.expires_at > now();
  end;
comment on function identity.person_to_reset is 'Whose password a token can set, for the check that the new one is not made of their name; no row when it is not good.';
call kernel.run_as_definer('identity.person_to_reset');

create function identity.reset_password(
  person uuid, token uuid, secret text, salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer, request text
) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform identity.use_token(person, token, secret, 'reset_password');
  perform identity.revoke_sessions(person, 'password reset');
  perform identity.set_password(person, salt, hash, memory_kib, passes, parallelism);
  update identity.users u set email_verified_at = coalesce(u.email_verified_at, now()) where u.id = person;
  perform identity.forget_failures(person);
  perform identity.record_event(person, 'password_reset', '{}', request::jsonb);
end
$$;
comment on function identity.reset_password is 'Sets the password by a mail''s secret; all sessions end, a lockout too. Second factors stay.';
call kernel.run_as_definer('identity.reset_password');

create function identity.forget_failures(person uuid) returns void
  language sql set search_path = ''
  begin atomic
    update identity.lockouts l set failed_attempts = 0, locked_until = null where l.user_id = person;
  end;
comment on function identity.forget_failures(uuid) is 'Lets an account that waits go on at once.';

create function identity.unlock(person uuid, token uuid, secret text, request text) returns void
  language plpgsql security definer set search_path = '' as $$
begin
  perform identity.use_token(person, token, secret, 'unlock');
  perform identity.forget_failures(person);
  perform identity.record_event(person, 'unlocked', '{"method": "mail"}', request::jsonb);
end
$$;
comment on function identity.unlock is 'Unlocks an account by a mail''s secret.';
call kernel.run_as_definer('identity.unlock');

grant execute on function identity.mail_person, identity.issue_token, identity.use_token, identity.void_tokens, identity.revoke_sessions,
  identity.set_password, identity.forget_failures, identity.create_user to tenon_definer;
grant execute on procedure identity.wait_for_address, identity.work_for to tenon_definer;
grant execute on function identity.request_sign_up, identity.read_sign_up, identity.confirm_sign_up, identity.change_password, identity.rehash_password,
  identity.request_password_reset, identity.person_to_reset, identity.reset_password, identity.unlock to tenon_gate;
