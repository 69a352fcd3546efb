import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { addMember, type Tenant } from "../../test/harness.ts";
import { essenceOf } from "../../test/http/server.ts";
import { roleIdOf } from "../../test/http/world.ts";
import { readDomainName } from "./domain-names.ts";
import { domainChecks } from "./domains.ts";
import {
  admin,
  claimDomain,
  database,
  mailsTo,
  nameServer,
  newTenant,
  proveDomain,
  services,
  statusAndCode,
  within,
} from "./joining.fixture.ts";

const newDomain = () => `${randomUUID()}.example`;

async function add(tenant: Tenant, domain: string) {
  const role = await roleIdOf(admin, tenant.id, "viewer");
  return within(tenant, tenant.owner, "POST", "/domains", { domain, role });
}

function verify(tenant: Tenant, id: string) {
  return within(tenant, tenant.owner, "POST", `/domains/${id}/verification`);
}

async function domainOf(tenant: Tenant, id: string) {
  const { items } = (await within(tenant, tenant.owner, "GET", "/domains")).json();
  return items.find((domain: { id: string }) => domain.id === id);
}

/** As if the domain's last check, and the first that found nothing, had been that many days earlier. */
async function letDaysPass(id: string, days: number): Promise<void> {
  await admin.query(
    `update organizations.domains set last_checked_at = last_checked_at - make_interval(days => $2),
       missing_since = missing_since - make_interval(days => $2) where id = $1`,
    [id, days],
  );
}

function recheck(): Promise<void> {
  return domainChecks.run({ database, services, signal: new AbortController().signal });
}

test("domains are read with IDNA, and what is none is refused with words", () => {
  assert.deepEqual(readDomainName(" ACME.com. "), { domain: "acme.com", unicodeName: null });
  assert.deepEqual(readDomainName("Bücher.example"), {
    domain: "xn--bcher-kva.example",
    unicodeName: "bücher.example",
  });
  assert.deepEqual(readDomainName("xn--bcher-kva.example"), readDomainName("BÜCHER.example"));
  assert.notEqual(readDomainName("\u0430cme.com").domain, "acme.com");
  const bad = [
    "acme",
    "localhost",
    "127.0.0.1",
    "127.1",
    "0x7f.1",
    "::1",
    "[::1]",
    "",
    " ",
    ".",
    "a..b",
    "-a.com",
    "a-.com",
    "*.acme.com",
  ];
  for (const text of [
    ...bad,
    "acme.com/x",
    "me@acme.com",
    "acme.com:80",
    "a b.com",
    "a_b.com",
    `${"x".repeat(64)}.com`,
    `${"x.".repeat(130)}com`,
  ])
    assert.throws(() => readDomainName(text), { code: "invalid" }, text);
});

test("public mail providers, what is below them, and public suffixes are refused", async () => {
  const tenant = await newTenant();
  for (const domain of [
    "gmail.com",
    "GMail.com",
    "outlook.com",
    "yahoo.co.uk",
    "mail.gmail.com",
    "co.uk",
    "com.au",
    "github.io",
  ])
    assert.deepEqual(statusAndCode(await add(tenant, domain)), [400, "invalid"], domain);
  assert.equal((await add(tenant, "notgmail.com")).statusCode, 200);
});

test("a domain is proved by its TXT record, also one in several pieces, and by nothing else", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  const { id, record, verified_at } = (await add(tenant, domain)).json();
  assert.deepEqual([record.name, verified_at], [`_tenon-challenge.${domain}`, null]);

  const missing = await verify(tenant, id);
  assert.equal(missing.statusCode, 409);
  assert.equal(missing.json().detail, `There is no TXT record at _tenon-challenge.${domain}.`);
  assert.ok(missing.json().hint.includes(record.value));

  nameServer.records.set(domain, [[record.value]]);
  nameServer.records.set(record.name, [["v=spf1 -all"], [`${record.value}x`], [record.value.toUpperCase()]]);
  const other = await verify(tenant, id);
  assert.equal(other.statusCode, 409);
  assert.match(other.json().detail, /has TXT records, but not this one: "v=spf1 -all", /);

  nameServer.broken.add(record.name);
  const broken = await verify(tenant, id);
  assert.equal(broken.statusCode, 409);
  assert.match(broken.json().detail, /gave no answer about .* \(ESERVFAIL\)/);
  assert.equal((await domainOf(tenant, id)).verified_at, null);
  nameServer.broken.delete(record.name);

  nameServer.records.set(record.name, [["other"], [record.value.slice(0, 7), record.value.slice(7)]]);
  assert.ok((await verify(tenant, id)).json().verified_at);
});

test("the record of one organization proves nothing for another, and a proved domain has one organization", async () => {
  const [first, second] = [await newTenant(), await newTenant()];
  const domain = newDomain();
  await proveDomain(first, domain);
  const added = await add(second, domain);
  assert.equal(added.statusCode, 200, "a claim alone tells nothing");
  const { id, record } = added.json();
  assert.match((await verify(second, id)).json().detail, /has TXT records, but not this one/);
  nameServer.records.get(record.name)?.push([record.value]);
  const refused = await verify(second, id);
  assert.deepEqual(statusAndCode(refused), [409, "conflict"]);
  assert.equal(refused.json().detail, "This domain is proved by another organization.");
  assert.ok(!refused.body.includes(first.id) && !refused.body.includes(first.slug));
});

