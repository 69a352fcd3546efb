import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { openAdmin, type Person } from "../../test/harness.ts";
import { openTestServer } from "../../test/http/server.ts";
import type { Comment, listComments } from "./comments-contract.ts";
import type { listCustomerProjects } from "./customer-contract.ts";
import { type Agency, openAgency } from "./customers.fixture.ts";

let admin: Awaited<ReturnType<typeof openAdmin>>;
let agency: Agency;

before(async () => {
  admin = await openAdmin();
  agency = await openAgency(await openTestServer(), admin);
});

test("a client sees how far their projects are and the approved labels, and nothing of others or of the work", async () => {
  const { tenant, client, customer, labeler, project, ask, must } = agency;
  const [first = "", second = ""] = await agency.label(project, 2);
  assert.equal((await agency.approve(first)).statusCode, 200);
  const other = await agency.addCustomer("Bo");
  const theirs = await agency.addProject("Theirs", ["x"], { customer_id: other.customer, label_price: 1 });
  const nobodys = await agency.addProject("Nobody's", ["x"], { customer_id: null, label_price: 1 });

  const { items } = await must<AnswerOf<typeof listCustomerProjects>>(client, "GET", "labeling/customer-projects");
  assert.deepEqual(
    items.map(({ created_at: _, ...rest }) => rest),
    [{ id: project, name: "Moods", status: "active", total: 3, approved: 1 }],
  );
  const results = await must(client, "GET", `labeling/customer-projects/${project}/results`);
  assert.deepEqual(results, {
    items: [{ label_id: first, position: 1, text: "one", label: "good" }],
    next_cursor: null,
  });
  const file = await ask(client, "GET", `labeling/customer-projects/${project}/results/file?format=csv`);
  assert.match(file.body, /^position,text,label,submitted_at\r\n1,one,good,[^\r]+\r\n$/);
  assert.ok(!`${JSON.stringify([items, results])}${file.body}`.includes(labeler.userId), "nobody is named");

  for (const hidden of [theirs, nobodys])
    for (const path of ["", "/results", "/results/file"]) {
      const { statusCode, body } = await ask(client, "GET", `labeling/customer-projects/${hidden}${path}`);
      assert.equal(statusCode, 404, body);
    }
  for (const path of [
    "projects",
    `projects/${project}`,
    `projects/${project}/figures`,
    `projects/${project}/metrics`,
    `projects/${project}/results`,
    "labels",
    "metrics",
    "reviews",
  ])
    assert.equal((await ask(client, "GET", `labeling/${path}`)).statusCode, 403, path);
  for (const method of ["GET", "POST"] as const) {
    const talk = await ask(
      client,
      method,
      `labeling/labels/${second}/comments`,
      method === "POST" ? { content: "?" } : undefined,
    );
    assert.equal(talk.statusCode, 404, "a label that is not approved is none");
  }
  assert.equal((await ask(other.client, "GET", `labeling/labels/${first}/comments`)).statusCode, 404);

  await admin.query("delete from crm.contacts where organization_id = $1 and customer_id = $2", [tenant.id, customer]);
  assert.deepEqual(await must(client, "GET", "labeling/customer-projects"), { items: [] });
  assert.equal((await ask(client, "GET", `labeling/customer-projects/${project}`)).statusCode, 404);
});

test("colleagues talk in threads about a label; the customer's people see the threads that they began", async () => {
  const { labeler, reviewer, must, ask } = agency;
  const { customer, client } = await agency.addCustomer("Cy");
  const project = await agency.addProject("Talk", ["a", "b"], { customer_id: customer, label_price: null });
  const [label = ""] = await agency.label(project, 1);
  const path = `labeling/labels/${label}/comments`;
  const asked = await must<Comment>(reviewer, "POST", path, { content: " Why good? " });
  const answer = await must<Comment>(labeler, "POST", path, { content: "It smiles.", parent_id: asked.id });
  const more = await must<Comment>(reviewer, "POST", path, { content: "It does.", parent_id: answer.id });
  assert.deepEqual(
    [asked.content, answer.parent_id, more.parent_id, more.for_customer],
    ["Why good?", asked.id, asked.id, false],
  );
  const settle = (comment: string, resolved: boolean) =>
    must<Comment>(labeler, "PUT", `labeling/comments/${comment}/resolution`, { resolved });
  const settled = await settle(answer.id, true);
  assert.deepEqual([settled.id, settled.resolved_by === null], [asked.id, false]);
  assert.equal((await settle(asked.id, true)).resolved_at, settled.resolved_at);
  assert.equal((await settle(asked.id, false)).resolved_at, null);

  assert.equal((await agency.approve(label)).statusCode, 200);
  assert.deepEqual(await must(client, "GET", path), { items: [] });
  assert.equal((await ask(client, "POST", path, { content: "?", parent_id: asked.id })).statusCode, 404);
  assert.equal(
    (await ask(client, "PUT", `labeling/comments/${asked.id}/resolution`, { resolved: true })).statusCode,
    404,
  );
  const begun = await must<Comment>(client, "POST", path, { content: "Is it?" });
  const told = await must<Comment>(reviewer, "POST", path, { content: "Yes.", parent_id: begun.id });
  assert.deepEqual([begun.for_customer, told.for_customer], [true, true]);
  const read = async (person: Person) => (await must<AnswerOf<typeof listComments>>(person, "GET", path)).items;
  assert.deepEqual(
    (await read(client)).map(({ content, author, is_own }) => [content, author, is_own]),
    [
      ["Is it?", begun.author, true],
      ["Yes.", "Test organization", false],
    ],
  );
  assert.equal((await read(reviewer)).length, 5);
  assert.equal((await read(labeler)).length, 5);
});
