import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { before, test } from "node:test";
import { type Fuzz, openFuzz } from "./fuzz.ts";
import type { FuzzRequest } from "./fuzz-requests.ts";

const CALLS = 2_000;
const SEEDS = 2 ** 31;
/** So many of a hundred calls succeed at least: fewer would prove little. */
const SUCCESSES_MIN = 20;

/** What was answered wrongly once, as the failure printed it: sent each time from then on. */
const HERE = "/api/organizations/~own.organization~";
const FOUND: readonly FuzzRequest[] = [
  found("organizations.organization.read", HERE),
  found("projects.project.get", `${HERE}/projects/projects/~own.id~`, { "if-none-match": '"1"' }),
  found("audit.person.export", "/api/me/export"),
  found("data_model.document.read", "/api/data-model/document?words="),
  found("content.page.read", `/p/${"a".repeat(1_000)}/about`),
];

function found(operation: string, url: string, headers: Record<string, string> = {}): FuzzRequest {
  return { operation, caller: "owner", method: "GET", url, headers };
}

let fuzz: Fuzz;

before(async () => {
  fuzz = await openFuzz();
});

test("what was answered wrongly once is not any more", async () => {
  const faults: unknown[] = [];
  for (const request of FOUND) faults.push(await fuzz.again(request));
  assert.deepEqual(
    faults,
    FOUND.map(() => undefined),
  );
});

test("whatever is sent to any operation is answered as the description says", async () => {
  const { faults, statuses } = await fuzz.run(CALLS, randomInt(SEEDS));
  assert.deepEqual(faults, []);
  const successes = [...statuses].reduce((sum, [status, count]) => sum + (status < 300 ? count : 0), 0);
  assert.ok(successes >= (CALLS * SUCCESSES_MIN) / 100, `Only ${successes} calls succeeded.`);
});
