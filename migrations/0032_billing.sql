-- Plans, and what an organization pays for its own.

call kernel.module_schema('billing');

create table billing.plans (
  code text primary key check (code ~ '^[a-z][a-z0-9_]*$' and length(code) <= 50),
  name text not null,
  rank smallint not null unique,
  description text not null default '' check (length(description) <= 1000),
  seats integer check (seats > 0),
  monthly_credits bigint not null default 0 check (monthly_credits >= 0),
  limits jsonb not null default '{}' check (pg_column_size(limits) <= 16384),
  features jsonb not null default '{}' check (pg_column_size(features) <= 16384),
  is_offered boolean not null default true
);
comment on table billing.plans is 'What can be subscribed to. Sensitivity: low.';
comment on column billing.plans.code is 'The plan''s name in code.';
comment on column billing.plans.name is 'Name as people read it.';
comment on column billing.plans.rank is 'From the smallest to the largest.';
comment on column billing.plans.description is 'For whom it is.';
comment on column billing.plans.seats is 'How many members may work; null means any number.';
comment on column billing.plans.monthly_credits is 'What it brings a month, in micro-credits.';
comment on column billing.plans.limits is 'The most that may be used a month, by resource.';
comment on column billing.plans.features is 'What it switches on.';
comment on column billing.plans.is_offered is 'Whether it can be chosen now.';
comment on index billing.plans_pkey is 'Finds a plan.';
comment on index billing.plans_rank_key is 'Lists the plans in their order.';
call kernel.global_table('billing.plans', 'select');

create table billing.plan_aliases (
  alias text primary key,
  plan text not null references billing.plans on delete cascade
);
comment on table billing.plan_aliases is 'Other names of plans. Sensitivity: low.';
comment on column billing.plan_aliases.alias is 'The other name.';
comment on column billing.plan_aliases.plan is 'The plan.';
comment on index billing.plan_aliases_pkey is 'Finds a plan by another name.';
create index plan_aliases_by_plan on billing.plan_aliases (plan);
comment on index billing.plan_aliases_by_plan is 'The other names of a plan.';
call kernel.global_table('billing.plan_aliases', 'select');

create table billing.prices (
  id uuid primary key default kernel.uuid_v7(),
  plan text not null references billing.plans on delete cascade,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  billing_interval text not null check (billing_interval in ('month', 'year')),
  amount bigint not null check (amount >= 0),
  seat_amount bigint not null default 0 check (seat_amount >= 0),
  provider_price_id text check (length(provider_price_id) <= 200),
  is_offered boolean not null default true
);
comment on table billing.prices is 'What a plan costs. Sensitivity: low.';
comment on column billing.prices.id is 'Identifier.';
comment on column billing.prices.plan is 'The plan.';
comment on column billing.prices.currency is 'ISO 4217 currency.';
comment on column billing.prices.billing_interval is 'How often it is paid.';
comment on column billing.prices.amount is 'Price, in minor units.';
comment on column billing.prices.seat_amount is 'Price for each seat beyond those of the plan, in minor units.';
comment on column billing.prices.provider_price_id is 'The price''s name at the payment provider.';
comment on column billing.prices.is_offered is 'Whether it can be chosen now.';
comment on index billing.prices_pkey is 'Finds a price.';
create unique index prices_offered on billing.prices (plan, currency, billing_interval) where is_offered;
comment on index billing.prices_offered is 'A plan has one price at a time for a currency and an interval.';
create index prices_by_plan on billing.prices (plan);
comment on index billing.prices_by_plan is 'The prices of a plan, old ones too.';
call kernel.global_table('billing.prices', 'select');

