-- Customers: sold to and worked for alike. The five systems had two of them, one with a stage and one with figures of its orders.

call kernel.module_schema('crm');

create table crm.customers (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  name text not null check (length(btrim(name)) between 1 and 200),
  first_name text check (length(first_name) <= 100),
  last_name text check (length(last_name) <= 100),
  company text check (length(company) <= 200),
  email text check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  email_key text generated always as (lower(email)) stored,
  phone text check (length(phone) <= 50),
  addresses jsonb not null default '[]' check (jsonb_typeof(addresses) = 'array' and pg_column_size(addresses) <= 32768),
  default_address jsonb check (jsonb_typeof(default_address) = 'object' and pg_column_size(default_address) <= 4096),
  birthday date,
  gender text check (length(gender) <= 50),
  stage text not null default 'lead' check (stage in ('lead', 'prospect', 'active', 'churned')),
  status text not null default 'active' check (status in ('active', 'inactive', 'blocked')),
  source text check (source in ('website', 'referral', 'social', 'email', 'store', 'import', 'other')),
  accepts_marketing boolean not null default false,
  segment text check (length(segment) <= 50),
  persona text check (length(persona) <= 2000),
  predicted_ltv bigint check (predicted_ltv >= 0),
  churn_risk_score numeric(3, 2) check (churn_risk_score between 0 and 1),
  ai_insights jsonb not null default '{}' check (pg_column_size(ai_insights) <= 65536),
  custom_fields jsonb not null default '{}' check (pg_column_size(custom_fields) <= 65536),
  support_notes text check (length(support_notes) <= 20000),
  assigned_to uuid,
  last_active_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, assigned_to) references organizations.memberships on delete restrict
);
comment on table crm.customers is 'A person or company that buys or is worked for. Sensitivity: high.';
comment on column crm.customers.name is 'Name as the organization calls the customer.';
comment on column crm.customers.first_name is 'Given name, where it is a person.';
comment on column crm.customers.last_name is 'Family name, where it is a person.';
comment on column crm.customers.company is 'The company a person belongs to.';
comment on column crm.customers.email is 'Address to write to; several customers may share one.';
comment on column crm.customers.email_key is 'The address in lower case, for looking up.';
comment on column crm.customers.phone is 'Telephone number as it was given.';
comment on column crm.customers.addresses is 'Postal addresses.';
comment on column crm.customers.default_address is 'The address to take unless told otherwise.';
comment on column crm.customers.birthday is 'Day of birth.';
comment on column crm.customers.gender is 'Gender, in the customer''s own word.';
comment on column crm.customers.stage is 'How far the relation has come.';
comment on column crm.customers.status is 'Whether the account may be used: a blocked one orders nothing.';
comment on column crm.customers.source is 'Where the customer came from.';
comment on column crm.customers.accepts_marketing is 'Whether the customer agreed to be written to.';
comment on column crm.customers.segment is 'Group for selling, such as vip or new.';
comment on column crm.customers.persona is 'What kind of customer this is, in words.';
comment on column crm.customers.predicted_ltv is 'What the customer will likely bring, in minor units of the organization''s currency.';
comment on column crm.customers.churn_risk_score is 'How likely the customer is to leave, 0 to 1.';
comment on column crm.customers.ai_insights is 'What models found out.';
comment on column crm.customers.custom_fields is 'The organization''s own fields.';
comment on column crm.customers.support_notes is 'What support should know.';
comment on column crm.customers.assigned_to is 'The member who looks after the customer.';
comment on column crm.customers.last_active_at is 'When the customer last did anything.';
call kernel.tenant_table('crm.customers', client => 'id', search => true);
-- Who has bought is no lead again before they were lost.
call kernel.state_order('crm.customers', 'A customer',
  '{"lead": ["prospect", "active", "churned"], "prospect": ["lead", "active", "churned"], "active": ["churned"], "churned": ["lead", "prospect", "active"]}',
  'stage');
