import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../../../kernel/database/pool.ts";
import { Problem } from "../../../kernel/errors.ts";
import { openShares } from "../../../kernel/shares.ts";
import { callOutside } from "../../../kernel/tenancy/transaction.ts";

const LOOK_EVERY_MS = 1_000;
const LISTENERS_OF_PERSON_MAX = 20;
/** Those of all organizations in this process, shared among them. */
const LISTENERS_MAX = 1_000;
const RETRY_AFTER_SECONDS = 30;

/** A row that changed, without values; the id is missing where a statement changed very many. */
export type Change = {
  organization_id: string;
  operation: string | null;
  action: "insert" | "update" | "delete";
  resource_type: string;
  resource_id: string | null;
  actor_kind: string;
  user_id: string | null;
};

/** What was found at a look. `place` is where a later one goes on; what is cut was too much to be told. */
export type Look = { reading: string; place: string; isCut: boolean; changes: Change[] };

/** Whoever listens: is told the changes of its organization at each look, even where there are none. */
export type Listener = {
  organization: string;
  person: string;
  hear(look: Omit<Look, "reading">): void;
};

/** Reads the record once a second for all who listen in this process, while somebody does. */
export type Hub = {
  /** Takes a listener in. Throws too_busy where the person or the organization has too many. */
  join(listener: Listener): () => void;
};

const PLACE = /^(\d{1,20})\.([1-9]\d{0,18})$/;
const hubs = new WeakMap<Database, Hub>();

/** The one hub of this process. */
export function hubOf(database: Database): Hub {
  const known = hubs.get(database) ?? openHub(database);
  hubs.set(database, known);
  return known;
}

/** What changed in an organization since a place; cut where that is too long ago, or in another database. */
export async function lookFrom(database: Database, place: string | undefined, organization: string): Promise<Look> {
  const [, cluster, transaction] = PLACE.exec(place ?? "") ?? [];
  const found = await look(database, transaction && `${transaction}:${transaction}:`, [organization]);
  const isElsewhere = place !== undefined && !found.place.startsWith(`${cluster}.`);
  return { ...found, isCut: found.isCut || isElsewhere };
}

async function look(database: Database, seen: string | undefined, organizations: string[]): Promise<Look> {
  type Row = { cluster: string; reading: string; resume_at: string; is_cut: boolean; changes: Change[] };
  const text = "select * from audit.changes_since($1::pg_snapshot, $2)";
  const [row] = await callOutside<Row>(database, "dispatcher", text, [seen ?? null, organizations]);
  if (!row) throw new Error("The record was not read.");
  const { cluster, reading, resume_at, is_cut: isCut, changes } = row;
  return { reading, place: `${cluster}.${resume_at}`, isCut, changes };
}

function openHub(database: Database): Hub {
  const listeners = new Set<Listener>();
  const shares = openShares({ name: "live pages", places: LISTENERS_MAX });
  let isReading = false;
  const read = async () => {
    let seen: string | undefined;
    while (listeners.size > 0) {
      const told = [...listeners];
      // Where the database cannot be asked nothing is lost: the next look begins where the last one ended.
      const found = await look(database, seen, [...new Set(told.map(({ organization }) => organization))]).catch(
        () => undefined,
      );
      if (found) {
        seen = found.reading;
        const byOrganization = Map.groupBy(found.changes, ({ organization_id }) => organization_id);
        for (const { organization, hear } of told) hear({ ...found, changes: byOrganization.get(organization) ?? [] });
      }
      await delay(LOOK_EVERY_MS, undefined, { ref: false });
    }
    isReading = false;
  };
  return {
    join: (listener) => {
      const own = [...listeners].filter(({ person }) => person === listener.person).length;
      if (own >= LISTENERS_OF_PERSON_MAX)
        throw new Problem("too_busy", {
          detail: `You listen in ${own} places already.`,
          hint: "Close what is not needed.",
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      const giveBack = shares.take(listener.organization);
      listeners.add(listener);
      if (!isReading) {
        isReading = true;
        void read();
      }
      return () => {
        giveBack();
        listeners.delete(listener);
      };
    },
  };
}
