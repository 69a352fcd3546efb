import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { before, test } from "node:test";
import { type Fuzz, openFuzz } from "./fuzz.ts";

const CALLS = 50_000;
const SEEDS = 2 ** 31;
/** So many requests are compared at least: fewer would prove little. */
const PROVED_MIN = 200;

let fuzz: Fuzz;

before(async () => {
  fuzz = await openFuzz();
});

test("no request takes more statements where there are more rows", async () => {
  const { faults, proved } = await fuzz.growth();
  assert.deepEqual(faults, []);
  assert.ok(proved >= PROVED_MIN, `Only ${proved} requests were answered with more rows.`);
});

test("whatever is sent to any operation, often, is answered as the description says", async () => {
  assert.deepEqual((await fuzz.run(CALLS, randomInt(SEEDS))).faults, []);
});
