import assert from "node:assert/strict";
import { test } from "node:test";
import { detectDelimiter } from "./delimiter.ts";

test("the delimiter is the one that stands most often in the header, outside quotes", () => {
  assert.equal(detectDelimiter("text,label"), ",");
  assert.equal(detectDelimiter("text;label, or none;id"), ";");
  assert.equal(detectDelimiter("text\tlabel"), "\t");
  assert.equal(detectDelimiter("text|label"), "|");
  assert.equal(detectDelimiter('"a,b,c";"d,e"'), ";");
  assert.equal(detectDelimiter('"a ""b"", c, d"|e'), "|");
});

test("a header without a delimiter is taken for one column of comma-separated values", () => {
  assert.equal(detectDelimiter("text"), ",");
});
