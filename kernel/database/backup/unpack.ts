import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { addAbortSignal, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import {
  FOOTER_NAME,
  FORMAT,
  FORMAT_VERSION,
  type Footer,
  MANIFEST_NAME,
  type Manifest,
  type Table,
  tableFolder,
} from "./format.ts";
import { ArchiveError, type ReadMember, readMembers } from "./tar.ts";

const CHUNK_BYTES = 256 * 1024;

/** A backup that is being read from its file, from the beginning to the end. */
export type BackupReader = {
  manifest: Manifest;
  /** A table's rows in COPY's text format. The tables must be read in the manifest's order, each to its end. */
  contentOf(table: Table): AsyncGenerator<Buffer>;
  /** The footer, after the last table. Throws unless everything before it is as it was written. */
  readFooter(): Promise<Footer>;
};

/**
 * Opens the backup in the file `path` for `work`. This and all reading throws an error that says so when the file cannot be read,
 * is no backup, was made by a newer version, is cut off or damaged.
 */
export async function withBackup<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: (backup: BackupReader) => Promise<T>,
): Promise<T> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const content = createGunzip({ chunkSize: CHUNK_BYTES });
  // An error of either stream comes out of the second one, where it is read.
  pipeline(file, content, () => undefined);
  if (signal) addAbortSignal(signal, content);
  try {
    return await work(await readBackup(explainFaults(readMembers(content), path), path));
  } finally {
    content.destroy();
  }
}

async function readBackup(members: AsyncGenerator<ReadMember>, path: string): Promise<BackupReader> {
  const digest = createHash("sha256");
  let bytes = 0;
  let member = await nextMember();

  async function nextMember(): Promise<ReadMember | undefined> {
    const { value, done } = await members.next();
    if (done) return undefined;
    if (value.name === FOOTER_NAME) return value;
    for (const part of value.bytes) {
      digest.update(part);
      bytes += part.length;
    }
    return value;
  }

  const manifest = readManifest(member, path);
  member = await nextMember();
  return {
    manifest,
    async *contentOf(table) {
      while (member?.name.startsWith(tableFolder(table))) {
        yield member.content;
        member = await nextMember();
      }
    },
    async readFooter() {
      const footer = parseJson<Footer>(member?.name === FOOTER_NAME ? member.content : undefined);
      if (footer?.sha256 !== digest.digest("hex") || footer.bytes !== bytes) throw damaged(path);
      if (!(await members.next()).done) throw damaged(path);
      return footer;
    },
  };
}

function readManifest(member: ReadMember | undefined, path: string): Manifest {
  const manifest = member?.name === MANIFEST_NAME ? parseJson<Manifest>(member.content) : undefined;
  if (member?.name === MANIFEST_NAME && !manifest) throw damaged(path);
  if (manifest?.format !== FORMAT) throw noBackup(path);
  if (manifest.version === FORMAT_VERSION) return manifest;
  throw new Error(
    `${path} is a backup of format ${manifest.version}, but this Tenon reads format ${FORMAT_VERSION}. Restore it with the newer Tenon that made it.`,
  );
}

/** The value, or undefined when this is no JSON. */
function parseJson<T>(content: Buffer | undefined): T | undefined {
  try {
    return content && (JSON.parse(content.toString("utf8")) as T);
  } catch {
    return undefined;
  }
}

async function* explainFaults(members: AsyncIterable<ReadMember>, path: string): AsyncGenerator<ReadMember> {
  let begun = false;
  try {
    for await (const member of members) {
      begun = true;
      yield member;
    }
  } catch (error) {
    throw explain(error, path, begun);
  }
}

const NOT_READABLE: Record<string, string> = {
  ENOENT: "does not exist",
  EISDIR: "is a folder",
  EACCES: "may not be read by this user",
  EIO: "cannot be read: the disk reports an error",
};

function explain(error: unknown, path: string, begun: boolean): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const fault = NOT_READABLE[code];
  if (fault) return new Error(`The backup ${path} ${fault}.`, { cause: error });
  const isCutOff = code === "Z_BUF_ERROR" || (error instanceof ArchiveError && error.fault === "cut off");
  if (isCutOff && begun) return cutOff(path, error);
  if (error instanceof ArchiveError || code.startsWith("Z_"))
    return begun ? damaged(path, error) : noBackup(path, error);
  return error;
}

const ADVICE = "Nothing was restored from it; use another copy or another backup.";

function cutOff(path: string, cause: unknown): Error {
  return new Error(`The backup ${path} is cut off: its end is missing. ${ADVICE}`, { cause });
}

function damaged(path: string, cause?: unknown): Error {
  return new Error(`The backup ${path} is damaged: it is not as it was written. ${ADVICE}`, { cause });
}

function noBackup(path: string, cause?: unknown): Error {
  return new Error(`${path} is not a backup made by tenon backup.`, { cause });
}
