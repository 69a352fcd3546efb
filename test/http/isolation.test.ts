import assert from "node:assert/strict";
import { before, test } from "node:test";
import { openAdmin } from "../harness.ts";
import { type Ids, missingIds, parametersOf, requestOf, verbRoutes } from "./requests.ts";
import { essenceOf, openTestServer, type TestHttpServer } from "./server.ts";
import { makeWorld, type World } from "./world.ts";

let http: TestHttpServer;
let own: World;
let foreign: World;

before(async () => {
  http = await openTestServer();
  const admin = await openAdmin();
  own = await makeWorld(http, admin);
  foreign = await makeWorld(http, admin);
});

const memberEndpoints = verbRoutes.filter((route) => route.kind === "member").map((route) => route.endpoint);

for (const endpoint of memberEndpoints) {
  const ask = async (ids: Ids) => essenceOf(await http.ask(own.tenant.owner, requestOf(endpoint, ids)));
  const isFound = async (ids: Ids) => (await ask(ids)).statusCode !== 404;

  test(`${endpoint.name} answers for a foreign organization as for one that does not exist`, async () => {
    const nothing = await ask(missingIds());
    assert.equal(nothing.statusCode, 404);
    assert.deepEqual(await ask(foreign.ids), nothing);
    assert.deepEqual(await ask({ ...own.ids, organization: foreign.ids.organization }), nothing);
    assert.deepEqual(await ask({ ...missingIds(), organization: foreign.ids.organization }), nothing);
  });

  const things = parametersOf(endpoint).filter((name) => name !== "organization");
  for (const thing of things) {
    test(`${endpoint.name} answers for a foreign ${thing} as for one that does not exist`, async () => {
      const nothing = await ask({ ...own.ids, [thing]: missingIds()[thing] });
      assert.equal(nothing.statusCode, 404);
      assert.deepEqual(await ask({ ...own.ids, [thing]: foreign.ids[thing] }), nothing);
    });
  }

  test(`${endpoint.name} finds what is there`, async () => {
    assert.ok(await isFound(own.ids));
  });
}

test("whatever was asked of a foreign organization changed nothing in it", async () => {
  const url = `/api/organizations/${foreign.tenant.slug}/audit/entries?limit=200`;
  const seen = async () => (await http.ask(foreign.tenant.owner, { url })).body;
  const figuresUrl = requestOf(endpointNamed("labeling.metrics.read"), foreign.ids).url;
  const figures = async () => (await http.ask(foreign.tenant.owner, { url: figuresUrl })).json();
  const before = await seen();
  for (const endpoint of memberEndpoints) {
    await http.ask(own.tenant.owner, requestOf(endpoint, foreign.ids));
    await http.ask(own.tenant.owner, requestOf(endpoint, { ...foreign.ids, organization: own.ids.organization }));
  }
  assert.equal(await seen(), before);
  assert.deepEqual(await figures(), {
    total: 3,
    pending: 1,
    in_progress: 1,
    submitted: 1,
    approved: 0,
    rejected: 0,
    approved_rate: null,
    average_rework: null,
  });
});

test("the record asked for a foreign thing or page shows what it shows for one that does not exist", async () => {
  const entries = async (search: string) => {
    const url = `/api/organizations/${own.tenant.slug}/audit/entries?${search}`;
    return essenceOf(await http.ask(own.tenant.owner, { url }));
  };
  assert.match((await entries(`resource_id=${own.ids.project}`)).body, new RegExp(own.ids.project));
  const nothing = await entries(`resource_id=${missingIds().project}`);
  assert.equal(nothing.statusCode, 200);
  assert.deepEqual(await entries(`resource_id=${foreign.ids.project}`), nothing);
});

test("a parameter of a new kind, or a body without an example, is asked for by name", () => {
  const endpoint = endpointNamed("labeling.project.create");
  assert.throws(() => parametersOf({ ...endpoint, path: "/api/:planet" }), /has the parameter :planet/);
  assert.throws(() => requestOf({ ...endpoint, example: {} }, own.ids), /create takes a body/);
});

function endpointNamed(name: string) {
  const endpoint = memberEndpoints.find((candidate) => candidate.name === name);
  return endpoint ?? assert.fail(`There is no endpoint ${name}.`);
}
