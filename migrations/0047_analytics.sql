-- Analytics: what happened, and how much of it. What people look at is added up as it comes in, never counted anew.

call kernel.module_schema('analytics');

create table analytics.events (
  organization_id uuid not null,
  id uuid not null default kernel.uuid_v7(),
  created_at timestamptz not null default now(),
  occurred_at timestamptz not null default now(),
  event_type text not null check (event_type ~ '^[a-z][a-z0-9_]*$' and length(event_type) <= 50),
  event_name text not null check (length(event_name) between 1 and 200),
  user_id uuid,
  session_id text check (length(session_id) <= 200),
  source text check (length(source) <= 50),
  properties jsonb not null default '{}' check (pg_column_size(properties) <= 16384),
  revenue bigint,
  currency text check (currency ~ '^[A-Z]{3}$'),
  product_id uuid,
  customer_id uuid,
  order_id uuid,
  task_id uuid,
  primary key (organization_id, id, created_at),
  constraint events_revenue_in_currency check ((revenue is null) = (currency is null))
) partition by range (created_at);
comment on table analytics.events is 'What happened, event by event. Append-only. Sensitivity: medium.';
comment on column analytics.events.organization_id is 'The organization it happened in.';
comment on column analytics.events.id is 'Identifier.';
comment on column analytics.events.created_at is 'When it was written down; the partition key.';
comment on column analytics.events.occurred_at is 'When it happened.';
comment on column analytics.events.event_type is 'What kind of event it is, such as page_view, purchase or task_completed.';
comment on column analytics.events.event_name is 'Which one of the kind.';
comment on column analytics.events.user_id is 'The member who did it.';
comment on column analytics.events.session_id is 'The visit that it belongs to.';
comment on column analytics.events.source is 'Where it came from, such as dashboard, api or webhook.';
comment on column analytics.events.properties is 'What else is known of it.';
comment on column analytics.events.revenue is 'What it brought, in minor units of its currency.';
comment on column analytics.events.currency is 'ISO 4217 currency of the revenue.';
comment on column analytics.events.product_id is 'The product it is about, which may be gone.';
comment on column analytics.events.customer_id is 'The customer it is about, who may be gone.';
comment on column analytics.events.order_id is 'The order it is about, which may be gone.';
comment on column analytics.events.task_id is 'The task it is about, which may be gone.';
comment on index analytics.events_pkey is 'Lists what happened, newest first.';
create index events_by_type on analytics.events (organization_id, event_type, occurred_at);
comment on index analytics.events_by_type is 'The events of a kind in a time.';
create index events_by_time on analytics.events (organization_id, occurred_at);
comment on index analytics.events_by_time is 'All that happened in a time.';
create index events_by_member on analytics.events (organization_id, user_id, occurred_at);
comment on index analytics.events_by_member is 'What a member did.';
create index events_by_customer on analytics.events (organization_id, customer_id, occurred_at) where customer_id is not null;
comment on index analytics.events_by_customer is 'What happened with a customer.';
create index events_by_property on analytics.events using gin (organization_id, properties jsonb_path_ops);
comment on index analytics.events_by_property is 'Finds events by what else is known of them.';
call kernel.append_only_table('analytics.events', 'What happened', months_kept => 25);

create table analytics.daily (
  organization_id uuid not null references organizations.organizations on delete cascade,
  day date not null,
  event_type text not null check (length(event_type) between 1 and 50),
  currency text not null default '' check (currency ~ '^([A-Z]{3})?$'),
  part smallint not null check (part between 0 and 15),
  events bigint not null default 0 check (events >= 0),
  revenue bigint not null default 0,
  primary key (organization_id, day, event_type, currency, part)
);
comment on table analytics.daily is 'Events added up by day, kind and currency, kept by trigger. Sensitivity: low.';
comment on column analytics.daily.day is 'The day (UTC).';
comment on column analytics.daily.event_type is 'What kind of event.';
comment on column analytics.daily.currency is 'ISO 4217 currency of the revenue; empty for events without any.';
comment on column analytics.daily.part is 'Which connections added to it: a figure is the sum of its parts, and writers seldom wait for each other.';
comment on column analytics.daily.events is 'How many there were.';
comment on column analytics.daily.revenue is 'What they brought, in minor units.';
comment on index analytics.daily_pkey is 'What happened day by day.';
create index daily_by_type on analytics.daily (organization_id, event_type, day);
comment on index analytics.daily_by_type is 'The days of a kind of event.';
call kernel.tenant_table('analytics.daily', audit => 'none', access => 'read');

create function analytics.add_up() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  insert into analytics.daily as d (organization_id, day, event_type, currency, part, events, revenue)
    select n.organization_id, (n.occurred_at at time zone 'UTC')::date, n.event_type, coalesce(n.currency, ''), pg_backend_pid() % 16,
           count(*), coalesce(sum(n.revenue), 0)
    from new_rows n group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (organization_id, day, event_type, currency, part) do update set events = d.events + excluded.events, revenue = d.revenue + excluded.revenue;
  return null;
end
$$;
comment on function analytics.add_up() is 'Adds new events to their day.';
call kernel.run_as_definer('analytics.add_up');
create trigger add_up after insert on analytics.events referencing new table as new_rows for each statement execute function analytics.add_up();

