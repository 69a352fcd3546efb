-- Orders, and what follows from them: the figures of the customer.

create table commerce.orders (
  organization_id uuid not null references organizations.organizations on delete cascade,
  id uuid not null default kernel.uuid_v7(),
  store_id uuid,
  customer_id uuid,
  order_number text check (length(order_number) <= 100),
  status text not null default 'pending'
    check (status in ('pending', 'confirmed', 'processing', 'shipped', 'delivered', 'cancelled', 'refunded')),
  fulfillment_status text not null default 'pending' check (fulfillment_status in ('pending', 'processing', 'shipped', 'delivered', 'cancelled')),
  payment_status text not null default 'pending'
    check (payment_status in ('pending', 'authorized', 'paid', 'partially_paid', 'partially_refunded', 'refunded', 'voided')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  rate numeric(18, 9) not null default 1 check (rate > 0),
  subtotal_amount bigint check (subtotal_amount >= 0),
  tax_amount bigint not null default 0 check (tax_amount >= 0),
  shipping_amount bigint not null default 0 check (shipping_amount >= 0),
  discount_amount bigint not null default 0 check (discount_amount >= 0),
  total_amount bigint not null check (total_amount >= 0),
  refunded_amount bigint not null default 0 check (refunded_amount >= 0),
  order_date timestamptz not null,
  shipped_date timestamptz,
  delivered_date timestamptz,
  customer_email text check (length(customer_email) <= 254),
  customer_phone text check (length(customer_phone) <= 50),
  customer_notes text check (length(customer_notes) <= 20000),
  shipping_address jsonb check (pg_column_size(shipping_address) <= 8192),
  billing_address jsonb check (pg_column_size(billing_address) <= 8192),
  shipping_method text check (length(shipping_method) <= 200),
  tracking_number text check (length(tracking_number) <= 200),
  tracking_url text check (length(tracking_url) <= 2000),
  shipping_lines jsonb not null default '[]' check (jsonb_typeof(shipping_lines) = 'array' and pg_column_size(shipping_lines) <= 32768),
  tax_lines jsonb not null default '[]' check (jsonb_typeof(tax_lines) = 'array' and pg_column_size(tax_lines) <= 32768),
  discount_codes jsonb not null default '[]' check (jsonb_typeof(discount_codes) = 'array' and pg_column_size(discount_codes) <= 32768),
  processed_by text check (processed_by in ('ai', 'human', 'auto')),
  processing_notes text check (length(processing_notes) <= 20000),
  requires_attention boolean not null default false,
  attention_reason text check (length(attention_reason) <= 1000),
  platform_data jsonb not null default '{}' check (pg_column_size(platform_data) <= 262144),
  synced_at timestamptz,
  remote_updated_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, store_id) references commerce.stores on delete restrict,
  foreign key (organization_id, customer_id) references crm.customers on delete restrict,
  constraint orders_in_bounds check (greatest(total_amount, refunded_amount) * greatest(rate, 1) < 1000000000000000)
);
comment on table commerce.orders is 'What a customer ordered, as the store tells it. Sensitivity: high.';
comment on column commerce.orders.store_id is 'The store it came from.';
comment on column commerce.orders.customer_id is 'The customer.';
comment on column commerce.orders.order_number is 'Its number as the customer reads it.';
comment on column commerce.orders.status is 'Where it stands.';
comment on column commerce.orders.fulfillment_status is 'Where its goods are.';
comment on column commerce.orders.payment_status is 'Where its money is.';
comment on column commerce.orders.currency is 'ISO 4217 currency of its amounts.';
comment on column commerce.orders.rate is 'What one minor unit is worth in the organization''s currency, at the time of the order.';
comment on column commerce.orders.subtotal_amount is 'The sum of its lines, in minor units.';
comment on column commerce.orders.tax_amount is 'Tax, in minor units.';
comment on column commerce.orders.shipping_amount is 'Shipping, in minor units.';
comment on column commerce.orders.discount_amount is 'What was taken off, in minor units.';
comment on column commerce.orders.total_amount is 'What is to be paid, in minor units.';
comment on column commerce.orders.refunded_amount is 'What was paid back, in minor units.';
comment on column commerce.orders.order_date is 'When it was ordered.';
comment on column commerce.orders.shipped_date is 'When it was sent off.';
comment on column commerce.orders.delivered_date is 'When it arrived.';
comment on column commerce.orders.customer_email is 'The address given with it.';
comment on column commerce.orders.customer_phone is 'The telephone number given with it.';
comment on column commerce.orders.customer_notes is 'What the customer wrote.';
comment on column commerce.orders.shipping_address is 'Where it goes.';
comment on column commerce.orders.billing_address is 'Who pays.';
comment on column commerce.orders.shipping_method is 'How it goes.';
comment on column commerce.orders.tracking_number is 'The carrier''s number.';
comment on column commerce.orders.tracking_url is 'Where to see where it is.';
comment on column commerce.orders.shipping_lines is 'What the shipping is made of.';
comment on column commerce.orders.tax_lines is 'What the tax is made of.';
comment on column commerce.orders.discount_codes is 'Which codes took something off.';
comment on column commerce.orders.processed_by is 'Who dealt with it.';
comment on column commerce.orders.processing_notes is 'What was noted then.';
comment on column commerce.orders.requires_attention is 'Whether a person should look at it.';
comment on column commerce.orders.attention_reason is 'Why, such as totals that do not add up.';
comment on column commerce.orders.platform_data is 'What the platform tells beside.';
comment on column commerce.orders.synced_at is 'When the store last told of it.';
comment on column commerce.orders.remote_updated_at is 'When it was changed at the store, as far as is known here: what is older is not taken over.';
-- A few orders stand on the record each by itself, and so do their changes; of the very many that a sync brings at once the record tells which.
call kernel.tenant_table('commerce.orders', client => 'customer_id', search => true, entry_per_row_up_to => 200);
create index orders_by_customer on commerce.orders (organization_id, customer_id, order_date);
comment on index commerce.orders_by_customer is 'The orders of a customer.';
create index orders_by_store on commerce.orders (organization_id, store_id, order_date);
comment on index commerce.orders_by_store is 'The orders of a store.';
create index orders_by_status on commerce.orders (organization_id, status, order_date);
comment on index commerce.orders_by_status is 'The orders of a status, newest first.';
create index orders_by_time on commerce.orders (organization_id, order_date);
comment on index commerce.orders_by_time is 'All orders, newest first; what came in in a time.';
create index orders_by_number on commerce.orders (organization_id, order_number);
comment on index commerce.orders_by_number is 'Finds an order by its number.';
create index orders_to_look_at on commerce.orders (organization_id, order_date) where requires_attention;
comment on index commerce.orders_to_look_at is 'What a person should look at.';

