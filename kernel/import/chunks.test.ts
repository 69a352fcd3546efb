import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyOf, collect } from "./body.fixture.ts";
import { rechunk } from "./chunks.ts";

test("chunks of any size become chunks of one size, and no byte is lost", async () => {
  const chunks = await collect(rechunk(bodyOf("a", "", "bcdefgh", "ij", "k"), 3));
  assert.deepEqual(chunks.map(String), ["abc", "def", "ghi", "jk"]);
});

test("a body without bytes has no chunks", async () => {
  assert.deepEqual(await collect(rechunk(bodyOf("", ""), 3)), []);
});
