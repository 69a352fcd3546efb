import assert from "node:assert/strict";
import { test } from "node:test";
import { assignKeys, findByKey, KEYED_LABELS_MAX } from "./label-keys.ts";

const LABELS = [{ name: "one", key: "1" }, { name: "a", key: "a" }, { name: "none" }];

test("labels get 1 to 9 and then letters, and keep a key that was chosen", () => {
  const keys = assignKeys([undefined, "1", undefined, "", ...Array(7).fill(undefined)]);
  assert.deepEqual(keys, ["2", "1", "3", "", "4", "5", "6", "7", "8", "9", "a"]);
});

test("as many labels as there are keys all get one, and one more leaves all without", () => {
  const keys = assignKeys(Array(KEYED_LABELS_MAX).fill(undefined));
  assert.equal(new Set(keys).size, KEYED_LABELS_MAX);
  assert.ok(!keys.includes(undefined));
  assert.deepEqual(new Set(assignKeys(Array(KEYED_LABELS_MAX + 1).fill(undefined))), new Set([undefined]));
});

test("a key gives its label, with capitals locked too", () => {
  assert.equal(findByKey(LABELS, { key: "1", code: "Digit1" })?.name, "one");
  assert.equal(findByKey(LABELS, { key: "A", code: "KeyA" })?.name, "a");
  assert.equal(findByKey(LABELS, { key: "z", code: "KeyZ" }), undefined);
});

test("where the layout has no such character, the place on the keyboard counts", () => {
  assert.equal(findByKey(LABELS, { key: "&", code: "Digit1" })?.name, "one");
  assert.equal(findByKey(LABELS, { key: "ф", code: "KeyA" })?.name, "a");
});

test("a letter of another layout is never taken for the letter that stands at its place", () => {
  assert.equal(findByKey(LABELS, { key: "q", code: "KeyA" }), undefined);
});
