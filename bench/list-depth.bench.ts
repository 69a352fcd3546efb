import { tokenOf } from "../kernel/tenancy/credential.ts";
import { createTenant, openAdmin, openTestDatabase, type Tenant } from "../test/harness.ts";
import { type Finding, median, p99 } from "./bench.ts";
import { ID_OF, idOf, makeItemTables } from "./items.ts";
import { openReader, startServer } from "./servers/client.ts";

const ROWS = { small: 10_000, large: 1_000_000 };
const GROWTH_MAX = 1.3;
const CALLS = 400;
const ROUNDS = 15;

/** The slowest hundredth of lists in an organization of 10,000 rows, and in one of 1,000,000: the newest, filtered, and deep inside. */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  await makeItemTables(admin);
  const database = openTestDatabase();
  const tenants = { small: await createTenant(database), large: await createTenant(database) };
  await admin.query("set session_replication_role = replica");
  for (const size of ["small", "large"] as const)
    await admin.query(
      `insert into bench.items (organization_id, id, name, status, amount)
       select $1, ${ID_OF("n")}, 'Item ' || n, (array['open', 'done', 'late'])[n % 3 + 1], n from generate_series(1, ${ROWS[size]}) n`,
      [tenants[size].id],
    );
  await admin.query("vacuum analyze bench.items");
  const server = await startServer("tenon-server");

  const table: Finding["table"] = [];
  let worst = 0;
  for (const query of [
    "",
    "?status=open",
    `?cursor=${cursorAt(ROWS.small / 2)}`,
    `?status=open&cursor=${cursorAt(ROWS.small / 2)}`,
  ]) {
    const p99s = await compareDepths(server.address, tenants, query);
    worst = Math.max(worst, p99s.large / p99s.small);
    table.push({
      list: query || "(newest)",
      "p99 ms, 10,000 rows": p99s.small.toFixed(2),
      "p99 ms, 1,000,000": p99s.large.toFixed(2),
    });
  }
  return { table, figure: 1 / worst, goal: Number((1 / GROWTH_MAX).toFixed(2)) };
}

function cursorAt(place: number): string {
  return Buffer.from(JSON.stringify(["-id", "", idOf(place)])).toString("base64url");
}

/** Call by call in turns, so that what else the machine does hits both; of the rounds' p99 the middle one. */
async function compareDepths(address: string, tenants: Record<keyof typeof ROWS, Tenant>, query: string) {
  const open = ({ slug, owner }: Tenant) =>
    openReader(address, `/api/organizations/${slug}/bench/items${query}`, tokenOf(owner.credential));
  const ask = { small: await open(tenants.small), large: await open(tenants.large) };
  const found: Record<keyof typeof ROWS, number[]> = { small: [], large: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const times: Record<keyof typeof ROWS, number[]> = { small: [], large: [] };
    for (let call = 0; call < CALLS; call++) {
      times.small.push(await ask.small());
      times.large.push(await ask.large());
    }
    // The first round fills caches.
    if (round === 0) continue;
    found.small.push(p99(times.small));
    found.large.push(p99(times.large));
  }
  return { small: median(found.small), large: median(found.large) };
}
