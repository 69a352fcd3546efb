-- Other issuers: OpenID providers that people sign in with, and issuers whose access tokens are taken here.

create table identity.issuers (
  name text primary key check (name ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
  issuer_url text not null unique check (length(issuer_url) <= 500 and issuer_url
    ~ '^(https://[^/?#@\s]+|http://(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?)(/[^?#\s]*)?$'),
  label text not null check (length(btrim(label)) between 1 and 100),
  sign_in boolean not null default false,
  client_id text check (length(client_id) between 1 and 500),
  sealed_client_secret bytea check (octet_length(sealed_client_secret) between 93 and 4096),
  key_id text generated always as (encode(substr(sealed_client_secret, 2, 4), 'hex')) stored references kernel.keys on delete restrict,
  scopes text not null default 'openid email profile' check (scopes ~ '^openid( [!#-\[\]-~]+)*$' and length(scopes) <= 500),
  makes_accounts boolean not null default false,
  trusts_email boolean not null default false,
  accepts_tokens boolean not null default false,
  audience text check (length(audience) between 1 and 500),
  algorithms text[] not null default '{RS256}' check (
    cardinality(algorithms) between 1 and 11
    and algorithms <@ '{RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA,Ed25519}'),
  jwks_uri text check (length(jwks_uri) <= 500 and jwks_uri
    ~ '^(https://[^/?#@\s]+|http://(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?)(/[^#\s]*)?$'),
  is_second_factor boolean not null default false,
  status text not null default 'active' check (status in ('active', 'disabled')),
  check (not sign_in or client_id is not null),
  check (not accepts_tokens or audience is not null),
  check (not makes_accounts or sign_in and trusts_email)
);
call kernel.add_row_version('identity.issuers');
comment on table identity.issuers is 'OpenID providers and token issuers that the operator trusts. Sensitivity: critical.';
comment on column identity.issuers.name is 'Name in addresses and commands.';
comment on column identity.issuers.issuer_url is 'The issuer as its tokens name it (iss). Without encryption only on this machine.';
comment on column identity.issuers.label is 'Name that people read: sign in with ….';
comment on column identity.issuers.sign_in is 'Whether people may sign in with it.';
comment on column identity.issuers.client_id is 'What this installation is called there.';
comment on column identity.issuers.sealed_client_secret is 'The client''s secret, sealed; opened outside of the database only. Null for a public client.';
comment on column identity.issuers.key_id is 'The key it is sealed with, read out of the seal.';
comment on column identity.issuers.scopes is 'What is asked for when somebody signs in.';
comment on column identity.issuers.makes_accounts is 'Whether whoever is unknown here gets an account by signing in.';
comment on column identity.issuers.trusts_email is 'Whether an address counts as proved here when the issuer says so.';
comment on column identity.issuers.accepts_tokens is 'Whether its access tokens are taken as those of the people linked to it.';
comment on column identity.issuers.audience is 'Whom an access token must be meant for (aud).';
comment on column identity.issuers.algorithms is 'The signatures that are taken, and no other; none with a shared secret.';
comment on column identity.issuers.jwks_uri is 'Where its public keys are, when its own description does not tell.';
comment on column identity.issuers.is_second_factor is 'Whether a sign-in there counts as one with a second factor.';
comment on column identity.issuers.status is 'A disabled one lets nobody in; its links are kept.';
comment on index identity.issuers_pkey is 'Finds an issuer by name.';
comment on index identity.issuers_issuer_url_key is 'Finds the issuer of a token.';
create index issuers_by_key on identity.issuers (key_id) where key_id is not null;
comment on index identity.issuers_by_key is 'Which secrets a rotation has yet to wrap anew.';
-- Nothing but locks needs the right to update: whoever opens a session of an issuer waits while it is being disabled.
call kernel.global_table('identity.issuers', 'select, update');

create table identity.external_identities (
  issuer text not null references identity.issuers on delete cascade,
  subject text not null check (length(subject) between 1 and 255),
  id uuid not null default kernel.uuid_v7() unique,
  user_id uuid not null references identity.users on delete cascade,
  email text check (length(email) <= 254),
  linked_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (issuer, subject)
);
comment on table identity.external_identities is 'Who a person is at other issuers. Sensitivity: high.';
comment on column identity.external_identities.issuer is 'The issuer.';
comment on column identity.external_identities.subject is 'The issuer''s name for the person (sub): with the issuer, all that a link is made of.';
comment on column identity.external_identities.id is 'Identifier.';
comment on column identity.external_identities.user_id is 'The person here.';
comment on column identity.external_identities.email is 'The address the issuer told last. It is shown, and links nothing.';
comment on column identity.external_identities.linked_at is 'When it was linked.';
comment on column identity.external_identities.last_used_at is 'When the person last signed in with it, or showed a new token.';
comment on index identity.external_identities_pkey is 'Finds the person of an issuer''s subject; a subject is one person here.';
comment on index identity.external_identities_id_key is 'Finds a link by id.';
create index external_identities_by_user on identity.external_identities (user_id, issuer);
comment on index identity.external_identities_by_user is 'Lists a person''s identities elsewhere.';
call kernel.global_table('identity.external_identities', 'select, insert, update, delete');

-- A session of another issuer's token: its secret is the token itself, and it ends with it.
alter table identity.user_sessions
  add column issuer text references identity.issuers on delete cascade,
  add check ((issuer is not null) = (kind = 'external'));
comment on column identity.user_sessions.issuer is 'Whose token opened it, when it is another issuer''s.';
create unique index user_sessions_by_token on identity.user_sessions (user_id, secret_hash) where kind = 'external';
comment on index identity.user_sessions_by_token is 'One session for one token of another issuer, however many requests bring it at once.';
create index user_sessions_by_issuer on identity.user_sessions (issuer) where issuer is not null;
comment on index identity.user_sessions_by_issuer is 'The sessions that end with an issuer.';

-- What a server needs to know of an issuer.

create function identity.sign_in_providers(request text) returns jsonb
  language sql stable security definer set search_path = ''
  begin atomic
    select coalesce(jsonb_agg(jsonb_build_object('name', i.name, 'label', i.label) order by i.label, i.name), '[]')
    from identity.issuers i where i.sign_in and i.status = 'active';
  end;
comment on function identity.sign_in_providers(text) is 'Whom people may sign in with.';

create function identity.sign_in_provider(name text, request text) returns setof identity.issuers
  language sql stable security definer set search_path = ''
  begin atomic
    select * from identity.issuers i where i.name = sign_in_provider.name and i.sign_in and i.status = 'active';
  end;
comment on function identity.sign_in_provider(text, text) is 'How to sign in with an issuer, its client''s secret sealed.';

create function identity.token_issuer(issuer_url text, request text) returns setof identity.issuers
  language sql stable security definer set search_path = ''
  begin atomic
    select * from identity.issuers i where i.issuer_url = token_issuer.issuer_url and i.accepts_tokens and i.status = 'active';
  end;
comment on function identity.token_issuer(text, text) is 'How to check the access tokens of an issuer.';

/*
  The session of a token whose signature the server has verified; opens one when the token is new. Nothing comes back when the
  subject is linked to nobody, the session was revoked, or the person has a second factor that the issuer does not stand for.
  Parallel requests with one token find one session.
*/
create function identity.open_external_session(
  issuer_name text, subject_name text, token_hash bytea, ends timestamptz, proved timestamptz, request text,
  out person uuid, out session uuid
)
  language plpgsql security definer set search_path = '' as $$
declare
  how constant jsonb := request;
  idle constant interval := (select l.idle from identity.session_lifetimes('external') l);
  is_strong boolean;
  is_new boolean;
begin
  select u.id, i.is_second_factor into person, is_strong
    from identity.external_identities e
    join identity.issuers i on i.name = e.issuer and i.accepts_tokens and i.status = 'active'
    join identity.users u on u.id = e.user_id and u.status = 'active' and u.kind = 'person'
    where e.issuer = issuer_name and e.subject = subject_name
    for share of e, i for key share of u;
  if person is null or ends <= now() or not is_strong and identity.has_second_factor(person) then
    return;
  end if;
  insert into identity.user_sessions as s
    (user_id, kind, issuer, secret_hash, second_factor, proved_at, expires_at, ends_at, ip_address, user_agent)
    values (person, 'external', issuer_name, token_hash, is_strong, least(proved, now()), least(ends, now() + idle), ends,
      (how ->> 'address')::inet, left(how ->> 'agent', 500))
    on conflict (user_id, secret_hash) where kind = 'external'
    do update set expires_at = greatest(s.expires_at, least(s.ends_at, now() + idle)) where s.revoked_at is null
    returning s.id, s.xmax = 0 into session, is_new;
  if is_new then
    perform identity.record_event(person, 'token_accepted', jsonb_build_object('issuer', issuer_name, 'session', session), how);
  end if;
end
$$;
comment on function identity.open_external_session is 'The session of another issuer''s verified token, opened at its first sight; no session when it lets nobody in.';

-- Signing in with a provider.

/*
  Goes on after a provider has said who signs in. The outcome is
    in           a session, or a sign-in that waits for the second factor, of the person that the subject is linked to. Who is
                 unknown gets an account and an organization where the issuer makes accounts, at an address that it has proved
    link_needed  the address has an account here: its person signs in as ever, and links the two. An address links nothing
    no_account   anything else. Only a proved address is looked up, so that nobody finds out who has an account by claiming one
*/
create function identity.sign_in_with_identity(
  issuer_name text, subject_name text, address text, is_verified boolean, full_name text, secret_hash bytea, request text,
  out outcome text, out user_id uuid, out session_id uuid, out pending_id uuid
)
  language plpgsql security definer set search_path = '' as $$
declare
  how constant jsonb := request;
  method constant text := 'openid:' || issuer_name;
  trusted record;
  person uuid := identity.person_of_identity(issuer_name, subject_name);
begin
  select i.name, i.makes_accounts, i.is_second_factor, i.trusts_email and is_verified as is_proved into trusted
    from identity.issuers i where i.name = issuer_name and i.sign_in and i.status = 'active' for share;
  if person is null and trusted.makes_accounts and trusted.is_proved then
    -- Who made the account meanwhile may be the same person's other tab.
    person := coalesce(identity.make_account(issuer_name, subject_name, address, full_name, request),
      identity.person_of_identity(issuer_name, subject_name));
  end if;
  if person is null and trusted.is_proved and exists (select from identity.users u where u.email_key = lower(address)) then
    outcome := 'link_needed';
  elsif trusted.name is null or not exists (
    select from identity.users u where u.id = person and u.status = 'active' and u.kind = 'person'
  ) then
    outcome := 'no_account';
    perform identity.record_event(person, 'sign_in_refused', jsonb_build_object('method', method, 'reason', 'no_account'), how);
  else
    outcome := 'in';
    update identity.external_identities e set last_used_at = now(), email = coalesce(address, e.email)
      where e.issuer = issuer_name and e.subject = subject_name;
    select b.user_id, b.session_id, b.pending_id into user_id, session_id, pending_id
      from identity.begin_session(person, method, trusted.is_second_factor, 'browser', secret_hash, null, how) b;
  end if;
end
$$;
comment on function identity.sign_in_with_identity is 'Signs in whoever an issuer''s subject is linked to, or makes the account; tells what came of it.';

create function identity.person_of_identity(issuer_name text, subject_name text) returns uuid
  language sql volatile set search_path = ''
  begin atomic
    select e.user_id from identity.external_identities e where e.issuer = issuer_name and e.subject = subject_name;
  end;
comment on function identity.person_of_identity(text, text) is 'The person that an issuer''s subject is linked to, or null.';

create function identity.make_account(issuer_name text, subject_name text, address text, full_name text, request text) returns uuid
  language plpgsql set search_path = '' as $$
declare
  person uuid;
  slug_start constant text := coalesce(nullif(btrim(left(regexp_replace(lower(full_name), '[^a-z0-9]+', '-', 'g'), 40), '-'), ''), 'organization');
begin
  insert into identity.users (email, full_name, email_verified_at) values (address, make_account.full_name, now())
    on conflict do nothing returning id into person;
  if person is null then
    return null;
  end if;
  insert into identity.external_identities (issuer, subject, user_id, email) values (issuer_name, subject_name, person, address);
  perform organizations.found_organization(person, left(make_account.full_name, 180) || '''s organization',
    slug_start || '-' || left(gen_random_uuid()::text, 8), request);
  perform identity.record_event(person, 'signed_up', jsonb_build_object('method', 'openid:' || issuer_name), request::jsonb);
  return person;
end
$$;
comment on function identity.make_account is 'Makes an account at an address that an issuer has proved, with an organization; null when the address has one.';

-- Linking.

create function identity.require_proof(holder uuid, session uuid, secret text, request text) returns uuid
  language plpgsql security definer set search_path = '' as $$
begin
  return identity.require_session(holder, session, secret, '15 minutes');
end
$$;
comment on function identity.require_proof is 'The person of a live session that was proved lately; raises TN001 or TN007 otherwise.';

create function identity.link_identity(
  holder uuid, session uuid, secret text, issuer_name text, subject_name text, address text, request text
) returns text
  language plpgsql security definer set search_path = '' as $$
declare
  -- The proof is asked for when linking begins; the way to the issuer and back takes ten minutes at the most.
  person constant uuid := identity.require_session(holder, session, secret, '25 minutes');
  label constant text := (select i.label from identity.issuers i where i.name = issuer_name and i.sign_in and i.status = 'active');
begin
  if label is null then
    raise exception 'Nobody signs in with this issuer' using errcode = 'TN010';
  end if;
  insert into identity.external_identities (issuer, subject, user_id, email) values (issuer_name, subject_name, person, address)
    on conflict do nothing;
  if not found then
    return case when identity.person_of_identity(issuer_name, subject_name) = person then 'linked' else 'already_linked' end;
  end if;
  perform identity.record_event(person, 'identity_linked', jsonb_build_object('issuer', issuer_name), request::jsonb);
  perform kernel.queue_mail(u.email, 'identity_linked', jsonb_build_object('name', u.full_name, 'label', label))
    from identity.users u where u.id = person;
  return 'linked';
end
$$;
comment on function identity.link_identity is 'Links an issuer''s subject to the person of a session: linked, or already_linked when it is somebody else''s.';

create function identity.identities(holder uuid, session uuid, secret text, request text) returns jsonb
  language plpgsql stable security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret);
begin
  return (
    select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
      'id', e.id, 'provider', i.name, 'label', i.label, 'subject', e.subject, 'email', e.email,
      'linked_at', e.linked_at, 'last_used_at', e.last_used_at) order by i.label, e.linked_at), '[]'))
    from identity.external_identities e join identity.issuers i on i.name = e.issuer where e.user_id = person);
end
$$;
comment on function identity.identities is 'Who the person of a live session is at other issuers.';

create function identity.can_sign_in(person uuid) returns boolean
  language sql volatile set search_path = ''
  begin atomic
    select exists (select from identity.credentials c where c.user_id = person)
        or exists (select from identity.passkeys p where p.user_id = person)
        or exists (
          select from identity.external_identities e join identity.issuers i on i.name = e.issuer and i.sign_in and i.status = 'active'
          where e.user_id = person);
  end;
comment on function identity.can_sign_in(uuid) is 'Whether a person has a way to sign in: a password, a passkey, or an identity elsewhere.';

create function identity.unlink_identity(holder uuid, session uuid, secret text, identity uuid, request text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  person constant uuid := identity.require_session(holder, session, secret, '15 minutes');
  gone text;
begin
  -- Two ways to sign in that are given up in parallel wait for each other here: one of them stays.
  perform from identity.users u where u.id = person for no key update;
  delete from identity.external_identities e where e.user_id = person and e.id = unlink_identity.identity returning e.issuer into gone;
  if gone is null then
    raise exception 'No such identity' using errcode = 'TN010';
  elsif not identity.can_sign_in(person) then
    raise exception 'This is the only way to sign in to the account' using errcode = 'TN011', hint = 'Set a password or add a passkey first.';
  end if;
  update identity.user_sessions s set revoked_at = now(), revoked_reason = 'identity unlinked'
    where s.user_id = person and s.issuer = gone and s.revoked_at is null
      and not exists (select from identity.external_identities e where e.user_id = person and e.issuer = gone);
  perform identity.record_event(person, 'identity_unlinked', jsonb_build_object('issuer', gone), request::jsonb);
  perform kernel.queue_mail(u.email, 'identity_unlinked', jsonb_build_object('name', u.full_name, 'label', i.label))
    from identity.users u join identity.issuers i on i.name = gone where u.id = person;
end
$$;
comment on function identity.unlink_identity is 'Takes an identity elsewhere off the account of a session, and ends what its tokens opened.';

call kernel.run_as_definer('identity.sign_in_providers');
call kernel.run_as_definer('identity.sign_in_provider');
call kernel.run_as_definer('identity.token_issuer');
call kernel.run_as_definer('identity.open_external_session');
call kernel.run_as_definer('identity.sign_in_with_identity');
call kernel.run_as_definer('identity.require_proof');
call kernel.run_as_definer('identity.link_identity');
call kernel.run_as_definer('identity.identities');
call kernel.run_as_definer('identity.unlink_identity');
grant execute on function identity.person_of_identity, identity.make_account, identity.can_sign_in to tenon_definer;
grant execute on function identity.sign_in_providers, identity.sign_in_provider, identity.token_issuer, identity.open_external_session,
  identity.sign_in_with_identity, identity.require_proof, identity.link_identity, identity.identities, identity.unlink_identity to tenon_gate;