create index customers_by_email on crm.customers (organization_id, email_key);
comment on index crm.customers_by_email is 'Finds customers by address.';
create index customers_by_stage on crm.customers (organization_id, stage, created_at);
comment on index crm.customers_by_stage is 'Lists the customers of a stage, newest first.';
create index customers_by_status on crm.customers (organization_id, status, created_at);
comment on index crm.customers_by_status is 'Lists the customers of a status, newest first.';
create index customers_by_assignee on crm.customers (organization_id, assigned_to, created_at);
comment on index crm.customers_by_assignee is 'The customers that a member looks after.';
create index customers_by_segment on crm.customers (organization_id, segment, created_at) where segment is not null;
comment on index crm.customers_by_segment is 'The customers of a segment.';
create index customers_by_time on crm.customers (organization_id, created_at);
comment on index crm.customers_by_time is 'All customers, newest first.';
create index customers_by_words on crm.customers using gin (organization_id, name extensions.gin_trgm_ops, company extensions.gin_trgm_ops, email extensions.gin_trgm_ops);
comment on index crm.customers_by_words is 'Finds customers by part of a name, company or address, in the search view.';
create index customers_by_custom_field on crm.customers using gin (organization_id, custom_fields jsonb_path_ops);
comment on index crm.customers_by_custom_field is 'Finds customers by the organization''s own fields, in the search view.';

-- What machines keep about a customer stands beside the row, so that an order never makes a person's edit stale.
create table crm.customer_figures (
  organization_id uuid not null,
  customer_id uuid not null,
  total_orders bigint not null default 0 check (total_orders >= 0),
  total_spent bigint not null default 0 check (total_spent >= 0),
  total_refunded bigint not null default 0 check (total_refunded >= 0),
  average_order_value bigint not null generated always as (case when total_orders > 0 then total_spent / total_orders else 0 end) stored,
  lifetime_value bigint not null generated always as (total_spent - total_refunded) stored,
  first_order_at timestamptz,
  last_order_at timestamptz,
  support_tickets bigint not null default 0 check (support_tickets >= 0),
  support_satisfaction numeric(3, 2) check (support_satisfaction between 0 and 5),
  primary key (organization_id, customer_id),
  foreign key (organization_id, customer_id) references crm.customers on delete cascade
);
comment on table crm.customer_figures is 'What is counted about a customer, kept by triggers. Sensitivity: medium.';
comment on column crm.customer_figures.customer_id is 'The customer.';
comment on column crm.customer_figures.total_orders is 'Orders that were not cancelled.';
comment on column crm.customer_figures.total_spent is 'Their sum, in minor units of the organization''s currency at the rates of the orders.';
comment on column crm.customer_figures.total_refunded is 'What was paid back of it.';
comment on column crm.customer_figures.average_order_value is 'Spent by order.';
comment on column crm.customer_figures.lifetime_value is 'Spent less refunded.';
comment on column crm.customer_figures.first_order_at is 'When the first order was.';
comment on column crm.customer_figures.last_order_at is 'When the last order was.';
comment on column crm.customer_figures.support_tickets is 'How often the customer asked for help.';
comment on column crm.customer_figures.support_satisfaction is 'How satisfied the customer was with it, 0 to 5.';
create index customer_figures_by_spent on crm.customer_figures (organization_id, total_spent);
comment on index crm.customer_figures_by_spent is 'Those who spent most.';
create index customer_figures_by_last_order on crm.customer_figures (organization_id, last_order_at);
comment on index crm.customer_figures_by_last_order is 'Those who ordered last, and those who have not for long.';
call kernel.tenant_table('crm.customer_figures', audit => 'none', access => 'read', client => 'customer_id');

