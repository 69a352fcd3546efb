-- Studio: sessions in which a solution is worked out with a customer, section by section.

call kernel.module_schema('studio');

create table studio.sessions (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  user_id uuid not null default kernel.user_id(),
  title text not null check (length(btrim(title)) between 1 and 300),
  customer_id uuid,
  client_name text check (length(client_name) <= 200),
  session_type text not null default 'solution' check (session_type in ('solution', 'template', 'workshop', 'other')),
  is_template boolean not null default false,
  deleted_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict,
  foreign key (organization_id, customer_id) references crm.customers on delete restrict
);
comment on table studio.sessions is 'A studio session: the working-out of a solution. Sensitivity: medium.';
comment on column studio.sessions.user_id is 'Whose session it is.';
comment on column studio.sessions.title is 'What it works out.';
comment on column studio.sessions.customer_id is 'For which customer.';
comment on column studio.sessions.client_name is 'The customer''s name as it stands in the documents.';
comment on column studio.sessions.session_type is 'What kind of session it is.';
comment on column studio.sessions.is_template is 'Whether others are made from it.';
comment on column studio.sessions.deleted_at is 'When it was put into the bin.';
call kernel.tenant_table('studio.sessions', own => 'user_id', search => true);
create index sessions_by_member on studio.sessions (organization_id, user_id, updated_at);
comment on index studio.sessions_by_member is 'A member''s sessions, what was touched last first.';
create index sessions_by_customer on studio.sessions (organization_id, customer_id, updated_at);
comment on index studio.sessions_by_customer is 'The sessions for a customer.';
create index sessions_live on studio.sessions (organization_id, is_template, updated_at) where deleted_at is null;
comment on index studio.sessions_live is 'All sessions or templates that are not in the bin.';
create index sessions_by_words on studio.sessions using gin (organization_id, title extensions.gin_trgm_ops, client_name extensions.gin_trgm_ops);
comment on index studio.sessions_by_words is 'Finds sessions by part of their title or customer, in the search view.';

-- Whose it is stands among them too, so that one rule says what somebody may see: theirs, and what was shared with them.
create table studio.session_people (
  organization_id uuid not null,
  session_id uuid not null,
  user_id uuid not null,
  may_write boolean not null default false,
  primary key (organization_id, session_id, user_id),
  foreign key (organization_id, session_id) references studio.sessions on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table studio.session_people is 'To whom a studio session is open: to whose it is, and to those it is shared with. Sensitivity: low.';
comment on column studio.session_people.session_id is 'The studio session.';
comment on column studio.session_people.user_id is 'The member, who may be a client.';
comment on column studio.session_people.may_write is 'Whether the member may work in it, and not just read it.';
comment on index studio.session_people_pkey is 'To whom a studio session is open.';
create index session_people_by_member on studio.session_people (organization_id, user_id, session_id);
comment on index studio.session_people_by_member is 'What is open to a member.';
call kernel.tenant_table('studio.session_people', access => 'read', own => 'user_id');

create function studio.open_to_owner() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into studio.session_people as p (organization_id, session_id, user_id, may_write) values (new.organization_id, new.id, new.user_id, true)
    on conflict (organization_id, session_id, user_id) do update set may_write = true where not p.may_write;
  return null;
end
$$;
comment on function studio.open_to_owner() is 'Opens a studio session to whose it is.';
call kernel.run_as_definer('studio.open_to_owner');
create trigger open_to_owner after insert or update of user_id on studio.sessions for each row execute function studio.open_to_owner();

create table studio.session_tags (
  organization_id uuid not null,
  session_id uuid not null,
  tag_id uuid not null,
  primary key (organization_id, session_id, tag_id),
  foreign key (organization_id, session_id) references studio.sessions on delete cascade,
  foreign key (organization_id, tag_id) references organizations.tags on delete cascade
);
comment on table studio.session_tags is 'The tags of a studio session. Sensitivity: low.';
comment on column studio.session_tags.session_id is 'The session.';
comment on column studio.session_tags.tag_id is 'The tag.';
create index session_tags_by_tag on studio.session_tags (organization_id, tag_id, session_id);
comment on index studio.session_tags_by_tag is 'The sessions with a tag.';
call kernel.tenant_table('studio.session_tags');

create table studio.documents (
  organization_id uuid not null,
  session_id uuid not null,
  section text not null check (section in ('structuring', 'sow', 'loe', 'diagrams', 'assets')),
  content jsonb not null default '{}' check (pg_column_size(content) <= 1048576),
  saved_by uuid,
  primary key (organization_id, session_id, section),
  foreign key (organization_id, session_id) references studio.sessions on delete cascade,
  foreign key (organization_id, saved_by) references organizations.memberships on delete restrict
);
comment on table studio.documents is 'A section of a session: structuring, statement of work, level of effort, diagrams, assets. Sensitivity: medium.';
comment on column studio.documents.session_id is 'The session.';
comment on column studio.documents.section is 'Which section it is.';
comment on column studio.documents.content is 'What stands in it.';
comment on column studio.documents.saved_by is 'Who saved it last.';
create index documents_by_member on studio.documents (organization_id, saved_by);
comment on index studio.documents_by_member is 'What a member saved.';
call kernel.tenant_table('studio.documents', audit => 'keys');

create table studio.versions (
  organization_id uuid not null,
  session_id uuid not null,
  section text not null,
  number integer not null check (number > 0),
  content jsonb not null check (pg_column_size(content) <= 1048576),
  name text check (length(name) <= 200),
  saved_by uuid,
  saved_at timestamptz not null default now(),
  primary key (organization_id, session_id, section, number),
  foreign key (organization_id, session_id, section) references studio.documents on delete cascade,
  foreign key (organization_id, saved_by) references organizations.memberships on delete restrict
);
comment on table studio.versions is 'What a section said before. Sensitivity: medium.';
comment on column studio.versions.session_id is 'The session.';
comment on column studio.versions.section is 'The section.';
comment on column studio.versions.number is 'Which version it is, from 1.';
comment on column studio.versions.content is 'What stood in it.';
comment on column studio.versions.name is 'What somebody called it.';
comment on column studio.versions.saved_by is 'Who saved it.';
comment on column studio.versions.saved_at is 'When.';
create index versions_by_member on studio.versions (organization_id, saved_by);
comment on index studio.versions_by_member is 'What a member saved.';
call kernel.tenant_table('studio.versions', audit => 'none', access => 'read');

create table studio.shares (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  session_id uuid not null,
  secret_hash bytea not null check (octet_length(secret_hash) = 32),
  sections text[] not null check (cardinality(sections) between 1 and 5 and sections <@ '{structuring,sow,loe,diagrams,assets}'),
  may_comment boolean not null default false,
  created_by uuid not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_opened_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, session_id) references studio.sessions on delete cascade,
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict
);
comment on table studio.shares is 'A public link to a session. Sensitivity: critical.';
comment on column studio.shares.session_id is 'The session.';
comment on column studio.shares.secret_hash is 'SHA-256 of the secret in the link.';
comment on column studio.shares.sections is 'What can be seen.';
comment on column studio.shares.may_comment is 'Whether who has the link may comment.';
comment on column studio.shares.created_by is 'Who shared it.';
comment on column studio.shares.expires_at is 'Until when it works.';
comment on column studio.shares.revoked_at is 'When it was taken back.';
comment on column studio.shares.last_opened_at is 'When it was last opened.';
create index shares_by_session on studio.shares (organization_id, session_id);
comment on index studio.shares_by_session is 'The links to a session.';
create index shares_by_maker on studio.shares (organization_id, created_by);
comment on index studio.shares_by_maker is 'What a member shared.';
call kernel.tenant_table('studio.shares', access => 'none', secrets => '{secret_hash}', unrecorded => '{last_opened_at}');

