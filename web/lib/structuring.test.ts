import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Structuring } from "../../modules/studio/structuring-contract.ts";
import { anyStructuring, changedFrom, itemsById } from "./structuring.fixture.ts";
import { type Conflict, ITEM_FIELDS, keyOf, LIST_FIELDS, mergeStructuring, type Spot, valueAt } from "./structuring.ts";

const threeSides = anyStructuring.chain((base) => fc.tuple(fc.constant(base), changedFrom(base), changedFrom(base)));
const empty = Structuring.parse({});

test("whatever either side wrote is in the merge, or in a conflict that shows both", () => {
  fc.assert(
    fc.property(threeSides, ([base, mine, theirs]) => {
      const { content, conflicts } = mergeStructuring(base, mine, theirs);
      for (const spot of spotsOf(base, mine, theirs)) {
        if (conflicts.some((conflict) => covers(conflict, spot))) continue;
        const [here, there] = [valueAt(mine, spot), valueAt(theirs, spot)];
        // An item that both made begins empty.
        const before = valueAt(base, spot) ?? (here !== null && there !== null ? "" : null);
        const wanted = [here, there].filter((value) => value !== before);
        assert.deepEqual(
          new Set([valueAt(content, spot)]),
          new Set(wanted.length > 0 ? wanted : [before]),
          keyOf(spot),
        );
      }
      for (const { spot, mine: shown, theirs: other } of conflicts)
        assert.deepEqual([shown, other], [valueAt(mine, spot), valueAt(theirs, spot)]);
    }),
  );
});

test("what only one side changed is merged without a question, whichever side it is", () => {
  fc.assert(
    fc.property(threeSides, ([base, side]) => {
      assert.deepEqual(mergeStructuring(base, side, base), { content: side, conflicts: [] });
      assert.deepEqual(mergeStructuring(base, base, side), { content: side, conflicts: [] });
      assert.deepEqual(mergeStructuring(base, side, side), { content: side, conflicts: [] });
    }),
  );
});

test("both sides are asked about the same spots, and no item is there twice", () => {
  fc.assert(
    fc.property(threeSides, ([base, mine, theirs]) => {
      const [one, other] = [mergeStructuring(base, mine, theirs), mergeStructuring(base, theirs, mine)];
      const asked = ({ conflicts }: typeof one) => conflicts.map(({ spot }) => keyOf(spot)).sort();
      assert.deepEqual(asked(one), asked(other));
      for (const field of LIST_FIELDS) {
        const ids = itemsById(one.content, field).map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
      }
    }),
  );
});

test("lists are merged by their items: added by both, moved by one, changed by the other", () => {
  const goals = (...texts: string[]) => ({ ...empty, goals: texts.map((text) => ({ id: text[0] ?? "", text })) });
  const base = goals("a", "b", "c");
  const { content, conflicts } = mergeStructuring(base, goals("c", "a", "b", "d"), goals("a", "b, better", "e", "c"));
  assert.deepEqual(
    content.goals.map(({ text }) => text),
    ["c", "a", "b, better", "e", "d"],
  );
  assert.deepEqual(conflicts, []);
  const deleted = mergeStructuring(base, goals("a", "c"), goals("a", "b, better", "c"));
  assert.deepEqual(
    deleted.conflicts.map(({ spot, mine }) => [keyOf(spot), mine]),
    [["goals/b", null]],
  );
});

/** All that has a value of its own on any side: texts, fields of items, and whether an item is there. */
function spotsOf(...sides: Structuring[]): Spot[] {
  const items = LIST_FIELDS.flatMap((field) =>
    [...new Set(sides.flatMap((side) => itemsById(side, field).map(({ id }) => id)))].flatMap((item) =>
      ITEM_FIELDS[field].map((part) => ({ field, item, part })),
    ),
  );
  return [{ field: "problem" }, { field: "current_state" }, { field: "desired_solution" }, ...items];
}

function covers({ spot }: Conflict, { field, item, part }: Spot): boolean {
  return spot.field === field && spot.item === item && (spot.part === undefined || spot.part === part);
}