-- Events come by COPY, which the loader does, beyond row-level security: each statement's rows are held against the organization it entered.
create function analytics.refuse_foreign_rows() returns trigger
  language plpgsql security definer set search_path = '' as $$
begin
  if session_user = 'tenon_loader' and exists (select from new_rows n where n.organization_id is distinct from kernel.organization_id()) then
    raise exception 'Some of the loaded rows belong to another organization' using errcode = 'insufficient_privilege';
  end if;
  return null;
end
$$;
comment on function analytics.refuse_foreign_rows() is 'Refuses rows that the loader brings for another organization than it entered.';
call kernel.run_as_definer('analytics.refuse_foreign_rows');
create trigger refuse_foreign_rows after insert on analytics.events
  referencing new table as new_rows for each statement execute function analytics.refuse_foreign_rows();
grant insert on analytics.events to tenon_loader;

-- No foreign key, as an event has none: the organization would be looked up for each id that comes. Its erasure walks these rows without one.
create table analytics.event_keys (
  organization_id uuid not null,
  id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);
comment on table analytics.event_keys is 'The ids of events, which stand in partitions: sent twice, an event counts once. Sensitivity: low.';
comment on column analytics.event_keys.id is 'The event.';
comment on column analytics.event_keys.created_at is 'When it was sent.';
create index event_keys_by_time on analytics.event_keys using brin (organization_id, created_at);
comment on index analytics.event_keys_by_time is 'What is removed when nobody sends it again.';
call kernel.tenant_table('analytics.event_keys', audit => 'none', access => 'none', versions => false);

create function analytics.take_keys(ids uuid[]) returns uuid[]
  language sql security definer set search_path = ''
  begin atomic
    with fresh as (
      insert into analytics.event_keys (organization_id, id) select kernel.organization_id(), wished.id from unnest(ids) wished (id) order by 2
        on conflict do nothing returning id
    )
    select coalesce(array_agg(fresh.id), '{}') from fresh;
  end;
comment on function analytics.take_keys is 'Keeps the ids of events that are sent, and answers those that are new.';
call kernel.run_as_definer('analytics.take_keys');
grant execute on function analytics.take_keys to tenon_loader;

create function analytics.remove_old_keys(kept interval) returns bigint
  language plpgsql security definer set search_path = '' as $$
declare
  removed bigint;
begin
  delete from analytics.event_keys k where k.created_at < now() - kept;
  get diagnostics removed = row_count;
  return removed;
end
$$;
comment on function analytics.remove_old_keys is 'Forgets the ids of events that nobody sends again after so long; how many.';
call kernel.run_as_definer('analytics.remove_old_keys');
grant execute on function analytics.remove_old_keys to tenon_dispatcher;

-- Each figure is counted by itself: joined, the rows of one kind would multiply those of another.
create view analytics.workspace_dashboard with (security_invoker = true) as
  select a.organization_id,
         (select s.plan from billing.subscriptions s where s.organization_id = a.organization_id and s.status <> 'cancelled') as plan,
         b.posted - b.held as credits_available,
         case when b.month_ends_at > now() then b.used_this_month else 0 end as credits_used_this_month,
         (select count(*) from tasks.tasks t where t.organization_id = a.organization_id and t.status = 'pending') as pending_tasks,
         (select count(*) from tasks.tasks t where t.organization_id = a.organization_id and t.status = 'processing') as processing_tasks,
         (select count(*) from tasks.tasks t where t.organization_id = a.organization_id and t.status = 'completed' and t.completed_at >= today.start
            and t.created_at >= today.start - interval '30 days') as tasks_completed_today,
         (select coalesce(sum(round(o.total_amount * o.rate)), 0)::bigint from commerce.orders o where o.organization_id = a.organization_id
            and o.status <> 'cancelled' and o.order_date >= today.start - interval '30 days') as revenue_30d,
         (select coalesce(sum(round(o.refunded_amount * o.rate)), 0)::bigint from commerce.orders o where o.organization_id = a.organization_id
            and o.status <> 'cancelled' and o.order_date >= today.start - interval '30 days') as refunded_30d,
         (select count(*) from commerce.orders o where o.organization_id = a.organization_id and o.status <> 'cancelled' and o.order_date >= today.start) as orders_today,
         (select count(*) from commerce.products p where p.organization_id = a.organization_id) as total_products,
         (select count(*) from commerce.products p where p.organization_id = a.organization_id and p.status = 'active') as active_products,
         (select count(*) from crm.customers c where c.organization_id = a.organization_id and c.stage = 'active') as active_customers,
         (select coalesce(sum(d.events), 0)::bigint from analytics.daily d where d.organization_id = a.organization_id and d.day = (today.start at time zone 'UTC')::date) as events_today
  from credits.accounts a
  join credits.balances b on b.organization_id = a.organization_id and b.account_id = a.id
  cross join (select date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' as start) today
  where a.name = 'main';
comment on view analytics.workspace_dashboard is 'One row of figures per organization; days are UTC, money is in minor units of the organization''s currency, credits in micro-credits.';
grant select on analytics.workspace_dashboard to tenon_member, tenon_steward, tenon_worker;

call organizations.add_permission('analytics.dashboard.read', 'See the dashboard', '{admin,member,viewer}');
call organizations.add_permission('analytics.event.read', 'See what happened, event by event', '{admin,labeler,member,viewer,participant}');
call organizations.add_permission('analytics.event.write', 'Send events', '{admin,member}');
