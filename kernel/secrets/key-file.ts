import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Keys, keyToHex, newKey, parseKeyLines } from "./key.ts";

/** Takes a sentence meant for the person who runs the program. */
export type Report = (message: string) => void;

const MODE_PRIVATE = 0o600;
const MODE_OTHERS = 0o077;

/**
 * Reads the keys from `path`, or returns undefined when there is no such file. A file that others may read or write is
 * made private, and `report` says so. Throws when the file cannot be read, cannot be made private, or is malformed.
 */
export function readKeyFile(path: string, report: Report): Keys | undefined {
  const content = readPrivateFile(path, report);
  return content === undefined ? undefined : parseKeyLines(content, path);
}

/**
 * Makes `path` with one new key, unless it exists: of several processes that do this at once, one makes the file and
 * the others leave it as it is. Nobody ever sees it half written.
 */
export function createKeyFile(path: string): void {
  explainWriteFault(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    withDraft(path, [newKey()], (draft) => linkUnlessExists(draft, path));
  });
}

/** Replaces the keys in the existing file `path` in one step, and keeps its owner: root may do this for another user. */
export function replaceKeyFile(path: string, keys: Keys): void {
  explainWriteFault(path, () => {
    const target = realpathSync(path);
    const { uid, gid } = statSync(target);
    withDraft(target, keys, (draft) => {
      chownSync(draft, uid, gid);
      renameSync(draft, target);
    });
  });
}

function readPrivateFile(path: string, report: Report): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unreadable(path, error);
  }
  try {
    makePrivate(file, path, report);
    return readFileSync(file, "utf8");
  } catch (error) {
    throw codeOf(error) === undefined ? error : unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

function makePrivate(file: number, path: string, report: Report): void {
  const mode = fstatSync(file).mode & 0o777;
  if ((mode & MODE_OTHERS) === 0) return;
  const found = `The key file ${path} was open to other users of this machine (mode ${mode.toString(8).padStart(4, "0")})`;
  let cause: unknown;
  try {
    fchmodSync(file, MODE_PRIVATE);
  } catch (error) {
    cause = error;
  }
  if ((fstatSync(file).mode & MODE_OTHERS) !== 0) {
    const advice = `Run "chmod 600 ${path}" as its owner, or set TENON_KEY instead.`;
    throw new Error(`${found}, and cannot be made private. ${advice}`, { cause });
  }
  report(`${found}; its mode is now 0600. If somebody may have read it, rotate the key.`);
}

/** Writes the keys, down to the disk, into a private file beside `path`, which `publish` gives its name; none is left. */
function withDraft(path: string, keys: Keys, publish: (draft: string) => void): void {
  const draft = `${path}.${randomBytes(8).toString("hex")}.draft`;
  const content = keys.map((key) => `${keyToHex(key)}\n`).join("");
  try {
    writeFileSync(draft, content, { flag: "wx", mode: MODE_PRIVATE, flush: true });
    publish(draft);
  } finally {
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(path));
}

// A link fails where a rename would overwrite: the key that another process has just made must stay.
function linkUnlessExists(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
}

// The new name in the folder must survive a power cut before anything is sealed with the key.
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function explainWriteFault(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const advice = "Make its folder writable and see that the disk is not full, or set TENON_KEY instead.";
    throw new Error(`The key file ${path} cannot be written (${codeOf(error)}). ${advice}`, { cause: error });
  }
}

function unreadable(path: string, cause: unknown): Error {
  const advice = "It must be a file that belongs to the user who runs this; or set TENON_KEY instead.";
  return new Error(`The key file ${path} cannot be read (${codeOf(cause)}). ${advice}`, { cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
