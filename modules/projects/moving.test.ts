import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import type pg from "pg";
import { addMember, adminOf, createTenant, type Tenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { openBoard } from "./board.fixture.ts";

let http: TestHttpServer;
let admin: pg.Client;
let tenant: Tenant;

before(async () => {
  http = await openTestServer();
  admin = await adminOf(http.database);
  tenant = await createTenant(http.database);
});

test("new cards come last, and a card is put before another, behind one, or at the end of a column", async () => {
  const { cards, move, column, card } = await openBoard(http, tenant, 3);
  const [a = "", b = "", c = ""] = cards;
  assert.deepEqual(await column("todo"), [a, b, c]);
  assert.equal((await move(c, { status: "todo", before_id: a })).statusCode, 200);
  assert.deepEqual(await column("todo"), [c, a, b]);
  await move(c, { status: "todo", after_id: a });
  assert.deepEqual(await column("todo"), [a, c, b]);
  await move(a, { status: "done" });
  const moved = await move(b, { status: "done", before_id: a });
  assert.deepEqual(moved.json(), await pick(b));
  assert.deepEqual([await column("todo"), await column("done")], [[c], [b, a]]);
  // Where it stands already nothing changes, so nobody's view of it is stale.
  const { version } = await card(a);
  assert.equal((await move(a, { status: "done", after_id: b })).json().version, version);

  async function pick(id: string) {
    const { status, rank, version } = await card(id);
    return { id, status, rank, version };
  }
});

test("a card that was changed meanwhile is not moved, and the board as it is comes with the refusal", async () => {
  const { cards, move, card, ask } = await openBoard(http, tenant, 2);
  const [a = "", b = ""] = cards;
  await ask("PATCH", `tasks/${a}`, { title: "Another" });
  const stale = await move(a, { status: "review", version: 1 });
  const { id, status, rank, version } = await card(a);
  assert.deepEqual([stale.statusCode, stale.json().current], [412, { card: { id, status, rank, version }, order: [] }]);
  await move(b, { status: "done" });
  const lost = await move(a, { status: "todo", after_id: b });
  assert.deepEqual([lost.statusCode, lost.json().current.order], [409, [a]]);
});

test("of many who put cards into the same gap at once nobody loses one, and no two have one place", async () => {
  const { cards, move, read, column } = await openBoard(http, tenant, 12);
  const [first = "", last = "", ...others] = cards;
  await move(first, { status: "review" });
  await move(last, { status: "review" });
  const answers = await Promise.all(others.map((id) => move(id, { status: "review", before_id: last })));
  assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([200]));
  const order = await column("review");
  assert.deepEqual([order[0], order.at(-1)], [first, last]);
  assert.deepEqual(order.toSorted(), cards.toSorted());
  assert.equal(new Set((await read()).map(({ rank }) => rank)).size, cards.length);
});

test("of two who move one card at once, one does, and the other is told where it is", async () => {
  const { cards, move, card } = await openBoard(http, tenant, 1);
  const [id = ""] = cards;
  const answers = await Promise.all(["review", "done"].map((status) => move(id, { status, version: 1 })));
  const refused = answers.find(({ statusCode }) => statusCode === 412);
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [200, 412]);
  assert.equal(refused?.json().current.card.status, (await card(id)).status);
});

test("keys that came to be long are made short, and the order stays", async () => {
  const { cards, move, column, card } = await openBoard(http, tenant, 4);
  const [a = "", b = "", c = "", d = ""] = cards;
  const rank = "a0".padEnd(60, "z");
  await admin.query("update projects.tasks set rank = $2 where id = $1", [a, rank]);
  await admin.query("update projects.tasks set rank = $2 where id = $1", [b, `${rank}V`]);
  assert.equal((await move(d, { status: "todo", after_id: a })).statusCode, 200);
  assert.deepEqual(await column("todo"), [a, d, b, c]);
  for (const id of cards) assert.ok((await card(id)).rank.length < 30, id);
});

test("viewers read the board, others do not find it; a client sees how far their project is, and no card", async () => {
  const { project, cards, move, ask } = await openBoard(http, tenant, 2);
  const [id = ""] = cards;
  await move(id, { status: "done" });
  const viewer = await addMember(admin, http.database, tenant, "viewer");
  assert.equal((await ask("GET", `tasks/${id}`, undefined, viewer)).statusCode, 200);
  const body = { status: "todo", version: 2 };
  assert.equal((await ask("POST", `tasks/${id}/move`, body, viewer)).statusCode, 403);
  assert.equal((await ask("POST", `tasks/${randomUUID()}/move`, body)).statusCode, 404);
  const other = await createTenant(http.database);
  const url = `/api/organizations/${other.slug}/projects/tasks/${id}/move`;
  assert.equal((await http.ask(other.owner, { method: "POST", url, payload: body })).statusCode, 404);

  const client = await addMember(admin, http.database, tenant, "client");
  assert.equal((await ask("GET", `projects/${project}/progress`, undefined, client)).statusCode, 404);
  await admin.query(
    `with customer as (insert into crm.customers (organization_id, name) values ($1, 'Ada') returning id),
       contact as (insert into crm.contacts (organization_id, customer_id, user_id, name) select $1, id, $2, 'Bo' from customer)
     update projects.projects p set customer_id = customer.id from customer where p.organization_id = $1 and p.id = $3`,
    [tenant.id, client.userId, project],
  );
  const progress = await ask("GET", `projects/${project}/progress`, undefined, client);
  assert.deepEqual(progress.json(), { tasks: 2, tasks_done: 1, progress_percentage: 50 });
  assert.equal((await ask("GET", `projects/${project}`, undefined, client)).statusCode, 200);
  assert.equal((await ask("GET", `tasks?project_id=${project}`, undefined, client)).statusCode, 403);
  assert.equal((await ask("PATCH", `projects/${project}`, { name: "Mine" }, client)).statusCode, 403);
});

test("the time of colleagues is changed by who manages it, and goes with its task", async () => {
  const { project, cards, ask } = await openBoard(http, tenant, 1);
  const [task = ""] = cards;
  const [ann, bob] = [await hire(), await hire()];
  const worked = { project_id: project, task_id: task, worked_on: "2026-11-20", minutes: 60 };
  const { id } = (await ask("POST", "worklogs", worked, ann)).json();
  const refused = await ask("PATCH", `worklogs/${id}`, { minutes: 1 }, bob);
  assert.deepEqual([refused.statusCode, refused.json().detail], [403, "This is the time of a colleague."]);
  assert.equal((await ask("DELETE", `worklogs/${id}`, undefined, bob)).statusCode, 403);
  assert.equal((await ask("POST", "worklogs/bulk", { delete: [{ id }] }, bob)).statusCode, 403);
  assert.equal((await ask("PATCH", `worklogs/${id}`, { minutes: 90 }, ann)).json().minutes, 90);
  assert.equal((await ask("PATCH", `worklogs/${id}`, { minutes: 45 })).json().minutes, 45);
  assert.equal((await ask("DELETE", `tasks/${task}`, undefined, bob)).statusCode, 204);

  function hire() {
    return addMember(admin, http.database, tenant, "member");
  }
});
