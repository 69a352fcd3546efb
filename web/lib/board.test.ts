import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, neighbourOf, stepOf, targetNow } from "./board.ts";

const CARDS = [
  { id: "a", status: "todo" },
  { id: "b", status: "todo" },
  { id: "x", status: "review" },
];

test("a card goes up and down in its column, and to the one beside it as high as it stands", () => {
  assert.deepEqual(stepOf(CARDS, "a", "down"), { status: "todo", after_id: "b" });
  assert.deepEqual(stepOf(CARDS, "b", "up"), { status: "todo", before_id: "a" });
  assert.deepEqual(stepOf(CARDS, "b", "right"), { status: "in_progress" });
  assert.deepEqual(stepOf(CARDS, "x", "left"), { status: "in_progress" });
  for (const direction of ["up", "left"] as const) assert.equal(stepOf(CARDS, "a", direction), undefined);
});

test("one comes from a card to the one beside it, over empty columns", () => {
  assert.deepEqual(
    (["up", "down", "left", "right"] as const).map((direction) => neighbourOf(CARDS, "b", direction)),
    ["a", undefined, undefined, "x"],
  );
});

test("a move shows at once where the card will stand", () => {
  const idsAfter = (...wish: [string, Parameters<typeof moved>[2]]) =>
    moved(CARDS, ...wish).map(({ id, status }) => `${id} ${status}`);
  assert.deepEqual(idsAfter("b", { status: "todo", before_id: "a" }), ["b todo", "a todo", "x review"]);
  assert.deepEqual(idsAfter("a", { status: "review", after_id: "x" }), ["b todo", "x review", "a review"]);
  assert.deepEqual(idsAfter("x", { status: "todo" }), ["a todo", "b todo", "x todo"]);
});

test("where a neighbour has gone, the card comes beside the nearest that is left", () => {
  const wanted = moved(CARDS, "x", { status: "todo", before_id: "b" });
  const target = { status: "todo", before_id: "b" } as const;
  assert.deepEqual(targetNow(wanted, "x", target, { order: ["a"] }), { status: "todo", after_id: "a" });
  assert.deepEqual(targetNow(wanted, "x", target, { order: ["b"] }), { status: "todo", before_id: "b" });
  assert.deepEqual(targetNow(wanted, "x", target, { order: [] }), { status: "todo" });
});
