import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { addMember, openAdmin } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import type { readUsage } from "../credits/contract.ts";
import { openAgency } from "../labeling/customers.fixture.ts";
import type { Invoice, listUnbilled } from "./contract.ts";

const THIS_MONTH = new Date().toISOString().slice(0, 7);

let http: TestHttpServer;
let admin: Awaited<ReturnType<typeof openAdmin>>;

before(async () => {
  http = await openTestServer();
  admin = await openAdmin();
});

test("what was approved is used and charged once, billed once, and an issued invoice never changes", async () => {
  const agency = await openAgency(http, admin);
  const { tenant, customer, project, ask, must } = agency;
  const { owner } = tenant;
  const usage = async () => {
    const { resources } = await must<AnswerOf<typeof readUsage>>(owner, "GET", "usage");
    return resources.find(({ resource }) => resource === "labels")?.used;
  };
  const unbilled = async () => (await must<AnswerOf<typeof listUnbilled>>(owner, "GET", "unbilled")).items;
  const [first = "", second = ""] = await agency.label(project, 2);
  assert.deepEqual([await usage(), await unbilled()], [0, []]);

  // Sent back, labeled anew and approved twice at once, it is one approval.
  await must(agency.reviewer, "POST", `labeling/labels/${first}/reviews`, { decision: "rejected", reason: "No." });
  await agency.label(project, 1);
  const approvals = await Promise.all([agency.approve(first), agency.approve(first), agency.approve(second)]);
  assert.deepEqual(approvals.map(({ statusCode }) => statusCode).toSorted(), [200, 200, 409]);
  const due = {
    customer: { id: customer, name: "Ada" },
    quantity: 2,
    amount: 24,
    currency: "EUR",
    months: [THIS_MONTH],
  };
  assert.deepEqual([await usage(), await unbilled()], [2, [due]]);

  const wanted = { customer_id: customer, month: THIS_MONTH, tax_rate: 1900 };
  const drafts = await Promise.all([ask(owner, "POST", "invoices", wanted), ask(owner, "POST", "invoices", wanted)]);
  assert.deepEqual(drafts.map(({ statusCode }) => statusCode).toSorted(), [200, 409]);
  const draft = drafts.find(({ statusCode }) => statusCode === 200)?.json();
  assert.deepEqual(
    [draft.status, draft.number, draft.subtotal_amount, draft.tax_amount, draft.total_amount, draft.lines],
    ["draft", null, 24, 5, 29, [{ description: "Approved labels: Moods", quantity: 2, unit_amount: 12, amount: 24 }]],
  );
  const address = `invoices/${draft.id}`;
  assert.equal((await ask(owner, "PUT", `${address}/status`, { status: "paid" })).statusCode, 409);
  const [issued, ...again] = await Promise.all(
    [1, 2].map(() => ask(owner, "POST", `${address}/issue`, { due_days: 7 })),
  );
  assert.deepEqual([issued?.statusCode, ...again.map(({ statusCode }) => statusCode)].toSorted(), [200, 409]);
  const open = await must<Invoice>(owner, "GET", address);
  assert.deepEqual([open.status, open.number, open.parties.buyer.name], ["open", 1, "Ada"]);

  await must(owner, "PATCH", `crm/customers/${customer}`, { name: "Ada Ltd" });
  assert.equal((await must<Invoice>(owner, "GET", address)).parties.buyer.name, "Ada", "it says what it said");
  assert.equal((await ask(owner, "DELETE", address)).statusCode, 409);
  for (const change of [
    "update billing.invoices set due_at = now() where id = $1",
    "update billing.invoices set subtotal_amount = 1 where id = $1",
    "update billing.invoice_lines set quantity = 3 where invoice_id = $1",
    "delete from billing.invoice_lines where invoice_id = $1",
    "update billing.charges set invoice_id = null where invoice_id = $1",
    "update billing.charges set unit_amount = 1 where invoice_id = $1",
  ])
    await assert.rejects(admin.query(change, [draft.id]), { code: "TN011" }, change);
  const paid = await must<Invoice>(owner, "PUT", `${address}/status`, { status: "paid" });
  assert.deepEqual([paid.status, paid.paid_amount], ["paid", 29]);
  assert.equal((await ask(owner, "PUT", `${address}/status`, { status: "void" })).statusCode, 409);
  assert.deepEqual(await unbilled(), []);
});

test("invoices are for whoever may bill, and of the organization's own alone", async () => {
  const agency = await openAgency(http, admin);
  const { tenant, customer, project, client, labeler, ask, must } = agency;
  const [label = ""] = await agency.label(project, 1);
  await agency.approve(label);
  const wanted = { customer_id: customer, month: THIS_MONTH };
  const biller = await addMember(admin, http.database, tenant, "billing_admin");
  const invoice = await must<Invoice>(biller, "POST", "invoices", wanted);
  for (const person of [client, labeler]) {
    assert.equal((await ask(person, "GET", "invoices")).statusCode, 403);
    assert.equal((await ask(person, "GET", `invoices/${invoice.id}`)).statusCode, 403);
    assert.equal((await ask(person, "POST", `invoices/${invoice.id}/issue`, {})).statusCode, 403);
  }
  const stranger = await openAgency(http, admin);
  const there = (method: "GET" | "POST" | "DELETE", path: string, payload?: object) =>
    stranger.ask(stranger.tenant.owner, method, path, payload);
  assert.equal((await there("GET", `invoices/${invoice.id}`)).statusCode, 404);
  assert.equal((await there("POST", `invoices/${invoice.id}/issue`, {})).statusCode, 404);
  assert.equal((await there("DELETE", `invoices/${invoice.id}`)).statusCode, 404);
  assert.equal((await there("POST", "invoices", wanted)).statusCode, 404);
  assert.equal((await ask(biller, "DELETE", `invoices/${invoice.id}`)).statusCode, 204);
  const [due] = (await must<AnswerOf<typeof listUnbilled>>(biller, "GET", "unbilled")).items;
  assert.equal(due?.quantity, 1, "what was on a draft is billed by another one");
});
