import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ApiDescription,
  curlOf,
  fieldsOf,
  operationsOf,
  type Schema,
  searchOperations,
  typeOf,
} from "./api-description.ts";

const Tree = {
  type: "object",
  properties: { name: { type: "string" }, parts: { type: "array", items: { $ref: "#/components/schemas/tree" } } },
};
const api: ApiDescription = {
  info: { version: "1", description: "" },
  tags: [],
  paths: {
    "/api/{organization}/trees": {
      post: {
        operationId: "forest.tree.create",
        summary: "Plant a tree",
        description: "Plant a tree.",
        tags: ["forest"],
        security: [{}],
        parameters: [
          { name: "organization", in: "path", required: true, schema: { type: "string" }, example: "acme" },
          { name: "at", in: "query", required: false, schema: { type: "string" }, example: "the river & hill" },
          { $ref: "#/components/parameters/If-Match" },
        ],
        requestBody: { content: { "application/json": { example: { name: "Ada's" } } } },
        responses: {},
      },
      get: {
        operationId: "forest.tree.list",
        summary: "All that was planted",
        description: "",
        tags: ["forest"],
        security: [],
        parameters: [],
        responses: {},
      },
    },
  },
  components: {
    schemas: { tree: Tree },
    responses: {},
    parameters: { "If-Match": { name: "If-Match", in: "header", required: false, schema: {} } },
  },
};

test("a shape is told field by field, and one that holds itself comes to an end", () => {
  const schema: Schema = {
    type: "object",
    required: ["tree"],
    properties: {
      tree: { $ref: "#/components/schemas/tree" },
      notes: {
        type: "array",
        items: { type: "object", properties: { text: { type: "string", minLength: 1, maxLength: 1 } } },
      },
      height: { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 1 },
    },
  };
  assert.deepEqual(
    fieldsOf(api, schema).map(({ way, type, isRequired, notes }) => [way, type, isRequired, notes]),
    [
      ["tree", "object", true, ""],
      ["tree.name", "string", false, ""],
      ["tree.parts", "list of object", false, ""],
      ["notes", "list of object", false, ""],
      ["notes[].text", "string", false, "exactly 1 characters"],
      ["height", "integer", false, "at least 0; 1 if left out"],
    ],
  );
});

test("variants of a shape are told together", () => {
  const schema: Schema = {
    oneOf: [
      { type: "object", required: ["kind", "by"], properties: { kind: { const: "a" }, by: { type: "string" } } },
      { type: "object", required: ["kind"], properties: { kind: { const: "b" } } },
    ],
  };
  assert.deepEqual(
    fieldsOf(api, schema).map(({ way, type, isRequired }) => [way, type, isRequired]),
    [
      ["kind", '"a" | "b"', true],
      ["by", "string", false],
    ],
  );
  assert.equal(typeOf(api, { anyOf: [{ type: "string", format: "uuid" }, { type: "null" }] }), "string, uuid | null");
});

test("operations are found by all words of a query, those first that are named so", () => {
  const operations = operationsOf(api);
  const found = (query: string) => searchOperations(operations, query).map(({ operationId }) => operationId);
  assert.deepEqual(found("TREE plant"), ["forest.tree.create", "forest.tree.list"]);
  assert.deepEqual(found("get trees"), ["forest.tree.list"]);
  assert.deepEqual(found("stone"), []);
  assert.deepEqual(found(" "), []);
});

test("an example becomes a line for a shell, whatever is in it", () => {
  const [create, list] = operationsOf(api);
  assert.ok(create && list);
  assert.equal(
    curlOf("https://tenon.example", create),
    [
      "curl -X POST 'https://tenon.example/api/acme/trees?at=the+river+%26+hill'",
      '-H "Authorization: Bearer $TOKEN"',
      "-H 'Content-Type: application/json'",
      `--data-binary '{"name":"Ada'\\''s"}'`,
    ].join(" \\\n  "),
  );
  assert.equal(curlOf("", list), "curl '/api/{organization}/trees'");
});
