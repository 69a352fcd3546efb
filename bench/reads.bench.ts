import pg from "pg";
import { tokenOf } from "../kernel/tenancy/credential.ts";
import { atEnd, createTenant, openAdmin, openTestDatabase, testServer } from "../test/harness.ts";
import { compare, type Figure, type Finding, measureRate, p99, rateRows } from "./bench.ts";
import { giveItems, givenId, ITEM_COLUMNS, makeItems } from "./items.ts";
import { CALLERS, type Measured, openReader, startServer } from "./servers/client.ts";

const GOALS = { list: 0.35, get: 0.2 };
const TIMES_DRIZZLE = 3;
const CALLS = 15_000;
/** A server runs for weeks: what V8 compiles in its first seconds is asked for before anything is measured. */
const WARM_UP_CALLS = 10_000;

const STATEMENTS = {
  list: `select coalesce(json_agg(i), '[]')::text from (
    select ${ITEM_COLUMNS} from bench.items where organization_id = $1 order by id desc limit 50) i`,
  get: `select row_to_json(i)::text from (select ${ITEM_COLUMNS} from bench.items where organization_id = $1 and id = $2) i`,
};

/**
 * A noun's list of 50 and one of its rows over HTTP, on 1,000,000 rows: against the bare statement through pg alone, and beside a
 * server of Fastify and Drizzle on a table without row-level security.
 */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  await makeItems(admin);
  const tenant = await createTenant(openTestDatabase());
  await giveItems(admin, tenant);
  const id = givenId(0);
  const pool = new pg.Pool({ ...testServer.admin, max: CALLERS });
  atEnd(() => pool.end());
  const ours = await startServer("tenon-server");
  const drizzle = await startServer("drizzle-server");
  const token = tokenOf(tenant.owner.credential);
  const rows = `/api/organizations/${tenant.slug}/bench/items`;

  const measure = async (name: "list" | "get"): Promise<{ table: Finding["table"]; figures: Figure[] }> => {
    const values = name === "list" ? [tenant.id] : [tenant.id, id];
    const path = name === "list" ? rows : `${rows}/${id}`;
    const [oursWay, drizzleWay] = [await timed(ours, path, token), await timed(drizzle, path, token)];
    const comparison = await compare(
      {
        [`${name}, bare statement through pg`]: async () => {
          const client = await pool.connect();
          await client.query({ name, text: STATEMENTS[name], values });
          client.release();
        },
        [`${name} over HTTP`]: oursWay.ask,
        [`${name}, Fastify and Drizzle`]: drizzleWay.ask,
      },
      { calls: CALLS, callers: CALLERS },
    );
    const table = rateRows(comparison);
    Object.assign(table[1] ?? {}, await oursWay.costs());
    Object.assign(table[2] ?? {}, await drizzleWay.costs());
    const [, own = 0, other = 1] = Object.values(comparison.rates);
    const beside = { name: `${name} beside Drizzle`, figure: own / other, goal: TIMES_DRIZZLE };
    return { table, figures: [beside, { name, figure: comparison.ratio, goal: GOALS[name] }] };
  };
  const list = await measure("list");
  const get = await measure("get");
  const [figure, ...more] = [...list.figures, ...get.figures].reverse();
  if (!figure) throw new Error("Nothing was measured.");
  return { table: [...list.table, ...get.table], ...figure, more };
}

/** Asks a server that is warm, and adds up what it costs. */
async function timed(server: Measured, path: string, token: string) {
  const times: number[] = [];
  const ask = await openReader(server.address, path, token);
  await measureRate(ask, WARM_UP_CALLS, CALLERS);
  const before = await server.cpuSeconds();
  return {
    ask: async () => times.push(await ask()),
    costs: async () => {
      const cpu = (await server.cpuSeconds()) - before;
      return { "p99 ms": p99(times).toFixed(1), "server CPU µs": Math.round((cpu * 1e6) / times.length) };
    },
  };
}
