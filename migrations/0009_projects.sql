-- Projects: client work and labeling alike.

call kernel.module_schema('projects');

create table projects.projects (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  kind text not null default 'client' check (kind in ('client', 'labeling')),
  name text not null check (length(btrim(name)) between 1 and 200),
  description text not null default '' check (length(description) <= 20000),
  status text not null default 'active' check (status in ('planning', 'active', 'on_hold', 'completed', 'cancelled')),
  primary key (organization_id, id)
);
comment on table projects.projects is 'Work with a name and an end: for a client, or labeling. Sensitivity: medium.';
comment on column projects.projects.kind is 'Client work, or labeling, which has its configuration in labeling.configurations.';
comment on column projects.projects.name is 'Name as people write it.';
comment on column projects.projects.description is 'What it is about; for labeling, what labelers are told.';
comment on column projects.projects.status is 'Where the project stands.';
comment on index projects.projects_pkey is 'Finds a project by id.';
call kernel.tenant_table('projects.projects');
create index projects_by_kind on projects.projects (organization_id, kind, created_at);
comment on index projects.projects_by_kind is 'Lists the projects of a kind, newest first.';
