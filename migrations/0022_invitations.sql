-- Invitations: how somebody who is no member yet becomes one, by a mail that a member had sent.

create table organizations.invitations (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  email text not null check (email = btrim(email) and email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  email_key text not null generated always as (lower(email)) stored,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  message text check (length(message) <= 500),
  invited_by uuid not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid,
  revoked_at timestamptz,
  sent_count integer not null default 1 check (sent_count between 1 and 10),
  last_sent_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, invited_by) references organizations.memberships on delete cascade,
  foreign key (organization_id, accepted_by) references organizations.memberships on delete cascade,
  check ((accepted_at is null) = (accepted_by is null)),
  check (accepted_at is null or revoked_at is null)
);
comment on table organizations.invitations is 'Who was invited, by whom, and what became of it. Secrets are kept as hashes. Sensitivity: high.';
comment on column organizations.invitations.organization_id is 'The organization to join.';
comment on column organizations.invitations.id is 'Identifier; opens nothing without the secret.';
comment on column organizations.invitations.email is 'The address that was invited, and the only one that may accept.';
comment on column organizations.invitations.email_key is 'The address in lower case.';
comment on column organizations.invitations.secret_hash is 'SHA-256 of the secret in the mail that was sent last.';
comment on column organizations.invitations.message is 'What the inviter wrote to the invited person.';
comment on column organizations.invitations.invited_by is 'The member who invited; the invitation is good while they might still invite.';
comment on column organizations.invitations.expires_at is 'Until when it can be accepted.';
comment on column organizations.invitations.accepted_at is 'When it was accepted.';
comment on column organizations.invitations.accepted_by is 'The member who came of it.';
comment on column organizations.invitations.revoked_at is 'When it was taken back, or gave way to a new one after it had expired.';
comment on column organizations.invitations.sent_count is 'How often it was sent.';
comment on column organizations.invitations.last_sent_at is 'When it was last sent.';
comment on index organizations.invitations_pkey is 'Finds an invitation by its token.';
create unique index invitations_open on organizations.invitations (organization_id, email_key) where accepted_at is null and revoked_at is null;
comment on index organizations.invitations_open is 'One open invitation per address.';
create index invitations_by_inviter on organizations.invitations (organization_id, invited_by);
comment on index organizations.invitations_by_inviter is 'Whom a member invited.';
create index invitations_by_member on organizations.invitations (organization_id, accepted_by) where accepted_by is not null;
comment on index organizations.invitations_by_member is 'The invitations that a member came by.';
create index invitations_by_address on organizations.invitations (email_key, organization_id);
comment on index organizations.invitations_by_address is 'The invitations of a person, whatever organizations they are to.';
-- The record is never changed, so it does not learn what erasing a person must blank.
call kernel.tenant_table('organizations.invitations', access => 'none', secrets => '{email,email_key,secret_hash,message}');

create table organizations.invitation_roles (
  organization_id uuid not null,
  invitation_id uuid not null,
  role_id uuid not null,
  primary key (organization_id, invitation_id, role_id),
  foreign key (organization_id, invitation_id) references organizations.invitations on delete cascade,
  foreign key (organization_id, role_id) references organizations.roles on delete cascade
);
comment on table organizations.invitation_roles is 'The roles that an invited person gets. Sensitivity: low.';
comment on column organizations.invitation_roles.organization_id is 'The organization that owns the row.';
comment on column organizations.invitation_roles.invitation_id is 'The invitation.';
comment on column organizations.invitation_roles.role_id is 'The role.';
comment on index organizations.invitation_roles_pkey is 'Lists the roles of an invitation.';
create index invitation_roles_by_role on organizations.invitation_roles (organization_id, role_id);
comment on index organizations.invitation_roles_by_role is 'Which invitations give a role.';
call kernel.tenant_table('organizations.invitation_roles', access => 'none');

-- Nobody gives more than they have. Each role is held against the ceiling by itself: it stays when a wider one is taken away.

create function organizations.covers_roles(held jsonb, organization uuid, given uuid[]) returns boolean
  language sql stable set search_path = ''
  begin atomic
    select not exists (
      select from organizations.roles r
      join organizations.role_permissions p on p.organization_id = r.organization_id and p.role_id = r.id
      where r.organization_id = organization and r.id = any (given)
        and not kernel.covers(held, jsonb_build_object(p.permission, r.scope)));
  end;
comment on function organizations.covers_roles(jsonb, uuid, uuid[]) is 'Whether these permissions hold all that each of the roles gives.';

create procedure organizations.require_roles(given uuid[])
  language plpgsql set search_path = '' as $$
begin
  if exists (
    select from unnest(given) as g (id) where not exists (
      select from organizations.roles r where r.organization_id = kernel.organization_id() and r.id = g.id)
  ) then
    raise exception 'There is no such role' using errcode = 'TN012', hint = 'Give the id of a role of this organization.';
  elsif not organizations.covers_roles(kernel.actor_permissions(), kernel.organization_id(), given) then
    raise exception 'These roles permit more than you may' using errcode = 'TN003', hint = 'Choose roles with rights that you have yourself.';
  end if;
