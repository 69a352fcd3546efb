import { randomUUID } from "node:crypto";
import type { Context } from "../../kernel/tenancy/context.ts";
import { callOutside, transaction } from "../../kernel/tenancy/transaction.ts";
import type { Work } from "../../kernel/work.ts";
import { FAULTS_TOLD_MAX } from "./contract.ts";

/** Less than the column takes as PostgreSQL packs it. */
const PROPERTIES_LENGTH_MAX = 8_192;
const PAST_MS_MAX = 25 * 31 * 24 * 3_600_000;
const AHEAD_MS_MAX = 24 * 3_600_000;
const KEYS_KEPT = "30 days";
const FORGET_EVERY_SECONDS = 24 * 3_600;
const LINES_LENGTH = 65_536;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TYPE = /^[a-z][a-z0-9_]{0,49}$/;
const CURRENCY = /^[A-Z]{3}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

type Fault = { index: number; field: string; message: string };
/** Reads a value as COPY takes it; undefined where it is wrong. */
type Reader = { read: (value: unknown, now: number) => string | undefined; message: string; isNeeded?: true };

const id: Reader = {
  read: (value) => (typeof value === "string" && UUID.test(value) ? value : undefined),
  message: "This must be a UUID.",
};
const text = (length: number): Reader => ({
  read: (value) => (typeof value === "string" && value.length <= length ? escaped(value) : undefined),
  message: `This must be a text of at most ${length} characters.`,
});

/** The columns of an event, in the order in which they are copied, after its organization and its id. */
const READERS: Record<string, Reader> = {
  event_type: {
    read: (value) => (typeof value === "string" && TYPE.test(value) ? value : undefined),
    message: "This must be a name such as page_view: small letters, digits and underscores, 50 at most.",
    isNeeded: true,
  },
  event_name: {
    read: (value) => (typeof value === "string" && value !== "" && value.length <= 200 ? escaped(value) : undefined),
    message: "This must be a text of 1 to 200 characters.",
    isNeeded: true,
  },
  occurred_at: {
    read: readMoment,
    message: "This must be a moment such as 2026-11-01T12:00:00Z, at most 25 months ago and a day ahead.",
  },
  user_id: id,
  session_id: text(200),
  source: text(50),
  properties: {
    read: readProperties,
    message: `This must be an object of at most ${PROPERTIES_LENGTH_MAX} characters.`,
  },
  revenue: {
    read: (value) => (Number.isSafeInteger(value) ? String(value) : undefined),
    message: "This must be a whole number of minor units.",
  },
  currency: {
    read: (value) => (typeof value === "string" && CURRENCY.test(value) ? value : undefined),
    message: "This must be a currency such as EUR.",
  },
  product_id: id,
  customer_id: id,
  order_id: id,
  task_id: id,
};
const COLUMNS = Object.entries(READERS);
const COPY = `copy analytics.events (organization_id, id, ${Object.keys(READERS).join(", ")}) from stdin`;

/**
 * Takes events in by COPY, and adds them up by day: each is read by itself, so that a wrong one keeps no other, and each id counts once. Resolves with how
 * many are new, had been there, and are wrong, and why.
 */
export async function sendEvents(
  context: Context,
  events: readonly unknown[],
): Promise<{ accepted: number; duplicates: number; rejected: number; faults: Fault[] }> {
  const { right, known, rejected, faults } = readEvents(events);
  const given = right.size + known;
  if (right.size === 0 && known === 0) await transaction(context, (tx) => tx.query("select"));
  const accepted = right.size === 0 ? 0 : await copyNew({ ...context, role: "loader" }, right);
  return { accepted, duplicates: given - accepted, rejected, faults };
}

async function copyNew(loader: Context, right: ReadonlyMap<string, string>): Promise<number> {
  return transaction(loader, async (tx) => {
    const statement = "select analytics.take_keys($1) as fresh";
    const [taken] = await tx.query<{ fresh: string[] }>(statement, [[...right.keys()]]);
    const fresh = taken?.fresh ?? [];
    if (fresh.length > 0) await tx.copy(COPY, linesOf(loader.organization.id, fresh, right));
    return fresh.length;
  });
}

