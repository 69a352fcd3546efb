import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createScratchDatabase, openAdmin, testServer } from "../../test/harness.ts";
import type { Table } from "../database/catalog/catalog.ts";
import { readCatalog } from "../database/catalog/read.ts";
import { readMigrations } from "../database/migrate.ts";
import { withRoleNames } from "../database/roles.ts";
import { MIGRATIONS_FOLDER } from "../installation.ts";
import { type Format, writeDocument, writeDocuments } from "./document.ts";
import { UnknownDomainError } from "./domain.ts";
import { createForeignDatabase } from "./foreign.fixture.ts";
import { readDiagram, readDiagramsIn } from "./mermaid.fixture.ts";
import type { DataModel } from "./model.ts";

const FOLDER = join(import.meta.dirname, "../../docs/data-model");

// A copy in which no other test is at work.
const catalog = await readCatalog(await openAdmin(await createScratchDatabase()));
const migrations = await readMigrations(MIGRATIONS_FOLDER);

function write(words: string[], format: Format = "markdown"): string {
  return writeDocument(catalog, { words, format, spec: "specs/001/spec.md", migrations, today: "2026-01-02" }).text;
}

function modelOf(...words: string[]): DataModel {
  return JSON.parse(write(words, "json")) as DataModel;
}

function tablesOf(...words: string[]) {
  return modelOf(...words).parts.flatMap(({ tables }) => tables);
}

function namesOf(...words: string[]): string[] {
  return tablesOf(...words).map(({ schema, name }) => `${schema}.${name}`);
}

test("the documents in docs/data-model are those of the catalog (else run `bin/tenon data-model --out docs/data-model/`)", async () => {
  const documents = writeDocuments(catalog, { format: "markdown", migrations, today: "" });
  for (const [name, text] of documents) assert.equal(await readFile(join(FOLDER, `${name}.md`), "utf8"), text, name);
  assert.deepEqual((await readdir(FOLDER)).sort(), [...documents.keys()].map((name) => `${name}.md`).sort());
});

test("the question about annotations finds labels, their tasks, assignments and reviews, and nothing of accounts", () => {
  const names = namesOf("annotation submission and scoring");
  for (const name of ["labels", "label_revisions", "assignments", "tasks", "reviews", "project_figures"])
    assert.ok(names.includes(`labeling.${name}`), `${name} is missing: ${names}`);
  assert.deepEqual(
    names.filter((name) => /^(?:identity|kernel)\./.test(name)),
    [],
  );
});

test("the question about datasets finds datasets, and that about users and roles finds members", () => {
  const datasets = namesOf("Task configuration and dataset management");
  for (const name of ["datasets.datasets", "datasets.dataset_items", "labeling.configurations", "labeling.tasks"])
    assert.ok(datasets.includes(name), `${name} is missing: ${datasets}`);
  const people = namesOf("User and role management");
  for (const name of [
    "identity.users",
    "organizations.roles",
    "organizations.member_roles",
    "organizations.memberships",
  ])
    assert.ok(people.includes(name), `${name} is missing: ${people}`);
});

test("singular and plural find the same, a module's name means its schema, and names of tables mean these", () => {
  assert.deepEqual(namesOf("dataset item"), namesOf("dataset items"));
  assert.ok(namesOf("annotations").includes("labeling.labels"), "another word for the same thing");
  assert.deepEqual(
    namesOf("invitation").filter((name) => !/invit|member/.test(name)),
    [],
    "neighbours of a match, but not neighbours alone",
  );
  assert.ok(namesOf("identity").every((name) => name.startsWith("identity.")));
  assert.deepEqual(namesOf("labeling.labels", "roles"), ["labeling.labels", "organizations.roles"]);
});

test("words that match nothing say so, and some of them are named", () => {
  assert.throws(() => write(["zebras"]), UnknownDomainError);
  const request = { format: "markdown", migrations, today: "" } as const;
  assert.deepEqual(writeDocument(catalog, { ...request, words: ["labels zebras"] }).unmatched, ["zebras"]);
});

