import assert from "node:assert/strict";
import { test } from "node:test";
import { stringify } from "csv-stringify/sync";
import { bodyOf } from "../../../kernel/import/body.fixture.ts";
import { CHUNK_BYTES } from "../../../kernel/import/limits.ts";
import { countLineEnds } from "../../../kernel/import/lines.ts";
import {
  cutAtRandom,
  openRandom,
  type Random,
  randomText,
  randomValue,
} from "../../../kernel/import/random.fixture.ts";
import { readTexts } from "./read-texts.ts";

const FORMATS = ["csv", "jsonl"] as const;

type Written = { file: Buffer; texts: string[]; errorLines: number[] };

/** A CSV file as csv-stringify writes it, now and then with a row that is ragged or has no text. */
function writeCsv(random: Random, rows: number): Written {
  const options = {
    delimiter: random.pick([",", ";", "\t", "|"]),
    record_delimiter: random.pick(["\n", "\r\n", "\r"]),
    quoted: random.integer(2) === 0,
    // Without it, only the line end that stands above is quoted, and any other would end the row.
    quote_record_delimiter: true,
  };
  const written: Written = { file: Buffer.alloc(0), texts: [], errorLines: [] };
  let file = stringify([["before", "text", "behind"]], options);
  let line = countLineEnds(file) + 1;
  for (let row = 0; row < rows; row += 1) {
    const kind = random.pick(["good", "good", "good", "empty", "ragged"]);
    const text = kind === "empty" ? "" : randomText(random);
    const values = [randomValue(random), text, randomValue(random), ...(kind === "ragged" ? ["more"] : [])];
    if (kind === "good") written.texts.push(text);
    else written.errorLines.push(line);
    const source = stringify([values], options);
    line += countLineEnds(source);
    file += source;
  }
  return { ...written, file: Buffer.from(`${random.pick(["", "\ufeff"])}${file}`) };
}

test("what csv-stringify writes is read back equal, and each bad row is named by its line", async () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const { file, texts, errorLines } = writeCsv(openRandom(seed), 1 + (seed % 30));
    const result = await readTexts(bodyOf(file), { format: "csv" });
    assert.deepEqual(result.texts, texts, `seed ${seed}`);
    assert.deepEqual(
      result.errors.map(({ line }) => line),
      errorLines,
      `seed ${seed}`,
    );
  }
});

test("a large file is read back equal, wherever its chunks end", async () => {
  for (let seed = 0; seed < 6; seed += 1) {
    const random = openRandom(seed);
    const { file, texts, errorLines } = writeCsv(random, 3_000);
    assert.ok(file.length > 3 * CHUNK_BYTES);
    const result = await readTexts(bodyOf(...cutAtRandom(random, file, random.pick([30, 5_000, 150_000]))), {
      format: "csv",
    });
    assert.deepEqual(result.texts, texts, `seed ${seed}`);
    assert.equal(result.errorsTotal, errorLines.length, `seed ${seed}`);
  }
});

test("what JSON.stringify writes is read back equal", async () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const random = openRandom(seed);
    const texts = Array.from({ length: 20 }, () => randomText(random));
    const file = texts
      .map((text) => JSON.stringify(random.pick([text, { text, other: randomValue(random) }])))
      .join("\r\n");
    const result = await readTexts(bodyOf(...cutAtRandom(random, Buffer.from(file), 50)), { format: "jsonl" });
    assert.deepEqual(result.texts, texts, `seed ${seed}`);
    assert.equal(result.errorsTotal, 0, `seed ${seed}`);
  }
});

test("a damaged file gives the same result, wherever its chunks end", async () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const random = openRandom(seed);
    const { file } = writeCsv(random, 10);
    for (let flaws = random.integer(4); flaws > 0; flaws -= 1) file[random.integer(file.length)] = random.integer(256);
    for (const format of FORMATS) {
      const whole = await readTexts(bodyOf(file), { format });
      const cut = await readTexts(bodyOf(...cutAtRandom(random, file, 20)), { format });
      assert.deepEqual(cut, whole, `seed ${seed}`);
    }
  }
});

const NOISE = [...'""",,;\t|\n\n\r{}[]:\\ux0text 1😀é'];

function randomFile(random: Random): Buffer {
  const length = random.integer(400);
  if (random.integer(2) === 0) return Buffer.from(Array.from({ length }, () => random.integer(256)));
  const noise = Array.from({ length }, () => random.pick(NOISE)).join("");
  return Buffer.from(`${random.pick(["", "text\n", "text,id\n", '{"text":"a"}\n'])}${noise}`);
}

test("whatever the bytes, every row is a text or an error, and every error has a line of the file", async () => {
  for (let seed = 0; seed < 1_500; seed += 1) {
    const random = openRandom(seed);
    const file = randomFile(random);
    const { texts, rows, errors, errorsTotal } = await readTexts(bodyOf(file), { format: random.pick(FORMATS) });
    const lines = countLineEnds(file.toString("latin1")) + 1;
    assert.ok(texts.length + errorsTotal > 0, `seed ${seed}`);
    if (texts.length > 0) assert.equal(texts.length + errorsTotal, rows, `seed ${seed}`);
    assert.ok(
      errors.every(({ line, reason }) => line >= 1 && line <= lines && reason.isWellFormed()),
      `seed ${seed}`,
    );
  }
});
