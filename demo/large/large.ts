import type pg from "pg";
import { CUSTOMERS, EVENTS, ORDERS } from "./business.ts";
import { LABELING } from "./labeling.ts";
import { makeOrganizations } from "./organizations.ts";
import { CHUNK, rowsOf, type Size, type Step } from "./plan.ts";

const STEPS = [...LABELING, ...CUSTOMERS, ...ORDERS, ...EVENTS];

const TABLES = [
  "labeling.tasks",
  "labeling.assignments",
  "labeling.labels",
  "labeling.label_revisions",
  "labeling.reviews",
  "labeling.project_figures",
  "labeling.metrics",
  "datasets.dataset_items",
  "crm.customers",
  "crm.customer_figures",
  "crm.customer_stages",
  "commerce.orders",
  "commerce.order_lines",
  "analytics.events",
  "analytics.daily",
];

/** Whether the large demo is there already. */
export async function largeExists(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query("select from organizations.organizations where slug = 'large-1'");
  return rows.length > 0;
}

/**
 * Makes organizations full of rows, for benches: sizes are skewed, the same size gives the same rows. Rows are written with
 * triggers off, so the record has no entries of them, and the figures that triggers keep are filled by statements of their own.
 * `admin` must be a superuser, or may set session_replication_role. `report` gets a line per step. All or nothing is made.
 */
export async function makeLarge(admin: pg.Client, size: Size, report: (line: string) => void): Promise<void> {
  const started = performance.now();
  const tell = (what: string) => report(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${what}`);
  await admin.query("begin");
  try {
    await admin.query("set local timezone = 'UTC'; set local work_mem = '256MB'; set local synchronous_commit = off");
    await makeOrganizations(admin, size);
    tell(`${size.organizations} organizations`);
    await admin.query("set local session_replication_role = replica");
    for (const step of STEPS) await take(admin, step, size, tell);
    await admin.query("commit");
  } catch (error) {
    await admin.query("rollback");
    throw error;
  }
  await admin.query("drop table shares, large_organizations, large_people");
  for (const table of TABLES) await admin.query(`vacuum analyze ${table}`);
  tell("vacuumed and analyzed");
}

async function take(admin: pg.Client, step: Step, size: Size, tell: (what: string) => void): Promise<void> {
  if (step.kind === undefined) {
    const { rowCount } = await admin.query(step.sql);
    tell(`${step.title}: ${count(rowCount ?? 0)}`);
    return;
  }
  const whole = rowsOf(step.kind, size);
  const text = `${step.sql}
    from shares s ${step.join ?? ""}
    cross join lateral generate_series(greatest(s.low, $1) + 1, least(s.high, $2)) n ${step.also ?? ""}
    where s.kind = '${step.kind}' and s.high > $1 and s.low < $2 ${step.where ? `and ${step.where}` : ""}`;
  let made = 0;
  for (let low = 0; low < whole; low += CHUNK) {
    const { rowCount } = await admin.query(text, [low, low + CHUNK]);
    made += rowCount ?? 0;
    tell(`${step.title}: ${count(made)}`);
  }
}

function count(rows: number): string {
  return rows.toLocaleString("en");
}
