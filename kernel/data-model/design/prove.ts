import { createHash, randomBytes } from "node:crypto";
import type { Table } from "../../database/catalog/catalog.ts";
import { readCatalog } from "../../database/catalog/read.ts";
import { connect, type Login, withConnection } from "../../database/connection.ts";
import type { FoundationOptions } from "../../database/foundation.ts";
import { type Migration, migrate } from "../../database/migrate.ts";
import { writeDocument } from "../document.ts";
import { findWarnings } from "../warnings.ts";
import type { Design } from "./design.ts";

/** Where a design is proved: a server's administrator, and the installation whose roles are there. */
export type ProvingGround = { admin: Login; foundation: FoundationOptions; migrations: Migration[] };

/** What the document is to say beside the tables. */
type Said = { today: string; spec?: string | undefined };

/**
 * Proves a migration in a database of its own beside the installation's, and returns the document of the tables it makes.
 * The database is made new, brought up to date, and dropped again, whatever happens; the installation's own is not
 * touched. Throws an error that says what is wrong when the migration cannot be applied or a table breaks a rule.
 */
export async function proveDesign(ground: ProvingGround, design: Design, sql: string, said: Said): Promise<string> {
  const database = `tenon_design_${design.module}_${randomBytes(6).toString("hex")}`;
  await createDatabase(ground.admin, database);
  try {
    return await withConnection({ ...ground.admin, database }, async (client) => {
      await migrate(client, ground.migrations, ground.foundation);
      const { rows } = await client.query<{ there: boolean }>("select to_regnamespace($1) is not null as there", [
        design.module,
      ]);
      if (rows[0]?.there)
        throw new Error(`module: there is a schema ${design.module} already. Choose another name for the module.`);
      const all = [...ground.migrations, migrationOf(ground.migrations, design.module, sql)];
      await migrate(client, all, ground.foundation).catch((error: unknown) => {
        throw new Error(`The design makes tables that PostgreSQL refuses. ${messageOf(error)}`);
      });
      const catalog = await readCatalog(client);
      refuseWarnings(catalog.tables.filter(({ schema }) => schema === design.module));
      return writeDocument(catalog, { words: [design.module], format: "markdown", migrations: all, ...said }).text;
    });
  } finally {
    await withConnection(ground.admin, (client) => client.query(`drop database if exists ${database} with (force)`));
  }
}

async function createDatabase(admin: Login, database: string): Promise<void> {
  const client = await connect(admin);
  try {
    await client.query(`create database ${database} template template0`);
  } catch (error) {
    throw new Error(
      `A design is proved in a database of its own, and ${admin.user} could not make one: ${messageOf(error)}. Give it the right: alter role "${admin.user}" createdb`,
    );
  } finally {
    await client.end();
  }
}

function migrationOf(migrations: Migration[], module: string, sql: string): Migration {
  const number = migrations.length + 1;
  const name = `${String(number).padStart(4, "0")}_${module}`;
  return { number, name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
}

function refuseWarnings(tables: Table[]): void {
  const warnings = findWarnings({ tables });
  if (warnings.length === 0) return;
  const lines = warnings.map(({ table, problem, advice }) => `  ${table}: ${problem}. ${advice}`);
  throw new Error(`The design breaks rules of the data:\n${lines.join("\n")}`);
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^migrations\/\S+ failed and changed nothing: /, "");
}
