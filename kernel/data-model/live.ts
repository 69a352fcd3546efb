import type { Catalog } from "../database/catalog/catalog.ts";
import { readCatalog } from "../database/catalog/read.ts";
import { hasState } from "../database/errors.ts";
import { type Migration, readMigrations } from "../database/migrate.ts";
import type { Database } from "../database/pool.ts";
import { MIGRATIONS_FOLDER } from "../installation.ts";

/** How long the page may show the model as it was: longer than a click through it, shorter than anybody waits for a migration. */
const FRESH_MS = 30_000;
/** So often is begun anew when the database is changed while it is read. */
const TRIES = 4;

/** The running database's catalog, and the migrations that made it. */
export type LiveModel = { catalog: Catalog; migrations: Migration[] };

type Kept = { since: number; model: Promise<LiveModel> };

const keptOf = new WeakMap<Database, Kept>();

/**
 * What the running database says of itself, at most 30 seconds old. Whoever asks while it is being read waits for the same
 * reading, so that any number of requests takes one connection.
 */
export function readLiveModel(database: Database): Promise<LiveModel> {
  const kept = keptOf.get(database);
  if (kept && performance.now() - kept.since < FRESH_MS) return kept.model;
  const fresh: Kept = { since: performance.now(), model: read(database) };
  keptOf.set(database, fresh);
  // What failed is not kept: the next one asks again.
  fresh.model.catch(() => {
    if (keptOf.get(database) === fresh) keptOf.delete(database);
  });
  return fresh.model;
}

/** The catalog is open to every role; the dispatcher's may ask for the few facts besides. */
async function read(database: Database): Promise<LiveModel> {
  const [catalog, migrations] = await Promise.all([readWhole(database), readMigrations(MIGRATIONS_FOLDER)]);
  return { catalog, migrations };
}

/** What PostgreSQL tells of an object is that of now, whatever the snapshot: it fails with an internal error where somebody drops the object meanwhile. */
async function readWhole(database: Database): Promise<Catalog> {
  for (let tries = 1; ; tries++) {
    try {
      return await database.lend("dispatcher", (client) => readCatalog(client));
    } catch (error) {
      if (!hasState(error, "internal_error") || tries === TRIES) throw error;
    }
  }
}
