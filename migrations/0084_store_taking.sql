-- What is taken over from a store, page by page or one by one: each thing once, and no older than what is here.

-- Who takes something over waits for whoever does so in the organization: customers who come with orders are found before they are made.
create function commerce.lock_taking(organization uuid, store uuid) returns void
  language plpgsql set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('commerce.take' || organization, 0));
  perform from commerce.stores s where s.organization_id = organization and s.id = store and s.status in ('active', 'error');
  if not found then
    raise exception 'This store is not in use' using errcode = 'TN011', hint = 'Connect it again.';
  end if;
end
$$;
comment on function commerce.lock_taking is 'Lets one at a time take over what a store of an organization tells, while that store is in use.';
grant execute on function commerce.lock_taking to tenon_definer;

/*
  Plans are made for the sizes that the server knows, those of foreign keys too: for tables that a first sync fills they would go through all that the
  organization has, for each new row, until the server looks by itself. What has become several times larger since it was looked at is looked at now.
  The owner of the tables may do so, and nobody else before PostgreSQL 17.
*/
create function commerce.learn_sizes() returns void
  language plpgsql security definer set search_path = '' as $$
declare
  times constant integer := 4;
  page_bytes constant bigint := current_setting('block_size')::bigint;
  grown regclass;
begin
  for grown in
    select c.oid from pg_catalog.pg_class c
    where c.oid = any (array['crm.customers', 'crm.customer_figures', 'crm.customer_stages', 'commerce.products', 'commerce.orders', 'commerce.order_lines',
        'commerce.external_ids']::regclass[])
      and pg_relation_size(c.oid) > times * page_bytes * c.relpages
  loop
    execute format('analyze (skip_locked) %s', grown);
  end loop;
end
$$;
comment on function commerce.learn_sizes is 'Has the server look at the tables of stores that have become several times larger since it looked at them.';

/*
  What a store tells, a JSON array, each thing once and with the id that it has here or is given. Left out is what is known here in a
  newer state: events, pages and tries come in any order. A limit keeps each a look-up by its key, whatever the planner thinks of the tables: joined as a
  whole, a page would read all that is known of the store.
*/
-- In the order of the things. Their rows are read out of the same JSON by each statement that takes a part of them, rather than copied into another.
create function commerce.things_to_take(
  organization uuid, store uuid, kind text, things jsonb, out ids uuid[], out are_new boolean[], out are_taken boolean[]
)
  language sql stable set search_path = ''
  begin atomic
    select array_agg(coalesce(e.product_id, e.order_id, kernel.uuid_v7()) order by t.place), array_agg(t.is_newest and e.external_id is null order by t.place),
           array_agg(t.is_newest and coalesce(p.remote_updated_at, o.remote_updated_at, t.changed_at) <= t.changed_at order by t.place)
    from (
      select g.*, row_number() over (partition by g.external_id order by g.changed_at desc) = 1 as is_newest
      from rows from (jsonb_to_recordset(things) as (external_id text, remote_updated_at timestamptz)) with ordinality g (external_id, changed_at, place)) t
    left join lateral (select * from commerce.external_ids i
      where i.organization_id = organization and i.store_id = store and i.kind = things_to_take.kind and i.external_id = t.external_id limit 1) e on true
    left join lateral (select p.remote_updated_at from commerce.products p where p.organization_id = organization and p.id = e.product_id limit 1) p on true
    left join lateral (select o.remote_updated_at from commerce.orders o where o.organization_id = organization and o.id = e.order_id limit 1) o on true;
  end;
comment on function commerce.things_to_take is 'Which of the things that a store tells are to be taken over, and the ids that they have here.';
grant execute on function commerce.things_to_take to tenon_definer;

create function commerce.keep_names(organization uuid, store uuid, kind text, things jsonb, ids uuid[], are_kept boolean[]) returns bigint
  language plpgsql set search_path = '' as $$
declare
  kept bigint;
begin
  insert into commerce.external_ids (organization_id, store_id, kind, external_id, product_id, order_id)
    select organization, store, keep_names.kind, w.external_id, case keep_names.kind when 'product' then ids[w.place] end, case keep_names.kind when 'order' then ids[w.place] end
    from rows from (jsonb_to_recordset(things) as (external_id text)) with ordinality w (external_id, place) where are_kept[w.place];
  get diagnostics kept = row_count;
  return kept;
end
$$;
comment on function commerce.keep_names is 'Keeps what a store calls new things; answers how many these are.';
grant execute on function commerce.keep_names to tenon_definer;

