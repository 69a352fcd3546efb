import assert from "node:assert/strict";
import { before, test } from "node:test";
import { z } from "zod";
import { hasVersion, type Noun } from "../../kernel/nouns/noun.ts";
import { rowShape } from "../../kernel/nouns/shapes.ts";
import { addMember, type Person } from "../harness.ts";
import type { Row } from "../isolation/making.ts";
import {
  endpointOf,
  isRead,
  keyOf,
  missingKey,
  type NounEndpoint,
  nounRequest,
  type Operation,
  type Served,
  served,
  wrongAddresses,
} from "./noun-requests.ts";
import { contentsOf, type NounScene, openNounScene, type Place } from "./noun-scene.ts";
import { essenceOf } from "./server.ts";

const LIST_MAX = 200;

let scene: NounScene;

before(async () => {
  scene = await openNounScene();
});

for (const one of served) {
  const { noun, endpoints } = one;
  test(`${noun.name} of a foreign organization is as one that does not exist`, async () => {
    const { own, foreign } = scene;
    const [ours, theirs] = [rowOf(own, noun), rowOf(foreign, noun)];
    // Where no id of its own is in the key, a row of ours may have the same one.
    const isOurs = (await keysOf(noun)).has(nameOf(noun, theirs));
    const missing = isOurs ? undefined : missingKey(noun, theirs);
    for (const each of endpoints) {
      const nowhere = await essence(one, each, "no-such-organization", ours);
      assert.equal(nowhere.statusCode, 404, each.endpoint.name);
      for (const row of [ours, theirs]) assert.deepEqual(await essence(one, each, foreign.tenant.slug, row), nowhere);
      if (!missing || !namesRow(each)) continue;
      const nothing = await essence(one, each, own.tenant.slug, missing);
      if (each.operation !== "bulk") assert.equal(nothing.statusCode, 404, each.endpoint.name);
      assert.deepEqual(await essence(one, each, own.tenant.slug, theirs), nothing, each.endpoint.name);
    }
  });

  test(`${noun.name} is answered as declared, and only the organization's own`, async () => {
    const { own } = scene;
    const row = rowOf(own, noun);
    const got = await askFor(one, "get", row);
    assert.equal(got?.statusCode, 200, got?.body);
    assertShape(noun, got?.json());
    assert.equal(got?.headers.etag, hasVersion(noun) ? `"${got?.json().version}"` : undefined);
    const listed = await askFor(one, "list", row);
    if (!listed) return;
    const { items } = listed.json<{ items: Row[] }>();
    for (const item of items) assertShape(noun, item);
    const known = await keysOf(noun);
    assert.ok(items.length >= Math.min(known.size, 1), "something is listed");
    for (const item of items) assert.ok(known.has(nameOf(noun, item)), nameOf(noun, item));
    const again = items.find((item) => nameOf(noun, item) === nameOf(noun, got?.json()));
    if (known.size < LIST_MAX) assert.deepEqual(again, got?.json());
    const counted = await askFor(one, "count", row);
    assert.equal(counted?.json().count, known.size);
  });
}

