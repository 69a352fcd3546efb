import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Problem } from "./errors.ts";
import { openShares, type Shares } from "./shares.ts";

test("one organization takes half of the places, and the next finds one", () => {
  const shares = openShares({ name: "exports", places: 4 });
  const taken = takeAll(shares, "first");
  assert.equal(taken.length, 2);
  assert.throws(
    () => shares.take("first"),
    (error) => error instanceof Problem && error.code === "too_busy" && /2 exports/.test(error.message),
  );
  assert.equal(takeAll(shares, "second").length, 1);
  assert.equal(takeAll(shares, "third").length, 1);
  assert.equal(takeAll(shares, "fourth").length, 0);
  for (const giveBack of [...taken, ...taken]) giveBack();
  assert.equal(takeAll(shares, "fourth").length, 1, "given back twice is given back once");
});

test("whoever takes what it can leaves a place to the next, and all that is given back can be taken again", () => {
  const places = fc.integer({ min: 2, max: 50 });
  const wishes = fc.array(fc.record({ organization: fc.integer({ min: 1, max: 5 }), ends: fc.boolean() }));
  fc.assert(
    fc.property(places, wishes, (count, steps) => {
      const shares = openShares({ name: "exports", places: count });
      const held = new Map<number, (() => void)[]>();
      for (const { organization, ends } of steps) {
        const own = held.get(organization) ?? [];
        if (ends) own.pop()?.();
        else own.push(...takeAll(shares, String(organization)));
        held.set(organization, own);
        const all = [...held.values()].reduce((sum, list) => sum + list.length, 0);
        assert.ok(all <= count);
      }
      for (const giveBack of [...held.values()].flat()) giveBack();
      assert.equal(takeAll(shares, "next").length, Math.ceil(count / 2));
    }),
  );
});

function takeAll(shares: Shares, organization: string): (() => void)[] {
  const taken: (() => void)[] = [];
  try {
    for (;;) taken.push(shares.take(organization));
  } catch (error) {
    assert.ok(error instanceof Problem);
    return taken;
  }
}