end
$$;
comment on procedure organizations.require_roles(uuid[]) is 'Raises unless these are roles of the organization entered, and permit no more than whoever entered may.';

-- What members see of invitations, and do with them.

create function organizations.invitation_status(i organizations.invitations) returns text
  language sql stable set search_path = ''
  return case
    when i.accepted_at is not null then 'accepted'
    when i.revoked_at < i.expires_at then 'revoked'
    when i.expires_at <= now() or i.revoked_at is not null then 'expired'
    else 'open'
  end;
comment on function organizations.invitation_status is 'open, accepted, expired or revoked.';

create function organizations.describe_invitation(i organizations.invitations) returns jsonb
  language sql stable set search_path = ''
  begin atomic
    select jsonb_build_object(
      'id', i.id, 'email', i.email, 'status', organizations.invitation_status(i), 'message', i.message,
      'roles', (
        select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name) order by r.name), '[]')
        from organizations.invitation_roles ir
        join organizations.roles r on r.organization_id = ir.organization_id and r.id = ir.role_id
        where ir.organization_id = i.organization_id and ir.invitation_id = i.id),
      'inviter', (
        select m.display_name from organizations.memberships m where m.organization_id = i.organization_id and m.user_id = i.invited_by),
      'sent_count', i.sent_count, 'last_sent_at', i.last_sent_at, 'created_at', i.created_at,
      'expires_at', i.expires_at, 'accepted_at', i.accepted_at, 'revoked_at', i.revoked_at);
  end;
comment on function organizations.describe_invitation is 'An invitation as members see it.';

create function organizations.list_invitations(status text, cursor uuid, page_size integer) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  shown jsonb;
begin
  call kernel.require_permission('member.manage');
  select coalesce(jsonb_agg(organizations.describe_invitation(i) order by i.id desc), '[]') into shown from (
    select i.* from organizations.invitations i
    where i.organization_id = kernel.organization_id() and (cursor is null or i.id < cursor)
      and (list_invitations.status is null or organizations.invitation_status(i) = list_invitations.status)
    order by i.id desc limit page_size + 1) i;
  return jsonb_build_object('items', case when jsonb_array_length(shown) > page_size then shown - page_size else shown end,
    'next_cursor', case when jsonb_array_length(shown) > page_size then shown -> (page_size - 1) -> 'id' end);
end
$$;
comment on function organizations.list_invitations is 'A page of the invitations, newest first, after the last one of the page before.';

create procedure organizations.send_invitation(organization uuid, invitation uuid, sealed_token bytea)
  language sql set search_path = ''
  begin atomic
    select kernel.queue_mail(i.email, 'invitation', jsonb_build_object(
      'organization', o.name, 'inviter', m.display_name, 'message', coalesce(i.message, ''),
      'form', format('tiv_%s_%s_', i.organization_id, i.id)), sealed_token)
    from organizations.invitations i
    join organizations.organizations o on o.id = i.organization_id
    join organizations.memberships m on m.organization_id = i.organization_id and m.user_id = i.invited_by
    where i.organization_id = organization and i.id = invitation;
  end;
comment on procedure organizations.send_invitation is 'Queues the mail with an invitation''s token.';

/*
  Refuses what would fill somebody's mailbox, or the list: addresses that belong to members or have an open invitation, more
  than 500 open ones, more than 10 mails a day to one address. The organization is locked, so that two at once count right.
*/
create procedure organizations.require_invitable(keys text[])
  language plpgsql set search_path = '' as $$
declare
  open_max constant integer := 500;
  mails_a_day_max constant integer := 10;
  organization constant uuid := kernel.organization_id();
  found text;
begin
  select string_agg(m.email, ', ' order by m.email) into found from organizations.memberships m
    where m.organization_id = organization and m.status in ('active', 'suspended') and lower(m.email) = any (keys);
  if found is not null then
    raise exception 'Already a member: %', found using errcode = 'TN011', hint = 'Leave the address out, or change the member''s roles.';
  end if;
  select string_agg(i.email, ', ' order by i.email) into found from organizations.invitations i
    where i.organization_id = organization and i.email_key = any (keys) and organizations.invitation_status(i) = 'open';
  if found is not null then
    raise exception 'Already invited: %', found using errcode = 'TN011', hint = 'Send the invitation again, or revoke it first.';
  end if;
  select string_agg(d.email_key, ', ' order by d.email_key) into found from (
    select i.email_key from organizations.invitations i
    where i.organization_id = organization and i.email_key = any (keys) and i.last_sent_at > now() - interval '1 day'
    group by 1 having sum(i.sent_count) >= mails_a_day_max) d;
  if found is not null then
    raise exception 'Invited too often today: %', found using errcode = 'TN011', hint = 'Try again tomorrow.';
  elsif cardinality(keys) + (
    select count(*) from organizations.invitations i
    where i.organization_id = organization and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()) > open_max then
    raise exception 'An organization has at most % open invitations', open_max using errcode = 'TN011', hint = 'Revoke some, or wait until they are accepted.';
  end if;
