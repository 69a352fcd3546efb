import assert from "node:assert/strict";
import { test } from "node:test";
import { nouns } from "../../app.ts";
import { TABLE_FACTS } from "../../kernel/database/facts.gen.ts";
import { type Noun, noun } from "../../kernel/nouns/noun.ts";

/** Tables that members may read and that are no nouns, each with the reason. */
const NO_NOUNS: Record<string, string> = {
  "audit.audit_logs": "audit.entry.list and audit.entry.export look through the record, and take it out",
  "audit.retention": "an organization has one row: audit.retention.read",
  "imports.imports": "imports.import.list tells of those into what one may read",
  "imports.errors": "imports.import.errors gives them as a file, to who may read what was imported",
  "tasks.files": "who may read a file is decided by what its task was for, as labeling.export.download does",
  "tasks.file_chunks": "the pieces of files are the machine's own",
  "tasks.webhook_attempts": "tasks.webhook_delivery.read tells the calls of a delivery",
  "tasks.webhook_subscriptions": "tasks.webhook_endpoint.read tells what an endpoint is told of",
  "tasks.webhook_figures": "tasks.webhook_endpoint.read tells how it goes",
  "tasks.webhook_deliveries":
    "tasks.webhook_delivery.list tells what a webhook was told, without what only its owner may see",
  "assistant.providers": "connecting one takes its key, which is sealed; verbs do it and list them",
  "tasks.lines": "how much of the workers an organization gets is the operator's",
};

/** Permissions of modules that are older than their names. */
const OF_ORGANIZATIONS = /^(organization|member|role|key)\./;

/** What only verbs and machines change, by the names that such columns have. */
const KEPT = [
  /^(id|organization_id|version|created_at|updated_at)$/,
  /(^|_)(status|stage|state)$/,
  /(^|_)(score|rework|decision|revision|progress_percentage|ltv)$/,
  /(^|_)(count|total|subtotal|balance|held|posted|settled|spent|used|quantity|cost)$/,
  /^(subtotal|total|tax|shipping|discount|refunded|paid)_amount$/,
  /^(answer|gold|effective_permissions|permissions|may_write)$/,
  /^(created|saved|approved|decided|resolved|changed|requested|placed|released|invited)_by$/,
  /^(completed|published|submitted|scored|resolved|decided|synced|deleted|joined|left|last_.*|ai_.*_enhanced)_at$/,
  /^(sync_(status|error)|storage_key|content_hash|provider_.*|email_key|name_key|ai_.*)$/,
];
const BY_TRIGGER = /(kept|set) by trigger/i;

/** Columns of people who are named by others; everywhere else a row is its maker's. */
const NAMED = new Set(["evaluation.participants.user_id"]);

function isKept(table: string, name: string, comment: string): boolean {
  if (NAMED.has(`${table}.${name}`)) return false;
  return name === "user_id" || BY_TRIGGER.test(comment) || KEPT.some((form) => form.test(name));
}

test("every table that members may read is a noun, or is none for a reason", () => {
  const tables = [...nouns.map(({ table }) => table as string), ...Object.keys(NO_NOUNS)];
  assert.deepEqual(tables.toSorted(), Object.keys(TABLE_FACTS).toSorted());
});

test("a noun is read and written by permissions of its module, and called by its name", () => {
  for (const { table, name, read, write = read } of nouns) {
    const module = `${table.split(".")[0]}.`;
    assert.ok(name.startsWith(module), name);
    for (const permission of [read, write])
      assert.ok(module === "organizations." ? OF_ORGANIZATIONS.test(permission) : permission.startsWith(module), name);
  }
});

test("no noun lets anybody set a state, score, counter, membership, gold answer or money that was counted", () => {
  const settable = nouns.flatMap(({ table, creatable, facts }) =>
    creatable
      .filter((name) => isKept(table, name, facts.columns[name]?.comment ?? ""))
      .map((name) => `${table}.${name}`),
  );
  assert.deepEqual(settable, []);
  for (const name of ["status", "stage", "rework", "total_amount", "inventory_quantity", "churn_risk_score", "user_id"])
    assert.ok(isKept("any.table", name, ""), name);
});

test("whatever a row must have can be set where rows are made, or is filled in", () => {
  const missing = nouns
    .filter(({ writes }) => writes.includes("create"))
    .flatMap((one) => required(one).map((name) => `${one.table}.${name}`));
  assert.deepEqual(missing, []);
});

/** Columns without a default that nobody fills. */
function required({ facts, creatable }: Noun): string[] {
  return Object.entries(facts.columns)
    .filter(([name, { nullable, optional, comment }]) => {
      const isFilled = nullable || optional || BY_TRIGGER.test(comment) || name === "organization_id";
      return !isFilled && !creatable.includes(name);
    })
    .map(([name]) => name);
}

test("a noun without what it names is refused", () => {
  const parts = {
    table: "crm.customers",
    name: "crm.customer",
    read: "crm.customer.read",
    write: "crm.customer.write",
  } as const;
  assert.throws(
    () => noun({ ...parts, writable: ["email_key"] }),
    /crm\.customers\.email_key is no column that can be written/,
  );
  assert.throws(
    () => noun({ ...parts, table: "kernel.secrets" }),
    /kernel\.secrets is no tenant table that members may read/,
  );
  assert.throws(
    () => noun({ ...parts, table: "crm.customer_stages" }),
    /crm\.customer_stages is written by verbs only/,
  );
  assert.deepEqual(noun({ ...parts, writable: ["name"] }).writes, ["create", "update", "delete"]);
  assert.deepEqual(noun({ ...parts, creatable: ["name"], byVerb: ["delete"] }).writes, ["create"]);
});
