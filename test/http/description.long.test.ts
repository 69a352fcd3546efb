import assert from "node:assert/strict";
import { test } from "node:test";
import { routes } from "../../app.ts";
import { lintDescription } from "./lint.ts";

test("Spectral finds nothing to complain of in the whole description", async () => {
  assert.deepEqual(await lintDescription(routes.map(({ endpoint }) => endpoint)), []);
});
