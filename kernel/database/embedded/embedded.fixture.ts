import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { type Login, withConnection } from "../connection.ts";
import { type EmbeddedOptions, type EmbeddedServer, openEmbedded } from "./embedded.ts";

/** Settings for data that need not survive a power cut. */
export const FAST = { fsync: "off", full_page_writes: "off" };

/** A new folder that PostgreSQL, run as another user by root, can enter too. The caller removes it. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tenon-embedded-"));
  chmodSync(folder, 0o755);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** A folder for all tests of a file, which run one after the other: making a cluster takes long. */
export function shareFolder(): { folder: string; cluster: string } {
  const folder = makeFolder();
  after(() => removeFolder(folder));
  return { folder, cluster: join(folder, "postgres") };
}

/** Opens a data folder until the test ends, if it is not closed before. */
export async function open(t: TestContext, folder: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const server = await openEmbedded(folder, { settings: FAST, ...options });
  t.after(() => server.close());
  return server;
}

/** Asks for one value, over a connection of its own. */
export async function ask(login: Login, sql: string): Promise<unknown> {
  const { rows } = await withConnection(login, (client) => client.query({ text: sql, rowMode: "array" }));
  return rows[0]?.[0];
}

/** The process id in a cluster's lock file; undefined when PostgreSQL has removed it, which it does when it ends. */
export function postmasterPid(cluster: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(cluster, "postmaster.pid"), "utf8"), 10);
  } catch {
    return undefined;
  }
}

/** A process that has opened a data folder. */
export type Opener = Opened & { close(): Promise<void>; kill(): Promise<void> };

type Opened = { admin: Login; attached: boolean };

const PROGRAM = `
  import { openEmbedded } from ${JSON.stringify(import.meta.resolve("./embedded.ts"))};
  const server = await openEmbedded(process.argv[1], ${JSON.stringify({ settings: FAST })});
  process.once("message", () => server.close().then(() => process.disconnect()));
  process.send({ admin: server.admin, attached: server.attached });
`;

/** Opens the data folder in a process of its own. Rejects when that ends before it has. */
export async function openInProcess(folder: string): Promise<Opener> {
  const opener = startOpener(folder);
  const { admin, attached } = await opener.opened;
  return { admin, attached, close: opener.close, kill: opener.kill };
}

/** As `openInProcess`, but does not wait until the folder is open. */
export function startOpener(folder: string): Pick<Opener, "close" | "kill"> & { opened: Promise<Opened> } {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM, folder], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const opened = firstMessage(child);
  // Who kills the process does not wait for it.
  opened.catch(() => undefined);
  return {
    opened,
    close: async () => {
      child.send("close");
      const [code] = await once(child, "exit");
      if (code !== 0) throw new Error(`The process ended with ${code}.`);
    },
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

function firstMessage(child: ChildProcess): Promise<Opened> {
  return new Promise((resolve, reject) => {
    child.once("message", (message: Opened) => resolve(message));
    child.once("exit", (code) => reject(new Error(`The process ended with ${code} before it had opened the folder.`)));
  });
}
