import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { adminOf, atEnd, createTenant, testServer } from "../test/harness.ts";
import { authorization, openTestServer } from "../test/http/server.ts";
import { compare, type Finding, rateRows } from "./bench.ts";

const GOAL = 0.35;
const EVENTS = 2_500;
const CALLERS = 2;
const CALLS = 120;
const TYPES = ["page_view", "product_view", "click", "sign_in"];
const COLUMNS = ["id", "event_type", "event_name", "occurred_at", "session_id", "source", "properties"];

/** Batches of events over HTTP, each id once and added up by day, against a bare COPY of such rows into a table with the same indexes. */
export async function bench(): Promise<Finding> {
  const http = await openTestServer();
  const admin = await adminOf(http.database);
  const tenant = await createTenant(http.database);
  await admin.query("create table analytics.bare_events (like analytics.events including all)");
  const pool = new pg.Pool({ ...testServer.admin, max: CALLERS });
  atEnd(() => pool.end());
  const address = await http.server.listen({ host: "127.0.0.1", port: 0 });
  const url = `${address}/api/organizations/${tenant.slug}/analytics/events`;
  const headers = { "content-type": "application/json", ...authorization(tenant.owner) };

  const send = async () => {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ events: batch() }) });
    const { accepted } = (await response.json()) as { accepted: number };
    if (accepted !== EVENTS) throw new Error(`${response.status}: ${accepted} of ${EVENTS} events were accepted.`);
  };
  const copy = async () => {
    const client = await pool.connect();
    const lines = batch().map((event) => `${tenant.id}\t${COLUMNS.map((name) => cellOf(event, name)).join("\t")}\n`);
    const text = `copy analytics.bare_events (organization_id, ${COLUMNS.join(", ")}) from stdin`;
    await pipeline(Readable.from([lines.join("")]), client.query(copyFrom(text)));
    client.release();
  };
  const comparison = await compare({ "bare COPY": copy, "events over HTTP": send }, { calls: CALLS, callers: CALLERS });
  const table = rateRows(comparison).map((row) => ({
    ...row,
    "events per second": Number(row["per second"]) * EVENTS,
  }));
  return { table, figure: comparison.ratio, goal: GOAL };
}

type Event = Record<string, unknown>;

let made = 0;

function batch(): Event[] {
  return Array.from({ length: EVENTS }, () => {
    const number = made++;
    return {
      id: randomUUID(),
      event_type: TYPES[number % TYPES.length],
      event_name: `Page ${number % 50}`,
      occurred_at: new Date(Date.now() - (number % 7) * 86_400_000).toISOString(),
      session_id: `visit-${number % 1_000}`,
      source: "api",
      properties: { from: "search", place: number % 20 },
    };
  });
}

function cellOf(event: Event, name: string): string {
  return name === "properties" ? JSON.stringify(event[name]) : String(event[name]);
}