test("of two who prove the same domain at once, one does", async () => {
  const [first, second] = [await newTenant(), await newTenant()];
  const domain = newDomain();
  const ids = [await claimDomain(first, domain)];
  const [value] = nameServer.records.get(`_tenon-challenge.${domain}`) ?? [];
  ids.push(await claimDomain(second, domain));
  nameServer.records.get(`_tenon-challenge.${domain}`)?.push(value ?? []);
  const answers = await Promise.all([verify(first, ids[0] ?? ""), verify(second, ids[1] ?? "")]);
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 409]);
  const { rows } = await admin.query(
    "select from organizations.domains where domain = $1 and verified_at is not null",
    [domain],
  );
  assert.equal(rows.length, 1);
});

test("a removed domain is free for the next organization", async () => {
  const [first, second] = [await newTenant(), await newTenant()];
  const domain = newDomain();
  const id = await proveDomain(first, domain);
  assert.equal((await within(first, first.owner, "DELETE", `/domains/${id}`)).statusCode, 204);
  await proveDomain(second, domain);
});

test("nobody gives a role by a domain that permits more than they may, nor opens such a door wider, nor makes owners", async () => {
  const tenant = await newTenant();
  const payload = {
    name: "Doorkeeper",
    permissions: ["organization.domain.manage", "organization.read", "member.read"],
  };
  const made = await within(tenant, tenant.owner, "POST", "/roles", payload);
  assert.equal(made.statusCode, 200, made.body);
  const keeper = await addMember(admin, database, tenant, "Doorkeeper");
  const roles = { strong: await roleIdOf(admin, tenant.id, "admin"), owner: await roleIdOf(admin, tenant.id, "owner") };
  const ask = (method: "POST" | "PATCH", path: string, body: object) => within(tenant, keeper, method, path, body);
  assert.equal((await ask("POST", "/domains", { domain: newDomain(), role: roles.strong })).statusCode, 403);
  const mild = await claimDomain(tenant, newDomain(), { role: "Doorkeeper" });
  assert.equal((await ask("PATCH", `/domains/${mild}`, { role: roles.strong })).statusCode, 403);
  assert.equal((await ask("PATCH", `/domains/${mild}`, { mode: "join" })).json().mode, "join");
  const strong = await claimDomain(tenant, newDomain(), { role: "admin" });
  assert.equal((await ask("PATCH", `/domains/${strong}`, { mode: "join" })).statusCode, 403);
  for (const [method, path] of [
    ["POST", "/domains"],
    ["PATCH", `/domains/${mild}`],
  ] as const) {
    const body = { ...(method === "POST" && { domain: newDomain() }), role: roles.owner };
    const refused = await within(tenant, tenant.owner, method, path, body);
    assert.deepEqual(statusAndCode(refused), [400, "invalid"]);
  }
});

test("a proved domain is looked up daily, and is proved no more when its record is gone for seven days", async () => {
  const tenant = await newTenant();
  const domain = newDomain();
  const id = await proveDomain(tenant, domain);
  const name = `_tenon-challenge.${domain}`;
  const records = nameServer.records.get(name) ?? [];
  nameServer.records.delete(name);
  await recheck();
  assert.equal((await domainOf(tenant, id)).missing_since, null, "a day has not passed yet");

  await letDaysPass(id, 1);
  await recheck();
  assert.ok((await domainOf(tenant, id)).missing_since);
  nameServer.records.set(name, records);
  await letDaysPass(id, 6);
  await recheck();
  assert.equal((await domainOf(tenant, id)).missing_since, null, "the record came back");

  nameServer.records.delete(name);
  await letDaysPass(id, 1);
  await recheck();
  nameServer.broken.add(name);
  await letDaysPass(id, 8);
  await recheck();
  assert.ok((await domainOf(tenant, id)).verified_at, "a name server that is out of order proves nothing");
  nameServer.broken.delete(name);
  assert.deepEqual(await mailsTo(tenant.owner.email, "domain_lost"), []);

  await letDaysPass(id, 1);
  await Promise.all([recheck(), recheck(), recheck()]);
  const { verified_at, missing_since } = await domainOf(tenant, id);
  assert.deepEqual([verified_at, missing_since], [null, null]);
  const mails = await mailsTo(tenant.owner.email, "domain_lost");
  assert.deepEqual(
    mails.map(({ data }) => data.domain),
    [domain],
  );
  await proveDomain(await newTenant(), domain);
});

test("two tenants apart: a domain of one is nothing in the other", async () => {
  const [tenant, other] = [await newTenant(), await newTenant()];
  const id = await claimDomain(tenant, newDomain());
  for (const method of ["POST", "DELETE"] as const) {
    const path = (domain: string) => (method === "POST" ? `/domains/${domain}/verification` : `/domains/${domain}`);
    const ask = async (domain: string) => essenceOf(await within(other, other.owner, method, path(domain)));
    assert.deepEqual(await ask(id), await ask(randomUUID()));
  }
  const role = await roleIdOf(admin, tenant.id, "viewer");
  const answer = await within(other, other.owner, "POST", "/domains", { domain: newDomain(), role });
  assert.deepEqual(statusAndCode(answer), [400, "invalid"]);
});

test("the name server of the configuration is the one that is asked", async () => {
  const { openServices } = await import("../../kernel/services.ts");
  nameServer.records.set("configured.example", [["yes"]]);
  const { resolveTxt } = openServices(services.keyring, {
    publicUrl: "http://tenon.test",
    dnsServers: [nameServer.address],
    mailServer: undefined,
    allowedAddresses: services.allowedAddresses,
  });
  assert.deepEqual(await resolveTxt("configured.example"), [["yes"]]);
});
