-- What must be kept readable, such as a store's credentials or a webhook's secret, sealed with the installation's key.

create table kernel.keys (
  id text primary key check (id ~ '^[0-9a-f]{8}$'),
  created_at timestamptz not null default now()
);
comment on table kernel.keys is 'The keys that secrets may be sealed with; the keys themselves are not here. Sensitivity: low.';
comment on column kernel.keys.id is 'The first eight hexadecimal digits of the key''s SHA-256.';
comment on column kernel.keys.created_at is 'When the key was first used here.';
comment on index kernel.keys_pkey is 'Finds a key by id.';
call kernel.global_table('kernel.keys', 'select');

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
comment on column kernel.secrets.name is 'What it is for; part of what the seal proves.';
comment on column kernel.secrets.sealed is 'The sealed value, with the id of its key.';
comment on column kernel.secrets.key_id is 'The key it is sealed with, read out of the seal.';
comment on index kernel.secrets_pkey is 'Finds a secret by id.';
comment on index kernel.secrets_organization_id_name_key is 'Finds a secret by name.';
create index secrets_by_key on kernel.secrets (organization_id, key_id);
comment on index kernel.secrets_by_key is 'Which secrets a rotation has yet to wrap anew.';
call kernel.tenant_table('kernel.secrets', access => 'none', secrets => '{sealed}');

-- The key pairs that sign access tokens and the seals of the record.

create table kernel.signing_keys (
  id text primary key check (id ~ '^[A-Za-z0-9_-]{8,64}$'),
  public_key jsonb not null check (pg_column_size(public_key) <= 2048),
  sealed bytea not null check (octet_length(sealed) between 93 and 2048),
  key_id text not null generated always as (encode(substr(sealed, 2, 4), 'hex')) stored references kernel.keys on delete restrict,
  created_at timestamptz not null default now(),
  signs_from timestamptz not null,
  retired_at timestamptz
);
comment on table kernel.signing_keys is 'Ed25519 key pairs: the public half as JWK, the private one sealed. Sensitivity: critical.';
comment on column kernel.signing_keys.id is 'The key''s name in tokens (kid): its RFC 7638 thumbprint.';
comment on column kernel.signing_keys.public_key is 'The public key as JWK.';
comment on column kernel.signing_keys.sealed is 'The private key as JWK, sealed.';
comment on column kernel.signing_keys.key_id is 'The key it is sealed with, read out of the seal.';
comment on column kernel.signing_keys.created_at is 'When it was made; it is published from then on.';
comment on column kernel.signing_keys.signs_from is 'From when it signs: later than it is published, so that whoever caches keys has it in time.';
comment on column kernel.signing_keys.retired_at is 'From when what it signed is refused.';
comment on index kernel.signing_keys_pkey is 'Finds a key by the name in a token.';
create index signing_keys_by_key on kernel.signing_keys (key_id);
comment on index kernel.signing_keys_by_key is 'Which keys a rotation has yet to wrap anew.';
call kernel.global_table('kernel.signing_keys', 'select, insert, update');

-- A seed can only be sealed with a key that is listed, as any other secret.
alter table identity.second_factors add foreign key (key_id) references kernel.keys on delete restrict;
