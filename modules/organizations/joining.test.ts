import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { addMember, type Person, type Tenant } from "../../test/harness.ts";
import { essenceOf } from "../../test/http/server.ts";
import {
  accept,
  admin,
  claimDomain,
  database,
  http,
  invite,
  mailsTo,
  membershipOf,
  newAddress,
  newTenant,
  personAt,
  proveDomain,
  statusAndCode,
  tokenTo,
  within,
} from "./joining.fixture.ts";

const newDomain = () => `${randomUUID()}.example`;

type Joinable = { slug: string; mode: string; is_requested: boolean };

async function joinableTo(person: Person): Promise<Joinable[]> {
  return (await http.ask(person, { url: "/api/me/joinable" })).json().items;
}

function join(person: Person, { slug }: { slug: string }) {
  return http.ask(person, { method: "POST", url: `/api/me/joinable/${slug}` });
}

async function requestsOf(tenant: Tenant) {
  return (await within(tenant, tenant.owner, "GET", "/join-requests?status=open")).json().items;
}

function decide(tenant: Tenant, request: string, decision: string, by = tenant.owner) {
  return within(tenant, by, "POST", `/join-requests/${request}/decision`, { decision });
}

async function setStatus(tenant: Tenant, { userId }: Person, status: string): Promise<void> {
  await admin.query("update organizations.memberships set status = $3 where organization_id = $1 and user_id = $2", [
    tenant.id,
    userId,
    status,
  ]);
}

test("a proved address at a proved domain joins at once where the domain says so", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain, { mode: "join", role: "member" });
  const person = await personAt(newAddress(domain.toUpperCase()));
  assert.deepEqual(await joinableTo(person), [
    { slug: tenant.slug, name: "Test organization", logo_url: null, mode: "join", is_requested: false },
  ]);
  assert.deepEqual((await join(person, tenant)).json(), { outcome: "joined", slug: tenant.slug });
  const membership = await membershipOf(tenant, person.userId);
  assert.deepEqual([membership?.status, membership?.roles], ["active", ["member"]]);
  assert.deepEqual(await joinableTo(person), []);
  assert.equal((await join(person, tenant)).statusCode, 404);
});

test("nobody else is offered it: not an unproved address, a domain below, one above, a look-alike or an unproved domain", async () => {
  const tenant = await newTenant();
  const name = randomUUID();
  const domain = `acme.${name}.example`;
  await proveDomain(tenant, domain, { mode: "join" });
  const claimed = newDomain();
  await claimDomain(tenant, claimed, { mode: "join" });
  const strangers = await Promise.all([
    personAt(newAddress(domain), false),
    ...[
      `sub.${domain}`,
      `${name}.example`,
      `x${domain}`,
      `\u0430cme.${name}.example`,
      `acm\u0435.${name}.example`,
      `acme\u200b.${name}.example`,
      `${domain}.`,
      `${domain}.evil.example`,
      claimed,
      "gmail.com",
    ].map((other) => personAt(newAddress(other))),
  ]);
  const nothing = essenceOf(await join(strangers[0] ?? assert.fail(), { slug: randomUUID() }));
  for (const person of strangers) {
    assert.deepEqual(await joinableTo(person), [], person.email);
    assert.deepEqual(essenceOf(await join(person, tenant)), nothing, person.email);
    assert.equal(await membershipOf(tenant, person.userId), undefined);
  }
});

test("a domain with other letters is the same however an address writes it", async () => {
  const tenant = await newTenant();
  const name = randomUUID();
  await proveDomain(tenant, `Bücher-${name}.example`, { mode: "join" });
  const { domain } = (await within(tenant, tenant.owner, "GET", "/domains")).json().items[0];
  assert.match(domain, /^xn--/);
  for (const written of [`bücher-${name}.example`, `BU\u0308CHER-${name}.example`, domain]) {
    const person = await personAt(newAddress(written));
    assert.equal((await join(person, tenant)).json().outcome, "joined", written);
  }
  assert.deepEqual(await joinableTo(await personAt(newAddress(`bucher-${name}.example`))), []);
});

test("a provider that became public lets nobody join any more", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain, { mode: "join" });
  await admin.query("insert into organizations.public_domains values ($1, 'mail')", [domain]);
  assert.deepEqual(await joinableTo(await personAt(newAddress(domain))), []);
});

test("a request is mailed to those who may decide, is made once, and opens nothing until it is approved", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain);
  const administrator = await addMember(admin, database, tenant, "admin");
  const viewer = await addMember(admin, database, tenant, "viewer");
  const person = await personAt(newAddress(domain));
  const answers = await Promise.all([1, 2, 3].map(() => join(person, tenant)));
  for (const answer of answers) assert.deepEqual(answer.json(), { outcome: "requested", slug: tenant.slug });
  const [request, ...more] = await requestsOf(tenant);
  assert.deepEqual(
    [request.email, request.domain, request.role.name, more.length],
    [person.email, domain, "viewer", 0],
  );
  const counts = await Promise.all(
    [tenant.owner, administrator, viewer].map(({ email }) => mailsTo(email, "join_requested")),
  );
  assert.deepEqual(
    counts.map(({ length }) => length),
    [1, 1, 0],
  );
  assert.equal((await joinableTo(person))[0]?.is_requested, true);
  assert.equal((await within(tenant, person, "GET", "/labeling/projects")).statusCode, 404);

  const decisions = await Promise.all([
    decide(tenant, request.id, "approve"),
    decide(tenant, request.id, "approve", administrator),
  ]);
  assert.deepEqual(decisions.map(({ statusCode }) => statusCode).sort(), [200, 409]);
  assert.deepEqual((await membershipOf(tenant, person.userId))?.roles, ["viewer"]);
  assert.equal((await within(tenant, person, "GET", "/labeling/projects")).statusCode, 200);
  const [mail] = await mailsTo(person.email, "join_decided");
  assert.equal(mail?.data.decision, "approved");
});

