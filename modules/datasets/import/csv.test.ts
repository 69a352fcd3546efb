import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf } from "../../../kernel/import/body.fixture.ts";
import { onlyError, readCsvText } from "./body.fixture.ts";
import { readTexts, type TextsRead } from "./read-texts.ts";

const errorsOf = ({ errors }: TextsRead): string[] =>
  errors.map(({ line, column, reason }) => `${line} ${column}: ${reason.slice(0, 40)}`);

test("rows are read with every delimiter and every line end", async () => {
  for (const delimiter of [",", ";", "\t", "|"]) {
    for (const end of ["\n", "\r\n", "\r"]) {
      const file = [`id${delimiter}text`, `1${delimiter}one`, `2${delimiter}"two${delimiter}${end}""2"""`, ""].join(
        end,
      );
      const { texts, rows, errorsTotal } = await readCsvText(file);
      assert.deepEqual(
        { texts, rows, errorsTotal },
        { texts: ["one", `two${delimiter}${end}"2"`], rows: 2, errorsTotal: 0 },
      );
    }
  }
});

test("texts are kept as they are, with their spaces and inner quotes", async () => {
  const { texts } = await readCsvText('text,id\n  a "quoted" word ,1\n\u00a0\u200fb\u2028,2');
  assert.deepEqual(texts, ['  a "quoted" word ', "\u00a0\u200fb\u2028"]);
});

test("a row of another length than the header is an error with its line, and the others are read", async () => {
  const result = await readCsvText("text,id\na,1\nb,2,3\nc\nd,4\n");
  assert.deepEqual(result.texts, ["a", "d"]);
  assert.equal(result.rows, 4);
  assert.deepEqual(errorsOf(result), [
    "3 null: This row has 3 columns, the header has 2",
    "4 null: This row has 1 column, the header has 2.",
  ]);
});

test("lines are those of the file, also behind blank lines and values of several lines", async () => {
  const result = await readCsvText('\r\n\r\ntext,id\r\n"a\r\nb\nc\rd",1\r\n\r\n"e\r\n",\r\nf\r\n" ",2\r\n"",3');
  assert.deepEqual(result.texts, ["a\r\nb\nc\rd", "e\r\n"]);
  assert.deepEqual(errorsOf(result), [
    "11 null: This row has 1 column, the header has 2.",
    "12 text: The text is empty. Fill it in, or delete",
    "13 text: The text is empty. Fill it in, or delete",
  ]);
});

test("in a single column a blank line is passed over, and a quoted empty value is an empty text", async () => {
  const result = await readCsvText('text\n\na\n""\n\nb\n');
  assert.deepEqual(result.texts, ["a", "b"]);
  assert.equal(result.rows, 3);
  assert.match(onlyError(result), /^4: The text is empty/);
});

test("a quote that is never closed is refused with the line where it was opened", async () => {
  const result = await readCsvText('id,text\n1,fine\n"2\n2","a ""word""\nand so on\n3,c\n');
  assert.match(onlyError(result), /^4: A double quote opens a value here and is never closed/);
  assert.deepEqual(result.texts, []);
});

test("a value that goes on behind its closing quote is an error of its row", async () => {
  const result = await readCsvText('text,id\n"a"b,1\n"c""d",2\n"""e""",3\n"f" ,4\n');
  assert.deepEqual(result.texts, ['c"d', '"e"']);
  assert.deepEqual(
    result.errors.map(({ line, reason }) => `${line}: ${reason.slice(0, 39)}`),
    ["2: A value in this row begins with a doubl", "5: A value in this row begins with a doubl"],
  );
});

test("a row of several lines may have as many bytes as a line, and not one more", async () => {
  const read = (row: string) => readTexts(bodyOf(`text\na\n${row}`), { format: "csv", limits: { lineBytes: 10 } });
  assert.deepEqual((await read('"bc\nd\nef"\n')).texts, ["a", "bc\nd\nef"]);
  assert.match(onlyError(await read('"bc\nd\nefg"\n')), /^3: The row that begins here is longer than 10 bytes/);
  assert.match(onlyError(await read(`"b${"\nc".repeat(20)}`)), /^3: .*a double quote that is never closed/);
});

test("a row of empty values without end is refused before it fills the memory", async () => {
  let pulled = 0;
  const values = Buffer.from(`${",".repeat(9_990)}"\n"`);
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.from("text,id\n");
    for (; pulled < 90_000_000; pulled += values.length) yield values;
  }
  assert.match(
    onlyError(await readTexts(body(), { format: "csv" })),
    /^2: The row that begins here is longer than 1,000,000/,
  );
  assert.ok(pulled < 1_200_000, `${pulled} bytes were read`);
});

test("rows of the wrong length cost no stack trace each", async (context) => {
  const trace = context.mock.method(Error, "captureStackTrace");
  const { errorsTotal } = await readCsvText(`text,id\n${"a\n\n".repeat(500)}`);
  assert.equal(errorsTotal, 500);
  assert.equal(trace.mock.callCount(), 0);
});

test("JSON that was taken for CSV is refused with what to do", async () => {
  for (const file of ['{"text": "a"}\n', '[\n{"text": "a"}\n]']) {
    assert.match(onlyError(await readCsvText(file)), /^1: The file begins like JSON, not like CSV/);
  }
});
