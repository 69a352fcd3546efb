import assert from "node:assert/strict";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { adminOf, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";
import { roleIdOf } from "../../test/http/world.ts";
import type { Key } from "./keys-contract.ts";

export const http = await openTestServer();
export const admin = await adminOf(http.database);

export type Made = { id: string; token: string; expires_at: string };
type Request = InjectOptions & { url: string };

/** Asks with a token, as a program does. */
export function askWith(token: string, request: Request): Promise<LightMyRequestResponse> {
  return http.server.inject({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
}

/** An address in an organization. */
export function at(tenant: Tenant, path: string): string {
  return `/api/organizations/${tenant.slug}/${path}`;
}

/** Posts as a person and expects the status. */
export async function post(person: Person, url: string, payload: object, status = 200) {
  const answer = await http.ask(person, { method: "POST", url, payload });
  assert.equal(answer.statusCode, status, answer.body);
  return answer.json();
}

/** Makes a key for oneself, or for a service. */
export function makeKey(tenant: Tenant, person: Person, scopes: string[], more: object = {}): Promise<Made> {
  return post(person, at(tenant, "keys"), { name: "A key", scopes, ...more });
}

/** An organization whose owner has a key that may read the organization. */
export async function tenantWithKey(more: object = {}): Promise<{ tenant: Tenant; key: Made }> {
  const tenant = await createTenant(http.database);
  return { tenant, key: await makeKey(tenant, tenant.owner, ["organization.read"], more) };
}

/** Whether a key gets in: the status and code of asking what it is. */
export async function knock(
  { token }: Made,
  tenant: Tenant,
  request: Partial<Request> = {},
): Promise<[number, string]> {
  const answer = await askWith(token, { url: at(tenant, "keys/current"), ...request });
  return [answer.statusCode, answer.json().code];
}

/** The keys that a person sees. */
export async function listed(tenant: Tenant, person: Person, query = ""): Promise<Key[]> {
  const answer = await http.ask(person, { url: at(tenant, `keys${query}`) });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json().items;
}

/** Makes a service with a built-in role. */
export async function makeService(tenant: Tenant, role: string): Promise<string> {
  const roles = [await roleIdOf(admin, tenant.id, role)];
  return (await post(tenant.owner, at(tenant, "services"), { name: "Robot", roles })).id;
}

/** Gives a member a permission beside the roles. */
export async function grantTo(tenant: Tenant, person: Person, ...permissions: string[]): Promise<void> {
  await admin.query(
    "update organizations.memberships set permissions = jsonb_set(permissions, '{grants}', $3) where organization_id = $1 and user_id = $2",
    [tenant.id, person.userId, JSON.stringify(permissions)],
  );
}
