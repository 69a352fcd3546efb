import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Metric, MetricName } from "./contract.ts";
import { countItem, openTally, scoreOf } from "./metrics.ts";

function scored(gold: readonly string[], predicted: readonly (string | undefined)[]): Record<Metric, number> {
  const tally = openTally();
  for (const [index, label] of gold.entries()) countItem(tally, label, predicted[index]);
  return Object.fromEntries(MetricName.options.map((metric) => [metric, scoreOf(metric, tally)])) as Record<
    Metric,
    number
  >;
}

/** Printed by scikit-learn 1.9.1, `labels` being those of the gold answers where that makes a difference. */
const REFERENCES: [gold: string[], predicted: string[], scores: Partial<Record<Metric, number>>][] = [
  [
    ["a", "a", "b", "c"],
    ["a", "b", "b", "b"],
    { accuracy: 0.5, f1_micro: 0.5, f1_macro: 0.38888888888888884, f1_weighted: 0.4583333333333333 },
  ],
  [["a", "b"], ["a", "z"], { f1_macro: 0.5, accuracy: 0.5 }],
  [["a", "b"], ["a", "b"], { accuracy: 1, f1_micro: 1, f1_macro: 1, f1_weighted: 1 }],
  [["a", "b"], ["b", "a"], { accuracy: 0, f1_micro: 0, f1_macro: 0, f1_weighted: 0 }],
];

test("scores are those of scikit-learn", () => {
  for (const [gold, predicted, expected] of REFERENCES) {
    const scores = scored(gold, predicted);
    for (const [metric, score] of Object.entries(expected))
      assert.equal(scores[metric as Metric], score, `${gold}: ${metric}`);
  }
});

test("what is not predicted is wrong, and leaves every other class as it is", () => {
  assert.deepEqual(
    scored(["a", "a", "b"], ["a", undefined, "b"]),
    scored(["a", "a", "b"], ["a", "nothing of these", "b"]),
  );
  assert.equal(scored(["a", "a", "b"], ["a"]).accuracy, 1 / 3);
});

test("nothing to score is an error, not a score", () => {
  assert.throws(() => scoreOf("accuracy", openTally()), RangeError);
});

test("scores are from 0 to 1, to the last bit the same in any order, and 1 exactly when all is right", () => {
  const label = fc.constantFrom("a", "b", "c", "ä", "1");
  const rows = fc.array(fc.tuple(label, fc.option(label, { nil: undefined })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(rows, (items) => {
      const scores = scored(
        items.map(([gold]) => gold),
        items.map(([, predicted]) => predicted),
      );
      const turned = items.toReversed();
      assert.deepEqual(
        scored(
          turned.map(([gold]) => gold),
          turned.map(([, predicted]) => predicted),
        ),
        scores,
      );
      const isRight = items.every(([gold, predicted]) => gold === predicted);
      for (const score of Object.values(scores)) {
        assert.ok(score >= 0 && score <= 1);
        assert.equal(score === 1, isRight);
      }
      assert.equal(scores.f1_micro, scores.accuracy);
    }),
  );
});
