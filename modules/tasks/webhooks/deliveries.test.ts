import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import type { RequestListener } from "node:http";
import { test } from "node:test";
import { createTenant } from "../../../test/harness.ts";
import { startWorker } from "../engine/worker.ts";
import {
  admin,
  change,
  http,
  hurry,
  makeCustomer,
  openWebhook,
  sendDue,
  services,
  type Told,
  tellAll,
  toldTo,
  within,
} from "./deliveries.fixture.ts";
import { deliver, deliveryJob } from "./deliveries.ts";
import { tellWebhooks, webhookEvents } from "./telling.ts";

type Delivery = { id: string; resource: string; status: string; attempts: number; status_code: number | null };
type Endpoint = { status: string; paused_because: string | null; backlog: number; failing_since: string | null };

const ok: RequestListener = (_, response) => response.writeHead(200).end("thanks");
/** Answers so for as long as there are answers, and then 200. */
function answers(...codes: number[]): RequestListener {
  return (_, response) => response.writeHead(codes.shift() ?? 200).end("said so");
}
const nameOf = ({ data }: Told) => data.new_values?.name;

test("a webhook is told what it asked for, as the record keeps it, signed as Standard Webhooks says", async () => {
  const webhook = await openWebhook(ok, ["crm.customer.update", "crm.notes.*"]);
  const { tenant, secret, host } = webhook;
  const id = await makeCustomer(tenant, 1);
  await sendDue(webhook);
  const [told, ...others] = toldTo(webhook);
  assert.equal(others.length, 0);
  assert.equal(told?.type, "crm.customers.update");
  assert.match(told.timestamp, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  const { data } = told;
  assert.deepEqual(
    [data.operation, data.action, data.resource.type, data.resource.id, data.actor.kind, data.actor.user_id],
    ["crm.customer.update", "update", "crm.customers", id, "user", tenant.owner.userId],
  );
  assert.deepEqual([data.old_values?.name, data.new_values?.name], ["Customer 0", "Customer 1"]);
  // As standardwebhooks.com publishes it: base64 of HMAC-SHA256, keyed by what stands behind whsec_, over id.timestamp.body.
  const [asked] = host.asked;
  const { "webhook-id": message, "webhook-timestamp": sent, "webhook-signature": signature } = asked?.headers ?? {};
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${message}.${sent}.${asked?.body}`).digest("base64");
  assert.equal(signature, `v1,${expected}`);
  const { items } = await within<{ items: Delivery[] }>(tenant, "GET", `/${webhook.id}/deliveries`);
  assert.deepEqual(
    items.map(({ id, resource, status, status_code }) => ({ id, resource, status, status_code })),
    [{ id: message, resource: `crm.customers/${id}`, status: "delivered", status_code: 200 }],
  );
});

test("what fails is sent again until it works, and the changes of a row stay in their order while others pass", async () => {
  const webhook = await openWebhook(
    (request, response) => {
      // The body was read already; the first row's first two calls fail.
      const isOfFirst = host.asked.at(-1)?.body.includes(first) ?? false;
      response.writeHead(isOfFirst && failing-- > 0 ? 500 : 200).end(request.method);
    },
    ["crm.customers.*"],
  );
  const { tenant, host } = webhook;
  let failing = 2;
  let first = "none";
  first = await makeCustomer(tenant, 2);
  const second = await makeCustomer(tenant, 2);
  await sendDue(webhook);
  const of = (id: string) =>
    toldTo(webhook)
      .filter(({ data }) => data.resource.id === id)
      .map(nameOf);
  assert.deepEqual(of(first), ["Customer 0"]);
  assert.deepEqual(of(second), ["Customer 0", "Customer 1", "Customer 2"]);
  // What comes later waits behind it too.
  await change(
    tenant,
    "crm.customer.update",
    "update crm.customers set name = 'Last' where organization_id = $2 and id = $1",
    [first, tenant.id],
  );
  await sendDue(webhook);
  assert.deepEqual(of(first), ["Customer 0"]);
  await hurry(webhook);
  await sendDue(webhook);
  await hurry(webhook);
  await sendDue(webhook);
  assert.deepEqual(of(first), ["Customer 0", "Customer 0", "Customer 0", "Customer 1", "Customer 2", "Last"]);
  const ids = host.asked.filter(({ body }) => body.includes(first)).map(({ headers }) => headers["webhook-id"]);
  assert.deepEqual([ids[0], ids[0]], ids.slice(1, 3));
  const { backlog } = await within<Endpoint>(tenant, "GET", `/${webhook.id}`);
  assert.equal(backlog, 0);
});

test("rows that are changed at once by many are each told of in their order", async () => {
  const webhook = await openWebhook(ok, ["crm.customers.update"]);
  const { tenant } = webhook;
  await Promise.all(Array.from({ length: 6 }, () => makeCustomer(tenant, 5)));
  await sendDue(webhook);
  const byRow = Map.groupBy(toldTo(webhook), ({ data }) => data.resource.id);
  assert.equal(byRow.size, 6);
  for (const told of byRow.values())
    assert.deepEqual(
      told.map(nameOf),
      [1, 2, 3, 4, 5].map((n) => `Customer ${n}`),
    );
});

test("a delivery that is given up lets the next one pass, and is sent again when somebody asks", async () => {
  const webhook = await openWebhook(answers(500, 500), ["crm.customers.*"]);
  const { tenant } = webhook;
  await makeCustomer(tenant, 1);
  await sendDue(webhook);
  await admin.query(
    "update tasks.webhook_deliveries set attempts = 9 where organization_id = $1 and status = 'ready'",
    [tenant.id],
  );
  await hurry(webhook);
  await sendDue(webhook);
  assert.deepEqual(toldTo(webhook).map(nameOf), ["Customer 0", "Customer 0", "Customer 1"]);
  const { items } = await within<{ items: Delivery[] }>(tenant, "GET", `/${webhook.id}/deliveries?status=failed`);
  const [failed] = items;
  assert.ok(failed && items.length === 1);
  await within(tenant, "POST", `/${webhook.id}/deliveries/${failed.id}/send`);
  await sendDue(webhook);
  const { calls, message, status } = await within<{
    calls: { status_code: number; message: string }[];
    message: Told;
    status: string;
  }>(tenant, "GET", `/${webhook.id}/deliveries/${failed.id}`);
  assert.deepEqual(
    calls.map(({ status_code }) => status_code),
    [500, 500, 200],
  );
  assert.deepEqual([calls[0]?.message, nameOf(message), status], ["said so", "Customer 0", "delivered"]);
});

test("an endpoint that fails for three days is paused, those who may resume it get a mail, and nothing is lost", async () => {
  const webhook = await openWebhook(answers(...Array(10).fill(503)), ["crm.customers.*"]);
  const { tenant } = webhook;
  const read = () => within<Endpoint>(tenant, "GET", `/${webhook.id}`);
  await makeCustomer(tenant);
  for (let calls = 0; calls < 9; calls++) {
    await sendDue(webhook);
    await hurry(webhook);
  }
  assert.equal((await read()).status, "active");
  await admin.query("update tasks.webhook_deliveries set attempts = 3 where organization_id = $1", [tenant.id]);
  await admin.query(
    "update tasks.webhook_figures set failing_since = now() - interval '73 hours' where organization_id = $1",
    [tenant.id],
  );
  await sendDue(webhook);
  const paused = await read();
  assert.deepEqual([paused.status, paused.paused_because], ["paused", "failing"]);
  const { rows } = await admin.query(
    "select recipient, data ->> 'endpoint' as endpoint from kernel.mails where template = 'webhook_paused'",
  );
  assert.deepEqual(rows, [{ recipient: tenant.owner.email, endpoint: webhook.id }]);
  await makeCustomer(tenant);
  await hurry(webhook);
  await sendDue(webhook);
  assert.equal(toldTo(webhook).length, 10);
  await within(tenant, "PATCH", `/${webhook.id}`, { status: "active" });
  await sendDue(webhook);
  assert.equal(toldTo(webhook).length, 12);
  const { failing_since, backlog } = await read();
  assert.deepEqual([failing_since, backlog], [null, 0]);
});

test("one that fails again and again is called one at a time, and less and less often", async () => {
  const webhook = await openWebhook((_, response) => response.writeHead(500).end(), ["crm.customers.*"]);
  for (let n = 0; n < 16; n++) await makeCustomer(webhook.tenant);
  await sendDue(webhook);
  const before = webhook.host.asked.length;
  // The tenth failure may find four others under way.
  assert.ok(before >= 10 && before <= 14, String(before));
  await hurry(webhook);
  await sendDue(webhook);
  assert.equal(webhook.host.asked.length, before + 1);
});

test("gone is gone, and who asks to come back later is called later", async () => {
  const gone = await openWebhook(answers(410), ["crm.customers.*"]);
  const busy = await openWebhook(
    (_, response) => response.writeHead(429, { "retry-after": "600" }).end(),
    ["crm.customers.*"],
    gone.tenant,
  );
  await makeCustomer(gone.tenant, 1);
  await sendDue(gone);
  const { status, paused_because } = await within<Endpoint>(gone.tenant, "GET", `/${gone.id}`);
  assert.deepEqual([status, paused_because], ["paused", "gone"]);
  const { rows } = await admin.query<{ waits: number }>(
    "select extract(epoch from retry_at - now())::int as waits from tasks.webhook_figures where endpoint_id = $1",
    [busy.id],
  );
  assert.ok((rows[0]?.waits ?? 0) > 590);
  assert.deepEqual([gone.host.asked.length, busy.host.asked.length], [1, 1]);
});

test("after a rotation both secrets sign, until the old one ends", async () => {
  const webhook = await openWebhook(ok, ["*"]);
  const { tenant } = webhook;
  const { secret } = await within<{ secret: string }>(tenant, "POST", `/${webhook.id}/rotate-secret`, {
    overlap_hours: 1,
  });
  const signatures = async () => {
    await within(tenant, "POST", `/${webhook.id}/test`);
    await sendDue(webhook);
    const asked = webhook.host.asked.find(({ body }) => body.includes("webhook.test"));
    webhook.host.asked.length = 0;
    const { "webhook-id": id, "webhook-timestamp": sent, "webhook-signature": given } = asked?.headers ?? {};
    return [webhook.secret, secret].map((one) => {
      const key = Buffer.from(one.slice("whsec_".length), "base64");
      const expected = createHmac("sha256", key).update(`${id}.${sent}.${asked?.body}`).digest("base64");
      return String(given).split(" ").includes(`v1,${expected}`);
    });
  };
  assert.deepEqual(await signatures(), [true, true]);
  await admin.query("update tasks.webhook_secrets set ends_at = now() where endpoint_id = $1 and ends_at is not null", [
    webhook.id,
  ]);
  assert.deepEqual(await signatures(), [false, true]);
});

test("an address that became private is not called, and the log says so", async () => {
  const webhook = await openWebhook(ok, ["crm.*"]);
  await admin.query("update tasks.webhook_endpoints set url = 'http://inside.test/' where id = $1", [webhook.id]);
  await makeCustomer(webhook.tenant);
  await sendDue(webhook);
  assert.equal(webhook.host.asked.length, 0);
  const { rows } = await admin.query(
    "select status_code, message from tasks.webhook_attempts where organization_id = $1",
    [webhook.tenant.id],
  );
  assert.equal(rows[0]?.status_code, null);
  assert.match(rows[0]?.message, /inside\.test is not on the public Internet/);
});

test("gold answers and secrets are in no delivery", async () => {
  const webhook = await openWebhook(ok, ["*"]);
  const { tenant } = webhook;
  await admin.query(
    `with s as (insert into datasets.datasets (organization_id, name) values ($1, 'Gold') returning id),
       v as (insert into datasets.versions (organization_id, dataset_id, number) select $1, id, 1 from s returning id, dataset_id),
       i as (insert into datasets.dataset_items (organization_id, dataset_id, position, input) select $1, id, 1, 'A text' from s returning id)
     insert into datasets.dataset_answers (organization_id, dataset_id, version_id, item_id, answer)
       select $1, v.dataset_id, v.id, i.id, '"planted-gold"' from v, i`,
    [tenant.id],
  );
  await within(tenant, "POST", `/${webhook.id}/rotate-secret`, { overlap_hours: 1 });
  await sendDue(webhook);
  const bodies = webhook.host.asked.map(({ body }) => body);
  assert.ok(bodies.some((body) => body.includes("datasets.dataset_items")));
  assert.ok(
    bodies.some((body) => body.includes("datasets.dataset_answers")),
    "That there is an answer is told.",
  );
  for (const body of bodies) {
    assert.doesNotMatch(body, /planted-gold/);
    assert.ok(!body.includes(webhook.secret));
  }
});

test("nobody's changes are told to another organization, and without webhooks the record is not read", async () => {
  await admin.query("delete from tasks.webhook_endpoints");
  assert.equal(await tellWebhooks({ database: http.database, services }), undefined);
  assert.equal((await admin.query("select from audit.cursors where consumer = 'tasks.webhooks'")).rows.length, 0);
  const other = await createTenant(http.database);
  await makeCustomer(other);
  const webhook = await openWebhook(ok, ["*"]);
  await makeCustomer(other);
  await makeCustomer(webhook.tenant);
  await sendDue(webhook);
  const told = toldTo(webhook);
  assert.ok(told.some(({ type }) => type === "crm.customers.insert"));
  for (const { body } of webhook.host.asked) assert.ok(!body.includes(other.id));
});

test("too many that wait are dropped and counted, and what was over long ago is removed", async () => {
  const webhook = await openWebhook(ok, ["crm.customers.*"]);
  const { tenant } = webhook;
  await makeCustomer(tenant);
  await sendDue(webhook);
  await admin.query("update tasks.webhook_figures set backlog = 99999 where organization_id = $1", [tenant.id]);
  await makeCustomer(tenant, 2);
  await tellAll();
  const { dropped, backlog } = await within<{ dropped: number; backlog: number }>(tenant, "GET", `/${webhook.id}`);
  assert.deepEqual([dropped, backlog], [2, 100_000]);
  await admin.query(
    "update tasks.webhook_deliveries set ended_at = now() - interval '16 days' where organization_id = $1 and ended_at is not null",
    [tenant.id],
  );
  const { rows } = await admin.query("select tasks.remove_old_deliveries('15 days', 1000) as removed");
  assert.equal(rows[0]?.removed, 1);
});

test("one who was thought dead is given nothing more, and what it delivered still counts", async () => {
  const held = Promise.withResolvers<void>();
  const came = Promise.withResolvers<void>();
  let calls = 0;
  const webhook = await openWebhook(
    async (_, response) => {
      calls++;
      came.resolve();
      if (calls === 1) await held.promise;
      response.writeHead(200).end();
    },
    ["crm.customers.*"],
  );
  const { tenant } = webhook;
  await makeCustomer(tenant, 2);
  await tellAll();
  const workplace = { database: http.database, services, signal: new AbortController().signal };
  const first = deliver(workplace, tenant.id);
  await came.promise;
  await deliver(workplace, tenant.id);
  held.resolve();
  await first;
  // The one that was under way came twice, and nothing else did.
  assert.deepEqual(toldTo(webhook).map(nameOf), ["Customer 0", "Customer 0", "Customer 1", "Customer 2"]);
});

test("workers send by themselves, and a slow receiver keeps no other waiting", async () => {
  const isSlow = Promise.withResolvers<void>();
  const slow = await openWebhook(
    async (_, response) => {
      await isSlow.promise;
      response.writeHead(200).end();
    },
    ["crm.customers.*"],
  );
  const quick = await openWebhook(ok, ["crm.customers.*"], slow.tenant);
  const start = () =>
    startWorker({
      database: http.database,
      services,
      kinds: [],
      jobs: [deliveryJob],
      works: [webhookEvents],
      concurrency: 5,
      log: { error: ({ err }) => Promise.reject(err) },
    });
  const workers = [start(), start()];
  const stop = () => Promise.all(workers.map((worker) => worker.stop()));
  try {
    for (let n = 0; n < 3; n++) await makeCustomer(slow.tenant, 2);
    const isDelivered =
      "select count(*) = 9 as done from tasks.webhook_deliveries where endpoint_id = $1 and status = 'delivered'";
    while (!(await admin.query(isDelivered, [quick.id])).rows[0]?.done);
    assert.equal(slow.host.asked.length, 3);
    isSlow.resolve();
    while (!(await admin.query(isDelivered, [slow.id])).rows[0]?.done);
  } finally {
    isSlow.resolve();
    await stop();
  }
  for (const webhook of [slow, quick])
    assert.equal(new Set(webhook.host.asked.map(({ headers }) => headers["webhook-id"])).size, 9);
  // One worker at a time: nothing came twice.
  assert.deepEqual([slow.host.asked.length, quick.host.asked.length], [9, 9]);
});