test("everything of Tenon is in one document, a part and a diagram for each schema, each table once", async () => {
  const markdown = write([]);
  const diagrams = await readDiagramsIn(markdown);
  assert.equal(diagrams.length, new Set(catalog.tables.map(({ schema }) => schema)).size);
  const drawn = diagrams.flatMap(({ entities }) => entities);
  assert.equal(drawn.length, catalog.tables.length);
  assert.match(markdown, /^\*\*ORM\*\*: Kysely {2}$/m);
  assert.match(markdown, /^\*\*Date\*\*: as of migration \d{4}_\w+ {2}$/m);
  assert.match(markdown, /^\*\*Spec Reference\*\*: specs\/001\/spec\.md$/m);
  assert.doesNotMatch(markdown, new RegExp(testServer.prefix));
});

test("keys and cardinalities are those of the constraints", async () => {
  const { relations } = await readDiagram(modelOf("labeling").parts[0]?.diagrams[0] ?? "");
  assert.ok(relations.includes('tasks ||--o{ assignments : "task_id"'), relations.join("\n"));
  assert.ok(relations.includes('assignments ||--o| labels : "assignment_id"'));
  assert.ok(relations.includes('"organizations.memberships" |o--o{ assignments : "user_id"'));
  const memberships = tablesOf("organizations.memberships")[0];
  assert.deepEqual(memberships?.keys.user_id, ["PK", "FK"]);
});

test("sensitive tables are marked, and no role that serves requests is said to read them", () => {
  const marked = [...write(["identity"]).matchAll(/^### ⚠️ (\w+)/gm)].map(([, name]) => name);
  const sensitive = tablesOf("identity").filter(
    ({ sensitivity }) => sensitivity === "high" || sensitivity === "critical",
  );
  assert.deepEqual(marked.sort(), sensitive.map(({ name }) => name).sort());
  const { builtInAccess, access } = modelOf("identity").parts[0] ?? { builtInAccess: {}, access: {} };
  assert.deepEqual(
    new Set(Object.values(builtInAccess).map((words) => words["identity.credentials"])),
    new Set(["NONE"]),
  );
  assert.deepEqual(Object.keys(access), ["tenon_definer"]);
});

test("who may do what follows from grants, policies and permissions", () => {
  const { builtInAccess = {} } = modelOf("labeling").parts[0] ?? {};
  const wordsOf = (role: string, table: string) =>
    Object.entries(builtInAccess).find(([roles]) => roles.split(", ").includes(role))?.[1][`labeling.${table}`];
  assert.equal(wordsOf("labeler", "labels"), "Own rows");
  assert.equal(wordsOf("labeler", "choices"), "NONE");
  assert.equal(wordsOf("viewer", "choices"), "Read");
  assert.equal(wordsOf("owner", "choices"), "Full");
  assert.equal(wordsOf("client", "labels"), "NONE");
  // Its database role may, but it holds no permission there.
  assert.equal(wordsOf("participant", "labels"), "NONE");
});

test("the order of states, the record and partitions are told", () => {
  const labels = tablesOf("labeling.labels")[0];
  assert.deepEqual(labels?.states, [
    {
      column: "status",
      steps: { draft: ["submitted"], submitted: ["approved", "rejected"], rejected: ["submitted"], approved: [] },
    },
  ]);
  const markdown = write(["audit"]);
  assert.match(markdown, /^\| audit_logs \| RANGE \(created_at\) \| one for each month \|$/m);
  assert.match(
    write(["labeling"]),
    /^\| reviews \| created_at, updated_at, version \| every change with its values \|$/m,
  );
});

test("the statements of a module make its tables in an empty database", async () => {
  const sql = withRoleNames(write(["projects", "datasets", "labeling"], "sql"), testServer.prefix);
  const { client } = await createForeignDatabase(sql);
  const made = await readCatalog(client);
  const kept = ["projects", "datasets", "labeling"];
  assert.deepEqual(
    made.tables.map(({ id }) => id),
    catalog.tables.filter(({ schema }) => kept.includes(schema)).map(({ id }) => id),
  );
});

test("the statements of all of Tenon make it again", async () => {
  const { client } = await createForeignDatabase(withRoleNames(write([], "sql"), testServer.prefix));
  const made = (await readCatalog(client)).tables;
  for (const [index, table] of catalog.tables.entries()) assert.equal(comparable(made[index]), comparable(table));
  assert.equal(made.length, catalog.tables.length);
});

/** PostgreSQL drops brackets that say nothing when it reads its own text again; owners are not made. */
function comparable(table: Table | undefined): string {
  return JSON.stringify({ ...table, owner: "" }, null, 1)
    .replaceAll(`${testServer.prefix}_`, "tenon_")
    .replace(/[()]/g, "");
}
