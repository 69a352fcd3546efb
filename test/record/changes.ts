import type pg from "pg";

/** An entry of the record, whole but for its numbers. */
export type Change = {
  organization_id: string;
  actor_kind: string;
  user_id: string | null;
  impersonator_id: string | null;
  operation: string | null;
  action: string;
  resource_type: string;
  resource_id: string | null;
  old_values: Record<string, unknown> | null;
  new_values: Record<string, unknown> | null;
  details: { rows: number; ids: string[] } | null;
  import_id: string | null;
  ip_address: string | null;
  user_agent: string | null;
  request_id: string | null;
};

/** Does something, and returns what is on the record behind it, in the order of writing. */
export async function recordOf(admin: pg.Client, work: () => Promise<unknown>): Promise<Change[]> {
  const { rows: before } = await admin.query<{ seq: string }>(
    "select coalesce(max(seq), 0) as seq from audit.audit_logs",
  );
  await work();
  const { rows } = await admin.query<Change>(
    `select organization_id, actor_kind, user_id, impersonator_id, operation, action, resource_type, resource_id,
            old_values, new_values, details, import_id, ip_address, user_agent, request_id
     from audit.audit_logs where seq > $1 order by seq`,
    [before[0]?.seq],
  );
  return rows;
}

/** Tables of every kind of record: full with secrets, a child by cascade, keys only, none. */
export const SHOP = `
  call kernel.module_schema('shop');
  create table shop.things (
    organization_id uuid not null references organizations.organizations on delete cascade,
    id uuid not null default kernel.uuid_v7(),
    name text not null,
    secret text,
    body text,
    figure integer,
    primary key (organization_id, id),
    unique (organization_id, name)
  );
  call kernel.tenant_table('shop.things', secrets => '{secret}', unrecorded => '{figure}');
  create table shop.parts (
    organization_id uuid not null,
    thing_id uuid not null,
    place integer not null,
    primary key (organization_id, thing_id, place),
    foreign key (organization_id, thing_id) references shop.things on delete cascade
  );
  call kernel.tenant_table('shop.parts');
  create table shop.places (organization_id uuid not null, id uuid not null default kernel.uuid_v7(), name text, primary key (organization_id, id));
  call kernel.tenant_table('shop.places', audit => 'keys');
  create table shop.drafts (organization_id uuid not null, id uuid not null default kernel.uuid_v7(), name text, primary key (organization_id, id));
  call kernel.tenant_table('shop.drafts', audit => 'none');
  grant insert on shop.things to tenon_loader`;
