import assert from "node:assert/strict";
import { test } from "node:test";
import { describeError } from "./errors.ts";

const BRIEF = { verbose: false };

test("an error is one line, and its causes stand under it", () => {
  const cause = new Error("connection refused", { cause: "no route" });
  const error = new Error("The database cannot be reached.", { cause });
  assert.equal(
    describeError(error, BRIEF),
    "The database cannot be reached.\n  because: connection refused\n  because: no route",
  );
});

test("every attempt of an error with several is listed", () => {
  const error = new AggregateError([new Error("refused at ::1"), new Error("refused at 127.0.0.1")]);
  assert.equal(
    describeError(Object.assign(error, { code: "ECONNREFUSED" }), BRIEF),
    "AggregateError ECONNREFUSED\n  because: refused at ::1\n  because: refused at 127.0.0.1",
  );
});

test("a chain of causes that goes round in a circle comes to an end", () => {
  const error = new Error("round");
  error.cause = error;
  assert.equal(describeError(error, BRIEF).split("\n").length, 9);
});

test("a mistake in the program comes with its stack, another error only on request", () => {
  const stack = /errors\.test\.ts:\d+/;
  assert.match(describeError(new TypeError("x is not a function"), BRIEF), stack);
  assert.doesNotMatch(describeError(new Error("The disk is full."), BRIEF), stack);
  assert.match(describeError(new Error("The disk is full."), { verbose: true }), stack);
});

test("what is thrown and is no error is shown as it is", () => {
  assert.equal(describeError({ status: 7 }, BRIEF), "something that is no error was thrown: { status: 7 }");
});
