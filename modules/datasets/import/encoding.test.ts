import assert from "node:assert/strict";
import { test } from "node:test";
import { CHUNK_BYTES } from "../../../kernel/import/limits.ts";
import { onlyError, readCsvText } from "./body.fixture.ts";

const FILE = "text,label\nZoë says 😀,a\nשלום עולם,b\n👩‍👩‍👧 مرحبا,c\n";
const TEXTS = ["Zoë says 😀", "שלום עולם", "👩‍👩‍👧 مرحبا"];

function utf16(text: string, order: "little" | "big"): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return order === "little" ? bytes : bytes.swap16();
}

test("UTF-8 with and without a byte order mark gives the texts as they stand", async () => {
  assert.deepEqual((await readCsvText(FILE)).texts, TEXTS);
  assert.deepEqual((await readCsvText(`\ufeff${FILE}`)).texts, TEXTS);
});

test("UTF-16 of both byte orders is known by its byte order mark", async () => {
  assert.deepEqual((await readCsvText(utf16(FILE, "little"))).texts, TEXTS);
  assert.deepEqual((await readCsvText(utf16(FILE, "big"))).texts, TEXTS);
});

test("a surrogate pair that is cut by the border of two chunks of UTF-16 stays one character", async () => {
  for (const shift of [0, 1]) {
    const text = `${"a".repeat(shift)}${"😀".repeat(CHUNK_BYTES / 8)}`;
    const { texts } = await readCsvText(utf16(`text\n${`${text}\n`.repeat(3)}`, "big"));
    assert.deepEqual(texts, [text, text, text]);
  }
});

test("half a surrogate pair and half a unit of UTF-16 are refused with their line", async () => {
  const invalid = /^2: This line holds bytes that are not valid Unicode/;
  assert.match(onlyError(await readCsvText(utf16("text\na\ud800b\nc\n", "little"))), invalid);
  assert.match(onlyError(await readCsvText(utf16("text\na\ud83d", "big"))), invalid);
  assert.match(onlyError(await readCsvText(Buffer.concat([utf16("text\na", "little"), Buffer.of(0x61)]))), invalid);
});

test("bytes that are not UTF-8 end the reading with their line and what to do", async () => {
  const file = Buffer.from("text\ncaf\u00e9 \u00fcber\n", "latin1");
  const result = await readCsvText(Buffer.concat([Buffer.from('text,n\nfine,1\n"two\nlines",2\n'), file]));
  assert.match(onlyError(result), /^6: .*Save the file as UTF-8/);
  assert.deepEqual(result.texts, []);
});

test("a NUL byte ends the reading with its line", async () => {
  assert.match(onlyError(await readCsvText("text\r\nfine\r\nbad\0\r\n")), /^3: This line holds a NUL byte/);
  assert.match(onlyError(await readCsvText(Buffer.from(FILE, "utf16le"))), /^1: .*UTF-16 without a byte order mark/);
});

test("well-known files that are not text are called by their name", async () => {
  assert.match(onlyError(await readCsvText("PK\x03\x04rest")), /^1: The file is an Excel workbook or a ZIP archive/);
  assert.match(onlyError(await readCsvText("%PDF-1.7")), /^1: The file is a PDF document/);
  assert.match(onlyError(await readCsvText(Buffer.of(0x1f, 0x8b, 8))), /^1: The file is compressed by gzip/);
});

test("an empty file is refused, also when it has a byte order mark", async () => {
  for (const file of ["", "\ufeff", Buffer.of(0xff, 0xfe)]) {
    assert.match(onlyError(await readCsvText(file)), /^1: The file is empty/);
  }
});
