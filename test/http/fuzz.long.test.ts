import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { test } from "node:test";
import { openFuzz } from "./fuzz.ts";

test("whatever is sent to any operation, often, is answered as the description says", async () => {
  const fuzz = await openFuzz();
  assert.deepEqual((await fuzz.run(50_000, randomInt(2 ** 31))).faults, []);
});
