import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, collect } from "./body.fixture.ts";
import { FileFault } from "./fault.ts";
import { countLineEnds, readLineBlocks } from "./lines.ts";
import { cutAtRandom, openRandom } from "./random.fixture.ts";

const LIMITS = { fileBytes: 1000, lineBytes: 10 };

async function readBlocks(chunks: (string | Buffer)[], limits = LIMITS): Promise<{ line: number; text: string }[]> {
  const blocks = await collect(readLineBlocks(bodyOf(...chunks), limits));
  return blocks.map(({ line, bytes }) => ({ line, text: String(bytes) }));
}

test("blocks hold whole lines, whatever ends them, and know their number", async () => {
  assert.deepEqual(await readBlocks(["a\nb", "\r", "\nc\rd", "\r", "e\n\nf"]), [
    { line: 1, text: "a\n" },
    { line: 2, text: "b\r\nc\r" },
    { line: 4, text: "d\re\n\n" },
    { line: 7, text: "f" },
  ]);
});

test("the number of a block is one more than the line ends before it, wherever the chunks are cut", async () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = openRandom(seed);
    const file = Array.from({ length: 60 }, () => random.pick(["é", "b", "\n", "\r", "\r\n"])).join("");
    let before = "";
    for (const { line, text } of await readBlocks(cutAtRandom(random, Buffer.from(file), 7), {
      fileBytes: 1000,
      lineBytes: 1000,
    })) {
      assert.equal(line, countLineEnds(before) + 1, `seed ${seed}`);
      before += text;
    }
    assert.equal(before, file, `seed ${seed}`);
  }
});

test("a line may have as many bytes as the limit, and not one more, wherever it stands and is cut", async () => {
  for (const line of ["123456789\n", "12345678\r\n", "éééé9\n"]) {
    assert.equal((await readBlocks(["a\n", ...line])).at(-1)?.text, line.slice(0));
  }
  for (const chunks of [["a\n1234567890\nb\n"], ["a\n", ..."1234567890\n"], ["a\n12345678901"]]) {
    await assert.rejects(readBlocks(chunks), {
      name: "FileFault",
      line: 2,
      message: /^This line is longer than 10 bytes/,
    });
  }
});

test("the lines before a line at fault are handed over first", async () => {
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { bytes } of readLineBlocks(bodyOf(Buffer.from("a\nb\n\xff\nc\n", "latin1")), LIMITS)) {
      seen.push(String(bytes));
    }
  };
  await assert.rejects(read, (fault) => fault instanceof FileFault && fault.line === 3);
  assert.deepEqual(seen, ["a\nb\n"]);
});

test("a file of more bytes than the limit is refused at the line that was reached", async () => {
  const limits = { fileBytes: 6, lineBytes: 10 };
  assert.equal((await readBlocks(["a\nb\nc\n"], limits)).length, 1);
  await assert.rejects(readBlocks(["a\nb\n", "c\nd"], limits), {
    line: 4,
    message: /^The file is larger than 6 bytes/,
  });
});