function* linesOf(
  organization: string,
  fresh: readonly string[],
  right: ReadonlyMap<string, string>,
): Generator<string> {
  let lines = "";
  for (const key of fresh) {
    lines += `${organization}\t${key}${right.get(key)}\n`;
    if (lines.length < LINES_LENGTH) continue;
    yield lines;
    lines = "";
  }
  if (lines !== "") yield lines;
}

/** The lines of the events that are right, by their ids, how many have the id of one before, and what is wrong with the others. */
function readEvents(events: readonly unknown[]) {
  const now = Date.now();
  const right = new Map<string, string>();
  const faults: Fault[] = [];
  let [known, rejected] = [0, 0];
  for (const [index, event] of events.entries()) {
    const read = readEvent(event, now);
    if ("faults" in read) {
      rejected++;
      if (rejected <= FAULTS_TOLD_MAX) faults.push(...read.faults.map((fault) => ({ index, ...fault })));
    } else if (right.has(read.key)) known++;
    else right.set(read.key, read.line);
  }
  return { right, known, rejected, faults };
}

type Read = { key: string; line: string } | { faults: Omit<Fault, "index">[] };

function readEvent(event: unknown, now: number): Read {
  if (typeof event !== "object" || event === null || Array.isArray(event))
    return { faults: [{ field: "", message: "This must be an object." }] };
  const given = event as Record<string, unknown>;
  const key = given.id === undefined ? randomUUID() : id.read(given.id, now)?.toLowerCase();
  const faults = otherFaultsOf(given);
  if (key === undefined) faults.push({ field: "id", message: id.message });
  let line = "";
  for (const [field, reader] of COLUMNS) {
    const cell = cellOf(field, reader, given[field] ?? null, now);
    if (cell === undefined) faults.push({ field, message: reader.message });
    else line += `\t${cell}`;
  }
  return faults.length > 0 || key === undefined ? { faults } : { key, line };
}

function otherFaultsOf(given: Record<string, unknown>): Omit<Fault, "index">[] {
  const faults = Object.keys(given)
    .filter((field) => field !== "id" && !Object.hasOwn(READERS, field))
    .map((field) => ({ field, message: "This field is not known here." }));
  if (((given.revenue ?? null) === null) !== ((given.currency ?? null) === null))
    faults.push({ field: "currency", message: "A revenue has a currency, and a currency is of a revenue." });
  return faults;
}

function cellOf(field: string, { read, isNeeded }: Reader, value: unknown, now: number): string | undefined {
  if (value !== null) return read(value, now);
  return isNeeded ? undefined : absent(field, now);
}

function absent(field: string, now: number): string {
  if (field === "occurred_at") return new Date(now).toISOString();
  return field === "properties" ? "{}" : "\\N";
}

function readMoment(value: unknown, now: number): string | undefined {
  if (typeof value !== "string" || !MOMENT.test(value)) return undefined;
  const moment = Date.parse(value);
  return moment >= now - PAST_MS_MAX && moment <= now + AHEAD_MS_MAX ? value : undefined;
}

function readProperties(value: unknown): string | undefined {
  if (typeof value !== "object" || Array.isArray(value)) return undefined;
  const json = JSON.stringify(value);
  return json.length <= PROPERTIES_LENGTH_MAX ? escaped(json) : undefined;
}

function escaped(value: string): string {
  return SPECIAL.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (found) => ESCAPES[found] ?? found) : value;
}

/** Forgets the ids of events that nobody sends again. */
export const forgetKeys: Work = {
  name: "analytics.event_keys",
  everySeconds: FORGET_EVERY_SECONDS,
  run: async ({ database }) => {
    await callOutside(database, "dispatcher", "select analytics.remove_old_keys($1)", [KEYS_KEPT]);
  },
};
