import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyRow, labelsFromRows, repeated, rowsFromText, textFromRows } from "./label-rows.ts";

test("each line becomes a label, without the space around it and without empty lines", () => {
  const rows = rowsFromText(" one \r\n\n\ttwo\rthree", []);
  assert.deepEqual(labelsFromRows(rows), [
    { name: "one", key: "1" },
    { name: "two", key: "2" },
    { name: "three", key: "3" },
  ]);
});

test("a label keeps its chosen key when the lines change around it", () => {
  const before = [{ ...emptyRow(), name: "two", key: "x" }];
  const rows = rowsFromText("one\ntwo", before);
  assert.deepEqual(labelsFromRows(rows), [
    { name: "one", key: "1" },
    { name: "two", key: "x" },
  ]);
});

test("a label whose key was removed is sent without one", () => {
  assert.deepEqual(labelsFromRows([{ ...emptyRow(), name: "one", key: "" }]), [{ name: "one" }]);
});

test("rows without a name are left out of labels and lines", () => {
  const rows = [emptyRow(), { ...emptyRow(), name: "one" }, { ...emptyRow(), name: "  " }];
  assert.equal(textFromRows(rows), "one");
  assert.equal(labelsFromRows(rows).length, 1);
});

test("what occurs more than once is named once", () => {
  assert.deepEqual(repeated(["a", "b", "a", "a", "b", "c"]), ["a", "b"]);
});
