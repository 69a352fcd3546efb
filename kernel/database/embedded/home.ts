import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type Account, chooseAccount, findClosedFolder, isRoot, userName } from "./account.ts";
import { followLink, hashPath, moveElsewhere } from "./elsewhere.ts";

/** Where the embedded PostgreSQL lives, and as whom. Paths are absolute and free of symbolic links. */
export type Home = {
  account: Account;
  /** The data folder. */
  folder: string;
  /** The cluster and the folder around it, which is `folder` unless the account cannot reach that. */
  cluster: string;
  base: string;
  /** The folder of the Unix socket. */
  socket: string;
  engines: string;
  log: string;
  passwordFile: string;
};

export const PORT = 5432;
// The least that systems allow in a socket's address: 103 bytes on macOS, 107 on Linux.
const SOCKET_PATH_BYTES_MAX = 103;
// Not os.tmpdir(): two processes with different TMPDIR must meet at the same socket.
const SOCKETS_ELSEWHERE = "/tmp";

/**
 * Makes the data folder and says where in it, or for it, PostgreSQL lives. When root's PostgreSQL cannot enter the folder, it gets
 * a home under /var/lib/tenon, to which `<folder>/postgres` then is a symbolic link. Throws when the folder cannot be used.
 */
export function openHome(givenFolder: string, report: (line: string) => void): Home {
  mkdirSync(givenFolder, { recursive: true });
  const folder = realpathSync(givenFolder);
  accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  const cluster = findCluster(folder, report);
  const account = chooseAccount(statIfAny(cluster));
  assertOwned(cluster, account, folder);
  assertReachable(cluster, account);
  const base = dirname(cluster);
  return {
    account,
    folder,
    cluster,
    base,
    socket: openSocketFolder(cluster, account),
    engines: join(base, "engine"),
    log: join(folder, "postgres.log"),
    passwordFile: join(folder, "postgres.password"),
  };
}

function findCluster(folder: string, report: (line: string) => void): string {
  const entry = join(folder, "postgres");
  const stats = lstatIfAny(entry);
  if (stats?.isSymbolicLink()) return followLink(entry);
  if (stats || !isRoot()) return entry;
  const account = chooseAccount();
  const closed = findClosedFolder(account, folder);
  return closed ? moveElsewhere(entry, `${account.name} cannot enter ${closed}`, report) : entry;
}

function assertOwned(cluster: string, account: Account, folder: string): void {
  const owner = statIfAny(cluster)?.uid ?? account.uid;
  if (owner === account.uid) return;
  const others = isRoot() ? cluster : [...new Set([folder, dirname(cluster)])].join(" ");
  throw new Error(
    `The database in ${cluster} belongs to the user ${userName(owner)}, but PostgreSQL would run as ${account.name}. ` +
      `Hand it over (as root: chown -R ${account.name} ${others})${isRoot() ? "" : `, or start Tenon as root or ${userName(owner)}`}.`,
  );
}

function assertReachable(cluster: string, account: Account): void {
  // Only root's PostgreSQL runs without our supplementary groups, of which the permission bits tell nothing.
  const closed = isRoot() ? findClosedFolder(account, dirname(cluster)) : undefined;
  if (!closed) return;
  throw new Error(
    `PostgreSQL runs as ${account.name}, who cannot enter ${closed} on the way to ${cluster}. ` +
      `Open it (chmod o+x ${closed}), or move the data folder to where ${account.name} can reach it.`,
  );
}

function openSocketFolder(cluster: string, account: Account): string {
  if (Buffer.byteLength(join(cluster, `.s.PGSQL.${PORT}`)) <= SOCKET_PATH_BYTES_MAX) return cluster;
  const folder = join(SOCKETS_ELSEWHERE, `tenon-${hashPath(cluster)}`);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (isRoot() && lstatSync(folder).uid === 0) chownSync(folder, account.uid, account.gid);
  const { uid, mode } = lstatSync(folder);
  if (uid === account.uid && (mode & 0o170777) === 0o040700) return folder;
  throw new Error(
    `${folder} is to hold the database's socket, but it is not a folder for ${account.name} alone (mode 0700). ` +
      "Remove it and start again.",
  );
}

function statIfAny(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function lstatIfAny(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