create table billing.billing_accounts (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  customer_id uuid,
  provider text not null default 'manual' check (provider in ('manual', 'stripe')),
  provider_customer_id text check (length(provider_customer_id) <= 200),
  billing_status text not null default 'active' check (billing_status in ('active', 'past_due', 'suspended', 'closed')),
  billing_name text check (length(billing_name) <= 200),
  billing_email text check (billing_email ~ '^[^@\s]+@[^@\s]+$' and length(billing_email) <= 254),
  billing_address jsonb not null default '{}' check (jsonb_typeof(billing_address) = 'object' and pg_column_size(billing_address) <= 4096),
  tax_id text check (length(tax_id) <= 50),
  currency text not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, customer_id),
  check (provider = 'manual' or provider_customer_id is not null)
);
comment on table billing.billing_accounts is 'How an organization pays, and how its customers pay it. Sensitivity: high.';
comment on column billing.billing_accounts.customer_id is 'The customer who pays the organization; null for the organization itself.';
comment on column billing.billing_accounts.provider is 'Who collects the money; manual means by hand.';
comment on column billing.billing_accounts.provider_customer_id is 'The payer''s name at the provider.';
comment on column billing.billing_accounts.billing_status is 'Whether the bills are paid.';
comment on column billing.billing_accounts.billing_name is 'The name on the bills.';
comment on column billing.billing_accounts.billing_email is 'Where the bills go.';
comment on column billing.billing_accounts.billing_address is 'The address on the bills.';
comment on column billing.billing_accounts.tax_id is 'The payer''s tax number.';
comment on column billing.billing_accounts.currency is 'ISO 4217 currency of the bills.';
comment on index billing.billing_accounts_organization_id_customer_id_key is 'An organization has one of its own, and one for each customer.';
call kernel.tenant_table('billing.billing_accounts', access => 'read');

create table billing.subscriptions (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  billing_account_id uuid not null,
  plan text not null references billing.plans on delete restrict,
  price_id uuid references billing.prices on delete restrict,
  status text not null default 'trialing' check (status in ('trialing', 'active', 'past_due', 'unpaid', 'cancelled', 'paused')),
  seat_count integer not null default 1 check (seat_count > 0),
  trial_ends_at timestamptz,
  current_period_start timestamptz not null default now(),
  current_period_end timestamptz not null,
  cancel_at_period_end boolean not null default false,
  cancelled_at timestamptz,
  provider_subscription_id text check (length(provider_subscription_id) <= 200),
  metadata jsonb not null default '{}' check (pg_column_size(metadata) <= 16384),
  primary key (organization_id, id),
  foreign key (organization_id, billing_account_id) references billing.billing_accounts on delete restrict,
  check (current_period_end > current_period_start),
  check (status <> 'trialing' or trial_ends_at is not null),
  check ((cancelled_at is not null) = (status = 'cancelled'))
);
comment on table billing.subscriptions is 'The plan that an organization has. Sensitivity: medium.';
comment on column billing.subscriptions.billing_account_id is 'Who pays.';
comment on column billing.subscriptions.plan is 'The plan.';
comment on column billing.subscriptions.price_id is 'What it costs; null where nothing.';
comment on column billing.subscriptions.status is 'Whether it holds.';
comment on column billing.subscriptions.seat_count is 'For how many members it is.';
comment on column billing.subscriptions.trial_ends_at is 'Until when it is tried for nothing.';
comment on column billing.subscriptions.current_period_start is 'When the period that is paid began.';
comment on column billing.subscriptions.current_period_end is 'When it ends.';
comment on column billing.subscriptions.cancel_at_period_end is 'Whether it ends then.';
comment on column billing.subscriptions.cancelled_at is 'When it ended.';
comment on column billing.subscriptions.provider_subscription_id is 'Its name at the provider.';
comment on column billing.subscriptions.metadata is 'What the provider tells beside.';
create unique index subscriptions_live on billing.subscriptions (organization_id) where status <> 'cancelled';
comment on index billing.subscriptions_live is 'An organization has one plan at a time.';
create index subscriptions_by_account on billing.subscriptions (organization_id, billing_account_id);
comment on index billing.subscriptions_by_account is 'The subscriptions of an account.';
create unique index subscriptions_by_provider on billing.subscriptions (organization_id, provider_subscription_id) where provider_subscription_id is not null;
comment on index billing.subscriptions_by_provider is 'Finds a subscription by its name at the provider.';
create index subscriptions_by_plan on billing.subscriptions (organization_id, plan);
comment on index billing.subscriptions_by_plan is 'Covers the reference to the plan.';
create index subscriptions_by_price on billing.subscriptions (organization_id, price_id);
comment on index billing.subscriptions_by_price is 'Covers the reference to the price.';
call kernel.tenant_table('billing.subscriptions', access => 'read');
call kernel.state_order('billing.subscriptions', 'A subscription', '{
  "trialing": ["active", "past_due", "unpaid", "cancelled", "paused"], "active": ["past_due", "unpaid", "cancelled", "paused"],
  "past_due": ["active", "unpaid", "cancelled", "paused"], "unpaid": ["active", "cancelled"], "paused": ["active", "cancelled"], "cancelled": []}');

