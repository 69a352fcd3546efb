import type pg from "pg";
import type { Login } from "../../kernel/database/connection.ts";
import type { Database } from "../../kernel/database/pool.ts";
import { RUNTIME_ROLES } from "../../kernel/database/roles.ts";
import {
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Tenant,
  testServices,
} from "../../test/harness.ts";
import { sealRecord } from "./seals.ts";
import { type Fault, type Verification, type VerifyOptions, verifyRecord } from "./verification.ts";

/** A record of a test's own, and what is done with it. */
export type TestRecord = {
  login: Login;
  database: Database;
  admin: pg.Client;
  tenant: Tenant;
  /** Writes so many entries, each in a statement of its own, and tells the last seq. */
  write(count: number, client?: pg.Client): Promise<bigint>;
  /** Does once what a server does every few minutes; it may have to wait for other tests' transactions. */
  trySeal(database?: Database): Promise<void>;
  /** Seals all that is there. */
  seal(): Promise<void>;
  verify(options?: Omit<VerifyOptions, "report">): Promise<Verification & { told: Fault[] }>;
  /** What somebody does who has the database, and switches its triggers off. */
  tamper(text: string, values?: unknown[]): Promise<void>;
};

export async function openRecord(given?: Login): Promise<TestRecord> {
  const login = given ?? (await createScratchDatabase());
  const database = openTestDatabase(login, RUNTIME_ROLES.length);
  const admin = await openAdmin(login);
  const services = testServices();
  const tenant = await createTenant(database);
  const trySeal = (own: Database = database) =>
    sealRecord({ database: own, services, signal: new AbortController().signal });
  return {
    login,
    database,
    admin,
    tenant,
    write: async (count, client = admin) => {
      await client.query(
        "insert into organizations.tags (organization_id, name) select $1, gen_random_uuid() from generate_series(1, $2::int)",
        [tenant.id, count],
      );
      const { rows } = await client.query<{ seq: string }>("select max(seq) as seq from audit.audit_logs");
      return BigInt(rows[0]?.seq ?? 0);
    },
    trySeal,
    seal: async () => {
      do await trySeal();
      while (await hasOpen(admin));
    },
    verify: async (options = {}) => {
      const told: Fault[] = [];
      const result = await verifyRecord(admin, services.keyring, { ...options, report: (fault) => told.push(fault) });
      return { ...result, told };
    },
    tamper: async (text, values = []) => {
      await admin.query("set session_replication_role = replica");
      await admin.query(text, values);
      await admin.query("reset session_replication_role");
    },
  };
}

/** A record with three seals: each range is sealed on its own. */
export async function openSealed(): Promise<TestRecord & { ends: bigint[] }> {
  const record = await openRecord();
  const ends: bigint[] = [];
  for (let seal = 0; seal < 3; seal++) {
    ends.push(await record.write(5));
    await record.seal();
  }
  return { ...record, ends };
}

async function hasOpen(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query<{ open: boolean }>(
    "select max(seq) > (select coalesce(max(to_seq), 0) from audit.seals) as open from audit.audit_logs",
  );
  return rows[0]?.open ?? false;
}
