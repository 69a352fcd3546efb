import assert from "node:assert/strict";
import { before, test } from "node:test";
import { addMember, openAdmin, type Person, type Tenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { makeWorld } from "../../test/http/world.ts";

// What people can ask for who hold a permission for rows of their own, or of their customers, and nothing else.

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;
let tenant: Tenant;
let project: string;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
  const world = await makeWorld(http, admin);
  tenant = world.tenant;
  project = world.ids.project ?? assert.fail();
});

/** A new person with a role of the organization's own. */
async function hire(scope: "own" | "client", permissions: string[]): Promise<Person> {
  const name = crypto.randomUUID();
  await admin.query(
    `with role as (insert into organizations.roles (organization_id, name, scope) values ($1, $2, $3) returning id)
     insert into organizations.role_permissions (organization_id, role_id, permission) select $1, id, unnest($4::text[]) from role`,
    [tenant.id, name, scope, permissions],
  );
  return addMember(admin, http.database, tenant, name);
}

async function ask(person: Person, method: "GET" | "POST" | "DELETE", path: string, payload?: object) {
  const url = `/api/organizations/${tenant.slug}/labeling${path}`;
  const { statusCode, body } = await http.ask(person, { method, url, ...(payload && { payload }) });
  return { status: statusCode, body: body === "" ? undefined : JSON.parse(body) };
}

test("who may label their own texts, and nothing else, claims, renews, labels and gives back", async () => {
  const person = await hire("own", ["labeling.label.write"]);
  const first = await ask(person, "POST", `/projects/${project}/next`);
  assert.equal(first.status, 200, JSON.stringify(first));
  const { id } = first.body.assignment;
  const renewed = await ask(person, "POST", `/assignments/${id}/renewal`);
  assert.equal(renewed.status, 200, JSON.stringify(renewed));
  const labeled = await ask(person, "POST", `/assignments/${id}/label`, { label: "good" });
  assert.equal(labeled.status, 200, JSON.stringify(labeled));
  const again = labeled.body.next ?? (await ask(person, "POST", `/projects/${project}/next`)).body.assignment;
  if (again) {
    const released = await ask(person, "DELETE", `/assignments/${again.id}/lease`);
    assert.ok([200, 204].includes(released.status), JSON.stringify(released));
  }
  assert.equal((await ask(person, "GET", "/projects")).status, 403);
  assert.equal((await ask(person, "GET", `/projects/${project}/reviews`)).status, 403);
});

test("who holds permissions for their own rows only is refused what needs the whole organization, and nothing breaks", async () => {
  const person = await hire("own", ["labeling.project.manage", "labeling.project.read", "labeling.review.write"]);
  assert.equal((await ask(person, "GET", `/projects/${project}`)).status, 200);
  assert.equal(
    (await ask(person, "POST", "/projects", { name: "Mine", labels: [{ name: "a" }, { name: "b" }] })).status,
    403,
  );
  assert.ok([200, 403].includes((await ask(person, "GET", `/projects/${project}/reviews`)).status));
});

test("a client who may see labeling projects sees those of their customers, and no others", async () => {
  const labels = [{ name: "good" }, { name: "bad" }];
  const made = await ask(tenant.owner, "POST", "/projects", { name: "Theirs", labels });
  const theirs: string = made.body.id;
  const person = await hire("client", ["labeling.project.read"]);
  const none = await ask(person, "GET", "/projects");
  assert.deepEqual(none, { status: 200, body: { items: [] } });

  await admin.query(
    `with customer as (insert into crm.customers (organization_id, name) values ($1, 'Ada') returning id),
       contact as (insert into crm.contacts (organization_id, customer_id, user_id, name) select $1, id, $2, 'Bo' from customer)
     update projects.projects p set customer_id = customer.id from customer where p.organization_id = $1 and p.id = $3`,
    [tenant.id, person.userId, theirs],
  );
  const { body } = await ask(person, "GET", "/projects");
  assert.deepEqual(
    body.items.map(({ name }: { name: string }) => name),
    ["Theirs"],
  );
  assert.equal((await ask(person, "GET", `/projects/${theirs}`)).status, 200);
  assert.equal((await ask(person, "GET", `/projects/${theirs}/figures`)).status, 200);
  assert.equal((await ask(person, "GET", `/projects/${project}`)).status, 404);
  assert.equal((await ask(person, "GET", `/projects/${project}/figures`)).status, 404);
  assert.equal((await ask(person, "POST", `/projects/${theirs}/next`)).status, 403);
});
