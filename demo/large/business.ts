import { ID, type Step } from "./plan.ts";

/** Customers, with the figures and the way that triggers would have given them. */
export const CUSTOMERS: Step[] = [
  {
    title: "customers",
    kind: "customers",
    sql: `insert into crm.customers (organization_id, id, name, company, email, stage, source, segment, created_at)
      select s.organization_id, pg_temp.id_of(${ID.customer}, n), 'Customer ' || n, 'Company ' || n / 3, 'customer-' || n || '@example.com',
             (array['lead', 'prospect', 'active', 'active', 'active', 'churned'])[1 + pg_temp.chance(n, 1, 6)],
             (array['website', 'referral', 'social', 'email', 'store'])[1 + pg_temp.chance(n, 2, 5)],
             (array['office', 'retail', 'hospitality'])[1 + pg_temp.chance(n, 3, 3)], pg_temp.moment(n, 4)`,
  },
  {
    title: "their figures",
    sql: `insert into crm.customer_figures (organization_id, customer_id)
      select c.organization_id, c.id from crm.customers c join large_organizations o on o.id = c.organization_id`,
  },
  {
    title: "their stages",
    sql: `insert into crm.customer_stages (organization_id, id, customer_id, to_stage, changed_at)
      select s.organization_id, pg_temp.id_of(${ID.stage}, n), pg_temp.id_of(${ID.customer}, n),
             (array['lead', 'prospect', 'active', 'active', 'active', 'churned'])[1 + pg_temp.chance(n, 1, 6)], pg_temp.moment(n, 4)`,
    kind: "customers",
  },
];

const TOTAL = "(500 + pg_temp.chance(n, 12, 60000))";

/** One store an organization and its orders, one line each. */
export const ORDERS: Step[] = [
  {
    title: "stores",
    sql: `insert into commerce.stores (organization_id, id, name, platform, store_url, status)
      select id, pg_temp.id_of(${ID.store}, place), 'Store', 'shopify', 'https://store-' || place || '.example', 'active' from large_organizations`,
  },
  {
    title: "orders",
    kind: "orders",
    sql: `insert into commerce.orders (organization_id, id, store_id, customer_id, order_number, status, payment_status, currency, rate,
        subtotal_amount, total_amount, refunded_amount, order_date, created_at)
      select s.organization_id, pg_temp.id_of(${ID.order}, n), pg_temp.id_of(${ID.store}, s.place),
             pg_temp.id_of(${ID.customer}, c.low + 1 + pg_temp.chance(n, 10, (c.high - c.low)::integer)), '#' || n,
             (array['pending', 'confirmed', 'processing', 'shipped', 'delivered', 'delivered', 'delivered', 'delivered', 'cancelled', 'refunded'])[1 + pg_temp.chance(n, 11, 10)],
             (array['pending', 'authorized', 'paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'voided', 'refunded'])[1 + pg_temp.chance(n, 11, 10)],
             case pg_temp.chance(n, 13, 8) when 0 then 'USD' else 'EUR' end, case pg_temp.chance(n, 13, 8) when 0 then 0.92 else 1 end,
             ${TOTAL}, ${TOTAL}, case pg_temp.chance(n, 11, 10) when 9 then ${TOTAL} else 0 end, pg_temp.moment(n, 14), pg_temp.moment(n, 14)`,
    join: "join shares c on c.place = s.place and c.kind = 'customers'",
  },
  {
    title: "order lines",
    kind: "orders",
    sql: `insert into commerce.order_lines (organization_id, order_id, position, name, quantity, unit_price)
      select s.organization_id, pg_temp.id_of(${ID.order}, n), 1, 'Thing ' || pg_temp.chance(n, 15, 500), 1, ${TOTAL}`,
  },
  {
    title: "figures of customers",
    sql: `update crm.customer_figures f set total_orders = part.orders, total_spent = part.spent, total_refunded = part.refunded,
             first_order_at = part.first_at, last_order_at = part.last_at
      from (
        select o.organization_id, o.customer_id, count(*) as orders, sum(round(o.total_amount * o.rate))::bigint as spent,
               sum(round(o.refunded_amount * o.rate))::bigint as refunded, min(o.order_date) as first_at, max(o.order_date) as last_at
        from commerce.orders o join large_organizations l on l.id = o.organization_id where o.status <> 'cancelled' group by 1, 2
      ) part
      where f.organization_id = part.organization_id and f.customer_id = part.customer_id`,
  },
];

const KIND_OF_EVENT =
  "(array['purchase', 'sign_in', 'task_completed', 'product_view', 'product_view', 'product_view', 'page_view'])[1 + least(pg_temp.chance(n, 20, 20), 6)]";
const IS_PURCHASE = "pg_temp.chance(n, 20, 20) = 0";

/** What happened, and the days added up. */
export const EVENTS: Step[] = [
  {
    title: "events",
    kind: "events",
    sql: `insert into analytics.events (organization_id, id, created_at, occurred_at, event_type, event_name, session_id, source, revenue, currency, customer_id)
      select s.organization_id, pg_temp.id_of(${ID.event}, n), pg_temp.moment(n, 21), pg_temp.moment(n, 21), ${KIND_OF_EVENT}, 'Something',
             's' || n / 5, 'dashboard', case when ${IS_PURCHASE} then ${TOTAL} end, case when ${IS_PURCHASE} then 'EUR' end,
             case when pg_temp.chance(n, 20, 20) < 6 then pg_temp.id_of(${ID.customer}, c.low + 1 + pg_temp.chance(n, 22, (c.high - c.low)::integer)) end`,
    join: "join shares c on c.place = s.place and c.kind = 'customers'",
  },
  {
    title: "days of events",
    sql: `insert into analytics.daily (organization_id, day, event_type, currency, part, events, revenue)
      select e.organization_id, (e.occurred_at at time zone 'UTC')::date, e.event_type, coalesce(e.currency, ''), 0, count(*), coalesce(sum(e.revenue), 0)
      from analytics.events e join large_organizations o on o.id = e.organization_id group by 1, 2, 3, 4`,
  },
];
