import { createHash } from "node:crypto";
import {
  displayName,
  FOOTER_NAME,
  type Footer,
  MANIFEST_NAME,
  type Manifest,
  type Table,
  tableFolder,
} from "./format.ts";
import { ARCHIVE_END, type Member, packMember } from "./tar.ts";

const CHUNK_BYTES = 1024 * 1024;
const CHUNK_DIGITS = 8;
const LINE_FEED = 10;

/**
 * The bytes of a backup before compression, in constant memory. `contentOf` gives a table's rows in COPY's text format;
 * `finished` is told, table by table, how many there were.
 */
export async function* packBackup(
  manifest: Manifest,
  contentOf: (table: Table) => AsyncIterable<Buffer>,
  finished: (table: Table, rows: number) => void,
): AsyncGenerator<Buffer> {
  const time = new Date(manifest.created_at);
  const digest = createHash("sha256");
  const footer: Footer = { rows: {}, bytes: 0, sha256: "" };
  const pack = (member: Member): Buffer[] => {
    const bytes = packMember(member, time);
    for (const part of bytes) {
      digest.update(part);
      footer.bytes += part.length;
    }
    return bytes;
  };

  yield* pack({ name: MANIFEST_NAME, content: toJson(manifest) });
  for (const table of manifest.tables) {
    let rows = 0;
    let number = 0;
    for await (const chunk of inChunks(contentOf(table))) {
      rows += countRows(chunk);
      number += 1;
      yield* pack({ name: chunkName(table, number), content: chunk });
    }
    footer.rows[displayName(table)] = rows;
    finished(table, rows);
  }
  footer.sha256 = digest.digest("hex");
  yield* packMember({ name: FOOTER_NAME, content: toJson(footer) }, time);
  yield ARCHIVE_END;
}

function toJson(value: Manifest | Footer): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

function chunkName(table: Table, number: number): string {
  return `${tableFolder(table)}${String(number).padStart(CHUNK_DIGITS, "0")}.copy`;
}

/** Every row ends in a line feed, and there is none within: COPY writes one in a value as `\n`. */
function countRows(chunk: Buffer): number {
  let rows = 0;
  for (let place = chunk.indexOf(LINE_FEED); place !== -1; place = chunk.indexOf(LINE_FEED, place + 1)) rows += 1;
  return rows;
}

/** The same bytes in chunks of `CHUNK_BYTES` or a little more; the last one is shorter. */
async function* inChunks(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of source) {
    parts.push(part);
    bytes += part.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(parts);
    parts = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(parts);
}
