import pg from "pg";
import type { Login } from "./connection.ts";
import { hasState } from "./errors.ts";
import { RUNTIME_ROLES, type RuntimeRole, roleName } from "./roles.ts";

/** A request waits this long for a connection, in this long a queue, before it is told to come back. */
const ACQUIRE_TIMEOUT_MS = 1_000;
const QUEUE_MAX = 200;
const IDLE_CONNECTION_MS = 60_000;
const RETRY_AFTER_SECONDS = 1;

/** What a process does: answer requests and run tasks, or run tasks alone. */
export type ProcessUse = "server" | "worker";

/** How one connection budget is divided: the share of each role, in hundredths. Each gets at least one connection. */
const SHARES: Record<ProcessUse, Record<RuntimeRole, number>> = {
  server: {
    member: 42,
    own: 13,
    worker: 14,
    gate: 8,
    public: 6,
    client: 4,
    steward: 4,
    dispatcher: 7,
    loader: 2,
  },
  worker: {
    member: 0,
    own: 0,
    worker: 68,
    gate: 4,
    public: 0,
    client: 0,
    steward: 0,
    dispatcher: 24,
    loader: 4,
  },
};

/** Thrown when all connections are taken and the queue is full or the wait too long. HTTP answers 503 with Retry-After. */
export class BusyError extends Error {
  readonly retryAfterSeconds = RETRY_AFTER_SECONDS;
}

/** One pool per database role, each logging in as that role. */
export type Database = {
  /** Lends a connection to `work` and takes it back. A connection that comes back inside a transaction is destroyed. */
  lend<T>(role: RuntimeRole, work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /** How to log in as a role outside of the pools, for exports and streams that hold a connection for long. */
  login(role: RuntimeRole): Login;
  /** Connections by role: open, idle, and requests waiting. */
  statistics(): Record<RuntimeRole, { open: number; idle: number; waiting: number }>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Where the database is; user and password are each role's own. */
  server: Omit<Login, "user" | "password">;
  prefix: string;
  /** The role's passwords to try, likeliest first: while the key is being rotated, an older key's may be in force. */
  passwordsOf: (role: RuntimeRole) => string[];
  /** Most connections of this process, all roles together. */
  connections: number;
  /** Which roles get the most of them; a server's, unless told otherwise. */
  use?: ProcessUse;
  /** How long somebody waits for a connection, in milliseconds; a second, unless told otherwise. */
  acquireTimeoutMs?: number;
};

type RolePool = { pool: pg.Pool; login(): Login; tryNextPassword(): void; passwords(): number };

/** Opens the pools. No connection is made before it is needed. */
export function openDatabase(options: DatabaseOptions): Database {
  const pools = new Map(RUNTIME_ROLES.map((role) => [role, openPool(role, options)]));
  const poolOf = (role: RuntimeRole): RolePool => pools.get(role) ?? fail(role);

  return {
    login: (role) => poolOf(role).login(),
    lend: (role, work) => lend(poolOf(role), work),
    statistics: () =>
      Object.fromEntries(
        [...pools].map(([role, { pool }]) => [
          role,
          { open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount },
        ]),
      ) as ReturnType<Database["statistics"]>,
    close: async () => {
      await Promise.all([...pools.values()].map(({ pool }) => pool.end()));
    },
  };
}

/** A role's part of the budget: at least one connection, and all parts together no more than the budget. */
function connectionsOf(role: RuntimeRole, budget: number, use: ProcessUse): number {
  return 1 + Math.floor(((budget - RUNTIME_ROLES.length) * SHARES[use][role]) / 100);
}

function openPool(role: RuntimeRole, options: DatabaseOptions): RolePool {
  const { server, prefix, passwordsOf, connections, use = "server", acquireTimeoutMs = ACQUIRE_TIMEOUT_MS } = options;
  let attempt = 0;
  const password = () => {
    const candidates = passwordsOf(role);
    return candidates[attempt % candidates.length] ?? "";
  };
  const user = roleName(prefix, role);
  const pool = new pg.Pool({
    ...server,
    user,
    password,
    max: connectionsOf(role, connections, use),
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    application_name: "tenon",
  });
  // A connection that breaks makes its query fail or is dropped by the pool; the event itself must not end the process.
  // The pool listens to a connection only while it is idle, and once: the ones between have this listener.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return {
    pool,
    login: () => ({ ...server, user, password: password() }),
    passwords: () => passwordsOf(role).length,
    tryNextPassword: () => {
      attempt++;
    },
  };
}

async function lend<T>(rolePool: RolePool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  if (rolePool.pool.waitingCount >= QUEUE_MAX) throw new BusyError("Too many requests are waiting for the database.");
  const client = await acquire(rolePool);
  let poisoned = false;
  try {
    return await work(client);
  } catch (error) {
    poisoned = isPoisonous(error);
    throw error;
  } finally {
    client.release(poisoned || client.getTransactionStatus() !== "I");
  }
}

async function acquire(rolePool: RolePool, attempt = 1): Promise<pg.PoolClient> {
  try {
    return await rolePool.pool.connect();
  } catch (error) {
    if (error instanceof Error && /timeout/.test(error.message)) {
      throw new BusyError("The database had no connection free in time.", { cause: error });
    }
    if (!hasState(error, "invalid_password") || attempt >= rolePool.passwords()) throw error;
    rolePool.tryNextPassword();
    return acquire(rolePool, attempt + 1);
  }
}

/** After these the connection's prepared statements can no longer be trusted: a changed result type, a lost statement. */
function isPoisonous(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "0A000" || error.code === "26000");
}

function fail(role: string): never {
  throw new Error(`There is no pool for the role ${role}.`);
}
