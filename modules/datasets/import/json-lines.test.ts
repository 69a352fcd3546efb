import assert from "node:assert/strict";
import { test } from "node:test";
import { onlyError, readJsonText } from "./body.fixture.ts";

const lines = (...rows: unknown[]): string => `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`;

test("objects and bare strings are read, and blank lines passed over", async () => {
  const result = await readJsonText('{"id": 1, "text": " a\\n😀 "}\r\n\r\n  \n"שלום"\n{"text":"c"}');
  assert.deepEqual(result, {
    texts: [" a\n😀 ", "שלום", "c"],
    rows: 3,
    errors: [],
    errorsTotal: 0,
    columns: ["id", "text"],
    textColumn: "text",
    preview: [" a\n😀 ", "שלום", "c"],
  });
});

test("bare strings alone have no columns", async () => {
  const { texts, columns, textColumn } = await readJsonText(lines("a", "b"));
  assert.deepEqual({ texts, columns, textColumn }, { texts: ["a", "b"], columns: [], textColumn: null });
});

test("the member with the text is the one that was asked for", async () => {
  const { texts } = await readJsonText(lines({ text: "a", note: "b" }), { textColumn: "note" });
  assert.deepEqual(texts, ["b"]);
});

test("an object without a member for the text lists the members", async () => {
  const result = await readJsonText(lines({ id: "1", note: "b" }));
  assert.match(onlyError(result), /^1: It is not clear .*: "id", "note"\.$/);
});

test("each bad row is an error with its line and the good ones are read", async () => {
  const file = [
    '{"text": "a"}',
    '{"text": "b"',
    "",
    '{"id": 1}',
    '{"text": 5}',
    '{"text": null}',
    "[1]",
    "7",
    '{"text": "  "}',
    '{"text": "nul \\u0000"}',
    '{"text": "half \\ud83d"}',
    '{"text": "whole \\ud83d\\ude00"}',
    '{"__proto__": {"text": "c"}}',
  ];
  const result = await readJsonText(file.join("\n"));
  assert.deepEqual(result.texts, ["a", "whole 😀"]);
  assert.equal(result.rows, 12);
  assert.deepEqual(
    result.errors.map(({ line, column, reason }) => `${line} ${column}: ${reason.slice(0, 34)}`),
    [
      "2 null: This line is not valid JSON: Expec",
      '4 text: There is no member "text". Add it,',
      '5 text: The member "text" is a number. It ',
      '6 text: The member "text" is null. It must',
      "7 null: This line is an array. It must be ",
      "8 null: This line is a number. It must be ",
      "9 text: The text is empty. Fill it in, or ",
      "10 text: The text holds a NUL character (\\u",
      "11 text: The text holds half of a surrogate",
      '13 text: There is no member "text". Add it,',
    ],
  );
});

test("a member that every object inherits is no text", async () => {
  const result = await readJsonText(lines({ toString: "a" }, { id: 1 }), { textColumn: "toString" });
  assert.match(onlyError(result), /^2: There is no member "toString"/);
});

test("a file that is one JSON array is refused with what to do", async () => {
  for (const file of ['\n[{"text": "a"}]', '\n [\n {"text": "a"}\n]\n']) {
    assert.match(onlyError(await readJsonText(file)), /^2: The file is one JSON array\. .*jq -c/);
  }
});
