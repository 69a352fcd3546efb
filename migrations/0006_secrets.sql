-- What must be kept readable, such as a store's credentials or a webhook's secret, sealed with the installation's key.

create table kernel.keys (
  id text primary key check (id ~ '^[0-9a-f]{8}$'),
  created_at timestamptz not null default now()
);
comment on table kernel.keys is 'The keys that secrets may be sealed with; the keys themselves are not here. Sensitivity: low.';
comment on column kernel.keys.id is 'The first eight hexadecimal digits of the key''s SHA-256.';
comment on column kernel.keys.created_at is 'When the key was first used here.';
comment on index kernel.keys_pkey is 'Finds a key by id.';
alter table kernel.keys enable row level security, force row level security;

create table kernel.secrets (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(name) between 1 and 200),
  sealed bytea not null check (octet_length(sealed) between 93 and 131165),
  key_id text not null generated always as (encode(substr(sealed, 2, 4), 'hex')) stored references kernel.keys on delete restrict,
  primary key (organization_id, id),
  unique (organization_id, name)
);
comment on table kernel.secrets is 'Secrets of an organization, sealed; opened outside of the database only. Sensitivity: critical.';
comment on column kernel.secrets.organization_id is 'The organization that owns the row.';
comment on column kernel.secrets.id is 'Identifier.';
comment on column kernel.secrets.name is 'What it is for; part of what the seal proves.';
comment on column kernel.secrets.sealed is 'The sealed value, with the id of its key.';
comment on column kernel.secrets.key_id is 'The key it is sealed with, read out of the seal.';
comment on index kernel.secrets_pkey is 'Finds a secret by id.';
comment on index kernel.secrets_organization_id_name_key is 'Finds a secret by name.';
create index secrets_by_key on kernel.secrets (organization_id, key_id);
comment on index kernel.secrets_by_key is 'Which secrets a rotation has yet to wrap anew.';
call kernel.tenant_table('kernel.secrets', access => 'none', secrets => '{sealed}');
