import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../../kernel/config.ts";
import { findEngine } from "../../kernel/database/embedded/engine.ts";
import { keyFilePath } from "../../kernel/secrets/keyring.ts";
import packageJson from "../../package.json" with { type: "json" };
import type { Finding } from "./finding.ts";

const MODE_OTHERS = 0o077;

/** Whether this is the Node that Tenon is tested with. */
export function checkNode(running: string = process.versions.node): Finding {
  const wanted = packageJson.dependencies.node;
  const subject = "Node";
  if (running === wanted) return { state: "good", subject, detail: running };
  return {
    state: "doubtful",
    subject,
    detail: `${running}, but Tenon is tested with ${wanted}: start it with npm start or bin/tenon, which use that.`,
  };
}

/** Whether there is a PostgreSQL to run: one's own, or the programs that npm installed for this system. */
export function checkEngine({ databaseUrl }: Pick<Config, "databaseUrl">): Finding {
  const subject = "PostgreSQL";
  if (databaseUrl !== undefined) return { state: "good", subject, detail: "a server of your own (DATABASE_URL)" };
  try {
    const { version, source } = findEngine();
    return existsSync(join(source, "bin", "postgres"))
      ? { state: "good", subject, detail: `${version}, from ${source}` }
      : { state: "bad", subject, detail: `${source} holds no programs. Delete node_modules and run npm start.` };
  } catch (error) {
    return { state: "bad", subject, detail: describe(error) };
  }
}

/** Whether the data folder, or the nearest existing folder above it, can be written. */
export function checkDataFolder({ dataFolder }: Pick<Config, "dataFolder">): Finding {
  const subject = "Data folder";
  const existing = nearestExisting(dataFolder);
  try {
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const advice = "Give the folder to the user who runs Tenon, or set TENON_DATA to another one.";
    return { state: "bad", subject, detail: `${existing} cannot be written (${describe(error)}). ${advice}` };
  }
  return {
    state: "good",
    subject,
    detail: existing === dataFolder ? dataFolder : `${dataFolder}, made at the first start`,
  };
}

/** Whether the key that opens the stored secrets is there, and is open to nobody else. */
export function checkKey(config: Pick<Config, "dataFolder" | "key">): Finding {
  const subject = "Key";
  if (config.key !== undefined) return { state: "good", subject, detail: "from TENON_KEY" };
  const path = keyFilePath(config);
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return missingKey(subject, path, config.dataFolder);
  if ((mode & MODE_OTHERS) === 0) return { state: "good", subject, detail: path };
  const found = `${path} is open to other users of this machine (mode ${(mode & 0o777).toString(8)})`;
  return {
    state: "doubtful",
    subject,
    detail: `${found}. Run "chmod 600 ${path}", and rotate the key if it was read.`,
  };
}

function missingKey(subject: string, path: string, dataFolder: string): Finding {
  if (!existsSync(join(dataFolder, "postgres")))
    return { state: "good", subject, detail: `${path}, made at the first start` };
  const detail = `${path} is missing, but there is a database. Put the key back from your backup: its secrets need it.`;
  return { state: "bad", subject, detail };
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
