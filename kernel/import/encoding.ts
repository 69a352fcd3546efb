import { FileFault } from "./fault.ts";

type Decoder = { write: (chunk: Buffer) => Buffer; end: () => Buffer };
type Encoding = { byteOrderMark: Buffer; open: () => Decoder };

const NOTHING = Buffer.alloc(0);
const INVALID_UTF8 = Buffer.of(0xff);
/** Stands for the odd last byte of a UTF-16 file: a surrogate without its other half is as wrong as that. */
const LONE_SURROGATE = "\ud800";

const UTF8: Encoding = { byteOrderMark: NOTHING, open: openUtf8 };
const MARKED_ENCODINGS: Encoding[] = [
  { byteOrderMark: Buffer.of(0xef, 0xbb, 0xbf), open: openUtf8 },
  { byteOrderMark: Buffer.of(0xff, 0xfe), open: () => openUtf16((bytes) => bytes) },
  { byteOrderMark: Buffer.of(0xfe, 0xff), open: () => openUtf16((bytes) => Buffer.from(bytes).swap16()) },
];

const SIGNATURES = [
  { bytes: Buffer.from("PK\x03\x04", "latin1"), kind: "an Excel workbook or a ZIP archive" },
  { bytes: Buffer.of(0xd0, 0xcf, 0x11, 0xe0), kind: "an old Excel or Word document" },
  { bytes: Buffer.of(0x1f, 0x8b), kind: "compressed by gzip" },
  { bytes: Buffer.from("%PDF-"), kind: "a PDF document" },
];

/**
 * The file's text as UTF-8 without a byte order mark. UTF-16 is known by its mark; all else is passed on as it is, and
 * what is not valid becomes invalid UTF-8, for the reader of lines to refuse. Chunks are of even length, but for the last.
 * Throws FileFault for well-known files that are not text.
 */
export async function* toUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: Decoder | undefined;
  for await (const chunk of chunks) {
    if (decoder) {
      yield decoder.write(chunk);
      continue;
    }
    refuseKnownBinary(chunk);
    const encoding = MARKED_ENCODINGS.find(({ byteOrderMark }) => startsWith(chunk, byteOrderMark)) ?? UTF8;
    decoder = encoding.open();
    yield decoder.write(chunk.subarray(encoding.byteOrderMark.length));
  }
  if (decoder) yield decoder.end();
}

function openUtf8(): Decoder {
  return { write: (chunk) => chunk, end: () => NOTHING };
}

function openUtf16(toLittleEndian: (bytes: Buffer) => Buffer): Decoder {
  let highSurrogate = "";
  return {
    write(chunk) {
      const even = chunk.subarray(0, chunk.length - (chunk.length % 2));
      const odd = chunk.length % 2 === 1 ? LONE_SURROGATE : "";
      const text = highSurrogate + toLittleEndian(even).toString("utf16le") + odd;
      highSurrogate = /[\ud800-\udbff]$/.exec(text)?.[0] ?? "";
      return encode(text.slice(0, text.length - highSurrogate.length));
    },
    end: () => (highSurrogate ? INVALID_UTF8 : NOTHING),
  };
}

function encode(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  return Buffer.concat([Buffer.from(text.slice(0, text.search(/\p{Surrogate}/u))), INVALID_UTF8]);
}

function refuseKnownBinary(start: Buffer): void {
  const known = SIGNATURES.find(({ bytes }) => startsWith(start, bytes));
  if (known) throw new FileFault(1, `The file is ${known.kind}, not text. Export it as CSV in UTF-8 and import that.`);
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}
