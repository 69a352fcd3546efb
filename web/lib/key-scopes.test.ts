import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operation } from "./api-description.ts";
import { firstCallOf, kindsOf } from "./key-scopes.ts";

const PERMISSIONS = ["tasks.task.read", "crm.customer.write", "crm.customer.read"];
const WORDS = { "crm.customer.write": "Change customers", "tasks.task.read": "See tasks" };
const KEY = { origin: "https://tenon.example", organization: "acme", token: "tak_1" };

test("permissions come kind by kind, those alone that hold every word of a search", () => {
  assert.deepEqual(kindsOf(PERMISSIONS, WORDS, ""), [
    { name: "crm", permissions: ["crm.customer.read", "crm.customer.write"] },
    { name: "tasks", permissions: ["tasks.task.read"] },
  ]);
  assert.deepEqual(kindsOf(PERMISSIONS, WORDS, " change  CUSTOMER"), [
    { name: "crm", permissions: ["crm.customer.write"] },
  ]);
  assert.deepEqual(kindsOf(PERMISSIONS, WORDS, "invoice"), []);
});

function operation(operationId: string, path: string, permission: string, more: Partial<Operation> = {}): Operation {
  const json = { "200": { content: { "application/json": {} } } };
  const texts = { summary: "", description: "", tag: "", tags: [], security: [{}] };
  return {
    operationId,
    path,
    method: "GET",
    "x-permission": permission,
    parameters: [],
    responses: json,
    ...texts,
    ...more,
  };
}

const asked = { name: "id", in: "query", required: true, schema: {} };
const OPERATIONS = [
  operation("tasks.task.create", "/api/organizations/{organization}/tasks", "tasks.task.read", { method: "POST" }),
  operation("tasks.task.read", "/api/organizations/{organization}/tasks/{id}", "tasks.task.read", {
    parameters: [asked],
  }),
  operation("tasks.events", "/api/organizations/{organization}/events", "tasks.task.read", { responses: {} }),
  operation("tasks.task.list", "/api/organizations/{organization}/tasks", "tasks.task.read"),
  operation("organizations.key.current", "/api/organizations/{organization}/keys/current", "organization.read"),
];

test("the first call is one that the key may make as it stands", () => {
  assert.equal(
    firstCallOf(OPERATIONS, ["tasks.task.read"], KEY),
    "curl 'https://tenon.example/api/organizations/acme/tasks' -H 'Authorization: Bearer tak_1'",
  );
  assert.match(firstCallOf(OPERATIONS, ["tasks.task.read", "organization.read"], KEY) ?? "", /keys\/current/);
  assert.equal(firstCallOf(OPERATIONS, ["tasks.task.write"], KEY), undefined);
});