create table crm.customer_tags (
  organization_id uuid not null,
  customer_id uuid not null,
  tag_id uuid not null,
  primary key (organization_id, customer_id, tag_id),
  foreign key (organization_id, customer_id) references crm.customers on delete cascade,
  foreign key (organization_id, tag_id) references organizations.tags on delete cascade
);
comment on table crm.customer_tags is 'The tags of a customer. Sensitivity: low.';
comment on column crm.customer_tags.customer_id is 'The customer.';
comment on column crm.customer_tags.tag_id is 'The tag.';
create index customer_tags_by_tag on crm.customer_tags (organization_id, tag_id, customer_id);
comment on index crm.customer_tags_by_tag is 'The customers with a tag.';
call kernel.tenant_table('crm.customer_tags');

create table crm.customer_stages (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  customer_id uuid not null,
  from_stage text,
  to_stage text not null check (to_stage in ('lead', 'prospect', 'active', 'churned')),
  reason text check (length(btrim(reason)) between 1 and 1000),
  changed_by uuid,
  changed_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references crm.customers on delete cascade,
  foreign key (organization_id, changed_by) references organizations.memberships on delete restrict
);
comment on table crm.customer_stages is 'Through which stages a customer went, kept by trigger. Sensitivity: low.';
comment on column crm.customer_stages.customer_id is 'The customer.';
comment on column crm.customer_stages.from_stage is 'The stage before; null at the beginning.';
comment on column crm.customer_stages.to_stage is 'The stage from then on.';
comment on column crm.customer_stages.reason is 'Why, where somebody said so.';
comment on column crm.customer_stages.changed_by is 'Who changed it.';
comment on column crm.customer_stages.changed_at is 'When.';
create index customer_stages_by_customer on crm.customer_stages (organization_id, customer_id, changed_at);
comment on index crm.customer_stages_by_customer is 'The way of a customer.';
create index customer_stages_by_member on crm.customer_stages (organization_id, changed_by);
comment on index crm.customer_stages_by_member is 'What a member moved on.';
create index customer_stages_by_time on crm.customer_stages (organization_id, to_stage, changed_at);
comment on index crm.customer_stages_by_time is 'How many customers came to a stage in a time.';
call kernel.tenant_table('crm.customer_stages', audit => 'none', access => 'read');

create table crm.contacts (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  customer_id uuid not null,
  user_id uuid,
  name text not null check (length(btrim(name)) between 1 and 200),
  position text check (length(position) <= 100),
  email text check (email ~ '^[^@\s]+@[^@\s]+$' and length(email) <= 254),
  phone text check (length(phone) <= 50),
  is_primary boolean not null default false,
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references crm.customers on delete cascade,
  foreign key (organization_id, user_id) references organizations.memberships on delete restrict
);
comment on table crm.contacts is 'A person at a customer; with a member''s id, one who signs in as client. Sensitivity: high.';
comment on column crm.contacts.customer_id is 'The customer.';
comment on column crm.contacts.user_id is 'The member who signs in as this person, and sees what is the customer''s.';
comment on column crm.contacts.name is 'The person''s name.';
comment on column crm.contacts.position is 'What the person does there.';
comment on column crm.contacts.email is 'Address to write to.';
comment on column crm.contacts.phone is 'Telephone number as it was given.';
comment on column crm.contacts.is_primary is 'Whether to turn to this person first.';
call kernel.tenant_table('crm.contacts', client => 'customer_id');
create index contacts_by_customer on crm.contacts (organization_id, customer_id, created_at);
comment on index crm.contacts_by_customer is 'The people at a customer.';
create index contacts_by_member on crm.contacts (organization_id, user_id);
comment on index crm.contacts_by_member is 'For which customers a client signs in.';
create unique index contacts_one_primary on crm.contacts (organization_id, customer_id) where is_primary;
comment on index crm.contacts_one_primary is 'A customer has one first contact.';

create function crm.customers_of(organization uuid, person uuid) returns uuid[]
  language sql stable set search_path = ''
  begin atomic
    select coalesce(array_agg(id), '{}') from (
      select distinct c.customer_id as id from crm.contacts c
      where c.organization_id = organization and c.user_id = person order by 1 limit 1000
    ) theirs;
  end;
