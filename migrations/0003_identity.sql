-- People: who they are, how they prove it, and the sessions they have open. Global, not an organization's: one person may
-- belong to many. No role that serves a member's request is granted anything here.

call kernel.module_schema('identity');

create table identity.users (
  id uuid primary key default kernel.uuid_v7(),
  email text not null check (email = btrim(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  email_key text not null generated always as (lower(email)) stored unique,
  email_verified_at timestamptz,
  username text unique check (username ~ '^[a-z0-9][a-z0-9_.-]{1,38}[a-z0-9]$'),
  kind text not null default 'person' check (kind in ('person', 'service')),
  full_name text not null check (length(full_name) between 1 and 200),
  first_name text check (length(first_name) <= 100),
  last_name text check (length(last_name) <= 100),
  avatar_url text check (length(avatar_url) <= 500),
  timezone text not null default 'UTC' check (length(timezone) <= 64),
  locale text not null default 'en' check (length(locale) <= 35),
  profile_data jsonb not null default '{}' check (pg_column_size(profile_data) <= 65536),
  preferences jsonb not null default '{"theme": "system"}' check (pg_column_size(preferences) <= 65536),
  status text not null default 'active' check (status in ('pending', 'active', 'suspended', 'deleted')),
  last_login_at timestamptz,
  last_active_at timestamptz,
  deleted_at timestamptz,
  unique (id, status)
);
call kernel.add_row_version('identity.users');
comment on index identity.users_id_status_key is 'What a live session points at: a person who is active.';
comment on table identity.users is 'A person, or a service that acts through API keys. Sensitivity: high.';
comment on column identity.users.id is 'Identifier.';
comment on column identity.users.email is 'E-mail address as the person writes it.';
comment on column identity.users.email_key is 'The address in lower case: unique, and found by an index under any collation.';
comment on column identity.users.email_verified_at is 'When the person proved to read mail at this address; null after a change until proved again.';
comment on column identity.users.username is 'A name without spaces that the person chose.';
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
comment on column identity.users.last_active_at is 'When the person last did anything, to a few minutes.';
comment on column identity.users.deleted_at is 'When the account was deleted; it is erased after the grace period.';
comment on index identity.users_pkey is 'Finds a person by id.';
comment on index identity.users_username_key is 'Finds a person by username.';
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
  kind text not null check (kind in ('browser', 'token', 'external', 'impersonation')),
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  refresh_hash bytea check (octet_length(refresh_hash) = 32),
  refresh_counter bigint not null default 0 check (refresh_counter >= 0),
  refreshed_at timestamptz,
  second_factor boolean not null default false,
  proved_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ends_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text check (length(revoked_reason) <= 200),
  user_status text generated always as (case when revoked_at is null then 'active' end) stored,
  impersonator_id uuid references identity.users on delete cascade,
  only_organization_id uuid,
  ip_address inet,
  user_agent text check (length(user_agent) <= 500),
  primary key (user_id, id),
  -- Who is not active has no session that was not ended: so nobody who finds one need ask about its person.
  foreign key (user_id, user_status) references identity.users (id, status) on delete cascade,
  check (expires_at <= ends_at),
  check ((refresh_hash is not null) = (kind = 'token')),
  check ((impersonator_id is not null) = (kind = 'impersonation')),
  check (kind <> 'impersonation' or only_organization_id is not null)
);
comment on table identity.user_sessions is 'Where a person is signed in. Secrets are kept as hashes. Sensitivity: critical.';
comment on column identity.user_sessions.user_id is 'Who is signed in, or is acted for.';
comment on column identity.user_sessions.id is 'Identifier; opens nothing without the secret.';
comment on column identity.user_sessions.kind is 'A browser''s cookie, an access token that is refreshed, another issuer''s token, or a supporter in a member''s place.';
comment on column identity.user_sessions.secret_hash is 'SHA-256 of the secret in the person''s token.';
comment on column identity.user_sessions.refresh_hash is 'SHA-256 of the refresh token that is valid now.';
comment on column identity.user_sessions.refresh_counter is 'How many times the session was refreshed; every refresh token carries its number.';
comment on column identity.user_sessions.refreshed_at is 'When it was last refreshed.';
comment on column identity.user_sessions.second_factor is 'Whether more than a password was shown.';
comment on column identity.user_sessions.proved_at is 'When the person last proved who they are; what is delicate asks for it anew.';
comment on column identity.user_sessions.created_at is 'When the person signed in.';
comment on column identity.user_sessions.last_seen_at is 'When the session was last used, to a few minutes.';
comment on column identity.user_sessions.expires_at is 'When the session ends by itself unless it is used; use moves it on.';
comment on column identity.user_sessions.ends_at is 'When the session ends however much it is used.';
comment on column identity.user_sessions.revoked_at is 'When it was ended early.';
comment on column identity.user_sessions.revoked_reason is 'Why it was ended early.';
comment on column identity.user_sessions.user_status is 'What its person must be: active, unless it was ended early.';
comment on column identity.user_sessions.impersonator_id is 'The supporter who acts in the person''s place.';
comment on column identity.user_sessions.only_organization_id is 'The only organization that this session opens.';
comment on column identity.user_sessions.ip_address is 'Where the person signed in from.';
comment on column identity.user_sessions.user_agent is 'The program the person signed in with.';
comment on index identity.user_sessions_pkey is 'Lists a person''s sessions; finds one by its token.';
create index user_sessions_by_impersonator on identity.user_sessions (impersonator_id) where impersonator_id is not null;
comment on index identity.user_sessions_by_impersonator is 'The sessions of a supporter in the place of others.';

create table identity.user_events (
  id uuid primary key default kernel.uuid_v7(),
  user_id uuid references identity.users on delete cascade,
  kind text not null check (kind ~ '^[a-z_]+$' and length(kind) <= 50),
  details jsonb not null default '{}' check (pg_column_size(details) <= 4096),
  created_at timestamptz not null default now(),
  ip_address inet,
  user_agent text check (length(user_agent) <= 500),
  request_id text check (length(request_id) <= 100)
);
comment on table identity.user_events is 'What happened to an account: sign-ins, failures, changes of passwords and factors. Append-only. Sensitivity: high.';
comment on column identity.user_events.id is 'Identifier.';
comment on column identity.user_events.user_id is 'Whose account; null where an address had none.';
comment on column identity.user_events.kind is 'What happened, such as signed_in or sign_in_failed.';
comment on column identity.user_events.details is 'How: method, session, reason; never an address or a secret.';
comment on column identity.user_events.created_at is 'When.';
comment on column identity.user_events.ip_address is 'From where.';
comment on column identity.user_events.user_agent is 'With which program.';
comment on column identity.user_events.request_id is 'In which request.';
comment on index identity.user_events_pkey is 'Finds an event.';
create index user_events_by_user on identity.user_events (user_id, id);
comment on index identity.user_events_by_user is 'The history of a person''s account, newest first.';
create index user_events_by_time on identity.user_events (created_at);
comment on index identity.user_events_by_time is 'What retention removes.';

create table identity.lockouts (
  user_id uuid primary key references identity.users on delete cascade,
  failed_attempts integer not null default 0 check (failed_attempts >= 0),
  last_failed_at timestamptz,
  locked_until timestamptz
);
comment on table identity.lockouts is 'How often signing in failed in a row, by password or second factor, and until when the account waits. Sensitivity: medium.';
comment on column identity.lockouts.user_id is 'Whose account.';
comment on column identity.lockouts.failed_attempts is 'Failures since the last success.';
comment on column identity.lockouts.last_failed_at is 'When the last one was.';
comment on column identity.lockouts.locked_until is 'Until then even the right password is refused.';
comment on index identity.lockouts_pkey is 'Finds the count of an account.';

create table identity.platform_roles (
  user_id uuid not null references identity.users on delete cascade,
  role text not null check (role in ('admin', 'moderator', 'support')),
  granted_at timestamptz not null default now(),
  primary key (user_id, role)
);
comment on table identity.platform_roles is 'Who looks after the whole installation. Sensitivity: high.';
comment on column identity.platform_roles.user_id is 'The person.';
comment on column identity.platform_roles.role is 'What they do.';
comment on column identity.platform_roles.granted_at is 'Since when.';
comment on index identity.platform_roles_pkey is 'Whether a person holds a role.';

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

call kernel.global_table('identity.users', 'select, insert, update');
call kernel.global_table('identity.credentials', 'select, insert, update, delete');
call kernel.global_table('identity.user_sessions', 'select, insert, update, delete');
call kernel.global_table('identity.user_events', 'select, insert, delete');
call kernel.global_table('identity.lockouts', 'select, insert, update, delete');
call kernel.global_table('identity.platform_roles', 'select, insert, delete');
call kernel.global_table('identity.installation', 'select');

create trigger append_only before update on identity.user_events
  for each row execute function kernel.refuse_change('The history of an account');
