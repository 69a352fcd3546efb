import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type SessionCredential, tokenOf } from "../../kernel/tenancy/credential.ts";
import { addMember, createPerson, openAdmin, type Person } from "../harness.ts";
import { ALLOWED, OF_ONES_OWN, SEES_ONLY_THEMSELVES } from "./allowed.ts";
import { badRequestOf, requestOf, verbRoutes } from "./requests.ts";
import { essenceOf, openTestServer, type TestHttpServer } from "./server.ts";
import { makeWorld, type World } from "./world.ts";

const ANSWERED = [200, 201, 202, 204, 409];
const endpoints = verbRoutes.map((route) => route.endpoint);
const memberEndpoints = verbRoutes.filter((route) => route.kind === "member").map((route) => route.endpoint);
const closedEndpoints = endpoints.filter((endpoint) => endpoint.access !== "anyone");

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;
let world: World;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
  world = await makeWorld(http, admin);
});

test("the roles permit in the database what this file says", async () => {
  const { rows } = await admin.query<{ role: string; permissions: string[] }>(
    `select t.name as role, array_remove(array_agg(p.permission), null) as permissions
     from organizations.role_templates t left join organizations.role_template_permissions p on p.role = t.name group by t.name`,
  );
  const namesOf = (permissions: string[]) =>
    memberEndpoints.filter(({ access }) => permissions.includes(access)).map(({ name }) => name);
  const found = Object.fromEntries(rows.map(({ role, permissions }) => [role, namesOf(permissions).sort()]));
  const expected = Object.fromEntries(Object.entries(ALLOWED).map(([role, names]) => [role, names.toSorted()]));
  assert.deepEqual(found, expected);
});

for (const [role, allowed] of Object.entries(ALLOWED)) {
  describe(`a person with the role ${role}`, () => {
    let person: Person;
    let place: World;
    // One of its own: what a person deletes is not there for the next one.
    before(async () => {
      place = await makeWorld(http, admin);
      person = await addMember(admin, http.database, place.tenant, role);
      if (role === "client") await giveProject(place, person);
    });
    for (const endpoint of memberEndpoints) {
      const { name } = endpoint;
      test(allowed.includes(name) ? `is let into ${name}` : `is refused ${name}, however wrong the input`, async () => {
        const member = SEES_ONLY_THEMSELVES.includes(role) ? person.userId : place.ids.member;
        const { statusCode, body } = await http.ask(person, requestOf(endpoint, { ...place.ids, member }));
        if (allowed.includes(name)) {
          assert.ok(
            [...ANSWERED, ...(OF_ONES_OWN.includes(name) ? [404] : [])].includes(statusCode),
            `${statusCode} ${body}`,
          );
          return;
        }
        assert.deepEqual([statusCode, JSON.parse(body).code], [403, "forbidden"]);
        const worse = await http.ask(person, badRequestOf(endpoint, place.ids.organization));
        assert.deepEqual([worse.statusCode, worse.json().code], [403, "forbidden"]);
      });
    }
  });
}

/** Makes the project of a place that of the person's customer. */
async function giveProject({ tenant, ids }: World, person: Person): Promise<void> {
  await admin.query(
    `with customer as (insert into crm.customers (organization_id, name) values ($1, 'Ada') returning id),
       contact as (insert into crm.contacts (organization_id, customer_id, user_id, name) select $1, id, $2, 'Bo' from customer)
     update projects.projects p set customer_id = customer.id from customer where p.organization_id = $1 and p.id = $3`,
    [tenant.id, person.userId, ids.project],
  );
}

for (const endpoint of closedEndpoints) {
  test(`${endpoint.name} refuses whoever is not signed in, whatever they send`, async () => {
    const refused = essenceOf(await http.ask(undefined, requestOf(endpoint, world.ids)));
    assert.equal(refused.statusCode, 401);
    assert.equal(JSON.parse(refused.body).code, "unauthenticated");
    const worse = await http.ask(undefined, badRequestOf(endpoint, world.ids.organization));
    assert.deepEqual(essenceOf(worse).body, refused.body);
  });

  test(`${endpoint.name} refuses every token that is not alive, all alike`, async () => {
    const { headers: _, ...refused } = essenceOf(await http.ask(undefined, requestOf(endpoint, world.ids)));
    for (const [kind, authorization] of Object.entries(await deadTokens())) {
      const { url, ...request } = requestOf(endpoint, world.ids);
      const answer = essenceOf(
        await http.server.inject({ ...request, url, headers: { ...request.headers, authorization } }),
      );
      assert.deepEqual({ statusCode: answer.statusCode, body: answer.body }, refused, kind);
    }
  });
}

test("a token of the same form that is alive is let in", async () => {
  const { authorization } = bearerOf(world.tenant.owner.credential);
  assert.equal((await http.server.inject({ url: "/api/me", headers: { authorization } })).statusCode, 200);
});

/** Tokens made of those of people who could do everything with them. */
async function deadTokens(): Promise<Record<string, string>> {
  const { database } = http;
  const { credential: own } = world.tenant.owner;
  const { credential: other } = await createPerson(database);
  const revoked = await addMember(admin, database, world.tenant, "owner");
  const expired = await addMember(admin, database, world.tenant, "owner");
  await admin.query("update identity.user_sessions set revoked_at = now() where id = $1", [
    revoked.credential.sessionId,
  ]);
  await admin.query(
    "update identity.user_sessions set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = $1",
    [expired.credential.sessionId],
  );
  const tokens: Record<string, string> = {
    "another person's session": bearerOf({ ...own, sessionId: other.sessionId }).authorization,
    "another person's session and secret": bearerOf({ ...other, userId: own.userId }).authorization,
    "another person's secret": bearerOf({ ...own, secret: other.secret }).authorization,
    "a secret with one letter more": bearerOf({ ...own, secret: `${own.secret}A` }).authorization,
    "a truncated secret": bearerOf(own).authorization.slice(0, -3),
    "a truncated token": bearerOf(own).authorization.slice(0, 60),
    "no token": "Bearer ",
    "another scheme": bearerOf(own).authorization.replace("Bearer", "Basic"),
    "an odd word": "Bearer %00",
    revoked: bearerOf(revoked.credential).authorization,
    expired: bearerOf(expired.credential).authorization,
  };
  return tokens;
}

function bearerOf(credential: SessionCredential): { authorization: string } {
  return { authorization: `Bearer ${tokenOf(credential)}` };
}
