import assert from "node:assert/strict";
import { randomBytes, randomInt, randomUUID } from "node:crypto";
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
  const file = await makeFile(admin, tenant, "labeling.export_results", "text/csv");
  const document = await makeFile(admin, tenant, "billing.print_invoice", "application/pdf");
  const exporting = await makeTask(admin, tenant, "labeling.export_results");
  const printing = await makeTask(admin, tenant, "billing.print_invoice");
  const load = await makeImport(admin, tenant);
  const written = { ...(await makePage(ask, tenant)), ...(await makeAssistant(ask, tenant)) };
  const shop = await makeShop(admin, tenant);
  const accounts = await makeAccounts(ask, tenant);
  const doneWork = await makeDoneWork(ask, tenant);
  const business = await makeBusiness(ask, admin, tenant);
  const said = await post(tenant.owner, `/labels/${label.id}/comments`, { content: "Sure?" });
  const dealings = await makeDealings(ask, tenant);
  const benchmarks = await makeBenchmark(ask, tenant);
  const { sessionId: session } = tenant.owner.credential;
  const studio = await makeStudio(admin, tenant, things.member);
  const work = { project, assignment: next.id, label: label.id, file, document, run: exporting, print: printing };
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
      import: load,
      schema: "labeling",
      ...work,
      ...things,
      ...entrances,
      ...written,
      ...accounts,
      ...shop,
      ...doneWork,
      ...business,
      comment: said.id,
      ...studio,
      ...dealings,
      ...benchmarks,
    },
  };
}

/** A customer, a card for them, and an appointment of the owner, who has a feed. */
async function makeDealings(ask: TestHttpServer["ask"], { slug, owner }: Tenant) {
  const make = async (path: string, payload: object) => {
    const answer = await ask(owner, { method: "POST", url: `/api/organizations/${slug}/${path}`, payload });
    assert.ok(answer.statusCode < 300, answer.body);
    return answer.json();
  };
  const { id: customer } = await make("crm/customers", { name: "World" });
  const { id: project_id } = await make("projects/projects", { name: "World", customer_id: customer });
  const { id: card } = await make("projects/tasks", { project_id, title: "World" });
  const { userId: user } = owner;
  const time = { start_time: "2026-12-01T09:00:00Z", end_time: "2026-12-01T10:00:00Z" };
  const { id: appointment } = await make("calendar/appointments", { title: "World", assigned_to: user, ...time });
  const { url } = await make("calendar/feed", {});
  return { customer, card, user, appointment, feed: String(url.split("/").at(-1)) };
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

/** A file as a task of that kind makes it. */
async function makeFile(admin: pg.Client, { id }: Tenant, type: string, mediaType: string): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    "insert into tasks.files (organization_id, type, name, media_type, bytes) values ($1, $2, 'World', $3, 0) returning id",
    [id, type, mediaType],
  );
  return rows[0]?.id ?? assert.fail();
}

/** A task of that kind, which nobody does. */
async function makeTask(admin: pg.Client, { id }: Tenant, type: string): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    `insert into tasks.tasks (organization_id, type, category, name, status, worker_type, input)
     values ($1, $2, 'system', 'World', 'waiting', 'internal', '{}') returning id`,
    [id, type],
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

/** A customer with a contact, and an invoice for them that is not issued yet. */
async function makeBusiness(ask: TestHttpServer["ask"], admin: pg.Client, { id, slug, owner }: Tenant) {
  const make = async (noun: string, payload: object): Promise<string> => {
    const answer = await ask(owner, { method: "POST", url: `/api/organizations/${slug}/crm/${noun}`, payload });
    assert.equal(answer.statusCode, 201, answer.body);
    return answer.json().id;
  };
  const customer = await make("customers", { name: "World" });
  const contact = await make("contacts", { customer_id: customer, name: "Bo" });
  const { rows } = await admin.query<{ id: string }>(
    `with account as (insert into billing.billing_accounts (organization_id, customer_id) values ($1, $2) returning id)
     insert into billing.invoices (organization_id, billing_account_id, customer_id, period_start, period_end, currency)
     select $1, id, $2, now(), now() + interval '1 month', 'EUR' from account returning id`,
    [id, customer],
  );
  return { customer, contact, invoice: rows[0]?.id ?? assert.fail() };
}