create table billing.invoices (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  billing_account_id uuid not null,
  subscription_id uuid,
  customer_id uuid,
  number bigint check (number > 0),
  status text not null default 'draft' check (status in ('draft', 'open', 'paid', 'void', 'uncollectible')),
  period_start timestamptz not null,
  period_end timestamptz not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  subtotal_amount bigint not null default 0,
  tax_rate integer not null default 0 check (tax_rate between 0 and 10000),
  tax_amount bigint not null default 0 check (tax_amount >= 0),
  total_amount bigint not null generated always as (subtotal_amount + tax_amount) stored,
  paid_amount bigint not null default 0 check (paid_amount >= 0),
  issued_at timestamptz,
  due_at timestamptz,
  paid_at timestamptz,
  parties jsonb check (pg_column_size(parties) <= 16384),
  provider_invoice_id text check (length(provider_invoice_id) <= 200),
  primary key (organization_id, id),
  foreign key (organization_id, billing_account_id) references billing.billing_accounts on delete restrict,
  foreign key (organization_id, subscription_id) references billing.subscriptions on delete restrict,
  check (period_end > period_start),
  check ((number is null) = (status = 'draft')),
  check ((paid_at is not null) = (status = 'paid'))
);
comment on table billing.invoices is 'A bill. Sensitivity: high.';
comment on column billing.invoices.billing_account_id is 'Who pays.';
comment on column billing.invoices.subscription_id is 'For which subscription.';
comment on column billing.invoices.customer_id is 'The customer whom the organization bills; null for what it is billed itself.';
comment on column billing.invoices.number is 'Its number: 1, 2, 3 … without a gap, given when it is issued. What an organization issues and what it gets have numbers of their own.';
comment on column billing.invoices.status is 'Whether it is paid.';
comment on column billing.invoices.period_start is 'From when it bills.';
comment on column billing.invoices.period_end is 'Until when it bills.';
comment on column billing.invoices.currency is 'ISO 4217 currency.';
comment on column billing.invoices.subtotal_amount is 'The sum of its lines, in minor units, kept by trigger.';
comment on column billing.invoices.tax_rate is 'Tax, in hundredths of a percent.';
comment on column billing.invoices.tax_amount is 'Tax on it, in minor units.';
comment on column billing.invoices.total_amount is 'What is to be paid, in minor units.';
comment on column billing.invoices.paid_amount is 'What was paid, in minor units.';
comment on column billing.invoices.issued_at is 'When it was issued.';
comment on column billing.invoices.due_at is 'Until when it is to be paid.';
comment on column billing.invoices.paid_at is 'When it was paid.';
comment on column billing.invoices.parties is 'Who bills whom, with their addresses, as it was when the bill was issued.';
comment on column billing.invoices.provider_invoice_id is 'Its name at the provider.';
create unique index invoices_numbers on billing.invoices (organization_id, number) where customer_id is null;
comment on index billing.invoices_numbers is 'Finds a bill that the organization got by its number.';
create unique index invoices_numbers_issued on billing.invoices (organization_id, number) where customer_id is not null;
comment on index billing.invoices_numbers_issued is 'Finds a bill that the organization issued by its number.';
create index invoices_by_customer on billing.invoices (organization_id, customer_id, id);
comment on index billing.invoices_by_customer is 'The bills of a customer.';
create index invoices_by_account on billing.invoices (organization_id, billing_account_id, period_start);
comment on index billing.invoices_by_account is 'The bills of an account.';
create index invoices_by_subscription on billing.invoices (organization_id, subscription_id);
comment on index billing.invoices_by_subscription is 'The bills of a subscription.';
create index invoices_by_status on billing.invoices (organization_id, status, due_at);
comment on index billing.invoices_by_status is 'What is to be paid, the most urgent first.';
create unique index invoices_by_provider on billing.invoices (organization_id, provider_invoice_id) where provider_invoice_id is not null;
comment on index billing.invoices_by_provider is 'Finds a bill by its name at the provider.';
call kernel.tenant_table('billing.invoices', access => 'read');
call kernel.state_order('billing.invoices', 'An invoice',
  '{"draft": ["open"], "open": ["paid", "void", "uncollectible"], "uncollectible": ["paid", "void"], "paid": [], "void": []}');

