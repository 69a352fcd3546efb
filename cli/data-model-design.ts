import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readConfig } from "../kernel/config.ts";
import type { DesignFault } from "../kernel/data-model/design/design.ts";
import { designMigration } from "../kernel/data-model/design/migration.ts";
import { proveDesign } from "../kernel/data-model/design/prove.ts";
import { readDesign } from "../kernel/data-model/design/read.ts";
import { readMigrations } from "../kernel/database/migrate.ts";
import { rolePrefix } from "../kernel/database/roles.ts";
import { MIGRATIONS_FOLDER, openInstallation, rolePasswords } from "../kernel/installation.ts";

/** What a design is read from, and where its files go; without a folder they go to the standard output. */
export type DesignOptions = { design: string; out?: string | undefined; spec?: string | undefined };

/**
 * `tenon data-model --design FILE`: makes the migration and the document of tables that are not there yet, and proves both
 * before anything is written. Throws one error with every fault of the file.
 */
export async function writeDesign({ design: path, out, spec }: DesignOptions): Promise<void> {
  const design = readDesign(await readText(path));
  if ("faults" in design) throw new Error(wordsOf(path, design.faults));
  const sql = designMigration(design);
  const document = await prove(design, sql, spec);
  if (out === undefined) {
    process.stdout.write(`${sql}\n${document}`);
    return;
  }
  await mkdir(out, { recursive: true });
  for (const [ending, text] of [
    ["sql", sql],
    ["md", document],
  ] as const) {
    const file = join(out, `${design.module}.${ending}`);
    await writeFile(file, text);
    console.log(`Written: ${file}`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`The design ${path} cannot be read.`, { cause: error });
  }
}

function wordsOf(path: string, faults: DesignFault[]): string {
  const lines = faults.map(({ place, problem, advice }) => `  ${place}: ${problem}. ${advice}`);
  const count = faults.length === 1 ? "one thing is" : `${faults.length} things are`;
  return `${path} makes no tables yet: ${count} wrong.\n${lines.join("\n")}`;
}

async function prove(
  design: Parameters<typeof proveDesign>[1],
  sql: string,
  spec: string | undefined,
): Promise<string> {
  const config = readConfig();
  // The files may go to the standard output, and nothing else does.
  const installation = await openInstallation(config, console.error);
  try {
    const { server, keyring } = installation;
    const prefix = rolePrefix(server.admin.database, config.rolePrefix);
    const foundation = {
      prefix,
      passwordOf: (role: Parameters<typeof rolePasswords>[2]) => rolePasswords(keyring, prefix, role)[0] ?? "",
      keyId: keyring.keys[0].id,
    };
    const ground = { admin: server.admin, foundation, migrations: await readMigrations(MIGRATIONS_FOLDER) };
    return await proveDesign(ground, design, sql, { today: new Date().toISOString().slice(0, 10), spec });
  } finally {
    await installation.close();
  }
}