create table studio.exports (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  session_id uuid not null,
  format text not null check (format in ('pdf', 'docx', 'markdown', 'json')),
  status text not null default 'queued' check (status in ('queued', 'running', 'completed', 'failed')),
  task_id uuid,
  file_name text check (length(file_name) <= 300),
  storage_key text check (length(storage_key) <= 500),
  bytes bigint check (bytes >= 0),
  error text check (length(error) <= 5000),
  requested_by uuid not null,
  primary key (organization_id, id),
  foreign key (organization_id, session_id) references studio.sessions on delete cascade,
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade,
  foreign key (organization_id, requested_by) references organizations.memberships on delete restrict,
  check ((storage_key is not null) = (status = 'completed'))
);
comment on table studio.exports is 'A document made of a session. Sensitivity: medium.';
comment on column studio.exports.session_id is 'The session.';
comment on column studio.exports.format is 'What kind of document.';
comment on column studio.exports.status is 'Whether it is made.';
comment on column studio.exports.task_id is 'The task that makes it.';
comment on column studio.exports.file_name is 'Its name.';
comment on column studio.exports.storage_key is 'Where it is kept.';
comment on column studio.exports.bytes is 'How large it is.';
comment on column studio.exports.error is 'Why it could not be made.';
comment on column studio.exports.requested_by is 'Who asked for it.';
create index exports_by_session on studio.exports (organization_id, session_id, id);
comment on index studio.exports_by_session is 'The documents of a session.';
create index exports_by_task on studio.exports (organization_id, task_id);
comment on index studio.exports_by_task is 'The document that a task makes.';
create index exports_by_member on studio.exports (organization_id, requested_by);
comment on index studio.exports_by_member is 'What a member asked for.';
call kernel.tenant_table('studio.exports', access => 'read');

call organizations.add_permission('studio.session.write', 'Work in studio sessions of one''s own', '{admin,task_admin,member}');
call organizations.add_permission('studio.session.read', 'See studio sessions that are shared with oneself', '{admin,task_admin,member,viewer,client}');
call organizations.add_permission('studio.session.manage', 'See and change everybody''s studio sessions', '{admin}');
