import assert from "node:assert/strict";
import { test } from "node:test";
import { searchLabels } from "./label-search.ts";

const LABELS = ["lost_or_stolen_card", "card_arrival", "discarded", "Überweisung", "top up-failed"].map((name) => ({
  name,
}));

function namesFor(query: string): string[] {
  return searchLabels(LABELS, query).map(({ name }) => name);
}

test("labels that begin with the word come first, then those with a word that does, then the rest", () => {
  assert.deepEqual(namesFor("card"), ["card_arrival", "lost_or_stolen_card", "discarded"]);
});

test("every word must be there, in any order and by a part", () => {
  assert.deepEqual(namesFor("card lost"), ["lost_or_stolen_card"]);
  assert.deepEqual(namesFor("stol car"), ["lost_or_stolen_card"]);
  assert.deepEqual(namesFor("card missing"), []);
});

test("case, accents and what joins words do not matter", () => {
  assert.deepEqual(namesFor("UBER"), ["Überweisung"]);
  assert.deepEqual(namesFor("Top_Up.Failed"), ["top up-failed"]);
});

test("an empty query matches all, in their order", () => {
  assert.deepEqual(searchLabels(LABELS, "  "), LABELS);
});
