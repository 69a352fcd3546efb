import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf } from "./body.fixture.ts";
import { readJsonValues } from "./json-values.ts";
import { cutAtRandom, openRandom, randomValue } from "./random.fixture.ts";

const LIMITS = { fileBytes: 1_000_000_000, lineBytes: 1_000_000 };

async function read(chunks: AsyncIterable<Buffer>) {
  const rows: { line: number; row: unknown }[] = [];
  await readJsonValues(chunks, LIMITS, {
    row: (line, row) => void rows.push({ line, row }),
    bad: () => assert.fail(),
    blank: () => assert.fail(),
  });
  return rows;
}

async function faultOf(file: string | Buffer): Promise<string> {
  return read(bodyOf(file)).then(
    (rows) => assert.fail(JSON.stringify(rows)),
    ({ line, message }) => `${line}: ${message}`,
  );
}

test("an array is read however it is written and wherever its chunks end, and so are values one behind the other", async () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = openRandom(seed);
    const rows = Array.from({ length: random.integer(20) }, () => ({
      [randomValue(random)]: [randomValue(random), { deep: randomValue(random) }],
    }));
    const text = JSON.stringify(rows, null, random.pick([0, 2]));
    const lines = rows.map((row) => JSON.stringify(row)).join(random.pick(["\n", " ", "\r\n\r\n"]));
    for (const file of [text, lines]) {
      const found = await read(bodyOf(...cutAtRandom(random, Buffer.from(file), random.pick([1, 7, 1_000]))));
      assert.deepEqual(
        found.map(({ row }) => row),
        rows,
        `seed ${seed}`,
      );
    }
  }
});

test("each row is told by the line where it begins", async () => {
  const rows = await read(bodyOf('\n[\n{"a":\n1},\n\n{"a": 2}, {"a": 3}\n]'));
  assert.deepEqual(
    rows.map(({ line }) => line),
    [3, 6, 6],
  );
});

test("what is no array of objects is refused with its line", async () => {
  assert.match(await faultOf('[{"a": 1}\n{"a": 2}]'), /^2: There is "\{" where a row was to begin/);
  assert.match(await faultOf('[{"a": 1},\n]'), /^2: There is "\]" where/);
  assert.match(await faultOf("[1]"), /^1: There is "1" where/);
  assert.match(await faultOf('[{"a": 1}]\n[]'), /^2: There is "\[" where/);
  assert.match(await faultOf('[\n{"a": 1'), /^2: The file ends within the row that begins here/);
  assert.match(await faultOf('[{"a": 1}\n'), /^2: The file ends before its array does/);
  assert.match(await faultOf('[\n{"a": b}]'), /^2: The row that begins here is not valid JSON/);
  assert.match(await faultOf("[\n\0"), /^2: This line holds a NUL byte/);
  assert.match(
    await faultOf(Buffer.from('[{"a": "\xe4"}]', "latin1")),
    /^1: This row holds bytes that are not valid Unicode/,
  );
});

test("a row of 100 MB is refused when a hundredth of it has been read", async () => {
  let pulled = 0;
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from('[{"a": "');
    for (; pulled < 100_000_000; pulled += 65_536) yield Buffer.alloc(65_536, "x");
  }
  await assert.rejects(read(body()), /longer than 1,000,000 bytes/);
  assert.ok(pulled < 1_200_000, `${pulled} bytes were read`);
});
