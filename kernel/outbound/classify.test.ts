import assert from "node:assert/strict";
import { test } from "node:test";
import { classifyResponse } from "./classify.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

function failureOf(status: number, retryAfter?: string) {
  return classifyResponse(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }, NOW);
}

test("an answer succeeds, is accepted, or fails in a class that says whether to try again", () => {
  assert.deepEqual(
    [200, 201, 204, 299].map((status) => failureOf(status)),
    Array(4).fill("succeeded"),
  );
  assert.equal(failureOf(202), "accepted");
  for (const status of [408, 425, 500, 502, 503, 504, 599])
    assert.deepEqual(failureOf(status), { failure: "transient" });
  for (const status of [401, 403]) assert.deepEqual(failureOf(status), { failure: "unauthorized" });
  for (const status of [301, 304, 400, 404, 407, 409, 410, 422, 451])
    assert.deepEqual(failureOf(status), { failure: "invalid" });
  assert.deepEqual(failureOf(429), { failure: "rate_limited" });
});

test("Retry-After is read in seconds and as a date, within an hour, and only where it is either", () => {
  const limited = (retryAfterSeconds: number) => ({ failure: "rate_limited", retryAfterSeconds });
  for (const status of [429, 503]) {
    assert.deepEqual(failureOf(status, "30"), limited(30));
    assert.deepEqual(failureOf(status, "0"), limited(0));
    assert.deepEqual(failureOf(status, "999999999999"), limited(3600));
    assert.deepEqual(failureOf(status, "Sun, 01 Mar 2026 12:01:30 GMT"), limited(90));
    assert.deepEqual(failureOf(status, "Sun, 01 Mar 2026 11:00:00 GMT"), limited(0));
    assert.deepEqual(failureOf(status, "Sat, 01 Mar 2036 12:00:00 GMT"), limited(3600));
  }
  for (const odd of ["", "-5", "1.5", "soon", "2026-03-01", "Sun, 99 Mar 2026 12:00:00 GMT"]) {
    assert.deepEqual(failureOf(429, odd), { failure: "rate_limited" }, odd);
    assert.deepEqual(failureOf(503, odd), { failure: "transient" }, odd);
  }
  assert.deepEqual(failureOf(500, "30"), { failure: "transient" });
});