test("a key that is none, or names nothing, is told so", async () => {
  const { own, http } = scene;
  const wrong: string[] = [];
  for (const one of served) {
    const path = endpointOf(one, "get")?.path ?? "";
    for (const url of wrongAddresses(one, path, own.tenant.slug, rowOf(own, one.noun))) {
      const { statusCode } = await http.ask(own.tenant.owner, { url });
      if (statusCode !== 400 && statusCode !== 404) wrong.push(`${statusCode} ${url}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("whatever was asked of a foreign organization changed nothing in it", async () => {
  const { own, foreign, admin } = scene;
  const before = await contentsOf(admin, foreign);
  for (const one of served) {
    for (const each of one.endpoints.filter(({ operation }) => !isRead(operation))) {
      await essence(one, each, own.tenant.slug, rowOf(foreign, one.noun));
      await essence(one, each, foreign.tenant.slug, rowOf(foreign, one.noun));
    }
  }
  assert.deepEqual(await contentsOf(admin, foreign), before);
});

test("whoever sees only what is theirs finds nothing that is somebody else's", async () => {
  const { own, admin, http } = scene;
  const seen: string[] = [];
  for (const role of ["labeler", "participant", "client"]) {
    const person = await addMember(admin, http.database, own.tenant, role);
    for (const one of served) {
      const found = await answersOf(one, person, rowOf(own, one.noun));
      if (found.some((row) => !isOf(person, row))) seen.push(`${role}: ${one.noun.name}`);
    }
  }
  assert.deepEqual(seen, []);
});

for (const one of served.filter((each) => endpointOf(each, "create"))) {
  test(`${one.noun.name} is made out of what may be set, changed and deleted`, async () => {
    const { own } = scene;
    const made = await askFor(one, "create", await rowFor(one, { operation: "create" }));
    assert.equal(made?.statusCode, 201, made?.body);
    const row = made?.json<Row>() ?? {};
    assertShape(one.noun, row);
    const read = await scene.http.ask(own.tenant.owner, { url: String(made?.headers.location) });
    assert.deepEqual(read.json(), row);
    const changed = await askFor(one, "update", row);
    if (changed) {
      // Some rows keep to rules of their own: the measures of a benchmark that is open.
      assert.ok([200, 409].includes(changed.statusCode), changed.body);
      if (changed.statusCode === 200) assertShape(one.noun, changed.json());
    }
    const gone = await askFor(one, "delete", row);
    if (gone) assert.ok([204, 409].includes(gone.statusCode), gone.body);
  });
}

test("a customer's person gets what is the customer's, without what is closed to them", async () => {
  const { own, admin, http } = scene;
  const person = await addMember(admin, http.database, own.tenant, "client");
  const [customers, projects] = ["crm.customers", "projects.projects"].map((table) => {
    return served.find(({ noun }) => noun.table === table) ?? assert.fail(table);
  });
  assert.ok(customers && projects);
  const customer = rowOf(own, customers.noun);
  await admin.query(
    "insert into crm.contacts (organization_id, customer_id, user_id, name) values ($1, $2, $3, 'Bo')",
    [own.tenant.id, customer.id, person.userId],
  );
  const got = await askFor(customers, "get", customer, person);
  assert.equal(got?.statusCode, 200, got?.body);
  assert.equal(got?.json().name, customer.name);
  assert.deepEqual(
    Object.keys(customers.noun.columns).filter((name) => !(name in got.json())),
    Object.keys(customers.noun.columns).filter((name) => customers.noun.columns[name]?.hiddenFrom?.includes("client")),
  );
  assert.ok(!("stage" in got.json()));
  assertShape(customers.noun, got.json());
});

/** The row to ask about, or one that could be made. */
async function rowFor({ noun }: Served, { operation }: Pick<NounEndpoint, "operation">): Promise<Row> {
  const { own, tables } = scene;
  if (operation !== "create") return rowOf(own, noun);
  return own.maker.spareRow(tables.get(noun.table) ?? assert.fail(noun.table));
}

function rowOf({ rows }: Place, { table }: Noun): Row {
  return rows.get(table) ?? assert.fail(`There is no row of ${table}.`);
}

function namesRow({ endpoint, operation }: NounEndpoint): boolean {
  return operation === "bulk" || endpoint.path.replace(":organization", "").includes(":");
}

/** All that a caller can tell two answers apart by, but for the key that they asked for themselves. */
async function essence(one: Served, each: NounEndpoint, slug: string, row: Row) {
  const request = nounRequest(one, each, slug, row);
  const answer = essenceOf(await scene.http.ask(scene.own.tenant.owner, request));
  const asked = Object.values(keyOf(one.noun, row)).map(String);
  const body = asked.reduce((text, value) => (value === "" ? text : text.replaceAll(value, "KEY")), answer.body);
  const { "content-length": _, ...headers } = answer.headers;
  return { statusCode: answer.statusCode, headers, body };
}

async function askFor(one: Served, operation: Operation, row: Row, person: Person = scene.own.tenant.owner) {
  const endpoint = endpointOf(one, operation);
  if (!endpoint) return undefined;
  const request = nounRequest(one, { endpoint, operation }, scene.own.tenant.slug, row);
  const limit = operation === "list" ? `?limit=${LIST_MAX}` : "";
  return scene.http.ask(person, { ...request, url: `${request.url}${limit}` });
}

function assertShape(noun: Noun, row: unknown): void {
  const { error } = z.strictObject(rowShape(noun).shape).safeParse(row);
  assert.equal(error, undefined, error && z.prettifyError(error));
}

/** What names a row, whichever way PostgreSQL or the API writes it. */
function nameOf(noun: Noun, row: Row): string {
  return JSON.stringify(Object.values(keyOf(noun, row)).map(String));
}

async function keysOf(noun: Noun): Promise<Set<string>> {
  const { rows } = await scene.admin.query<{ row: Row }>(
    `select to_jsonb(t) as row from ${noun.table} t where organization_id = $1`,
    [scene.own.tenant.id],
  );
  return new Set(rows.map(({ row }) => nameOf(noun, row)));
}

/** The rows that somebody gets by asking for one, and for all. */
async function answersOf(one: Served, person: Person, row: Row): Promise<Row[]> {
  const got = await askFor(one, "get", row, person);
  assert.ok(got && [200, 403, 404].includes(got.statusCode), got?.body);
  const listed = await askFor(one, "list", row, person);
  return [
    ...(got.statusCode === 200 ? [got.json<Row>()] : []),
    ...(listed?.statusCode === 200 ? listed.json<{ items: Row[] }>().items : []),
  ];
}

function isOf({ userId }: Person, row: Row): boolean {
  return Object.values(row).includes(userId);
}
