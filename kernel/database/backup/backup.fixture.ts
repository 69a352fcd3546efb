import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import {
  addMember,
  atEnd,
  createScratchDatabase,
  createTenant,
  openAdmin,
  openTestDatabase,
  type Tenant,
  testServer,
} from "../../../test/harness.ts";
import { MIGRATIONS_FOLDER, rolePasswords } from "../../installation.ts";
import { seal } from "../../secrets/envelope.ts";
import { openKeyring } from "../../secrets/keyring.ts";
import type { Login } from "../connection.ts";
import type { FoundationOptions } from "../foundation.ts";
import { type Migration, migrate, readMigrations } from "../migrate.ts";
import { writeBackup } from "./backup.ts";
import { restoreBackup } from "./restore.ts";

export const folder = mkdtempSync(join(tmpdir(), "tenon-backup-"));
atEnd(async () => rmSync(folder, { recursive: true }));

export const keyring = openKeyring({ dataFolder: "", key: testServer.key });
export const foundation: FoundationOptions = {
  prefix: testServer.prefix,
  passwordOf: (role) => rolePasswords(keyring, testServer.prefix, role)[0] ?? "",
  keyId: keyring.keys[0].id,
};
export const migrations = await readMigrations(MIGRATIONS_FOLDER);

/** The next migration after these. */
export function migrationAfter(earlier: Migration[], name: string, sql: string): Migration {
  const checksum = createHash("sha256").update(sql).digest("hex");
  return { number: earlier.length + 1, name, sql, checksum };
}

/** A migrated database without anybody in it, and an administrator's connection to it. */
export async function newDatabase(all: Migration[] = migrations): Promise<{ login: Login; admin: pg.Client }> {
  const login = await createScratchDatabase();
  const admin = await openAdmin(login);
  if (all.length > migrations.length) await migrate(admin, all, foundation);
  return { login, admin };
}

let backups = 0;

/** Backs a database up into a new file and returns its path. */
export async function backUp(login: Login, report?: (line: string) => void): Promise<string> {
  backups += 1;
  const path = join(folder, `backup-${backups}.tar.gz`);
  await writeBackup(login, { path, overwrite: false, prefix: testServer.prefix, ...(report && { report }) });
  return path;
}

export function restore(login: Login, path: string, all: Migration[] = migrations, report?: (line: string) => void) {
  return restoreBackup(login, { path, migrations: all, foundation, ...(report && { report }) });
}

/** What differs after a restore: numbers of transactions, and the cluster a cursor belongs to. */
const NOT_COMPARED = ["audit.audit_logs.xid", "audit.cursors.system_identifier"];

/** Rows and a digest of every table outside of PostgreSQL's own schemas, in an order that depends on the values only. */
export async function digestOf(admin: pg.Client): Promise<Record<string, string>> {
  const { rows: tables } = await admin.query<{ name: string; columns: string }>(
    `select a.attrelid::regclass::text as name, string_agg(quote_ident(a.attname), ', ' order by a.attname) as columns
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
       and n.nspname not in ('pg_catalog', 'information_schema')
       and n.nspname || '.' || c.relname || '.' || a.attname <> all ($1)
     group by a.attrelid`,
    [NOT_COMPARED],
  );
  const digests: Record<string, string> = {};
  for (const { name, columns } of tables) {
    const { rows } = await admin.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(r::text, chr(10) order by r::text collate "C")), '') as digest
       from (select ${columns} from ${name}) as r`,
    );
    digests[name] = rows[0]?.digest ?? "";
  }
  return digests;
}

/** Whether anything but what migrations put there is in the database. */
export async function isUnused(admin: pg.Client): Promise<boolean> {
  const { rows } = await admin.query<{ used: boolean }>(
    `select exists (select from organizations.organizations) or exists (select from identity.users)
         or exists (select from audit.audit_logs) or exists (select from organizations.tags) as used`,
  );
  return rows[0]?.used === false;
}

/** People, roles, tags, a secret, and a record that goes back over several months. */
export async function fill(login: Login, admin: pg.Client): Promise<Tenant> {
  const database = openTestDatabase(login);
  const tenant = await createTenant(database);
  await createTenant(database);
  await addMember(admin, database, tenant, "labeler", "reviewer");
  await admin.query(
    "insert into organizations.tags (organization_id, name) select $1, 'tag ' || i from generate_series(1, 50) i",
    [tenant.id],
  );
  await admin.query("insert into kernel.secrets (organization_id, name, sealed) values ($1, 'shop', $2)", [
    tenant.id,
    seal(keyring, "hunter2", "shop"),
  ]);
  for (const month of ["2024-02-01", "2024-03-01", "2025-12-01"]) {
    await admin.query("select kernel.make_partition('audit.audit_logs', $1)", [month]);
    await admin.query(
      `insert into audit.audit_logs (organization_id, created_at, actor_kind, action, resource_type)
       values ($1, $2::date + interval '9 days', 'system', 'insert', 'a.past')`,
      [tenant.id, month],
    );
  }
  return tenant;
}
