import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** A user of the operating system. */
export type Account = { name: string; uid: number; gid: number };

const ROOT = 0;

/** Whether we are root, as whom PostgreSQL refuses to run. */
export function isRoot(): boolean {
  return process.geteuid?.() === ROOT;
}

/**
 * Says as whom PostgreSQL runs: ourselves; or, as root, the owner of the existing cluster, else `postgres`, else `nobody`.
 * Throws when root has none of them.
 */
export function chooseAccount(clusterOwner?: { uid: number; gid: number }): Account {
  const users = readUsers();
  if (!isRoot()) return named(users, { uid: process.geteuid?.() ?? ROOT, gid: process.getegid?.() ?? ROOT });
  if (clusterOwner && clusterOwner.uid !== ROOT) return named(users, clusterOwner);
  const account = users.find((user) => user.name === "postgres") ?? users.find((user) => user.name === "nobody");
  if (account) return account;
  throw new Error(
    "PostgreSQL refuses to run as root, and neither postgres nor nobody is in /etc/passwd. " +
      "Start Tenon as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.",
  );
}

/** The topmost folder on the way into `folder` that the permission bits close to `account`; undefined when none does. */
export function findClosedFolder(account: Account, folder: string): string | undefined {
  const parent = dirname(folder);
  const above = parent === folder ? undefined : findClosedFolder(account, parent);
  return above ?? (mayEnter(account, folder) ? undefined : folder);
}

function mayEnter(account: Account, folder: string): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** The name of the user with this id, or its number where it has no name. */
export function userName(uid: number): string {
  return readUsers().find((user) => user.uid === uid)?.name ?? String(uid);
}

function named(users: Account[], owner: { uid: number; gid: number }): Account {
  const name = users.find((user) => user.uid === owner.uid)?.name ?? String(owner.uid);
  return { name, uid: owner.uid, gid: owner.gid };
}

function readUsers(): Account[] {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
