import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { openAdmin } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import type { readUsage } from "../credits/contract.ts";
import { type Agency, openAgency } from "../labeling/customers.fixture.ts";
import type { Invoice, listInvoices } from "./contract.ts";

const THIS_MONTH = new Date().toISOString().slice(0, 7);
const LONG_AGO = "2020-01";

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
});

/** Has so many labels of the project approved. */
async function approve(agency: Agency, count: number): Promise<void> {
  for (const label of await agency.label(agency.project, count)) {
    const { statusCode, body } = await agency.approve(label);
    assert.equal(statusCode, 200, body);
  }
}

function draft({ must, tenant, customer }: Pick<Agency, "must" | "tenant" | "customer">): Promise<Invoice> {
  return must(tenant.owner, "POST", "invoices", { customer_id: customer, month: THIS_MONTH });
}

test("what is approved after the month's invoice is on the next one, at the price of its day; a void one is billed anew", async () => {
  const agency = await openAgency(http, admin);
  const { must, ask, tenant, customer, project } = agency;
  const { owner } = tenant;
  await approve(agency, 1);
  assert.equal((await ask(owner, "POST", "invoices", { customer_id: customer, month: LONG_AGO })).statusCode, 409);
  const first = await draft(agency);
  await must(owner, "POST", `invoices/${first.id}/issue`, {});
  await must(owner, "PUT", `labeling/projects/${project}/terms`, { customer_id: customer, label_price: 30 });
  await approve(agency, 1);
  await must(owner, "PUT", `invoices/${first.id}/status`, { status: "void" });
  const second = await draft(agency);
  assert.deepEqual(
    second.lines.map(({ quantity, unit_amount }) => [quantity, unit_amount]),
    [
      [1, 12],
      [1, 30],
    ],
  );
  assert.deepEqual(
    [second.number, (await must<Invoice>(owner, "GET", `invoices/${first.id}`)).total_amount],
    [null, 12],
  );
});

test("a project without a price, or for nobody, charges nobody, and is used all the same", async () => {
  const agency = await openAgency(http, admin);
  const { must, tenant, customer, project } = agency;
  for (const terms of [
    { customer_id: customer, label_price: null },
    { customer_id: null, label_price: 5 },
  ]) {
    await must(tenant.owner, "PUT", `labeling/projects/${project}/terms`, terms);
    await approve(agency, 1);
  }
  assert.deepEqual(await must(tenant.owner, "GET", "unbilled"), { items: [] });
  const { resources } = await must<AnswerOf<typeof readUsage>>(tenant.owner, "GET", "usage");
  assert.equal(resources.find(({ resource }) => resource === "labels")?.used, 2);
});

test("many invoices issued at once get numbers without a gap, and what was never issued takes none", async () => {
  const agency = await openAgency(http, admin);
  const { must, ask, tenant, addCustomer, addProject, label } = agency;
  const { owner } = tenant;
  const invoices: string[] = [];
  for (const name of ["A", "B", "C", "D", "E", "F"]) {
    const { customer } = await addCustomer(name);
    const project = await addProject(name, ["x"], { customer_id: customer, label_price: 1 });
    for (const id of await label(project, 1)) await agency.approve(id);
    invoices.push((await draft({ must, tenant, customer })).id);
  }
  const [discarded = "", ...kept] = invoices;
  const answers = await Promise.all([
    ask(owner, "DELETE", `invoices/${discarded}`),
    ...kept.flatMap((id) => [1, 2].map(() => ask(owner, "POST", `invoices/${id}/issue`, {}))),
  ]);
  assert.deepEqual(Map.groupBy(answers, ({ statusCode }) => statusCode).get(409)?.length, kept.length);
  const { items } = await must<AnswerOf<typeof listInvoices>>(owner, "GET", "invoices");
  assert.deepEqual(
    items.map(({ number }) => number).toSorted(),
    kept.map((_, index) => index + 1),
  );
});