create table commerce.order_lines (
  organization_id uuid not null,
  order_id uuid not null,
  position integer not null check (position > 0),
  product_id uuid,
  variant_id uuid,
  name text not null check (length(name) between 1 and 500),
  sku text check (length(sku) <= 100),
  quantity bigint not null check (quantity > 0),
  unit_price bigint not null check (unit_price >= 0),
  discount_amount bigint not null default 0 check (discount_amount >= 0),
  tax_amount bigint not null default 0 check (tax_amount >= 0),
  amount bigint not null generated always as (quantity * unit_price - discount_amount) stored,
  primary key (organization_id, order_id, position),
  foreign key (organization_id, order_id) references commerce.orders on delete cascade,
  foreign key (organization_id, product_id) references commerce.products on delete restrict,
  foreign key (organization_id, product_id, variant_id) references commerce.product_variants (organization_id, product_id, id) on delete restrict,
  check (variant_id is null or product_id is not null)
);
comment on table commerce.order_lines is 'What was ordered, and how many. Sensitivity: medium.';
comment on column commerce.order_lines.order_id is 'The order.';
comment on column commerce.order_lines.position is 'Its place, from 1.';
comment on column commerce.order_lines.product_id is 'The product, where it is known.';
comment on column commerce.order_lines.variant_id is 'The variant of that product.';
comment on column commerce.order_lines.name is 'What it was called then.';
comment on column commerce.order_lines.sku is 'Its number then.';
comment on column commerce.order_lines.quantity is 'How many.';
comment on column commerce.order_lines.unit_price is 'Price of one, in minor units.';
comment on column commerce.order_lines.discount_amount is 'What was taken off, in minor units.';
comment on column commerce.order_lines.tax_amount is 'Tax, in minor units.';
comment on column commerce.order_lines.amount is 'Price of all, in minor units.';
create index order_lines_by_product on commerce.order_lines (organization_id, product_id, variant_id);
comment on index commerce.order_lines_by_product is 'Who ordered a product.';
-- The lines of a page of orders stand on the record together, by the ids of their orders.
call kernel.tenant_table('commerce.order_lines', entry_per_row_up_to => 50);

