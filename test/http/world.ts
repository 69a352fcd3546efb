import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { addMember, createPerson, createTenant, type Person, type Tenant } from "../harness.ts";
import { type Ids, missingIds } from "./requests.ts";
import type { TestHttpServer } from "./server.ts";

/** An organization with all that the parameters of a path can name: texts and labels, members, roles, keys. */
export type World = { tenant: Tenant; labeler: Person; ids: Ids };

/** Makes such an organization by the requests that people make. */
export async function makeWorld(http: TestHttpServer, admin: pg.Client): Promise<World> {
  const { database, ask } = http;
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
  const things = { ...(await makeThings(ask, admin, tenant)), ...(await makeMembers(http, admin, tenant)) };
  const entrances = await makeEntrances(http, admin, tenant, things.role);
  const hold = await makeHold(ask, tenant);
  const schedule = await makeSchedule(ask, tenant);
  const approval = await makeApproval(admin, tenant);
  const file = await makeFile(admin, tenant);
  const load = await makeImport(admin, tenant);
  const accounts = await makeAccounts(ask, tenant);
  const doneWork = await makeDoneWork(ask, tenant);
  const { sessionId: session } = tenant.owner.credential;
  const work = { project, assignment: next.id, label: label.id };
  return {
    tenant,
    labeler,
    ids: {
      ...missingIds(),
      organization: tenant.slug,
      session,
      hold,
      schedule,
      approval,
      file,
      import: load,
      schema: "labeling",
      ...work,
      ...things,
      ...entrances,
      ...accounts,
      ...doneWork,
    },
  };
}

async function makeThings(ask: TestHttpServer["ask"], admin: pg.Client, { id, slug, owner }: Tenant) {
  const make = async (path: string, payload: object): Promise<string> => {
    const answer = await ask(owner, { method: "POST", url: `/api/organizations/${slug}/${path}`, payload });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json().id;
  };
  const service = await make("services", { name: "Robot", roles: [await roleIdOf(admin, id, "viewer")] });
  const key = await make("keys", { name: "World", scopes: ["organization.read"], member: service });
  const endpoint = await make("webhooks", { name: "World", url: "https://93.184.215.14/" });
  const sent = await ask(owner, { method: "POST", url: `/api/organizations/${slug}/webhooks/${endpoint}/test` });
  const { delivery } = sent.json() as { delivery: string };
  return { service, key, endpoint, delivery, grant: await make("support-grants", { reason: "World" }) };
}

/** The id of an organization's role. */
export async function roleIdOf(admin: pg.Client, organization: string, name: string): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    "select id from organizations.roles where organization_id = $1 and name = $2",
    [organization, name],
  );
  return rows[0]?.id ?? assert.fail(`There is no role ${name}.`);
}

async function makeMembers({ database, ask }: TestHttpServer, admin: pg.Client, tenant: Tenant) {
  const base = `/api/organizations/${tenant.slug}`;
  const payload = { name: "Guest", permissions: ["member.read"] };
  const made = await ask(tenant.owner, { method: "POST", url: `${base}/roles`, payload });
  assert.equal(made.statusCode, 200, made.body);
  await addMember(admin, database, tenant, "Guest");
  const { userId: member } = await addMember(admin, database, tenant, "viewer");
  const url = `${base}/members/${member}/status`;
  assert.equal((await ask(tenant.owner, { method: "PUT", url, payload: { status: "suspended" } })).statusCode, 204);
  return { member, role: made.json().id as string };
}

/** The ways into an organization: an invitation, a proved domain, and somebody who asks to join by it. */
async function makeEntrances({ database, ask }: TestHttpServer, admin: pg.Client, tenant: Tenant, role: string) {
  const base = `/api/organizations/${tenant.slug}`;
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
  return { invitation: items[0].id, domain, request: requests.json().items[0].id };
}

async function makeAccounts(ask: TestHttpServer["ask"], { slug, owner }: Tenant) {
  const url = `/api/organizations/${slug}/credits`;
  const made = await ask(owner, { method: "POST", url: `${url}/accounts`, payload: { name: "World" } });
  assert.equal(made.statusCode, 200, made.body);
  const { items } = (await ask(owner, { url })).json();
  return { account: items[0].id as string, target: made.json().id as string };
}

async function makeHold(ask: TestHttpServer["ask"], { slug, owner }: Tenant): Promise<string> {
  const url = `/api/organizations/${slug}/audit/holds`;
  const placed = await ask(owner, { method: "POST", url, payload: { reason: "A case" } });
  return placed.json().id;
}

async function makeSchedule(ask: TestHttpServer["ask"], { slug, owner }: Tenant): Promise<string> {
  const url = `/api/organizations/${slug}/task-schedules`;
  const payload = { name: "World", type: "example.work", rule: "0 0 1 1 *" };
  return (await ask(owner, { method: "POST", url, payload })).json().id;
}

/** Something that waits for whoever may do it: an approval of a role that the owner holds. */
async function makeApproval(admin: pg.Client, { id }: Tenant): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    `with task as (
       insert into tasks.tasks (organization_id, type, category, name, status, worker_type, input)
       values ($1, 'example.work', 'content', 'World', 'waiting', 'internal', '{}') returning id
     ) insert into tasks.approvals (organization_id, task_id, title, role_id, status, opened_at)
     select $1, task.id, 'World?', r.id, 'pending', now() from task join organizations.roles r on r.organization_id = $1 and r.template = 'owner'
     returning id`,
    [id],
  );
  return rows[0]?.id ?? assert.fail();
}

/** A file as an export makes it. */
async function makeFile(admin: pg.Client, { id }: Tenant): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    `insert into tasks.files (organization_id, type, name, media_type, bytes)
     values ($1, 'labeling.export_results', 'World.csv', 'text/csv', 0) returning id`,
    [id],
  );
  return rows[0]?.id ?? assert.fail();
}

/** An import that took in a row, and ended. */
async function makeImport(admin: pg.Client, { id }: Tenant): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    `insert into imports.imports (organization_id, noun, format, mapping, on_error, state, bytes, rows_created)
     values ($1, 'crm.customer', 'csv', '{"name": "name"}', 'stop', 'completed', 0, 1) returning id`,
    [id],
  );
  return rows[0]?.id ?? assert.fail();
}

/** A workflow with its task, both over: who listens to them is answered at once. */
async function makeDoneWork(ask: TestHttpServer["ask"], { slug, owner }: Tenant) {
  const url = `/api/organizations/${slug}/workflows`;
  const payload = { name: "World", tasks: [{ type: "example.echo" }] };
  const made = await ask(owner, { method: "POST", url, payload });
  assert.equal(made.statusCode, 200, made.body);
  const { id: workflow, tasks } = made.json();
  await ask(owner, { method: "POST", url: `${url}/${workflow}/cancel` });
  return { workflow, task: tasks[0].id as string };
}
