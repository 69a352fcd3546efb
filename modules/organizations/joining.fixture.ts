import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { MAIL_TOKEN } from "../../kernel/mail/outbox.ts";
import { unseal } from "../../kernel/secrets/envelope.ts";
import { adminOf, createPerson, createTenant, type Person, type Tenant, testServices } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";
import { roleIdOf } from "../../test/http/world.ts";
import { openNameServer } from "./dns.fixture.ts";

export const nameServer = await openNameServer();
export const services = testServices({ resolveTxt: nameServer.resolveTxt });
export const http = await openTestServer([], { services });
export const { database } = http;
export const admin = await adminOf(database);

/** A new address, at a new domain unless one is given. */
export function newAddress(domain = `${randomUUID()}.example`): string {
  return `${randomUUID()}@${domain}`;
}

/** Makes a person with this address, which is proved unless told otherwise. */
export async function personAt(email: string, isVerified = true): Promise<Person> {
  const person = await createPerson(database);
  await admin.query(
    "update identity.users set email = $2, email_verified_at = case when $3 then now() end where id = $1",
    [person.userId, email, isVerified],
  );
  return { ...person, email };
}

export async function newTenant(): Promise<Tenant> {
  return createTenant(database);
}

/** Sends a request within the organization. */
export function within(
  tenant: Tenant,
  person: Person,
  method: InjectOptions["method"],
  path: string,
  payload?: object,
) {
  const url = `/api/organizations/${tenant.slug}${path}`;
  return http.ask(person, { method: method ?? "GET", url, ...(payload && { payload }) });
}

export function statusAndCode(answer: LightMyRequestResponse): [number, string | undefined] {
  return [answer.statusCode, answer.body === "" ? undefined : answer.json().code];
}

/** Invites and resolves with the invitation. */
export async function invite(tenant: Tenant, email: string, roles = ["viewer"], inviter = tenant.owner) {
  const ids = await Promise.all(roles.map((role) => roleIdOf(admin, tenant.id, role)));
  const answer = await within(tenant, inviter, "POST", "/invitations", { email, roles: ids });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json().items[0] as { id: string; email: string; status: string };
}

/** The mails of a kind to an address, the newest first, with the whole token in each that has one. */
export async function mailsTo(
  email: string,
  template: string,
): Promise<{ data: Record<string, string>; token: string }[]> {
  const { rows } = await admin.query(
    "select data, sealed_token from kernel.mails where recipient = $1 and template = $2 order by id desc",
    [email, template],
  );
  return rows.map(({ data, sealed_token }) => ({
    data,
    token: sealed_token ? `${data.form}${unseal(services.keyring, sealed_token, MAIL_TOKEN)}` : "",
  }));
}

/** The token in the last invitation to an address. */
export async function tokenTo(email: string): Promise<string> {
  const [mail] = await mailsTo(email, "invitation");
  return mail?.token ?? assert.fail(`No invitation was sent to ${email}.`);
}

export function accept(
  person: Person | undefined,
  token: string,
  account: object = {},
): Promise<LightMyRequestResponse> {
  return http.ask(person, { method: "POST", url: "/api/invitations/acceptance", payload: { token, ...account } });
}

export type Membership = { status: string; effective_permissions: Record<string, string>; roles: string[] };

/** What the database has of a person in an organization. */
export async function membershipOf(tenant: Tenant, userId: string): Promise<Membership | undefined> {
  const { rows } = await admin.query<Membership>(
    `select m.status, m.effective_permissions, array(
       select r.name from organizations.member_roles mr join organizations.roles r on r.organization_id = mr.organization_id and r.id = mr.role_id
       where mr.organization_id = m.organization_id and mr.user_id = m.user_id order by 1) as roles
     from organizations.memberships m where m.organization_id = $1 and m.user_id = $2`,
    [tenant.id, userId],
  );
  return rows[0];
}

/** Adds a domain to an organization, and its record to the DNS. Resolves with the domain's id. */
export async function claimDomain(
  tenant: Tenant,
  domain: string,
  { mode = "request", role = "viewer" } = {},
): Promise<string> {
  const roleId = await roleIdOf(admin, tenant.id, role);
  const answer = await within(tenant, tenant.owner, "POST", "/domains", { domain, mode, role: roleId });
  assert.equal(answer.statusCode, 200, answer.body);
  const { id, record } = answer.json();
  nameServer.records.set(record.name, [[record.value]]);
  return id;
}

/** Adds a domain to an organization and proves it. */
export async function proveDomain(
  tenant: Tenant,
  domain: string,
  options?: { mode?: string; role?: string },
): Promise<string> {
  const id = await claimDomain(tenant, domain, options);
  const answer = await within(tenant, tenant.owner, "POST", `/domains/${id}/verification`);
  assert.equal(answer.statusCode, 200, answer.body);
  return id;
}
