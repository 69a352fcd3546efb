import assert from "node:assert/strict";
import { test } from "node:test";
import { openAdmin } from "../../test/harness.ts";
import type { Catalog } from "../database/catalog/catalog.ts";
import { readCatalog } from "../database/catalog/read.ts";
import { type Format, writeDocument } from "./document.ts";
import { UnknownDomainError } from "./domain.ts";
import { createForeignDatabase, LONG_NAME, manyTables, ODD_DATABASE } from "./foreign.fixture.ts";
import { readDiagramsIn } from "./mermaid.fixture.ts";
import type { DataModel } from "./model.ts";

const TABLES = 150;
/** What cannot be made of two tables and two views when the rest is not there. */
const LEFT_OUT = [
  "foreign key orders_event_id_event_at_event_kind_fkey of public.orders refers to public.events",
  "policy known on public.orders reads public.bookings",
  'view public."View" reads public."Select"',
  'view public.a_view reads public."View"',
];

const many = await createForeignDatabase(manyTables(TABLES));
const odd = await createForeignDatabase(ODD_DATABASE);
const empty = await createForeignDatabase("drop schema public");

function write(catalog: Catalog, words: string[] = [], format: Format = "markdown"): string {
  return writeDocument(catalog, { words, format, today: "2026-01-02", migrations: [] }).text;
}

function modelIn(catalog: Catalog, words: string[] = []): DataModel {
  return JSON.parse(write(catalog, words, "json")) as DataModel;
}

/** Without the database's name: all else is to be the same. */
async function rebuilt(catalog: Catalog): Promise<Catalog> {
  const { client } = await createForeignDatabase(write(catalog, [], "sql"));
  return { ...(await readCatalog(client)), database: catalog.database };
}

test("a database of 150 tables is drawn whole, every table once and every foreign key", async () => {
  const diagrams = await readDiagramsIn(write(await readCatalog(many.client)));
  assert.equal(new Set(diagrams.flatMap(({ entities }) => entities)).size, TABLES + 1);
  assert.equal(diagrams.flatMap(({ relations }) => relations).length, TABLES - 1);
});

test("a question picks some of many tables, and a neighbour comes along", async () => {
  const names = modelIn(await readCatalog(many.client), ["table_7"]).parts.flatMap(({ tables }) => tables);
  assert.deepEqual(
    names.map(({ name }) => name),
    ["table_7"],
  );
  assert.ok(
    modelIn(await readCatalog(many.client), ["price totals"]).parts.flatMap((part) => part.tables).length <= 25,
  );
});

test("what our schema rules would find in a foreign database is a warning", async () => {
  const { warnings } = modelIn(await readCatalog(many.client));
  const of = (table: string) => warnings.filter((warning) => warning.table === table).map(({ problem }) => problem);
  assert.deepEqual(of("public.table_3"), [
    "has tenant_id but no row-level security",
    "unique table_3_name_key (name) is without tenant_id",
    "no index begins with the columns of foreign key table_3_parent_id_fkey",
    "changed_at is timestamp without time zone",
    "total_price is double precision",
    "has no comment, nor have 7 of its 7 columns",
  ]);
  assert.equal(of("public.loose")[0], "has no primary key");
  assert.match(write(await readCatalog(many.client)), /^## Warnings$/m);
});

test("odd names, composite keys, partitions and rare types make a diagram that Mermaid takes", async () => {
  const markdown = write(await readCatalog(odd.client));
  const diagrams = await readDiagramsIn(markdown);
  const relations = diagrams.flatMap((diagram) => diagram.relations);
  assert.ok(
    relations.includes('"public.Select" |o--o{ "public.naïve table" : "select from, select table"'),
    relations.join("\n"),
  );
  assert.ok(relations.includes('"public.naïve table" |o--o{ "public.naïve table" : "parent"'));
  assert.ok(relations.includes('"public.naïve table" ||--o| "public.naïve table" : "boss"'));
  assert.ok(relations.includes('"public.end" ||--o| "public.END" : "many"'));
  const alone = await readDiagramsIn(write(await readCatalog(odd.client, ["public"])));
  assert.ok(alone.flatMap(({ entities }) => entities).includes(LONG_NAME));
  assert.match(markdown, /^### ⚠️ public\.Select$/m);
  assert.match(markdown, /^\| From \\\| to \\<b\\>bold\\<\/b\\> \\\*star\\\* \||\\<b\\>bold/m);
});

test("the statements of an odd database make the same database again", async () => {
  const catalog = await readCatalog(odd.client);
  assert.deepEqual(await rebuilt(catalog), catalog);
  const large = await readCatalog(many.client);
  assert.deepEqual(await rebuilt(large), large);
});

test("a part of a database can be made without the rest, and what is left out is said", async () => {
  const sql = write(await readCatalog(odd.client), ["orders", "naïve table", "View", "a_view"], "sql");
  for (const line of LEFT_OUT) assert.ok(sql.includes(`\n-- ${line}\n`), line);
  const { client } = await createForeignDatabase(sql);
  const { tables } = await readCatalog(client);
  assert.deepEqual(
    tables.map(({ name }) => name),
    ["naïve table", "orders"],
  );
});

test("an empty database has a document, and nothing that a word could be about", async () => {
  const catalog = await readCatalog(empty.client);
  assert.match(write(catalog), /There are no tables\./);
  assert.equal(modelIn(catalog).parts.length, 1);
  const { client } = await createForeignDatabase(write(catalog, [], "sql"));
  assert.deepEqual((await readCatalog(client)).tables, []);
  assert.throws(() => write(catalog, ["orders"]), UnknownDomainError);
});

test("words that match nothing name the nearest domains", async () => {
  const catalog = await readCatalog(odd.client);
  assert.throws(
    () => write(catalog, ["bokings"]),
    /nothing in this database is about "bokings".*nearest domains: bookings,/i,
  );
});

test("a schema that is not there is refused by name, and only the asked ones are read", async () => {
  const admin = await openAdmin();
  await assert.rejects(readCatalog(admin, ["identity", "nowhere"]), /There is no schema nowhere/);
  const { tables } = await readCatalog(odd.client, ['Odd "Schema"']);
  assert.deepEqual(
    tables.map(({ id }) => id),
    ['"Odd ""Schema"""."Select"'],
  );
});
