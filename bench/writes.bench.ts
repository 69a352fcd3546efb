import assert from "node:assert/strict";
import pg from "pg";
import { runBatch } from "../kernel/database/batch.ts";
import { tokenOf } from "../kernel/tenancy/credential.ts";
import { atEnd, createTenant, openAdmin, openTestDatabase, testServer } from "../test/harness.ts";
import { type Comparison, compare, type Finding, rateRows } from "./bench.ts";
import { giveItems, givenId, ITEMS, makeItems } from "./items.ts";
import { CALLERS, startServer } from "./servers/client.ts";
import { openClient } from "./servers/http-client.ts";

const GOAL = 1.5;
const LOAD = { calls: 12_000, callers: CALLERS };

const INSERT =
  "insert into bench.bare_items as r (organization_id, name, status, amount) values ($1, $2, $3, $4) returning row_to_json(r)::text";
const UPDATE =
  "update bench.bare_items r set amount = $3 where organization_id = $1 and id = $2 returning row_to_json(r)::text";

/**
 * Creating and changing a row over HTTP, on the record, against a Fastify and Drizzle server that records nothing, on 1,000,000 rows; and
 * beside the bare statement, each committed by itself.
 */
export async function bench(): Promise<Finding> {
  const admin = await openAdmin();
  await makeItems(admin);
  const tenant = await createTenant(openTestDatabase());
  await giveItems(admin, tenant);
  const pool = new pg.Pool({ ...testServer.admin, max: CALLERS });
  atEnd(() => pool.end());
  const bare = async (text: string, values: unknown[]) => {
    const client = await pool.connect();
    await runBatch(client, [{ text, values, fixed: true }]);
    client.release();
  };
  const token = tokenOf(tenant.owner.credential);
  const open = async (name: string) => openClient((await startServer(name)).address, token, CALLERS);
  const [tenon, drizzle] = [await open("tenon-server"), await open("drizzle-server")];
  const path = `/api/organizations/${tenant.slug}/bench/items`;
  const itemOf = (call: number) => ({ name: `Item ${call}`, status: "open", amount: call });

  const creating = await compare(
    {
      "create by Fastify and Drizzle": (call) => drizzle("POST", path, itemOf(call)),
      "create by Tenon": (call) => tenon("POST", path, itemOf(call)),
      "bare insert": (call) => bare(INSERT, [tenant.id, `Item ${call}`, "open", call]),
    },
    LOAD,
  );
  let amount = ITEMS;
  let updates = 0;
  const updating = await compare(
    {
      "update by Fastify and Drizzle": (call) => drizzle("PATCH", `${path}/${givenId(call)}`, { amount: ++amount }),
      "update by Tenon": (call) => {
        updates++;
        return tenon("PATCH", `${path}/${givenId(call)}`, { amount: ++amount });
      },
      "bare update": (call) => bare(UPDATE, [tenant.id, givenId(call), ++amount]),
    },
    LOAD,
  );
  await assertRecorded(admin, tenant.id, updates);
  return {
    table: [...rowsOf(creating), ...rowsOf(updating)],
    figure: updating.ratio,
    goal: GOAL,
    more: [{ name: "create", figure: creating.ratio, goal: GOAL }],
  };
}

/** The rates, each also in relation to the bare statement, which comes last. */
function rowsOf(comparison: Comparison): Finding["table"] {
  const bare = Object.values(comparison.rates).at(-1) ?? 0;
  return rateRows(comparison).map((row) => ({ ...row, "to bare": (Number(row["per second"]) / bare).toFixed(2) }));
}

/** What changes nothing is not recorded, and would be measured for less than it costs. */
async function assertRecorded(admin: pg.Client, organization: string, updates: number): Promise<void> {
  const { rows } = await admin.query<{ entries: number }>(
    "select count(*)::integer as entries from audit.audit_logs where organization_id = $1 and operation = 'bench.item.update'",
    [organization],
  );
  assert.equal(rows[0]?.entries, updates, "every update is on the record");
}
