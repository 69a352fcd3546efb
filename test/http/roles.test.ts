import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type SessionCredential, tokenOf } from "../../kernel/tenancy/credential.ts";
import { addMember, createPerson, openAdmin, type Person } from "../harness.ts";
import { badRequestOf, requestOf, verbRoutes } from "./requests.ts";
import { essenceOf, openTestServer, type TestHttpServer } from "./server.ts";
import { makeWorld, type World } from "./world.ts";

const READ = ["labeling.metrics.read", "labeling.project.list", "labeling.project.read"];
const MANAGE = [
  "labeling.export.download",
  "labeling.export.start",
  "labeling.project.create",
  "labeling.result.export",
  "labeling.task.import",
];
const LABEL = ["labeling.label.submit", "labeling.task.claim", "labeling.task.release", "labeling.task.renew"];
const MEMBER = ["organizations.key.current"];
const KEYS = ["list", "create", "update", "rotate", "revoke"].map((verb) => `organizations.key.${verb}`);
const SERVICES = ["list", "create", "remove"].map((verb) => `organizations.service.${verb}`);
const SUPPORT = ["list", "allow", "revoke"].map((verb) => `organizations.support.${verb}`);
const TASKS_READ = [
  ...["schedule", "task", "webhook_endpoint", "workflow"].flatMap((noun) => [
    `tasks.${noun}.browse`,
    `tasks.${noun}.read`,
  ]),
  ...["performance.read", "task.follow", "type.list"].map((name) => `tasks.${name}`),
];
const TASKS_WRITE = [
  ...["cancel", "cancel_many", "create", "create_many", "rate", "replay", "update"].map((verb) => `tasks.task.${verb}`),
  ...["cancel", "create"].map((verb) => `tasks.workflow.${verb}`),
  ...["create", "delete", "preview", "update"].map((verb) => `tasks.schedule.${verb}`),
];
const WEBHOOKS = [
  ...["create", "delete", "rotate_secret", "test", "update"].map((verb) => `tasks.webhook_endpoint.${verb}`),
  ...["list", "read", "send_again"].map((verb) => `tasks.webhook_delivery.${verb}`),
];
const WORK = ["browse", "decide", "hand_over", "read", "take"].map((verb) => `tasks.approval.${verb}`);
const IMPORT = ["cancel", "dry_run", "errors", "list", "read", "start", "undo"].map((verb) => `imports.import.${verb}`);
const REVIEW = ["labeling.review.decide", "labeling.review.next"];
const RECORD = ["audit.entry.export", "audit.entry.list"];
const HOLD = [
  "audit.hold.list",
  "audit.hold.place",
  "audit.hold.release",
  "audit.retention.read",
  "audit.retention.set",
];
const SEE = [
  "audit.change.follow",
  "organizations.member.list",
  "organizations.member.read",
  "organizations.organization.read",
  "organizations.permission.explain",
  "organizations.permission.list",
  "organizations.role.browse",
];
const ADMINISTER = [
  ...RECORD,
  ...HOLD,
  "organizations.member.remove",
  "organizations.member.set_exceptions",
  "organizations.member.set_roles",
  "organizations.member.set_status",
  "organizations.organization.update",
  "organizations.role.create",
  "organizations.role.delete",
  "organizations.role.update",
  "organizations.slug.change",
];
const USAGE = ["credits.usage.read"];
const CREDITS = ["credits.account.browse", "credits.ledger.list"];
const PAY = ["credits.account.create", "credits.adjustment.create", "credits.limits.set", "credits.transfer.create"];
const OWN = ["organizations.organization.delete", "organizations.ownership.transfer"];

const ADMIT = [
  "organizations.domain.create",
  "organizations.domain.delete",
  "organizations.domain.browse",
  "organizations.domain.update",
  "organizations.domain.verify",
  "organizations.invitation.create",
  "organizations.invitation.list",
  "organizations.invitation.resend",
  "organizations.invitation.revoke",
  "organizations.join_request.decide",
  "organizations.join_request.browse",
];

/** What the built-in roles may ask for, and nothing else. */
const ALLOWED: Record<string, string[]> = {
  owner: [
    ...OWN,
    ...ADMIT,
    ...ADMINISTER,
    ...SEE,
    ...READ,
    ...MANAGE,
    ...LABEL,
    ...REVIEW,
    ...MEMBER,
    ...KEYS,
    ...SERVICES,
    ...SUPPORT,
    ...TASKS_READ,
    ...TASKS_WRITE,
    ...WEBHOOKS,
    ...WORK,
    ...IMPORT,
    ...USAGE,
    ...CREDITS,
    ...PAY,
  ],
  admin: [
    ...ADMIT,
    ...ADMINISTER,
    ...SEE,
    ...READ,
    ...MANAGE,
    ...LABEL,
    ...REVIEW,
    ...MEMBER,
    ...KEYS,
    ...SERVICES,
    ...SUPPORT,
    ...TASKS_READ,
    ...TASKS_WRITE,
    ...WEBHOOKS,
    ...WORK,
    ...IMPORT,
    ...USAGE,
    ...CREDITS,
  ],
  billing_admin: [...SEE, ...MEMBER, ...KEYS, ...USAGE, ...CREDITS, ...PAY],
  task_admin: [
    ...USAGE,
    ...SEE,
    ...READ,
    ...MANAGE,
    ...LABEL,
    ...REVIEW,
    ...MEMBER,
    ...KEYS,
    ...TASKS_READ,
    ...TASKS_WRITE,
    ...WORK,
  ],
  reviewer: [...SEE, ...READ, ...REVIEW, ...MEMBER, ...KEYS, ...WORK],
  labeler: [...SEE, ...READ, ...LABEL, ...MEMBER, ...WORK],
  member: [...SEE, ...MEMBER, ...KEYS, ...TASKS_READ, ...TASKS_WRITE, ...WORK, ...IMPORT],
  moderator: [...SEE, ...MEMBER, ...KEYS, ...TASKS_READ],
  viewer: [...SEE, ...READ, ...MEMBER, ...TASKS_READ],
  client: [...SEE.filter((name) => name !== "organizations.organization.read"), ...READ],
  participant: [...SEE, ...MEMBER],
};

/** Of the members they find themselves, and nobody else. */
const SEES_ONLY_THEMSELVES = ["labeler", "participant", "client"];

/** Endpoints about things of one's own: who may use them is let in, and does not find those of others. */
const OF_ONES_OWN = [
  ...["organizations.key.update", "organizations.key.rotate", "organizations.key.revoke"],
  ...WORK.filter((name) => name !== "tasks.approval.browse"),
];

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