-- The figures of customers move by differences, in the transaction of the order: two orders at once wait for each other on the
-- customer's row, and none is counted twice or lost. A change that changes no figure waits for nobody, and customers are locked in
-- the same order by all. First and last order can only be known again by looking when one goes.
create function commerce.keep_customer_figures() returns trigger
  language plpgsql security definer set search_path = '' as $$
declare
  part record;
  changed constant text := format('
    select organization_id, customer_id, sum(sign) as orders, sum(sign * round(total_amount * rate))::bigint as spent,
           sum(sign * round(refunded_amount * rate))::bigint as refunded,
           min(order_date) filter (where sign = 1) as first_come, max(order_date) filter (where sign = 1) as last_come,
           min(order_date) filter (where sign = -1) as first_gone, max(order_date) filter (where sign = -1) as last_gone
    from (%s) changed where customer_id is not null and status <> ''cancelled'' group by 1, 2', kernel.signed_rows(tg_op));
begin
  -- What only comes, as with every new order, is added for all customers at once.
  if tg_op = 'INSERT' then
    execute format('
      with part as materialized (%s), locked as materialized (
        select p.* from part p
        join crm.customer_figures f on f.organization_id = p.organization_id and f.customer_id = p.customer_id order by 1, 2 for no key update of f
      )
      update crm.customer_figures f
        set total_orders = f.total_orders + p.orders, total_spent = f.total_spent + p.spent, total_refunded = f.total_refunded + p.refunded,
            first_order_at = least(f.first_order_at, p.first_come), last_order_at = greatest(f.last_order_at, p.last_come)
        from locked p where f.organization_id = p.organization_id and f.customer_id = p.customer_id', changed);
    return null;
  end if;
  for part in execute changed || ' order by 1, 2' loop
    continue when (part.orders, part.spent, part.refunded) = (0, 0, 0)
      and (part.first_come, part.last_come) is not distinct from (part.first_gone, part.last_gone);
    update crm.customer_figures f
      set total_orders = f.total_orders + part.orders, total_spent = f.total_spent + part.spent, total_refunded = f.total_refunded + part.refunded,
          first_order_at = least(f.first_order_at, part.first_come), last_order_at = greatest(f.last_order_at, part.last_come)
      where f.organization_id = part.organization_id and f.customer_id = part.customer_id;
    if part.first_gone is not null then
      perform commerce.look_for_order_dates(part.organization_id, part.customer_id, part.first_gone, part.last_gone);
    end if;
  end loop;
  return null;
end
$$;
comment on function commerce.keep_customer_figures() is 'Keeps the figures of customers when orders change.';

create function commerce.look_for_order_dates(organization uuid, customer uuid, first_gone timestamptz, last_gone timestamptz) returns void
  language sql set search_path = ''
  begin atomic
    update crm.customer_figures f
      set first_order_at = (select min(o.order_date) from commerce.orders o
                            where o.organization_id = organization and o.customer_id = customer and o.status <> 'cancelled'),
          last_order_at = (select max(o.order_date) from commerce.orders o
                           where o.organization_id = organization and o.customer_id = customer and o.status <> 'cancelled')
      where f.organization_id = organization and f.customer_id = customer and (f.first_order_at >= first_gone or f.last_order_at <= last_gone);
  end;
comment on function commerce.look_for_order_dates is 'Looks for a customer''s first and last order again, when one of them may have gone.';
grant execute on function commerce.look_for_order_dates to tenon_definer;
call kernel.run_as_definer('commerce.keep_customer_figures');
call kernel.follow_changes('commerce.orders', 'commerce.keep_customer_figures');

-- What comes and goes between here and the stores.

create table commerce.sync_runs (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  store_id uuid not null,
  task_id uuid,
  kind text not null default 'incremental' check (kind in ('full', 'incremental')),
  status text not null default 'running' check (status in ('running', 'success', 'error', 'cancelled')),
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  created_count bigint not null default 0 check (created_count >= 0),
  updated_count bigint not null default 0 check (updated_count >= 0),
  failed_count bigint not null default 0 check (failed_count >= 0),
  error text check (length(error) <= 5000),
  cursor text check (length(cursor) <= 2000),
  primary key (organization_id, id),
  foreign key (organization_id, store_id) references commerce.stores on delete cascade,
  foreign key (organization_id, task_id) references tasks.tasks on delete cascade,
  check ((ended_at is not null) = (status <> 'running'))
);
comment on table commerce.sync_runs is 'A sync with a store: what came of it. Sensitivity: low.';
comment on column commerce.sync_runs.store_id is 'The store.';
comment on column commerce.sync_runs.task_id is 'The task that ran it.';
comment on column commerce.sync_runs.kind is 'Everything, or what changed since the last one.';
comment on column commerce.sync_runs.status is 'How it went.';
comment on column commerce.sync_runs.started_at is 'When it began.';
comment on column commerce.sync_runs.ended_at is 'When it ended.';
comment on column commerce.sync_runs.created_count is 'How many things were new.';
comment on column commerce.sync_runs.updated_count is 'How many had changed.';
comment on column commerce.sync_runs.failed_count is 'How many could not be taken over.';
comment on column commerce.sync_runs.error is 'Why it failed.';
comment on column commerce.sync_runs.cursor is 'Where the next one goes on.';
create index sync_runs_by_store on commerce.sync_runs (organization_id, store_id, started_at);
comment on index commerce.sync_runs_by_store is 'The syncs of a store, newest first.';
create index sync_runs_by_task on commerce.sync_runs (organization_id, task_id);
comment on index commerce.sync_runs_by_task is 'The sync that a task ran.';
create unique index sync_runs_one on commerce.sync_runs (organization_id, store_id) where status = 'running';
comment on index commerce.sync_runs_one is 'A store is synced by one at a time.';
call kernel.tenant_table('commerce.sync_runs', audit => 'none', access => 'read');

create table commerce.sync_faults (
  organization_id uuid not null,
  store_id uuid not null,
  kind text not null check (kind in ('product', 'order')),
  external_id text not null check (length(external_id) between 1 and 200),
  run_id uuid,
  reason text not null check (length(reason) between 1 and 2000),
  tries bigint not null default 1 check (tries > 0),
  primary key (organization_id, store_id, kind, external_id),
  foreign key (organization_id, store_id) references commerce.stores on delete cascade,
  foreign key (organization_id, run_id) references commerce.sync_runs on delete cascade
);
comment on table commerce.sync_faults is 'What a store has that could not be taken over yet, and why: each sync tries it again, and it goes when that worked. Sensitivity: medium.';
comment on column commerce.sync_faults.store_id is 'The store.';
comment on column commerce.sync_faults.kind is 'What kind of thing it is.';
comment on column commerce.sync_faults.external_id is 'Its name at the store.';
comment on column commerce.sync_faults.run_id is 'The sync that tried it last; null when the store told of it by itself.';
comment on column commerce.sync_faults.reason is 'Why it could not be taken over, in words for people.';
comment on column commerce.sync_faults.tries is 'How often it was tried.';
comment on index commerce.sync_faults_pkey is 'What is wrong with the things of a store.';
create index sync_faults_by_run on commerce.sync_faults (organization_id, run_id);
comment on index commerce.sync_faults_by_run is 'What a sync could not take over.';
call kernel.tenant_table('commerce.sync_faults', audit => 'none', access => 'read');

create table commerce.webhook_inbox (
  organization_id uuid not null,
  store_id uuid not null,
  event_id text not null check (length(event_id) between 1 and 200),
  topic text not null check (length(topic) between 1 and 100),
  payload jsonb not null check (pg_column_size(payload) <= 1048576),
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  error text check (length(error) <= 5000),
  primary key (organization_id, store_id, event_id),
  foreign key (organization_id, store_id) references commerce.stores on delete cascade
);
comment on table commerce.webhook_inbox is 'What stores told by themselves: each event once, however often it comes. Sensitivity: high.';
comment on column commerce.webhook_inbox.store_id is 'The store.';
comment on column commerce.webhook_inbox.event_id is 'The event''s name at the store.';
comment on column commerce.webhook_inbox.topic is 'What it is about.';
comment on column commerce.webhook_inbox.payload is 'What it is about, by kind and its name at the store: what became of that is asked there, for events come in any order.';
comment on column commerce.webhook_inbox.received_at is 'When it came.';
comment on column commerce.webhook_inbox.processed_at is 'When it was dealt with.';
comment on column commerce.webhook_inbox.error is 'Why it could not be.';
create index webhook_inbox_waiting on commerce.webhook_inbox (organization_id, received_at) where processed_at is null;
comment on index commerce.webhook_inbox_waiting is 'What is to be dealt with, in its order.';
call kernel.tenant_table('commerce.webhook_inbox', audit => 'none', access => 'none');

create table commerce.external_ids (
  organization_id uuid not null,
  store_id uuid not null,
  kind text not null check (kind in ('product', 'variant', 'customer', 'order')),
  external_id text not null check (length(external_id) between 1 and 200),
  product_id uuid,
  variant_id uuid,
  customer_id uuid,
  order_id uuid,
  primary key (organization_id, store_id, kind, external_id),
  foreign key (organization_id, store_id) references commerce.stores on delete cascade,
  foreign key (organization_id, product_id) references commerce.products on delete cascade,
  foreign key (organization_id, variant_id) references commerce.product_variants on delete cascade,
  foreign key (organization_id, customer_id) references crm.customers on delete cascade,
  foreign key (organization_id, order_id) references commerce.orders on delete cascade,
  check (num_nonnulls(product_id, variant_id, customer_id, order_id) = 1),
  check (case kind when 'product' then product_id when 'variant' then variant_id when 'customer' then customer_id else order_id end is not null)
);
comment on table commerce.external_ids is 'What a store calls the things that are here. Sensitivity: low.';
comment on column commerce.external_ids.store_id is 'The store.';
comment on column commerce.external_ids.kind is 'What kind of thing it is.';
comment on column commerce.external_ids.external_id is 'Its name at the store.';
comment on column commerce.external_ids.product_id is 'The product it is here.';
comment on column commerce.external_ids.variant_id is 'The variant it is here.';
comment on column commerce.external_ids.customer_id is 'The customer it is here.';
comment on column commerce.external_ids.order_id is 'The order it is here.';
create index external_ids_by_product on commerce.external_ids (organization_id, product_id) where product_id is not null;
comment on index commerce.external_ids_by_product is 'What stores call a product.';
create index external_ids_by_variant on commerce.external_ids (organization_id, variant_id) where variant_id is not null;
comment on index commerce.external_ids_by_variant is 'What stores call a variant.';
create index external_ids_by_customer on commerce.external_ids (organization_id, customer_id) where customer_id is not null;
comment on index commerce.external_ids_by_customer is 'What stores call a customer.';
create index external_ids_by_order on commerce.external_ids (organization_id, order_id) where order_id is not null;
comment on index commerce.external_ids_by_order is 'What stores call an order.';
call kernel.tenant_table('commerce.external_ids', audit => 'none', access => 'read');

call organizations.add_permission('commerce.store.read', 'See stores, their products and orders', '{admin,member,moderator,viewer,client}');
call organizations.add_permission('commerce.store.write', 'Connect stores, and change products and orders', '{admin,member}');
