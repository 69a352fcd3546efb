import assert from "node:assert/strict";
import { test } from "node:test";
import { laterBy, weekOf } from "./days.ts";

test("a week goes from Monday to Sunday, over the ends of months and years", () => {
  const week = ["2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"];
  for (const day of week) assert.deepEqual(weekOf(day), week);
  assert.equal(laterBy("2028-02-28", 2), "2028-03-01");
});
