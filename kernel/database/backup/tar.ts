// The little of the tar format (POSIX ustar) that a backup needs: plain files, one after the other.

/** A file in an archive. `name` is a path of at most 100 bytes behind its last slash and 155 before it. */
export type Member = { name: string; content: Buffer };

/** A member as it was read, with all its bytes, header and padding included. */
export type ReadMember = Member & { bytes: Buffer[] };

const BLOCK_BYTES = 512;
const NAME_BYTES_MAX = 100;
const PREFIX_BYTES_MAX = 155;
const MEMBER_BYTES_MAX = 64 * 1024 * 1024;

/** What follows the last member. */
export const ARCHIVE_END: Buffer = Buffer.alloc(2 * BLOCK_BYTES);

/** The archive is not as it was written: `cut off` means that it ends too early. */
export class ArchiveError extends Error {
  readonly fault: "cut off" | "malformed";

  constructor(fault: ArchiveError["fault"]) {
    super(`The archive is ${fault}.`);
    this.name = "ArchiveError";
    this.fault = fault;
  }
}

/** A member's bytes in an archive. `time` is shown as the file's by programs that list it. */
export function packMember({ name, content }: Member, time: Date): Buffer[] {
  const padding = Buffer.alloc(paddingOf(content.length));
  return [packHeader(name, content.length, time), content, padding];
}

function packHeader(path: string, size: number, time: Date): Buffer {
  const slash = path.lastIndexOf("/");
  const header = Buffer.alloc(BLOCK_BYTES);
  writeText(header, path.slice(slash + 1), 0, NAME_BYTES_MAX);
  writeOctal(header, 0o600, 100, 8);
  writeOctal(header, 0, 108, 8);
  writeOctal(header, 0, 116, 8);
  writeOctal(header, size, 124, 12);
  writeOctal(header, Math.floor(time.getTime() / 1000), 136, 12);
  header.write("        0", 148);
  header.write("ustar\u000000", 257);
  writeText(header, path.slice(0, Math.max(slash, 0)), 345, PREFIX_BYTES_MAX);
  writeOctal(header, checksumOf(header), 148, 8);
  return header;
}

function writeText(header: Buffer, text: string, start: number, bytesMax: number): void {
  if (Buffer.byteLength(text) > bytesMax) throw new RangeError(`"${text}" is too long a name for an archive.`);
  header.write(text, start);
}

function writeOctal(header: Buffer, value: number, start: number, length: number): void {
  header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, start);
}

/** The sum of the header's bytes, its own field counted as spaces. */
function checksumOf(header: Buffer): number {
  return header.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

function paddingOf(size: number): number {
  return -size & (BLOCK_BYTES - 1);
}

/** Reads an archive member by member, in constant memory. Throws an `ArchiveError`. */
export async function* readMembers(source: AsyncIterable<Buffer>): AsyncGenerator<ReadMember> {
  const { take, takeRest } = byteReader(source);
  for (;;) {
    const header = await take(BLOCK_BYTES);
    if (header.equals(ARCHIVE_END.subarray(0, BLOCK_BYTES))) break;
    if (Number.parseInt(readText(header, 148, 8), 8) !== checksumOf(header)) throw new ArchiveError("malformed");
    const size = Number.parseInt(readText(header, 124, 12), 8);
    if (!(size <= MEMBER_BYTES_MAX)) throw new ArchiveError("malformed");
    const body = await take(size + paddingOf(size));
    yield { name: readName(header), content: body.subarray(0, size), bytes: [header, body] };
  }
  // To the very end: only there can the stream tell that it was cut off.
  for await (const chunk of takeRest()) if (chunk.some((byte) => byte !== 0)) throw new ArchiveError("malformed");
}

function readName(header: Buffer): string {
  const prefix = readText(header, 345, PREFIX_BYTES_MAX);
  const name = readText(header, 0, NAME_BYTES_MAX);
  return prefix ? `${prefix}/${name}` : name;
}

function readText(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end === -1 ? length : end);
}

type ByteReader = { take(length: number): Promise<Buffer>; takeRest(): AsyncIterable<Buffer> };

/** Gives the next so many bytes of a stream, however it is cut into chunks. */
function byteReader(source: AsyncIterable<Buffer>): ByteReader {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    async take(length) {
      const parts = [rest];
      for (let missing = length - rest.length; missing > 0; ) {
        const { value, done } = await chunks.next();
        if (done) throw new ArchiveError("cut off");
        parts.push(value);
        missing -= value.length;
      }
      const bytes = parts.length === 1 ? rest : Buffer.concat(parts);
      rest = bytes.subarray(length);
      return bytes.subarray(0, length);
    },
    async *takeRest() {
      yield rest;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    },
  };
}