test("ten at most are told of a request", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain);
  const deciders = [tenant.owner];
  for (let count = 0; count < 11; count++) deciders.push(await addMember(admin, database, tenant, "admin"));
  await join(await personAt(newAddress(domain)), tenant);
  const mails = await Promise.all(deciders.map(({ email }) => mailsTo(email, "join_requested")));
  assert.equal(mails.flat().length, 10);
});

test("who was refused is told, is no member, and cannot ask again at once", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  const id = await proveDomain(tenant, domain);
  const person = await personAt(newAddress(domain));
  await join(person, tenant);
  const [request] = await requestsOf(tenant);
  assert.deepEqual((await decide(tenant, request.id, "refuse")).json(), { status: "refused" });
  assert.equal((await membershipOf(tenant, person.userId))?.status, "left");
  assert.equal((await mailsTo(person.email, "join_decided"))[0]?.data.decision, "refused");
  assert.deepEqual(statusAndCode(await join(person, tenant)), [409, "conflict"]);
  await admin.query(
    "update organizations.join_requests set decided_at = decided_at - interval '8 days' where id = $1",
    [request.id],
  );
  await within(tenant, tenant.owner, "PATCH", `/domains/${id}`, { mode: "join" });
  assert.equal((await join(person, tenant)).json().outcome, "requested", "not at once, whatever the mode");
});

test("who left needs an approval even where others join at once, and who is suspended is offered nothing", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain, { mode: "join", role: "member" });
  const person = await personAt(newAddress(domain));
  await admin.query("select organizations.add_member($1, $2, '{admin}')", [tenant.id, person.userId]);
  await setStatus(tenant, person, "suspended");
  assert.deepEqual([await joinableTo(person), (await join(person, tenant)).statusCode], [[], 404]);
  await setStatus(tenant, person, "left");
  assert.equal((await joinableTo(person))[0]?.mode, "request");
  assert.equal((await join(person, tenant)).json().outcome, "requested");
  assert.equal((await membershipOf(tenant, person.userId))?.status, "left");
  const [request] = await requestsOf(tenant);
  assert.equal((await decide(tenant, request.id, "approve")).statusCode, 200);
  const membership = await membershipOf(tenant, person.userId);
  assert.deepEqual([membership?.status, membership?.roles], ["active", ["member"]], "the old roles do not come back");
});

test("nobody approves a request that gives more than they may", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain, { role: "admin" });
  const recruiter = await addMember(admin, database, tenant, "viewer");
  await admin.query(
    `update organizations.memberships set permissions = '{"grants": ["member.manage"], "denials": []}' where user_id = $1`,
    [recruiter.userId],
  );
  await join(await personAt(newAddress(domain)), tenant);
  const [request] = await requestsOf(tenant);
  assert.equal((await decide(tenant, request.id, "approve", recruiter)).statusCode, 403);
  assert.equal((await requestsOf(tenant)).length, 1, "it is still open");
  assert.equal((await decide(tenant, request.id, "approve")).statusCode, 200);
});

test("a request is worth nothing when the address or the domain is not what it was", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  const id = await proveDomain(tenant, domain);
  const [moved, stayed] = [await personAt(newAddress(domain)), await personAt(newAddress(domain))];
  await join(moved, tenant);
  await join(stayed, tenant);
  const [second, first] = await requestsOf(tenant);
  await admin.query("update identity.users set email = $2 where id = $1", [moved.userId, newAddress()]);
  assert.deepEqual(statusAndCode(await decide(tenant, first.id, "approve")), [409, "conflict"]);
  await admin.query("update organizations.domains set verified_at = null where id = $1", [id]);
  assert.deepEqual(statusAndCode(await decide(tenant, second.id, "approve")), [409, "conflict"]);
  assert.equal((await decide(tenant, second.id, "refuse")).statusCode, 200);
  assert.equal((await within(tenant, tenant.owner, "DELETE", `/domains/${id}`)).statusCode, 204);
  assert.equal((await membershipOf(tenant, moved.userId))?.status, "left");
});

test("who is invited while asking need not ask any more", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain);
  const person = await personAt(newAddress(domain));
  await join(person, tenant);
  await invite(tenant, person.email, ["member"]);
  assert.equal((await accept(person, await tokenTo(person.email))).statusCode, 200);
  assert.deepEqual(await requestsOf(tenant), []);
  assert.deepEqual((await membershipOf(tenant, person.userId))?.roles, ["member"]);
});

test("a suspended organization offers nothing", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  await proveDomain(tenant, domain, { mode: "join" });
  await admin.query("update organizations.organizations set status = 'suspended' where id = $1", [tenant.id]);
  const person = await personAt(newAddress(domain));
  assert.deepEqual([await joinableTo(person), (await join(person, tenant)).statusCode], [[], 404]);
});

test("two tenants apart: a request to one is nothing in the other", async () => {
  const [tenant, other] = [await newTenant(), await newTenant()];
  const domain = newDomain();
  await proveDomain(tenant, domain);
  await join(await personAt(newAddress(domain)), tenant);
  const [request] = await requestsOf(tenant);
  const ask = async (id: string) => essenceOf(await decide(other, id, "approve"));
  assert.deepEqual(await ask(request.id), await ask(randomUUID()));
  assert.deepEqual(await requestsOf(other), []);
});
