import assert from "node:assert/strict";
import { test } from "node:test";
import { findInternalErrors } from "./odd-requests.ts";

test("no request, however odd, is answered by an internal error", async () => {
  assert.deepEqual(await findInternalErrors(8), []);
});