-- Plans are made once in a session, and hold whether tables are empty or have grown large since: by index.
create function commerce.take_products(store uuid, products jsonb, out created bigint, out updated bigint)
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  organization constant uuid := kernel.organization_id();
  ids uuid[];
  are_new boolean[];
  are_taken boolean[];
begin
  perform commerce.lock_taking(organization, store);
  select * into ids, are_new, are_taken from commerce.things_to_take(organization, store, 'product', products);
  insert into commerce.products as p (organization_id, id, store_id, name, sku, handle, description, short_description, product_type, vendor, category,
      status, price, compare_at_price, currency, track_inventory, inventory_quantity, has_variants, images, featured_image, published_at, synced_at, remote_updated_at)
    select organization, ids[w.ordinality], store, w.name, w.sku, w.handle, w.description, w.short_description, w.product_type, w.vendor, w.category,
           w.status, w.price, w.compare_at_price, w.currency, w.track_inventory, w.inventory_quantity, w.has_variants, w.images, w.featured_image,
           w.published_at, now(), w.remote_updated_at
    from jsonb_populate_recordset(null::commerce.products, products) with ordinality w where are_taken[w.ordinality]
    on conflict (organization_id, id) do update
      set name = excluded.name, sku = excluded.sku, handle = excluded.handle, description = excluded.description,
          short_description = excluded.short_description, product_type = excluded.product_type, vendor = excluded.vendor,
          category = excluded.category, status = excluded.status, price = excluded.price, compare_at_price = excluded.compare_at_price,
          currency = excluded.currency, track_inventory = excluded.track_inventory, inventory_quantity = excluded.inventory_quantity,
          has_variants = excluded.has_variants, images = excluded.images, featured_image = excluded.featured_image,
          published_at = excluded.published_at, synced_at = excluded.synced_at, remote_updated_at = excluded.remote_updated_at
      where (p.name, p.sku, p.handle, p.description, p.short_description, p.product_type, p.vendor, p.category, p.status, p.price, p.compare_at_price,
             p.currency, p.track_inventory, p.inventory_quantity, p.has_variants, p.images, p.featured_image, p.remote_updated_at)
        is distinct from (excluded.name, excluded.sku, excluded.handle, excluded.description, excluded.short_description, excluded.product_type,
             excluded.vendor, excluded.category, excluded.status, excluded.price, excluded.compare_at_price, excluded.currency, excluded.track_inventory,
             excluded.inventory_quantity, excluded.has_variants, excluded.images, excluded.featured_image, excluded.remote_updated_at);
  get diagnostics updated = row_count;
  created := commerce.keep_names(organization, store, 'product', products, ids, are_new);
  updated := updated - created;
end
$$;
comment on function commerce.take_products is 'Takes products over from a store; answers how many are new and how many have changed.';
call kernel.run_as_definer('commerce.take_products');

/*
  Customers are known by the store's name for them, else by their address; who is not is made. Of several with an address it is the one who was
  there first: all of them are looked at, since in the order of their making the planner would go through everybody.
*/
create function commerce.take_customers(organization uuid, store uuid, orders jsonb, are_taken boolean[]) returns void
  language plpgsql set search_path = '' as $$
declare
  unnamed jsonb;
  people jsonb;
begin
  with buyers as materialized (
    select distinct on (key) b.key, b.person
    from (select o.customer as person, coalesce('x' || (o.customer ->> 'external_id'), 'm' || lower(o.customer ->> 'email')) as key, o.remote_updated_at
          from rows from (jsonb_to_recordset(orders) as (customer jsonb, remote_updated_at timestamptz)) with ordinality o (customer, remote_updated_at, place)
          where are_taken[o.place]) b
    where b.key is not null order by b.key, b.remote_updated_at desc
  )
  select jsonb_agg(b.person || jsonb_build_object('key', b.key, 'id', kernel.uuid_v7())) into unnamed from buyers b
    left join lateral (select i.external_id from commerce.external_ids i
      where i.organization_id = organization and i.store_id = store and i.kind = 'customer' and i.external_id = b.person ->> 'external_id' limit 1) e on true
    where e.external_id is null;
  if unnamed is null then
    return;
  end if;

  with strangers as (
    select distinct on (coalesce('m' || lower(u.person ->> 'email'), u.person ->> 'key')) u.person from jsonb_array_elements(unnamed) u (person)
    left join lateral (select c.id from crm.customers c
      where c.organization_id = organization and c.email_key = lower(u.person ->> 'email') limit 1) c on true
    where c.id is null
    order by coalesce('m' || lower(u.person ->> 'email'), u.person ->> 'key'), u.person ->> 'key' desc
  )
  select coalesce(jsonb_agg(s.person order by s.person ->> 'key'), '[]') into people from strangers s;
  insert into crm.customers (organization_id, id, name, first_name, last_name, company, email, phone, stage, source)
    select organization, p.id, p.name, p.first_name, p.last_name, p.company, p.email, p.phone, 'active', 'store'
    from jsonb_populate_recordset(null::crm.customers, people) p;
  insert into commerce.external_ids (organization_id, store_id, kind, external_id, customer_id)
    select organization, store, 'customer', u.external_id, coalesce(
      (select (array_agg(c.id order by c.created_at, c.id))[1] from crm.customers c where c.organization_id = organization and c.email_key = lower(u.email)), u.id)
    from jsonb_to_recordset(unnamed) u (id uuid, external_id text, email text)
    where u.external_id is not null
    order by u.external_id;
