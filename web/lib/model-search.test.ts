import assert from "node:assert/strict";
import { test } from "node:test";
import type { TableSummary } from "../../kernel/data-model/contract.ts";
import { onlyKeys } from "./diagram-text.ts";
import { indexOf, searchModel } from "./model-search.ts";

function tableOf(id: string, description: string, columns: Record<string, string>): TableSummary {
  const [schema = "", name = ""] = id.split(".");
  const parts = { columns: Object.keys(columns), column_comments: Object.values(columns) };
  return { id, schema, name, kind: "table", description, sensitivity: "low", ...parts };
}

const INDEX = indexOf([
  {
    name: "labeling",
    title: "Labeling",
    description: "",
    tables: [
      tableOf("labeling.reviews", "Verdicts on labels.", { verdict: "What the reviewer says.", label_id: "" }),
      tableOf("labeling.gold_labels", "", { id: "" }),
      tableOf("labeling.labels", "", { choice: "The name of the set's label." }),
      tableOf("labeling.exports", "", { note: "Which labels went out." }),
    ],
  },
]);

function namesFor(query: string): string[] {
  return searchModel(INDEX, query).map(({ table }) => table.name);
}

test("names come before columns, and columns before comments; what begins with the word comes first", () => {
  // Each stands behind every label in "labeling", which the domain's name holds too.
  assert.deepEqual(namesFor("labels"), ["labels", "gold_labels", "reviews", "exports"]);
});

test("a column or a comment that holds the words is named", () => {
  assert.deepEqual(
    searchModel(INDEX, "label id").map(({ table, where }) => [table.name, where]),
    [["reviews", "label_id"]],
  );
  assert.equal(searchModel(INDEX, "went out")[0]?.where, "note");
  assert.equal(searchModel(INDEX, "verdicts on")[0]?.where, "its comment");
});

test("every word must be there, and nothing finds nothing", () => {
  assert.deepEqual(namesFor("labeling.labels"), ["labels", "gold_labels"]);
  assert.deepEqual(namesFor("labels zebra"), []);
  assert.deepEqual(namesFor("  "), []);
});

test("a diagram of keys alone leaves out all other columns, and braces around nothing", () => {
  const text = [
    "erDiagram",
    "  a {",
    "    uuid id PK",
    "    text pk_note",
    "  }",
    "  b {",
    "    text word",
    "  }",
    '  a ||--o{ b : "id"',
  ];
  assert.equal(onlyKeys(text.join("\n")), 'erDiagram\n  a {\n    uuid id PK\n  }\n  b\n  a ||--o{ b : "id"');
});
