import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import { endWhenSlow } from "./copy.ts";

const MINUTE_MS = 60_000;

/** A stream with something in it, and how much has come for it so far. */
function openStream(t: TestContext) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const stream = new PassThrough();
  stream.on("error", () => undefined);
  stream.write("rows");
  let bytes = 0;
  t.after(endWhenSlow(stream, () => bytes));
  return { stream, come: (more: number) => (bytes += more), pass: () => t.mock.timers.tick(MINUTE_MS) };
}

test("a stream that is read fast enough goes on", (t) => {
  const { stream, come, pass } = openStream(t);
  for (let minute = 0; minute < 3; minute++) {
    come(65_536);
    pass();
  }
  assert.equal(stream.destroyed, false);
});

test("a stream whose reader takes next to nothing is ended, so that its place is free", (t) => {
  const { stream, come, pass } = openStream(t);
  come(65_536);
  pass();
  come(65_535);
  pass();
  assert.equal(stream.destroyed, true);
  assert.match(String(stream.errored), /too slow/);
});

test("a stream that waits for PostgreSQL is not its reader's fault", (t) => {
  const { stream, pass } = openStream(t);
  stream.read();
  pass();
  assert.equal(stream.destroyed, false);
});