end
$$;
comment on function commerce.take_customers is 'Finds or makes the customers of a store''s orders.';
grant execute on function commerce.take_customers to tenon_definer;

/*
  Takes orders over with their lines; the customers' figures follow by trigger. What a person has decided about an order stays: whose it is, and
  that nobody need look at it any more as long as its amounts are the same.
*/
create function commerce.take_orders(store uuid, orders jsonb, out created bigint, out updated bigint)
  language plpgsql security definer set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  organization constant uuid := kernel.organization_id();
  ids uuid[];
  are_new boolean[];
  are_taken boolean[];
begin
  perform commerce.lock_taking(organization, store);
  select * into ids, are_new, are_taken from commerce.things_to_take(organization, store, 'order', orders);
  perform commerce.take_customers(organization, store, orders, are_taken);
  insert into commerce.orders as o (organization_id, id, store_id, customer_id, order_number, status, fulfillment_status, payment_status, currency, rate,
      subtotal_amount, tax_amount, shipping_amount, discount_amount, total_amount, refunded_amount, order_date, customer_email, customer_phone, customer_notes,
      shipping_address, billing_address, shipping_method, discount_codes, requires_attention, attention_reason, processed_by, synced_at, remote_updated_at)
    select organization, ids[w.ordinality], store, coalesce(e.customer_id, (
             select (array_agg(c.id order by c.created_at, c.id))[1] from crm.customers c
             where c.organization_id = organization and c.email_key = lower(w.value #>> '{customer,email}'))), w.order_number,
           w.status, w.fulfillment_status, w.payment_status, w.currency, w.rate, w.subtotal_amount, w.tax_amount, w.shipping_amount, w.discount_amount,
           w.total_amount, w.refunded_amount, w.order_date, w.customer_email, w.customer_phone, w.customer_notes, w.shipping_address, w.billing_address,
           w.shipping_method, w.discount_codes, w.requires_attention, w.attention_reason, 'auto', now(), w.remote_updated_at
    from rows from (jsonb_populate_recordset(null::commerce.orders, orders), jsonb_array_elements(orders)) with ordinality w
    left join lateral (select i.customer_id from commerce.external_ids i where i.organization_id = organization and i.store_id = store
      and i.kind = 'customer' and i.external_id = w.value #>> '{customer,external_id}' limit 1) e on true
    where are_taken[w.ordinality]
    on conflict (organization_id, id) do update
      set customer_id = coalesce(o.customer_id, excluded.customer_id), order_number = excluded.order_number, status = excluded.status,
          fulfillment_status = excluded.fulfillment_status, payment_status = excluded.payment_status, currency = excluded.currency,
          subtotal_amount = excluded.subtotal_amount, tax_amount = excluded.tax_amount, shipping_amount = excluded.shipping_amount,
          discount_amount = excluded.discount_amount, total_amount = excluded.total_amount, refunded_amount = excluded.refunded_amount,
          order_date = excluded.order_date, customer_email = excluded.customer_email, customer_phone = excluded.customer_phone,
          customer_notes = excluded.customer_notes, shipping_address = excluded.shipping_address, billing_address = excluded.billing_address,
          shipping_method = excluded.shipping_method, discount_codes = excluded.discount_codes,
          requires_attention = case when o.total_amount = excluded.total_amount then o.requires_attention else excluded.requires_attention end,
          attention_reason = case when o.total_amount = excluded.total_amount then o.attention_reason else excluded.attention_reason end,
          synced_at = excluded.synced_at, remote_updated_at = excluded.remote_updated_at
      where (o.order_number, o.status, o.fulfillment_status, o.payment_status, o.currency, o.subtotal_amount, o.tax_amount, o.shipping_amount, o.discount_amount,
             o.total_amount, o.refunded_amount, o.order_date, o.customer_email, o.customer_phone, o.customer_notes, o.shipping_address, o.billing_address,
             o.shipping_method, o.discount_codes, o.remote_updated_at)
        is distinct from (excluded.order_number, excluded.status, excluded.fulfillment_status, excluded.payment_status, excluded.currency,
             excluded.subtotal_amount, excluded.tax_amount, excluded.shipping_amount, excluded.discount_amount, excluded.total_amount, excluded.refunded_amount,
             excluded.order_date, excluded.customer_email, excluded.customer_phone, excluded.customer_notes, excluded.shipping_address,
             excluded.billing_address, excluded.shipping_method, excluded.discount_codes, excluded.remote_updated_at);
  get diagnostics updated = row_count;
  created := commerce.keep_names(organization, store, 'order', orders, ids, are_new);
  updated := updated - created;
  perform commerce.take_lines(organization, store, orders, ids, are_new, are_taken);
end
$$;
comment on function commerce.take_orders is 'Takes orders over from a store, with their customers and lines; answers how many are new and how many have changed.';
call kernel.run_as_definer('commerce.take_orders');

create function commerce.take_lines(organization uuid, store uuid, orders jsonb, ids uuid[], are_new boolean[], are_taken boolean[]) returns void
  language plpgsql set search_path = '' as $$
begin
  insert into commerce.order_lines as l (organization_id, order_id, position, product_id, name, sku, quantity, unit_price, discount_amount, tax_amount)
    select organization, ids[w.place], n.place, e.product_id, n.name, n.sku, n.quantity, n.unit_price, n.discount_amount, n.tax_amount
    from rows from (jsonb_to_recordset(orders) as (lines jsonb)) with ordinality w (lines, place)
    cross join lateral rows from (jsonb_to_recordset(w.lines) as (
      product text, name text, sku text, quantity bigint, unit_price bigint, discount_amount bigint, tax_amount bigint)) with ordinality
      as n (product, name, sku, quantity, unit_price, discount_amount, tax_amount, place)
    left join lateral (select i.product_id from commerce.external_ids i
      where i.organization_id = organization and i.store_id = store and i.kind = 'product' and i.external_id = n.product limit 1) e on true
    where are_taken[w.place]
    on conflict (organization_id, order_id, position) do update
      set product_id = excluded.product_id, name = excluded.name, sku = excluded.sku, quantity = excluded.quantity, unit_price = excluded.unit_price,
          discount_amount = excluded.discount_amount, tax_amount = excluded.tax_amount
      where (l.product_id, l.name, l.sku, l.quantity, l.unit_price, l.discount_amount, l.tax_amount) is distinct from
        (excluded.product_id, excluded.name, excluded.sku, excluded.quantity, excluded.unit_price, excluded.discount_amount, excluded.tax_amount);
  delete from commerce.order_lines l using rows from (jsonb_to_recordset(orders) as (lines jsonb)) with ordinality w (lines, place)
    where are_taken[w.place] and not are_new[w.place] and l.organization_id = organization and l.order_id = ids[w.place]
      and l.position > jsonb_array_length(w.lines);
end
$$;
comment on function commerce.take_lines is 'Makes the lines of orders what the store tells.';
grant execute on function commerce.take_lines to tenon_definer;

-- What is not at the store any more: a product is put away; an order is history, and a person should look at it.
create function commerce.take_loss(store uuid, kind text, external_id text) returns void
  language plpgsql security definer set search_path = '' as $$
declare
  organization constant uuid := kernel.organization_id();
begin
  perform commerce.lock_taking(organization, store);
  update commerce.products p set status = 'archived' from commerce.external_ids e
    where e.organization_id = organization and e.store_id = store and e.kind = 'product' and e.kind = take_loss.kind and e.external_id = take_loss.external_id
      and p.organization_id = organization and p.id = e.product_id and p.status <> 'archived';
  update commerce.orders o set requires_attention = true, attention_reason = 'The store does not have it any more.' from commerce.external_ids e
    where e.organization_id = organization and e.store_id = store and e.kind = 'order' and e.kind = take_loss.kind and e.external_id = take_loss.external_id
      and o.organization_id = organization and o.id = e.order_id and not o.requires_attention;
end
$$;
comment on function commerce.take_loss is 'Notes that a store does not have something any more.';
call kernel.run_as_definer('commerce.take_loss');
grant execute on function commerce.take_products, commerce.take_orders, commerce.take_loss, commerce.learn_sizes to tenon_worker;
