import assert from "node:assert/strict";
import { test } from "node:test";
import { findInternalErrors } from "./odd-requests.ts";

test("none of all the odd requests is answered by an internal error", async () => {
  assert.deepEqual(await findInternalErrors(1), []);
});
