import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { createPerson, createTenant } from "../../test/harness.ts";
import { openThings, type Things } from "./reading/things.fixture.ts";

let things: Things;

before(async () => {
  things = await openThings();
});

async function post(path: string, payload: string, person = things.tenant.owner) {
  const url = `/api/organizations/${things.tenant.slug}/crm/${path}`;
  return things.http.ask(person, { method: "POST", url, payload, headers: { "content-type": "application/json" } });
}

/** How often `JSON.parse` was asked for a text of this length, while something was done. */
async function parsesOf(length: number, work: () => Promise<unknown>): Promise<number> {
  const { parse } = JSON;
  let count = 0;
  JSON.parse = (text, reviver) => {
    if (text.length === length) count += 1;
    return parse(text, reviver);
  };
  await work().finally(() => {
    JSON.parse = parse;
  });
  return count;
}

test("a body of many rows is not even read of those who may not write any", async () => {
  const body = JSON.stringify({ create: Array(10_000).fill({ name: "x".repeat(100) }) });
  const stranger = await createPerson(things.http.database);
  const { credential } = things.tenant.owner;
  const forged = { ...things.tenant.owner, credential: { ...credential, secret: stranger.credential.secret } };
  for (const [person, status] of [
    [stranger, 404],
    [forged, 401],
    [things.tenant.owner, 200],
  ] as const) {
    const parses = await parsesOf(body.length, async () => {
      const answer = await post("customers/bulk", body, person);
      assert.equal(answer.statusCode, status, answer.body);
    });
    assert.equal(parses, status === 200 ? 1 : 0);
  }
});

test("of a body that is all wrong little is told", async () => {
  const unknown = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`n${n}`, 0])));
  for (const [path, body] of [
    ["customers", unknown],
    ["customers/bulk", `{"create":[${unknown}]}`],
    ["customers/bulk", `{"create":[[${"0,".repeat(100_000)}0]]}`],
    ["customers/bulk", `{"create":[${"0,".repeat(100_000)}0]}`],
    ["customers/bulk", `{"create":{"length":1}}`],
  ] as const) {
    const answer = await post(path, body);
    assert.equal(answer.statusCode, 400, answer.body.slice(0, 1_000));
    assert.ok(answer.body.length < 1_000, answer.body.slice(0, 1_000));
    assert.equal(answer.json().errors.length, 1);
  }
});

test("texts that cannot be stored are told by their places, wherever they are, and only the first of many", async () => {
  const custom_fields = { a: ["fine", { b: "\0" }] };
  const [first] = (await post("customers", JSON.stringify({ name: "A", custom_fields }))).json().errors;
  assert.equal(first.field, "custom_fields.a.1.b");
  const many = await post("customers", JSON.stringify({ name: "A", custom_fields: { a: Array(1_000).fill("\0") } }));
  assert.equal(many.json().errors.length, 100);
});

test("of too many parameters none is looked at", async () => {
  const query = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`nobody${n}`, "1"]));
  const answer = await things.get("things", query);
  assert.equal(answer.statusCode, 400);
  assert.deepEqual([answer.json().errors, answer.json().detail], [undefined, "At most 50 parameters at once."]);
});

test("a page is no larger than a process bears, and says how to ask for less", async () => {
  const tenant = await createTenant(things.http.database);
  // A character that JSON escapes takes six.
  const note = "\u0001".repeat(1_000_000);
  const rows = Array.from({ length: 7 }, () => ({
    id: randomUUID(),
    name: "x",
    kind: "a",
    fields: {},
    labels: [],
    note,
  }));
  await things.put(tenant, rows);
  const [whole, fewer, narrower] = await Promise.all(
    [[], [["limit", "4"]], [["fields", "id,name"]]].map((query) =>
      things.get("things", Object.fromEntries(query), { tenant }),
    ),
  );
  assert.deepEqual([whole?.statusCode, whole?.json().errors[0].field], [400, "limit"]);
  assert.deepEqual([fewer?.statusCode, fewer?.json().items.length], [200, 4]);
  assert.deepEqual([narrower?.statusCode, narrower?.json().items.length], [200, 7]);
});
