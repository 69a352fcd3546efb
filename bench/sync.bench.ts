import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { openStores } from "../modules/commerce/stores.fixture.ts";
import { atEnd } from "../test/harness.ts";
import type { Finding } from "./bench.ts";

const GOAL = 0.3;
const ORDERS = Number(process.argv[3] ?? 100_000);
/** As many as a store gives at once. */
const ROWS = 100;

type Stores = Awaited<ReturnType<typeof openStores>>;

/** Orders of a store with their lines and customers, on the record, against plain inserts of the same orders and lines, as many rows a statement as a page has. */
export async function bench(): Promise<Finding> {
  const stores = await openStores();
  const address = await openStore();
  stores.work();
  const { id, task_id } = await stores.connect({ address });
  const { output, error_details } = await stores.rested(task_id);
  if (output?.created !== ORDERS) throw new Error(`Not all orders came: ${JSON.stringify(output ?? error_details)}`);
  await checkFigures(stores);
  const [run] = await stores.all(
    "select extract(epoch from ended_at - started_at)::float8 as seconds from commerce.sync_runs where store_id = $1",
    [id],
  );
  const synced = ORDERS / run.seconds;
  const plain = ORDERS / (await insertPlain(stores));
  const row = (way: string, rate: number) => ({
    way,
    "orders per second": Math.round(rate),
    ratio: (rate / plain).toFixed(2),
  });
  return { table: [row("plain inserts", plain), row("synced", synced)], figure: synced / plain, goal: GOAL };
}

async function openStore(): Promise<string> {
  const store = fork(join(import.meta.dirname, "sync", "store-server.ts"), [String(ORDERS)]);
  atEnd(async () => store.disconnect());
  const [{ address }] = (await once(store, "message")) as [{ address: string }];
  return address;
}

async function checkFigures({ all, tenant }: Stores): Promise<void> {
  const [figures] = await all(
    `select sum(f.total_orders)::int as orders, sum(f.total_spent)::float8 as spent, (select sum(o.total_amount)::float8 from commerce.orders o where o.organization_id = $1) as total
     from crm.customer_figures f where f.organization_id = $1`,
    [tenant.id],
  );
  if (figures.orders !== ORDERS || figures.spent !== figures.total)
    throw new Error(`The figures are wrong: ${JSON.stringify(figures)}`);
}

/** Seconds for the rows of the sync once more, from memory, into tables like theirs. */
async function insertPlain({ admin, all, tenant }: Stores): Promise<number> {
  await admin.query(`create table commerce.bare_orders (like commerce.orders including all);
    create table commerce.bare_lines (like commerce.order_lines including all)`);
  const read = (table: string, order: string, columns: string) =>
    all(`select ${columns} from commerce.${table} where organization_id = $1 order by ${order}`, [tenant.id]);
  const orders = await read("orders", "id", "to_jsonb(orders) as row");
  const lines = await read("order_lines", "order_id", "to_jsonb(order_lines) - 'amount' as row");
  const columns = Object.keys(lines[0].row).join(", ");
  const started = performance.now();
  for (let from = 0; from < ORDERS; from += ROWS) {
    const some = (rows: { row: object }[]) => JSON.stringify(rows.slice(from, from + ROWS).map(({ row }) => row));
    await admin.query(
      "insert into commerce.bare_orders select * from jsonb_populate_recordset(null::commerce.bare_orders, $1)",
      [some(orders)],
    );
    await admin.query(
      `insert into commerce.bare_lines (${columns}) select ${columns} from jsonb_populate_recordset(null::commerce.bare_lines, $1)`,
      [some(lines)],
    );
  }
  return (performance.now() - started) / 1_000;
}