/** A page that readers see, and whose text is in review once more. */
async function makePage(ask: TestHttpServer["ask"], { slug, owner }: Tenant) {
  const items = `/api/organizations/${slug}/content/items`;
  const payload = { content_type: "page", name: "World", title: "World", slug: "world", content: "The first." };
  const { id: item } = (await ask(owner, { method: "POST", url: items, payload })).json() as { id: string };
  const take = async (step: string) => {
    const answer = await ask(owner, { method: "POST", url: `${items}/${item}/${step}` });
    assert.equal(answer.statusCode, 200, answer.body);
  };
  await take("submission");
  await take("publication");
  await ask(owner, { method: "PATCH", url: `${items}/${item}`, payload: { content: "The second." } });
  await take("submission");
  return { item, page: "world" };
}

/** A provider of models, and a conversation. */
async function makeAssistant(ask: TestHttpServer["ask"], { slug, owner }: Tenant) {
  const url = `/api/organizations/${slug}/assistant`;
  const provider = `p-${randomUUID()}`;
  const payload = { name: provider, protocol: "openai_compatible", base_url: "https://93.184.215.14/v1" };
  await ask(owner, { method: "POST", url: `${url}/providers`, payload });
  const opened = await ask(owner, { method: "POST", url: `${url}/own-conversations`, payload: { title: "World" } });
  return { provider, conversation: opened.json().id as string };
}

/** A store in use with a product. */
async function makeShop(
  admin: pg.Client,
  { id, owner }: Tenant,
): Promise<{ store: string; product: string; hook: string }> {
  const { rows } = await admin.query<{ store: string; product: string }>(
    `with store as (
       insert into commerce.stores (organization_id, name, platform, store_url, status, connected_by)
       values ($1, 'World', 'woocommerce', 'https://shop.example', 'active', $2) returning id
     ) insert into commerce.products (organization_id, store_id, name) select $1, store.id, 'World' from store
     returning store_id as store, id as product`,
    [id, owner.userId],
  );
  const { store, product } = rows[0] ?? assert.fail();
  return { store, product, hook: `${id}_${store}` };
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

/** A studio session with all that is below it. It has the id of the owner's user session, for both are a path's `:session`. */
async function makeStudio(admin: pg.Client, { id, owner }: Tenant, member: string) {
  const version = randomInt(1_000_000);
  const { rows } = await admin.query<{ share: string; export: string }>(
    `with session as (
       insert into studio.sessions (organization_id, id, user_id, title) values ($1, $2, $3, 'World') returning id
     ), person as (
       insert into studio.session_people (organization_id, session_id, user_id) select $1, id, $4 from session
     ), document as (
       insert into studio.documents (organization_id, session_id, section) select $1, id, 'structuring' from session
     ), version as (
       insert into studio.versions (organization_id, session_id, section, number, content) select $1, id, 'structuring', $5, '{"problem": "Old"}' from session
     ), share as (
       insert into studio.shares (organization_id, session_id, secret_hash, sections, created_by)
       select $1, id, $6, '{structuring}', $3 from session returning id
     ), file as (
       insert into tasks.files (organization_id, type, name, media_type, bytes) values ($1, 'studio.export_pdf', 'world.pdf', 'application/pdf', 0) returning id
     ), export as (
       insert into studio.exports (organization_id, session_id, format, status, storage_key, file_name, bytes, requested_by)
       select $1, session.id, 'pdf', 'completed', file.id, 'world.pdf', 0, $3 from session, file returning id
     ) select share.id as share, export.id as export from share, export`,
    [id, owner.credential.sessionId, owner.userId, member, version, randomBytes(32)],
  );
  return { ...(rows[0] ?? assert.fail()), version: String(version) };
}

/** A benchmark that is open, to which the owner has handed in. */
async function makeBenchmark(ask: TestHttpServer["ask"], { slug, owner }: Tenant) {
  const send = async (method: "POST" | "PUT", path: string, payload: object | string) => {
    const headers = typeof payload === "string" ? { headers: { "content-type": "text/csv" } } : {};
    const answer = await ask(owner, { method, url: `/api/organizations/${slug}/${path}`, payload, ...headers });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const { dataset } = await send("POST", "datasets/gold?name=World&format=csv", "input,answer\none,good\ntwo,bad\n");
  const version = dataset.version_id as string;
  const terms = { name: "World", version_id: version, metrics: ["accuracy"], participants: [owner.userId] };
  const { id: benchmark } = await send("POST", "benchmarks", terms);
  await send("PUT", `benchmarks/${benchmark}/status`, { status: "open" });
  const { submission } = await send(
    "POST",
    `benchmarks/${benchmark}/submissions?format=csv`,
    "position,label\n1,good\n",
  );
  return { gold_version: version, benchmark: benchmark as string, submission: submission.id as string };
}
