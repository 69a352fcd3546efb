import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { addMember, createPerson, createTenant, type Person, type Tenant } from "../harness.ts";
import type { Ids } from "./requests.ts";
import type { TestHttpServer } from "./server.ts";

/** An organization with a project, a text that a labeler holds, and a label that waits for its review. */
export type World = { tenant: Tenant; labeler: Person; ids: Ids };

/** Makes such an organization by the requests that people make. */
export async function makeWorld({ database, ask }: TestHttpServer, admin: pg.Client): Promise<World> {
  const tenant = await createTenant(database);
  const labeler = await addMember(admin, database, tenant, "labeler");
  const base = `/api/organizations/${tenant.slug}/labeling`;
  const post = async (person: Person, url: string, payload?: object) => {
    const answer = await ask(person, { method: "POST", url: `${base}${url}`, ...(payload && { payload }) });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const labels = [{ name: "good", key: "1" }, { name: "bad" }];
  const { id: project } = await post(tenant.owner, "/projects", { name: "World", labels });
  const texts = { headers: { "content-type": "text/csv" }, payload: "text\none\ntwo\nthree\n" };
  const url = `${base}/projects/${project}/imports?format=csv`;
  assert.equal((await ask(tenant.owner, { method: "POST", url, ...texts })).json().imported, 3);
  const { assignment } = await post(labeler, `/projects/${project}/next`);
  const { next } = await post(labeler, `/assignments/${assignment.id}/label`, { label: "good" });
  const reviews = await ask(tenant.owner, { url: `${base}/projects/${project}/reviews` });
  const [label] = reviews.json().items;
  const ids = { organization: tenant.slug, project, assignment: next.id, label: label.id };
  return { tenant, labeler, ids: { ...ids, ...(await makeEntrances({ database, ask }, admin, tenant)) } };
}

/** The ways into an organization: an invitation, a proved domain, and somebody who asks to join by it. */
async function makeEntrances(
  { database, ask }: Pick<TestHttpServer, "database" | "ask">,
  admin: pg.Client,
  tenant: Tenant,
) {
  const base = `/api/organizations/${tenant.slug}`;
  const role = await roleIdOf(admin, tenant, "viewer");
  const name = `${randomUUID()}.example`;
  const post = async (person: Person, url: string, payload?: object) => {
    const answer = await ask(person, { method: "POST", url, ...(payload && { payload }) });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const { items } = await post(tenant.owner, `${base}/invitations`, { email: `invited@${name}`, roles: [role] });
  const { id: domain } = await post(tenant.owner, `${base}/domains`, { domain: name, role });
  await admin.query("update organizations.domains set verified_at = now() where id = $1", [domain]);
  const person = await createPerson(database);
  await admin.query("update identity.users set email = $2 where id = $1", [person.userId, `asking@${name}`]);
  await post(person, `/api/me/joinable/${tenant.slug}`);
  const requests = await ask(tenant.owner, { url: `${base}/join-requests` });
  return { role, invitation: items[0].id, domain, request: requests.json().items[0].id };
}

/** The id of an organization's role. */
export async function roleIdOf(admin: pg.Client, tenant: Tenant, name: string): Promise<string> {
  const text = "select id from organizations.roles where organization_id = $1 and name = $2";
  const { rows } = await admin.query<{ id: string }>(text, [tenant.id, name]);
  return rows[0]?.id ?? assert.fail(`There is no role ${name}.`);
}
