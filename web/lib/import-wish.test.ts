import assert from "node:assert/strict";
import { test } from "node:test";
import type { DryRun, Target } from "../../modules/imports/contract.ts";
import { type Column, queryOf, sourceOf, type Wish, wishOf, withKey, withSource, wordsOf } from "./import-wish.ts";

const column = (name: string, more: Partial<Column> = {}): Column => ({
  ...{ name, about: "", kind: "text", values: null, references: null },
  ...{ is_key: false, is_created: true, is_updated: true, is_required: false },
  ...more,
});
const target: Target = {
  noun: "crm.customer",
  about: "",
  makes: true,
  columns: [
    column("id", { kind: "uuid", is_key: true, is_created: false, is_updated: false }),
    column("name"),
    column("source", { values: ["website", "import"] }),
    column("active", { kind: "boolean" }),
    column("size", { kind: "integer" }),
    column("tags", { kind: "texts" }),
    column("more", { kind: "json" }),
  ],
};
const proposed = { columns: ["id", "Who"], mapping: { name: "Who" } } as unknown as DryRun;
const wish = wishOf(target, new File(["a"], "a.jsonl"));
const columnOf = (name: string) => target.columns.find((one) => one.name === name) ?? assert.fail(name);
const given = (of: Wish) => {
  const { mapping, constants, key } = queryOf(of);
  return { mapping, constants, key };
};

test("until something is changed, the server proposes the mapping", () => {
  assert.deepEqual(queryOf(wish), {
    ...{ noun: "crm.customer", format: "ndjson", mapping: undefined, constants: {}, on_error: "stop" },
  });
  assert.deepEqual(sourceOf(wish, proposed, "name"), { kind: "file", column: "Who" });
  assert.deepEqual(sourceOf(wish, undefined, "name"), { kind: "nowhere" });
});

test("a column comes from one place, and the others stay as they were proposed", () => {
  const constant = withSource(wish, proposed, columnOf("source"), { kind: "constant" });
  assert.deepEqual(given(constant), { mapping: { name: "Who" }, constants: { source: "website" }, key: undefined });
  const line = withSource(constant, proposed, columnOf("source"), { kind: "line" });
  assert.deepEqual(given(line), { mapping: { name: "Who", source: "#line" }, constants: {}, key: undefined });
  const nowhere = withSource(line, proposed, columnOf("name"), { kind: "nowhere" });
  assert.deepEqual(given(nowhere).mapping, { source: "#line" });
});

test("what is typed becomes JSON of its column's kind, and what is none goes as it is; what is empty stays away", () => {
  const constants = { active: "false", size: "12", tags: "a; b;", more: '{"a": 1}', name: " " };
  assert.deepEqual(queryOf({ ...wish, constants }).constants, {
    ...{ active: false, size: 12, tags: ["a", "b"], more: { a: 1 } },
  });
  assert.deepEqual(queryOf({ ...wish, constants: { size: "many", more: "{" } }).constants, { size: "many", more: "{" });
});

test("the key of rows that are there is taken from the column of its name, and goes with the wish for it", () => {
  const mapped = withSource(wish, proposed, columnOf("active"), { kind: "line" });
  const keyed = withKey(mapped, proposed, ["id"]);
  assert.deepEqual(given(keyed), { mapping: { id: "id", name: "Who", active: "#line" }, constants: {}, key: ["id"] });
  assert.deepEqual(given(withKey(keyed, proposed, [])).mapping, { name: "Who", active: "#line" });
  assert.deepEqual(wishOf({ ...target, makes: false }, wish.file).key, ["id"]);
});

test("names of the API in words", () => {
  assert.deepEqual(["assigned_to", "crm.customer_tag"].map(wordsOf), ["Assigned to", "Customer tag (crm)"]);
});
