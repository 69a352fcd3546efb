import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createPerson, createScratchDatabase, openAdmin, openTestDatabase, type Person } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { readCatalog } from "../database/catalog/read.ts";
import { readMigrations } from "../database/migrate.ts";
import type { AnswerOf } from "../http/endpoint.ts";
import { MIGRATIONS_FOLDER } from "../installation.ts";
import { type ModelDomain, readDomain, readModel } from "./contract.ts";
import { type Format, writeDocument } from "./document.ts";
import { readLiveModel } from "./live.ts";
import { readDiagram } from "./mermaid.fixture.ts";

let http: TestHttpServer;
let person: Person;

before(async () => {
  http = await openTestServer();
  person = await createPerson(http.database);
});

async function get<Answer>(url: string): Promise<Answer> {
  const answer = await http.ask(person, { url });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json<Answer>();
}

test("the role that reads for the page is told all that the administrator is told", async () => {
  // A copy in which no other test is at work.
  const server = await createScratchDatabase();
  const { catalog, migrations } = await readLiveModel(openTestDatabase(server));
  const found = await readCatalog(await openAdmin(server));
  assert.ok(found.tenon && found.tenon.builtInRoles.length > 0 && found.tenon.migrations.length === migrations.length);
  assert.deepEqual(catalog, found);
});

test("many who ask at once wait for one reading, and one that failed is not kept", async () => {
  const database = openTestDatabase(await createScratchDatabase());
  const models = await Promise.all(Array.from({ length: 20 }, () => readLiveModel(database)));
  assert.equal(new Set(models).size, 1);
  let works = false;
  const failing = {
    ...openTestDatabase(),
    lend: async () => {
      if (works) return models[0]?.catalog as never;
      throw new Error("Out of reach.");
    },
  };
  await assert.rejects(readLiveModel(failing), /Out of reach/);
  works = true;
  assert.equal((await readLiveModel(failing)).catalog, models[0]?.catalog);
});

test("a database that is changed while it is read is read anew", async () => {
  const login = await createScratchDatabase();
  const [admin, database] = [await openAdmin(login), openTestDatabase(login)];
  const begun = { readings: 0, models: 0 };
  const lend: typeof database.lend = (role, work) => {
    begun.readings++;
    return database.lend(role, work);
  };
  const isReadAnew = () => begun.readings > begun.models;
  const changing = async () => {
    while (!isReadAnew()) {
      await admin.query(
        "create table public.passing (id integer primary key, parent integer references public.passing)",
      );
      await admin.query("drop table public.passing");
    }
  };
  const reading = async () => {
    while (!isReadAnew()) {
      begun.models++;
      // A database that is opened anew is read, whatever is kept of the others.
      await readLiveModel({ ...database, lend });
    }
  };
  await Promise.all([changing(), reading()]);
});

test("every domain is answered as the contract says, with all tables of the overview and diagrams that Mermaid takes", async () => {
  const overview = await get<AnswerOf<typeof readModel>>("/api/data-model");
  assert.deepEqual(readModel.answer.parse(overview), overview);
  assert.ok(overview.domains.some(({ name, description }) => name === "labeling" && description !== ""));
  for (const { name, tables } of overview.domains) {
    const domain = await get<ModelDomain>(`/api/data-model/domains/${name}`);
    assert.deepEqual(readDomain.answer.parse(domain), domain, name);
    assert.deepEqual(
      domain.tables.map(({ id, columns }) => [id, columns.map((column) => column.name)]),
      tables.map(({ id, columns }) => [id, columns]),
    );
    const drawn = [];
    for (const diagram of domain.diagrams) drawn.push(...(await readDiagram(diagram)).entities);
    assert.deepEqual(
      drawn,
      tables.map((table) => table.name),
    );
  }
});

test("keys, purposes, row rules and rights are those of the database", async () => {
  const { tables, builtInAccess } = await get<ModelDomain>("/api/data-model/domains/labeling");
  const labels = tables.find(({ name }) => name === "labels") ?? assert.fail();
  assert.deepEqual(labels.keys.assignment_id, ["FK", "UK"]);
  assert.ok(labels.indexes.every(({ comment }) => comment));
  assert.ok(labels.policies.some(({ roles, using }) => roles.includes("tenon_own") && /user_id\(\)/.test(using ?? "")));
  assert.deepEqual(labels.states[0]?.steps.draft, ["submitted"]);
  const labeler = Object.entries(builtInAccess).find(([roles]) => roles.split(", ").includes("labeler"));
  assert.equal(labeler?.[1]["labeling.labels"], "Own rows");
  const credentials = await get<ModelDomain>("/api/data-model/domains/identity");
  assert.ok(credentials.tables.find(({ name }) => name === "credentials")?.isSensitive);
});

test("a question finds tables by meaning, and one about nothing is told the nearest names", async () => {
  const { tables } = await get<{ tables: string[] }>("/api/data-model/search?words=annotation%20submission");
  assert.ok(tables.includes("labeling.labels"), tables.join(", "));
  const nothing = await get<{ tables: string[]; nearest: string[] }>("/api/data-model/search?words=asignmets");
  assert.deepEqual(nothing.tables, []);
  assert.equal(nothing.nearest[0], "assignments");
  assert.equal((await http.ask(person, { url: "/api/data-model/search?words=%20" })).statusCode, 400);
});

test("a document is the one that the command writes", async () => {
  const { catalog } = await readLiveModel(http.database);
  const migrations = await readMigrations(MIGRATIONS_FOLDER);
  for (const [format, ending] of Object.entries({ markdown: "md", json: "json", sql: "sql" }) as [Format, string][]) {
    const answer = await http.ask(person, { url: `/api/data-model/document?words=labeling&format=${format}` });
    const request = { words: ["labeling"], format, migrations, today: "" };
    assert.equal(answer.body, writeDocument(catalog, request).text);
    assert.match(String(answer.headers["content-disposition"]), new RegExp(`labeling\\.${ending}$`));
  }
  const all = await http.ask(person, { url: "/api/data-model/document" });
  assert.match(all.body, /^## labeling$/m);
});

test("what is not there is not found, and a session that has ended sees nothing", async () => {
  for (const url of ["/api/data-model/domains/nowhere", "/api/data-model/document?words=zebras"]) {
    const answer = await http.ask(person, { url });
    assert.deepEqual([answer.statusCode, answer.json().code], [404, "not_found"], url);
  }
  const other = await createPerson(http.database);
  assert.equal((await http.ask(other, { url: "/api/data-model" })).statusCode, 200);
  await http.ask(other, { method: "DELETE", url: "/api/session" });
  for (const url of ["/api/data-model", "/api/data-model/domains/labeling", "/api/data-model/document"])
    assert.equal((await http.ask(other, { url })).statusCode, 401, url);
});
