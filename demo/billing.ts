import type { Row, Scene } from "./scene.ts";

const PRICE = 9_900;
const SEAT_PRICE = 900;
const TAX = 0.19;
const SEATS = 11;
const SEATS_INCLUDED = 5;
/** From the oldest to the latest. */
const STATES = ["void", "paid", "paid", "uncollectible", "paid", "open", "draft"] as const;

/** Makes the billing account, the plan it has and the one it had, and bills in every state. */
export async function makeBilling(scene: Scene): Promise<void> {
  const { insert, run, id, clock } = scene;
  const since = clock.on(-210);
  const [account, live, trial] = [id(since), id(clock.on(-180)), id(since)];
  await insert("billing.billing_accounts", [
    {
      id: account,
      provider: "manual",
      billing_status: "active",
      billing_name: "Northwind Studio GmbH",
      billing_email: "billing-admin@northwind.example",
      billing_address: { line1: "Werftstraße 9", city: "Kiel", country: "DE" },
      tax_id: "DE000000000",
      currency: "EUR",
      created_at: since,
    },
  ]);
  // Prices belong to the whole installation: one is added where the plan has none yet.
  await run(
    `insert into billing.prices (plan, currency, billing_interval, amount, seat_amount) select 'pro', 'EUR', 'month', $2, $3
    where $1::uuid is not null and not exists (select from billing.prices where plan = 'pro' and currency = 'EUR' and billing_interval = 'month' and is_offered)`,
    [PRICE, SEAT_PRICE],
  );
  const subscription = { billing_account_id: account, seat_count: SEATS };
  await insert("billing.subscriptions", [
    {
      id: trial,
      ...subscription,
      plan: "basic",
      status: "cancelled",
      trial_ends_at: clock.on(-196),
      current_period_start: since,
      current_period_end: clock.on(-180),
      cancelled_at: clock.on(-180),
      created_at: since,
      metadata: { reason: "Moved to Pro" },
    },
    {
      id: live,
      ...subscription,
      plan: "pro",
      status: "active",
      trial_ends_at: undefined,
      current_period_start: clock.on(-15, 0),
      current_period_end: clock.on(15, 0),
      cancelled_at: undefined,
      created_at: clock.on(-180),
      metadata: {},
    },
  ]);
  await run(`update billing.subscriptions s set price_id = (select p.id from billing.prices p where p.plan = 'pro' and p.currency = 'EUR' and p.billing_interval = 'month' and p.is_offered)
    where s.organization_id = $1 and s.plan = 'pro'`);
  await makeBills(scene, account, live);
}

async function makeBills({ insert, run, id, clock, chance }: Scene, account: string, live: string): Promise<void> {
  const bills = STATES.map((status, index) => {
    const end = 15 - 30 * (STATES.length - 1 - index);
    const start = end - 30;
    const isIssued = status !== "draft";
    const units = chance.whole(0, 40);
    const net = PRICE + (SEATS - SEATS_INCLUDED) * SEAT_PRICE + units * 50;
    const tax = Math.round(net * TAX);
    const row = {
      id: id(clock.on(start)),
      billing_account_id: account,
      subscription_id: live,
      status: "draft",
      period_start: clock.on(start, 0),
      period_end: clock.on(end, 0),
      currency: "EUR",
      tax_amount: tax,
      due_at: clock.on(start + 14, 6),
      created_at: clock.on(start, 5),
    };
    const issued = {
      id: row.id,
      number: index + 1,
      status,
      issued_at: clock.on(start, 6),
      paid_at: clock.on(start + 5, 10),
    };
    return { row, lines: linesOf(row.id, units), issued: isIssued ? [issued] : [] };
  });
  await insert(
    "billing.invoices",
    bills.map(({ row }) => row),
  );
  await insert(
    "billing.invoice_lines",
    bills.flatMap(({ lines }) => lines),
  );
  // A bill has its lines before it is issued, and changes no more after that.
  const issued = JSON.stringify(bills.flatMap((bill) => bill.issued));
  const given =
    "json_to_recordset($2) as g (id uuid, number bigint, status text, issued_at timestamptz, paid_at timestamptz)";
  await run(
    `update billing.invoices i set status = 'open', number = g.number, issued_at = g.issued_at from ${given} where i.organization_id = $1 and i.id = g.id`,
    [issued],
  );
  await run(
    `update billing.invoices i set status = g.status, paid_amount = case g.status when 'paid' then i.total_amount else 0 end,
       paid_at = case g.status when 'paid' then g.paid_at end
     from ${given} where i.organization_id = $1 and i.id = g.id and g.status <> 'open'`,
    [issued],
  );
}

function linesOf(invoice_id: string, units: number): Row[] {
  const lines = [
    {
      invoice_id,
      position: 1,
      description: "Pro, one month",
      quantity: 1,
      unit_amount: PRICE,
      resource_type: undefined,
    },
    {
      invoice_id,
      position: 2,
      description: "Seats beyond five",
      quantity: SEATS - SEATS_INCLUDED,
      unit_amount: SEAT_PRICE,
      resource_type: "seats",
    },
  ];
  return units === 0
    ? lines
    : [
        ...lines,
        {
          invoice_id,
          position: 3,
          description: "API calls, by 10,000",
          quantity: units,
          unit_amount: 50,
          resource_type: "api_calls",
        },
      ];
}