comment on function crm.customers_of(uuid, uuid) is 'The customers whose rows a client sees, at most 1,000; asked at every entering as tenon_client.';
grant execute on function crm.customers_of to tenon_definer;

create table crm.notes (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  customer_id uuid not null,
  kind text not null default 'note' check (kind in ('note', 'call', 'email', 'meeting')),
  content text not null check (length(content) between 1 and 20000),
  happened_at timestamptz not null default now(),
  created_by uuid default kernel.user_id(),
  primary key (organization_id, id),
  foreign key (organization_id, customer_id) references crm.customers on delete cascade,
  foreign key (organization_id, created_by) references organizations.memberships on delete restrict
);
comment on table crm.notes is 'What was said and done with a customer: the timeline. Sensitivity: high.';
comment on column crm.notes.customer_id is 'The customer.';
comment on column crm.notes.kind is 'What it was.';
comment on column crm.notes.content is 'In words.';
comment on column crm.notes.happened_at is 'When it happened.';
comment on column crm.notes.created_by is 'Who wrote it down.';
create index notes_by_customer on crm.notes (organization_id, customer_id, happened_at);
comment on index crm.notes_by_customer is 'The timeline of a customer, newest first.';
create index notes_by_member on crm.notes (organization_id, created_by);
comment on index crm.notes_by_member is 'What a member wrote down.';
call kernel.tenant_table('crm.notes');

-- Every customer has figures and a way from the first day.
create function crm.customer_made() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into crm.customer_figures (organization_id, customer_id) select m.organization_id, m.id from made m;
  insert into crm.customer_stages (organization_id, customer_id, to_stage, changed_by)
    select m.organization_id, m.id, m.stage, kernel.acting_member(m.organization_id) from made m;
  return null;
end
$$;
comment on function crm.customer_made() is 'Gives new customers their figures and the first step of their way.';

create function crm.stage_changed() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into crm.customer_stages (organization_id, customer_id, from_stage, to_stage, reason, changed_by)
    values (new.organization_id, new.id, old.stage, new.stage, nullif(current_setting('tenon.stage_reason', true), ''),
            kernel.acting_member(new.organization_id));
  return null;
end
$$;
comment on function crm.stage_changed() is 'Writes a step of a customer''s way down, with the reason that crm.change_stage() has told the transaction.';

call kernel.run_as_definer('crm.customer_made');
call kernel.run_as_definer('crm.stage_changed');
create trigger give_figures after insert on crm.customers referencing new table as made for each statement execute function crm.customer_made();
create trigger keep_way after update of stage on crm.customers for each row when (old.stage <> new.stage) execute function crm.stage_changed();

create function crm.change_stage(customer uuid, stage text, reason text) returns json
  language plpgsql security definer set search_path = '' as $$
declare
  was text;
  changed crm.customers;
begin
  call kernel.require_permission('crm.customer.write');
  select c.stage into was from crm.customers c where c.organization_id = kernel.organization_id() and c.id = customer for no key update;
  if not found then
    raise exception 'No such customer' using errcode = 'TN010';
  elsif was = change_stage.stage then
    raise exception 'The customer is % already', was using errcode = 'TN011', hint = 'Look at what was changed meanwhile.';
  end if;
  perform set_config('tenon.stage_reason', coalesce(change_stage.reason, ''), true);
  update crm.customers c set stage = change_stage.stage where c.organization_id = kernel.organization_id() and c.id = customer returning * into changed;
  return json_build_object('id', changed.id, 'stage', changed.stage, 'version', changed.version);
end
$$;
comment on function crm.change_stage is 'Takes a customer a step further, or back, and keeps why.';
call kernel.run_as_definer('crm.change_stage');
grant execute on function crm.change_stage to tenon_member;

call organizations.add_permission('crm.customer.read', 'See customers, their people and notes', '{admin,member,moderator,viewer,client}');
call organizations.add_permission('crm.customer.write', 'Add, change and remove customers, their people and notes', '{admin,member}');
