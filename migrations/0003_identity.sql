-- People: who they are, how they prove it, and the sessions they have open. Global, not an organization's: one person may
-- belong to many. No role that serves a member's request is granted anything here.

call kernel.module_schema('identity');

create table identity.users (
  id uuid primary key default kernel.uuid_v7(),
  email text not null check (email = btrim(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  email_key text not null generated always as (lower(email)) stored unique,
  kind text not null default 'person' check (kind in ('person', 'service')),
  full_name text not null check (length(full_name) between 1 and 200),
  first_name text check (length(first_name) <= 100),
  last_name text check (length(last_name) <= 100),
  avatar_url text check (length(avatar_url) <= 500),
  timezone text not null default 'UTC' check (length(timezone) <= 64),
  locale text not null default 'en' check (length(locale) <= 35),
  profile_data jsonb not null default '{}' check (pg_column_size(profile_data) <= 65536),
  preferences jsonb not null default '{}' check (pg_column_size(preferences) <= 65536),
  status text not null default 'active' check (status in ('pending', 'active', 'suspended', 'deleted')),
  last_login_at timestamptz,
  deleted_at timestamptz
);
call kernel.add_row_version('identity.users');
comment on table identity.users is 'A person, or a service that acts through API keys. Sensitivity: high.';
comment on column identity.users.id is 'Identifier.';
comment on column identity.users.email is 'E-mail address as the person writes it.';
comment on column identity.users.email_key is 'The address in lower case: unique, and found by an index under any collation.';
comment on column identity.users.kind is 'A person signs in; a service has API keys only.';
comment on column identity.users.full_name is 'Name as shown to colleagues; one word is a name too.';
comment on column identity.users.first_name is 'Given name, where the person gave one.';
comment on column identity.users.last_name is 'Family name, where the person gave one.';
comment on column identity.users.avatar_url is 'Address of the picture.';
comment on column identity.users.timezone is 'IANA time zone.';
comment on column identity.users.locale is 'BCP 47 language tag.';
comment on column identity.users.profile_data is 'Free-form profile.';
comment on column identity.users.preferences is 'Theme and other choices of the person.';
comment on column identity.users.status is 'Only an active person gets in.';
comment on column identity.users.last_login_at is 'When the person last signed in.';
comment on column identity.users.deleted_at is 'When the account was deleted; it is erased after the grace period.';
comment on index identity.users_pkey is 'Finds a person by id.';
comment on index identity.users_email_key_key is 'Finds a person by address; one account per address, whatever its case.';

create table identity.credentials (
  user_id uuid primary key references identity.users on delete cascade,
  password_salt bytea not null check (octet_length(password_salt) = 16),
  password_hash bytea not null check (octet_length(password_hash) = 32),
  memory_kib integer not null check (memory_kib > 0),
  passes integer not null check (passes > 0),
  parallelism integer not null check (parallelism > 0),
  password_changed_at timestamptz not null default now()
);
comment on table identity.credentials is 'Passwords as argon2id hashes; read by definer functions only. Sensitivity: critical.';
comment on column identity.credentials.user_id is 'Whose password it is.';
comment on column identity.credentials.password_salt is 'Random salt.';
comment on column identity.credentials.password_hash is 'argon2id of the password; it never leaves the database.';
comment on column identity.credentials.memory_kib is 'argon2id memory in KiB.';
comment on column identity.credentials.passes is 'argon2id passes.';
comment on column identity.credentials.parallelism is 'argon2id lanes.';
comment on column identity.credentials.password_changed_at is 'When the password was set.';
comment on index identity.credentials_pkey is 'Finds a person''s password.';

create table identity.user_sessions (
  user_id uuid not null references identity.users on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_seen_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_reason text check (length(revoked_reason) <= 200),
  ip_address inet,
  user_agent text check (length(user_agent) <= 500),
  primary key (user_id, id)
);
comment on table identity.user_sessions is 'Where a person is signed in. The secret is kept as a hash. Sensitivity: critical.';
comment on column identity.user_sessions.user_id is 'Who is signed in.';
comment on column identity.user_sessions.id is 'Identifier; opens nothing without the secret.';
comment on column identity.user_sessions.secret_hash is 'SHA-256 of the secret in the person''s token.';
comment on column identity.user_sessions.created_at is 'When the person signed in.';
comment on column identity.user_sessions.expires_at is 'When the session ends by itself.';
comment on column identity.user_sessions.last_seen_at is 'When the session was last used, to a few minutes.';
comment on column identity.user_sessions.revoked_at is 'When it was ended early.';
comment on column identity.user_sessions.revoked_reason is 'Why it was ended early.';
comment on column identity.user_sessions.ip_address is 'Where the person signed in from.';
comment on column identity.user_sessions.user_agent is 'The program the person signed in with.';
comment on index identity.user_sessions_pkey is 'Lists a person''s sessions; finds one by its token.';

create table identity.installation (
  only_row boolean primary key default true check (only_row),
  decoy_secret bytea not null
);
comment on table identity.installation is 'Secrets of this installation that only the database knows. Sensitivity: critical.';
comment on column identity.installation.only_row is 'There is one row.';
comment on column identity.installation.decoy_secret is 'Makes up the salts of addresses that have no account.';
comment on index identity.installation_pkey is 'There is one row.';
insert into identity.installation (decoy_secret)
  values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

alter table identity.users enable row level security, force row level security;
alter table identity.credentials enable row level security, force row level security;
alter table identity.user_sessions enable row level security, force row level security;
alter table identity.installation enable row level security, force row level security;
grant select, insert, update on identity.users, identity.credentials, identity.user_sessions to tenon_definer;
grant select on identity.installation to tenon_definer;

-- Signing in, in two steps: the database gives the salt, Node derives the hash, the database compares.
-- An address without an account gets a salt too, always the same one, so that nothing tells the two apart.

create function identity.password_parameters(address text)
  returns table (password_salt bytea, memory_kib integer, passes integer, parallelism integer)
  language sql stable security definer set search_path = ''
  begin atomic
    select coalesce(c.password_salt, substr(sha256(i.decoy_secret || convert_to(lower(address), 'UTF8')), 1, 16)),
           coalesce(c.memory_kib, 19456), coalesce(c.passes, 2), coalesce(c.parallelism, 1)
    from identity.installation i
    left join identity.users u on u.email_key = lower(address)
    left join identity.credentials c on c.user_id = u.id;
  end;
comment on function identity.password_parameters(text) is 'How to derive the password hash for an address; made up when there is no such account.';
call kernel.run_as_definer('identity.password_parameters');

create function identity.open_session(
  address text, derived_hash bytea, session_secret_hash bytea, lifetime interval, ip_address inet, user_agent text
) returns table (user_id uuid, session_id uuid)
  language plpgsql security definer set search_path = '' as $$
declare
  person uuid;
begin
  update identity.users u set last_login_at = now()
    from identity.credentials c
    where u.email_key = lower(address) and c.user_id = u.id and c.password_hash = derived_hash and u.status = 'active' and u.kind = 'person'
    returning u.id into person;
  if person is null then
    return;
  end if;
  return query
    insert into identity.user_sessions as s (user_id, secret_hash, expires_at, ip_address, user_agent)
    values (person, session_secret_hash, now() + lifetime, open_session.ip_address, left(open_session.user_agent, 500))
    returning s.user_id, s.id;
end
$$;
comment on function identity.open_session is 'Opens a session when the derived hash is the account''s; otherwise returns no row, whatever the reason.';
call kernel.run_as_definer('identity.open_session');

create function identity.create_user(
  address text, name text, salt bytea, hash bytea, memory_kib integer, passes integer, parallelism integer
) returns uuid
  language plpgsql security definer set search_path = '' as $$
declare
  person uuid;
begin
  insert into identity.users (email, full_name) values (address, name) returning id into person;
  insert into identity.credentials (user_id, password_salt, password_hash, memory_kib, passes, parallelism)
    values (person, salt, hash, create_user.memory_kib, create_user.passes, create_user.parallelism);
  return person;
end
$$;
comment on function identity.create_user is 'Makes a person with a password.';
call kernel.run_as_definer('identity.create_user');

create function identity.session_user_id(holder uuid, session uuid, secret text) returns uuid
  language sql stable security definer set search_path = ''
  begin atomic
    select s.user_id from identity.user_sessions s join identity.users u on u.id = s.user_id
    where s.user_id = holder and s.id = session and s.secret_hash = sha256(convert_to(secret, 'UTF8'))
      and s.revoked_at is null and s.expires_at > now() and u.status = 'active';
  end;
comment on function identity.session_user_id(uuid, uuid, text) is 'The person of a live session, or null.';
call kernel.run_as_definer('identity.session_user_id');

create function identity.end_session(holder uuid, session uuid, secret text, reason text) returns boolean
  language plpgsql security definer set search_path = '' as $$
begin
  update identity.user_sessions s set revoked_at = now(), revoked_reason = reason
    where s.user_id = identity.session_user_id(holder, session, secret) and s.id = session;
  return found;
end
$$;
comment on function identity.end_session is 'Ends a session; true when it was alive.';
call kernel.run_as_definer('identity.end_session');

grant execute on function identity.password_parameters, identity.open_session, identity.create_user, identity.end_session to tenon_gate;