create table billing.invoice_lines (
  organization_id uuid not null,
  invoice_id uuid not null,
  position integer not null check (position > 0),
  description text not null check (length(description) between 1 and 500),
  quantity bigint not null default 1 check (quantity > 0),
  unit_amount bigint not null,
  amount bigint not null generated always as (quantity * unit_amount) stored,
  resource_type text references credits.resources on delete restrict,
  primary key (organization_id, invoice_id, position),
  foreign key (organization_id, invoice_id) references billing.invoices on delete cascade
);
comment on table billing.invoice_lines is 'What a bill is made of. Sensitivity: medium.';
comment on column billing.invoice_lines.invoice_id is 'The bill.';
comment on column billing.invoice_lines.position is 'Its place, from 1.';
comment on column billing.invoice_lines.description is 'What it is for.';
comment on column billing.invoice_lines.quantity is 'How many.';
comment on column billing.invoice_lines.unit_amount is 'Price of one, in minor units; below zero for what is taken off.';
comment on column billing.invoice_lines.amount is 'Price of all, in minor units.';
comment on column billing.invoice_lines.resource_type is 'What was used, where it bills use.';
create index invoice_lines_by_resource on billing.invoice_lines (organization_id, resource_type);
comment on index billing.invoice_lines_by_resource is 'Covers the reference to the resource.';
call kernel.tenant_table('billing.invoice_lines', access => 'read');

create function billing.keep_subtotal() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  part record;
begin
  for part in execute format('
    select organization_id, invoice_id, sum(sign * amount) as amount
    from (%s) changed group by 1, 2 having sum(sign * amount) <> 0 order by 1, 2', kernel.signed_rows(tg_op))
  loop
    update billing.invoices i set subtotal_amount = i.subtotal_amount + part.amount
      where i.organization_id = part.organization_id and i.id = part.invoice_id;
  end loop;
  return null;
end
$$;
comment on function billing.keep_subtotal() is 'Adds up the lines of a bill.';
call kernel.run_as_definer('billing.keep_subtotal');
call kernel.follow_changes('billing.invoice_lines', 'billing.keep_subtotal');

insert into billing.plans (code, name, rank, description, seats, monthly_credits, limits, features) values
  ('free', 'Free', 1, 'To try it', 3, 100000000, '{"api_calls": 1000, "storage": 1073741824}', '{}'),
  ('basic', 'Basic', 2, 'For a small team', 10, 1000000000, '{"api_calls": 50000, "storage": 10737418240}', '{"stores": true}'),
  ('pro', 'Pro', 3, 'For a growing team', 50, 10000000000, '{"api_calls": 1000000, "storage": 107374182400}', '{"stores": true, "assistant": true}'),
  ('scale', 'Scale', 4, 'For many teams', 250, 50000000000, '{"api_calls": 10000000, "storage": 1099511627776}', '{"stores": true, "assistant": true, "support": true}'),
  ('enterprise', 'Enterprise', 5, 'By agreement', null, 100000000000, '{}', '{"stores": true, "assistant": true, "support": true, "audit_export": true}');
insert into billing.plan_aliases (alias, plan) values ('starter', 'basic'), ('growth', 'pro');

call organizations.add_permission('billing.account.read', 'See the subscription, the invoices and what is to be billed', '{admin,billing_admin}');
call organizations.add_permission('billing.account.manage', 'Change the subscription, pay, and say where invoices go', '{billing_admin}');
