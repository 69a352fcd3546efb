import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../../../kernel/errors.ts";
import { type FailureClass, TaskFailure, WAIT_FOR_ANSWER, WAIT_FOR_PARTS } from "../../../kernel/work.ts";
import { failureOf, OUTPUT_BYTES_MAX, successOf } from "./outcome.ts";

test("what cannot be kept as a result is a failure that is not tried again", () => {
  for (const unfit of ["\0", { a: ["\ud800"] }, { "\0": 1 }, "\\\0", "x".repeat(OUTPUT_BYTES_MAX)]) {
    const { status, failure_class, retry_ms } = successOf(unfit);
    assert.deepEqual(
      [status, failure_class, retry_ms],
      ["failed", "invalid", undefined],
      JSON.stringify(unfit).slice(0, 20),
    );
  }
  for (const fit of ["\\u0000", "\\\\ud800", "😀", null, 0, { a: [] }, "x".repeat(OUTPUT_BYTES_MAX - 2)])
    assert.deepEqual(successOf(fit), { status: "completed", output: fit });
  assert.equal(successOf(() => 1).status, "failed");
  assert.deepEqual(
    [successOf(undefined), successOf(WAIT_FOR_ANSWER), successOf(WAIT_FOR_PARTS)],
    [{ status: "completed" }, { status: "waiting" }, { status: "divided" }],
  );
});

test("the class of a failure decides whether it is tried again, and after how long", () => {
  const waits: [FailureClass, number, number][] = [
    ["transient", 2_000, 600_000],
    ["timed_out", 5_000, 600_000],
    ["rate_limited", 30_000, 3_600_000],
    ["internal", 10_000, 600_000],
  ];
  for (const [failureClass, firstMs, longestMs] of waits)
    for (const attempt of [1, 2, 5, 50]) {
      const most = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
      const found = Array.from(
        { length: 200 },
        () => failureOf(new TaskFailure(failureClass, "No."), attempt).retry_ms ?? 0,
      );
      assert.ok(Math.min(...found) >= most / 10 && Math.max(...found) <= most, `${failureClass} ${attempt}`);
      assert.ok(Math.max(...found) - Math.min(...found) > most / 2, "spread out");
    }
  for (const failureClass of ["invalid", "unauthorized", "out_of_credit"] as const)
    assert.equal(failureOf(new TaskFailure(failureClass, "No."), 1).retry_ms, undefined);
  assert.equal(failureOf(new TaskFailure("rate_limited", "Later.", { retryAfterSeconds: 7 }), 1).retry_ms, 7_000);
});

test("what people read of a mistake of ours is that it was one", () => {
  assert.deepEqual(failureOf(new Error("secret"), 1).error, { code: "internal", message: "Tenon made a mistake." });
  assert.deepEqual(failureOf(new TaskFailure("invalid", "Too long\0."), 1).error, {
    code: "invalid",
    message: "Too long.",
  });
  assert.equal(failureOf(Object.assign(new Error("x"), { code: "ECONNRESET" }), 1).failure_class, "transient");
  assert.equal(failureOf(new Problem("forbidden"), 1).failure_class, "unauthorized");
});
