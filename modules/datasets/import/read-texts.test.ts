import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf } from "../../../kernel/import/body.fixture.ts";
import { onlyError, readCsvText, readJsonText } from "./body.fixture.ts";
import { readTexts } from "./read-texts.ts";

test("a text may have as many bytes as the limit, and not one more", async () => {
  const read = (text: string) => readTexts(bodyOf(`text\n${text}\nb`), { format: "csv", limits: { textBytes: 6 } });
  assert.deepEqual((await read("ééé")).texts, ["ééé", "b"]);
  const result = await read("éééa");
  assert.match(onlyError(result), /^2: The text has 7 bytes, and at most 6 are allowed/);
  assert.deepEqual(result.texts, ["b"]);
});

test("a file may have as many rows as the limit, and not one more", async () => {
  const read = (file: string, format: "csv" | "jsonl") => readTexts(bodyOf(file), { format, limits: { rows: 2 } });
  assert.equal((await read("text\na\nb\n", "csv")).rows, 2);
  assert.match(onlyError(await read("text\na\n\nb\nc\n", "csv")), /^5: The file has more than 2 rows/);
  assert.match(onlyError(await read('"a"\n5\n"c"', "jsonl")), /^3: The file has more than 2 rows/);
});

test("blank lines are bounded as well", async () => {
  const read = (file: string, format: "csv" | "jsonl") => readTexts(bodyOf(file), { format, limits: { rows: 2 } });
  assert.match(onlyError(await read("text\na\n\n\n\n", "csv")), /^5: The file has more than 2 blank lines/);
  assert.match(onlyError(await read('"a"\n\n\n\n"b"', "jsonl")), /^4: The file has more than 2 blank lines/);
});

test("all bad rows are counted, the first 1,000 are named, and five texts are shown", async () => {
  const result = await readCsvText(`text\n${'""\na\n'.repeat(1_001)}`);
  assert.equal(result.errorsTotal, 1_001);
  assert.equal(result.errors.length, 1_000);
  assert.equal(result.errors.at(-1)?.line, 2_000);
  assert.equal(result.texts.length, 1_001);
  assert.deepEqual(result.preview, ["a", "a", "a", "a", "a"]);
});

test("a fault of the file leaves that one error and no texts", async () => {
  const result = await readCsvText('text,id\na,1\nb\n"c');
  assert.deepEqual(result, {
    texts: [],
    rows: 2,
    errors: [{ line: 4, column: null, reason: result.errors[0]?.reason }],
    errorsTotal: 1,
    columns: ["text", "id"],
    textColumn: "text",
    preview: [],
  });
});

test("a file without rows is refused", async () => {
  for (const result of [await readCsvText("text,id\n"), await readCsvText("\n\n"), await readJsonText("\n \n")]) {
    assert.match(onlyError(result), /^1: The file has no rows/);
  }
});

test("a line of 100 MB is refused when a hundredth of it has been read, and the body is closed", async () => {
  for (const format of ["csv", "jsonl"] as const) {
    let pulled = 0;
    let closed = false;
    const chunk = Buffer.alloc(65_536, "x");
    async function* body(): AsyncGenerator<Buffer> {
      try {
        for (; pulled < 100_000_000; pulled += chunk.length) yield chunk;
      } finally {
        closed = true;
      }
    }
    assert.match(onlyError(await readTexts(body(), { format })), /^1: This line is longer than 1,000,000 bytes/);
    assert.ok(pulled < 1_200_000, `${pulled} bytes were read`);
    assert.ok(closed);
  }
});

test("a body that breaks off rejects with its own error", async () => {
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from("text\na\n");
    throw new Error("The connection was lost.");
  }
  for (const format of ["csv", "jsonl"] as const) {
    await assert.rejects(readTexts(body(), { format }), { message: "The connection was lost." });
  }
});
