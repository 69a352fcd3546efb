import assert from "node:assert/strict";
import { test } from "node:test";
import { type FieldFault, Problem } from "../../../kernel/errors.ts";
import { problemOf } from "../../../kernel/http/problem-document.ts";
import { Form } from "../forms-contract.ts";
import { checkAnswer } from "./approvals.ts";

const named = { name: "field", title: "A field" };

/** Fields with answers that fit and answers that do not. */
const CASES: [kind: string, field: object, good: unknown[], bad: unknown[]][] = [
  ["a text", { type: "text", max: 5 }, ["", "tea", "five!"], ["longer", 5, null, ["tea"]]],
  ["a text that has to be there", { type: "text", required: true }, ["tea"], ["", "  ", undefined]],
  ["a text of some length", { type: "text", min: 3 }, ["tea", undefined], ["te"]],
  ["a number", { type: "number", min: -1, max: 2.5 }, [-1, 0, 2.5], [-1.1, 3, "1", null, Number.NaN]],
  ["a whole number", { type: "number", whole: true, min: 1 }, [1, 12], [0, 1.5]],
  ["a choice", { type: "choice", options: ["red", "blue"] }, ["red", undefined], ["green", "", ["red"]]],
  [
    "choices",
    { type: "choices", options: ["a", "b", "c"], min: 1, max: 2 },
    [["a"], ["c", "a"]],
    [[], ["a", "b", "c"], ["a", "a"], ["d"], "a"],
  ],
  ["choices that have to be there", { type: "choices", options: ["a"], required: true }, [["a"]], [[], undefined]],
  ["yes or no", { type: "boolean", required: true }, [true, false], [undefined, "true", 1]],
  [
    "a day",
    { type: "date", min: "2026-02-01", max: "2026-02-28" },
    ["2026-02-01", "2026-02-28"],
    ["2026-01-31", "2026-03-01", "2026-02-30", "1.2.2026"],
  ],
];

for (const [kind, field, good, bad] of CASES) {
  test(`${kind} takes what fits and refuses what does not, at its field`, () => {
    const form = Form.parse([{ ...named, ...field }]);
    for (const value of good) {
      const answer = value === undefined ? {} : { field: value };
      assert.deepEqual(checkAnswer(form, answer), answer);
    }
    for (const value of bad) {
      const [fault] = faultsOf(() => checkAnswer(form, value === undefined ? {} : { field: value }));
      assert.match(fault?.field ?? "", /^answer\.field/, JSON.stringify(value));
    }
  });
}

test("what the form does not ask is refused", () => {
  assert.equal(faultsOf(() => checkAnswer([], { more: 1 })).length, 1);
  assert.deepEqual(checkAnswer([], {}), {});
});

test("a form that cannot be shown or filled in is refused", () => {
  const text = { ...named, type: "text" };
  const wrong = {
    "an unknown type": [{ ...named, type: "file" }],
    "no title": [{ type: "text", name: "a" }],
    "a name that is none": [{ ...text, name: "A field" }],
    "two fields of a name": [text, text],
    "no options": [{ ...named, type: "choice", options: [] }],
    "an option twice": [{ ...named, type: "choice", options: ["a", "a"] }],
    "limits the wrong way round": [{ ...text, min: 9, max: 3 }],
    "days the wrong way round": [{ ...named, type: "date", min: "2026-02-02", max: "2026-02-01" }],
    "too many fields": Array.from({ length: 31 }, (_, index) => ({ ...text, name: `f${index}` })),
    "no list": { type: "object" },
  };
  for (const [kind, form] of Object.entries(wrong)) assert.ok(!Form.safeParse(form).success, kind);
});

function faultsOf(check: () => unknown): readonly FieldFault[] {
  try {
    check();
  } catch (error) {
    const problem = problemOf(error);
    assert.ok(problem instanceof Problem && problem.code === "invalid");
    return problem.errors;
  }
  return assert.fail("It was taken.");
}
