import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfig } from "./config.ts";

test("the limits of requests are the usual ones but for those that are named, or off", () => {
  const limitsOf = (text?: string) => readConfig({ TENON_RATE_LIMITS: text }).rateLimits;
  assert.deepEqual(limitsOf(), { key: 12_000, person: 12_000, organization: 60_000 });
  assert.deepEqual(limitsOf("person=600,organization=6000"), { key: 12_000, person: 600, organization: 6000 });
  assert.equal(limitsOf("off"), undefined);
  for (const text of ["person", "person=0", "person=-1", "people=5", "person=1e3", "none"])
    assert.throws(() => limitsOf(text), /TENON_RATE_LIMITS is/, text);
});

test("origins of other sites are origins, nothing more", () => {
  const originsOf = (text: string) => readConfig({ TENON_CORS: text }).corsOrigins;
  assert.deepEqual(originsOf(""), []);
  assert.deepEqual(originsOf("https://a.example,http://localhost:5173"), [
    "https://a.example",
    "http://localhost:5173",
  ]);
  for (const text of ["*", "https://a.example/path", "a.example", "null"])
    assert.throws(() => originsOf(text), /TENON_CORS is/, text);
});
