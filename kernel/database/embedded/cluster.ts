import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isRoot } from "./account.ts";
import type { Engine } from "./engine.ts";
import { codeOf, explainLines } from "./failure.ts";
import type { Home } from "./home.ts";
import { runProgram } from "./program.ts";
import { temporaryPath } from "./temporary.ts";

/** The whole of pg_hba.conf: the Unix socket, with a password. */
export const ACCESS_RULES = "local all all scram-sha-256\n";
export const SUPERUSER = "postgres";

// Under the locale C, pg_trgm and text search see only ASCII letters: the first of these that the system has is taken.
const CHARACTER_LOCALES = ["C.UTF-8", "en_US.UTF-8", "C"];
// Written to postgresql.conf, where an operator may change them.
const INITIAL_SETTINGS = ["max_connections=100", "shared_buffers=128MB", "timezone=UTC"];

/**
 * Makes the cluster where there is none. It is made under another name and renamed when whole; who comes second discards his.
 * Throws when what is there cannot be used: another major version, or no cluster at all.
 */
export async function ensureCluster(
  home: Home,
  engine: Engine,
  bin: string,
  password: string,
  sync: boolean,
): Promise<void> {
  if (hasCluster(home, engine)) return;
  const work = temporaryPath(home.base, "initdb");
  try {
    await buildCluster(home, bin, work, password, sync);
    publishCluster(join(work, "cluster"), home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Whether the cluster is there. Throws when another major version of PostgreSQL made it, or something else lies in its place. */
export function hasCluster(home: Home, engine: Engine): boolean {
  const versionFile = join(home.cluster, "PG_VERSION");
  if (existsSync(versionFile)) {
    assertMajor(readFileSync(versionFile, "utf8").trim(), home, engine);
    return true;
  }
  if (!existsSync(home.cluster) || readdirSync(home.cluster).length === 0) return false;
  throw new Error(
    `${home.cluster} is not empty, but holds no PostgreSQL data (no PG_VERSION). Move it away and start again.`,
  );
}

function assertMajor(made: string, home: Home, engine: Engine): void {
  if (made === engine.major) return;
  throw new Error(
    `The data in ${home.cluster} was made by PostgreSQL ${made}, but this Tenon brings PostgreSQL ${engine.major}. ` +
      'Run "tenon backup" with the Tenon version that made it, move the folder away, ' +
      'and run "tenon restore" with this version.',
  );
}

async function buildCluster(home: Home, bin: string, work: string, password: string, sync: boolean): Promise<void> {
  const passwordFile = join(work, "password");
  mkdirSync(work, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (isRoot()) for (const path of [work, passwordFile]) chownSync(path, home.account.uid, home.account.gid);
  await runInitdb(home, join(bin, "initdb"), [
    `--pgdata=${join(work, "cluster")}`,
    `--pwfile=${passwordFile}`,
    `--username=${SUPERUSER}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
    ...(sync ? [] : ["--no-sync"]),
    ...INITIAL_SETTINGS.flatMap((setting) => ["--set", setting]),
  ]);
  // The file exists, so it stays the account's own.
  writeFileSync(join(work, "cluster", "pg_hba.conf"), ACCESS_RULES);
}

async function runInitdb(home: Home, initdb: string, args: string[]): Promise<void> {
  for (const locale of CHARACTER_LOCALES) {
    const { code, lines } = await runProgram(initdb, [...args, `--lc-ctype=${locale}`], home.account);
    if (code === 0) return;
    if (lines.some((line) => line.includes("invalid locale name"))) continue;
    throw explainLines("PostgreSQL could not make its data folder:", home.base, lines);
  }
}

function publishCluster(made: string, home: Home): void {
  try {
    renameSync(made, home.cluster);
  } catch (error) {
    if (/^(ENOTEMPTY|EEXIST)$/.test(codeOf(error))) return;
    throw error;
  }
  syncFolder(home.base);
}

/** Makes the new name survive a power cut, as initdb did for what bears it. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}