end
$$;
comment on procedure organizations.require_invitable(text[]) is 'Raises when one of the addresses, in lower case, cannot be invited now.';

create function organizations.invite(addresses text[], hashes bytea[], sealed_tokens bytea[], given uuid[], message text) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
  keys constant text[] := array(select lower(a) from unnest(addresses) as a);
  made uuid[] := '{}';
  invitation uuid;
begin
  call kernel.require_permission('member.manage');
  perform organizations.lock_organization(organization);
  call organizations.require_roles(given);
  call organizations.require_invitable(keys);
  update organizations.invitations i set revoked_at = now()
    where i.organization_id = organization and i.email_key = any (keys) and i.accepted_at is null and i.revoked_at is null;
  for place in 1 .. cardinality(addresses) loop
    insert into organizations.invitations (organization_id, email, secret_hash, message, invited_by, expires_at)
      values (organization, addresses[place], hashes[place], invite.message, kernel.user_id(), now() + interval '7 days')
      returning id into invitation;
    insert into organizations.invitation_roles (organization_id, invitation_id, role_id)
      select organization, invitation, g.id from (select distinct unnest(given)) as g (id);
    call organizations.send_invitation(organization, invitation, sealed_tokens[place]);
    made := made || invitation;
  end loop;
  return (select jsonb_build_object('items', jsonb_agg(organizations.describe_invitation(i) order by i.id))
    from organizations.invitations i where i.organization_id = organization and i.id = any (made));
end
$$;
comment on function organizations.invite is 'Invites some addresses, all of them or none, and queues their mails.';

create function organizations.resend_invitation(invitation uuid, hash bytea, sealed_token bytea) returns jsonb
  language plpgsql security definer set search_path = '' as $$
declare
  sent_max constant integer := 10;
  organization constant uuid := kernel.organization_id();
  given uuid[];
  i organizations.invitations;
begin
  call kernel.require_permission('member.manage');
  perform organizations.lock_organization(organization);
  select * into i from organizations.invitations where organization_id = organization and id = invitation for update;
  if i.id is null then
    raise exception 'There is no such invitation' using errcode = 'TN010';
  elsif organizations.invitation_status(i) not in ('open', 'expired') or i.revoked_at is not null then
    raise exception 'This invitation is over' using errcode = 'TN011', hint = 'Invite the person anew.';
  elsif i.last_sent_at > now() - interval '1 minute' then
    raise exception 'This invitation was sent less than a minute ago' using errcode = 'TN011', hint = 'Wait a minute, then try again.';
  elsif i.sent_count >= sent_max then
    raise exception 'This invitation was sent % times', sent_max using errcode = 'TN011', hint = 'Ask the person in another way, or revoke it and invite anew.';
  end if;
  -- Whoever sends it again vouches for it from now on.
  select array_agg(r.role_id) into given from organizations.invitation_roles r
    where r.organization_id = organization and r.invitation_id = invitation;
  call organizations.require_roles(given);
  update organizations.invitations
    set secret_hash = hash, expires_at = now() + interval '7 days', sent_count = sent_count + 1, last_sent_at = now(), invited_by = kernel.user_id()
    where organization_id = organization and id = invitation returning * into i;
  call organizations.send_invitation(organization, invitation, sealed_token);
  return organizations.describe_invitation(i);
end
$$;
comment on function organizations.resend_invitation is 'Sends an invitation again, with a new secret and from whoever asks; the old secret is void.';

create function organizations.revoke_invitation(invitation uuid) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  i organizations.invitations;
begin
  call kernel.require_permission('member.manage');
  perform organizations.lock_organization(kernel.organization_id());
  select * into i from organizations.invitations where organization_id = kernel.organization_id() and id = invitation for update;
  if i.id is null then
    raise exception 'There is no such invitation' using errcode = 'TN010';
  elsif i.accepted_at is not null then
    raise exception 'This invitation was accepted already' using errcode = 'TN011', hint = 'Remove the member instead.';
  end if;
  update organizations.invitations set revoked_at = now()
    where organization_id = i.organization_id and id = invitation and revoked_at is null;
end
$$;
comment on function organizations.revoke_invitation(uuid) is 'Takes an invitation back; twice is as good as once.';

call kernel.run_as_definer('organizations.list_invitations');
call kernel.run_as_definer('organizations.invite');
call kernel.run_as_definer('organizations.resend_invitation');
call kernel.run_as_definer('organizations.revoke_invitation');
grant execute on function organizations.covers_roles, organizations.invitation_status, organizations.describe_invitation to tenon_definer;
grant execute on procedure organizations.require_roles, organizations.send_invitation, organizations.require_invitable to tenon_definer;
grant execute on function organizations.list_invitations, organizations.invite, organizations.resend_invitation,
  organizations.revoke_invitation to tenon_member;
