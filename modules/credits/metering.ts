import { randomUUID } from "node:crypto";
import type { Database } from "../../kernel/database/pool.ts";
import { Problem } from "../../kernel/errors.ts";
import type { CallMeter } from "../../kernel/http/metering.ts";
import type { KeyCredential } from "../../kernel/tenancy/credential.ts";
import { callOutside } from "../../kernel/tenancy/transaction.ts";

type Calls = Map<string, { organization: string; key: string; calls: number }>;

/** An organization that has used up its requests. */
type UsedUp = { organization_id: string; maximum: string; used: string; ends_at: Date };

type Counts = {
  counted: Calls;
  /** What could not be written down yet: told again under the same name, it counts once. */
  unsent: { batch: string; calls: Calls }[];
  usedUp: Map<string, UsedUp>;
  /** The keys of organizations that have used up theirs, as they proved themselves here: nobody else is told. */
  proved: Set<string>;
};

const UNSENT_MAX = 100;

const places = new WeakMap<Database, Counts>();

function countsOf(database: Database): Counts {
  const known = places.get(database);
  if (known) return known;
  const counts = { counted: new Map(), unsent: [], usedUp: new Map(), proved: new Set<string>() };
  places.set(database, counts);
  return counts;
}

/** Counts requests by API key; `flush` is this module's work. A process that ends without closing loses what it counted since. */
export const meter: CallMeter = { refuse, count, flush };

function refuse(database: Database, credential: KeyCredential): void {
  const { usedUp, proved } = countsOf(database);
  const found = usedUp.get(credential.organizationId);
  if (!found || !proved.has(proofOf(credential))) return;
  const seconds = Math.ceil((found.ends_at.getTime() - Date.now()) / 1000);
  if (seconds <= 0) return;
  throw new Problem("limit_reached", {
    detail: `The plan allows ${found.maximum} requests by API key a month, and ${found.used} are used until ${found.ends_at.toISOString().slice(0, 10)}.`,
    hint: "Wait for the next month, or choose a larger plan.",
    retryAfterSeconds: seconds,
  });
}

function count(database: Database, credential: KeyCredential): void {
  const { counted, usedUp, proved } = countsOf(database);
  const { organizationId: organization, keyId: key } = credential;
  const entry = counted.get(key) ?? { organization, key, calls: 0 };
  entry.calls += 1;
  counted.set(key, entry);
  if (usedUp.has(organization)) proved.add(proofOf(credential));
}

function proofOf({ keyId, secret }: KeyCredential): string {
  return `${keyId} ${secret}`;
}

async function flush(database: Database): Promise<void> {
  const counts = countsOf(database);
  if (counts.counted.size > 0) counts.unsent.push({ batch: randomUUID(), calls: counts.counted });
  counts.counted = new Map();
  if (counts.unsent.length > UNSENT_MAX) counts.unsent.shift();
  // Who is not named any more may go on: a new month began, or the plan allows more.
  const before = [...counts.usedUp.keys()].map((organization) => ({ organization, key: organization, calls: 0 }));
  const next = counts.unsent[0] ?? { batch: "", calls: new Map() };
  const told = [...next.calls.values(), ...before];
  if (told.length === 0) return;
  const rows = await callOutside<UsedUp>(database, "dispatcher", "select * from credits.count_calls($1, $2)", [
    next.batch,
    JSON.stringify(told),
  ]);
  counts.unsent.shift();
  counts.usedUp = new Map(rows.map((row) => [row.organization_id, row]));
  if (rows.length === 0) counts.proved.clear();
  if (counts.unsent.length > 0) await flush(database);
}
