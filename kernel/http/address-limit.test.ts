import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addressBucket } from "./address-limit.ts";

const ALIKE: [string, string][] = [
  ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"],
  ["2001:db8:1:2::1", "2001:0DB8:0001:0002::9"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
];
const APART: [string, string][] = [
  ["2001:db8:1:2::1", "2001:db8:1:3::1"],
  ["203.0.113.7", "203.0.113.8"],
  ["::1", "127.0.0.1"],
];

describe("requests are counted by address", () => {
  for (const [one, other] of ALIKE)
    test(`${one} and ${other} are one`, () => assert.equal(addressBucket({ ip: one }), addressBucket({ ip: other })));
  for (const [one, other] of APART)
    test(`${one} and ${other} are two`, () =>
      assert.notEqual(addressBucket({ ip: one }), addressBucket({ ip: other })));
});
