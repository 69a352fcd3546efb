import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { to as copyTo } from "pg-copy-streams";
import { tokenOf } from "../kernel/tenancy/credential.ts";
import { createTenant, openAdmin, openTestDatabase } from "../test/harness.ts";
import { type Finding, median } from "./bench.ts";
import { ID_OF, ITEM_COLUMNS, makeItemTables } from "./items.ts";
import { startServer } from "./servers/client.ts";

const ROWS = 500_000;
const ROUNDS = 5;
const GOAL = 0.5;

/** All rows of a noun over HTTP, as CSV and as JSON lines, each against `copy … to stdout` of the same rows in the same form. */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  await makeItemTables(admin);
  const tenant = await createTenant(openTestDatabase());
  await admin.query("set session_replication_role = replica");
  await admin.query(
    `insert into bench.items (organization_id, id, name, status, amount)
     select $1, ${ID_OF("n")}, 'Item ' || n, (array['open', 'done', 'late'])[n % 3 + 1], n from generate_series(1, ${ROWS}) n`,
    [tenant.id],
  );
  await admin.query("vacuum analyze bench.items");
  const { address, cpuSeconds } = await startServer("tenon-server");
  const take = async (accept: string) => {
    const headers = { authorization: `Bearer ${tokenOf(tenant.owner.credential)}`, accept };
    const url = `${address}/api/organizations/${tenant.slug}/bench/items`;
    const [answer] = (await once(get(url, { headers }), "response")) as [IncomingMessage];
    await pipeline(answer, nowhere());
  };
  const rows = `select ${ITEM_COLUMNS} from bench.items where organization_id = '${tenant.id}' order by id desc`;
  const copy = (text: string) => pipeline(admin.query(copyTo(text)), nowhere());
  const ways = {
    "copy, CSV": () => copy(`copy (${rows}) to stdout (format csv)`),
    "CSV over HTTP": () => take("text/csv"),
    "copy, JSON lines": () => copy(`copy (select row_to_json(i) from (${rows}) i) to stdout`),
    "JSON lines over HTTP": () => take("application/x-ndjson"),
  };
  const rates: Record<string, number[]> = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  const before = await cpuSeconds();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [way, run] of Object.entries(ways)) {
      const started = performance.now();
      await run();
      // The first round fills caches.
      if (round > 0) rates[way]?.push((ROWS * 1000) / (performance.now() - started));
    }
  }
  const cpu = (await cpuSeconds()) - before;
  const [bareCsv = 1, csv = 0, bareLines = 1, lines = 0] = Object.values(rates).map(median);
  const table = Object.entries(rates).map(([way, values]) => ({ way, "rows per second": Math.round(median(values)) }));
  Object.assign(table[1] ?? {}, { "server CPU, µs per row": ((cpu * 1e6) / (ROWS * 2 * (ROUNDS + 1))).toFixed(2) });
  return {
    table,
    figure: csv / bareCsv,
    goal: GOAL,
    more: [{ name: "JSON lines", figure: lines / bareLines, goal: GOAL }],
  };
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
