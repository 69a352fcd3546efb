import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";

const DAYS = 30;

// Today and the first of the days, in UTC as everything that is added up by day.
const TIMES = `
  select (now() at time zone 'UTC')::date as today, (now() at time zone 'UTC')::date - ($2::integer - 1) as first,
         ((now() at time zone 'UTC')::date - ($2::integer - 1)) at time zone 'UTC' as start`;
const DAYS_OF = (rows: string) => `(select coalesce(json_agg(d order by d.day), '[]') from (${rows}) d)`;

const READ = `
  with times as materialized (${TIMES})
  select json_build_object(
    'currency', organizations.read_organization() ->> 'currency', 'from', t.first, 'to', t.today,
    'figures', (select to_jsonb(w) - 'organization_id' from analytics.workspace_dashboard w where w.organization_id = $1)
      || jsonb_build_object('stores', (select count(*) from commerce.stores s where s.organization_id = $1 and s.status in ('active', 'error'))),
    'orders', ${DAYS_OF(`
      select (o.order_date at time zone 'UTC')::date as day, count(*) as orders, sum(round(o.total_amount * o.rate))::bigint as revenue
      from commerce.orders o where o.organization_id = $1 and o.order_date >= t.start and o.order_date < t.today + 1 and o.status <> 'cancelled' group by 1`)},
    'events', ${DAYS_OF(`
      select e.day, e.event_type, sum(e.events)::bigint as events
      from analytics.daily e where e.organization_id = $1 and e.day between t.first and t.today group by 1, 2`)},
    'tasks', ${DAYS_OF(`
      select p.day, sum(p.completed)::bigint as completed, sum(p.failed)::bigint as failed
      from tasks.task_performance p where p.organization_id = $1 and p.day >= t.first group by 1`)},
    'credits', ${DAYS_OF(`
      select (l.created_at at time zone 'UTC')::date as day, -sum(l.amount)::bigint as credits
      from credits.ledger_entries l where l.organization_id = $1 and l.created_at >= t.start and l.leg = 'account' and l.kind = 'charge' group by 1`)}
  )::text from times t`;

/** How the organization does, in one statement. */
export async function readDashboard(context: Context): Promise<JsonText> {
  return askJson(context, READ, [context.organization.id, DAYS]);
}
