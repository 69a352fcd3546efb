import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant, type Tenant } from "../../test/harness.ts";
import { connectModel, KEY } from "../assistant/assistant.fixture.ts";
import { openProvider } from "../assistant/providers.fixture.ts";
import { openWooStore, wooProduct } from "../commerce/fake-stores.fixture.ts";
import { openStores } from "../commerce/stores.fixture.ts";

const USAGE = { input: 200, output: 100 };
/** At the prices of the fixture: a micro-credit for a token read, and ten for one written. */
const COST = 1_200;

const provider = await openProvider("openai_compatible", [
  { words: ["A small lamp.", "\n\nIt stands & shines."], usage: USAGE },
]);
const { http, work, ask, rested, all, connect } = await openStores();
work();

/** A store with one lamp, synced. */
async function openShop(of: Tenant) {
  const store = await openWooStore();
  store.products.set(1, wooProduct(1));
  const { task_id } = await connect(store, {}, of);
  await rested(task_id);
  const [{ id }] = await all("select id from commerce.products where organization_id = $1", [of.id]);
  const askFor = (body: object = { wishes: "Short" }) => ask("POST", `commerce/products/${id}/description`, body, of);
  const describe = async () => {
    const answer = await askFor();
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    return answer.body.task_id as string;
  };
  const approvalOf = async (task: string) => {
    const [row] = await all("select id, title, form from tasks.approvals where task_id = $1", [task]);
    return row as { id: string; title: string; form: { initial?: string }[] };
  };
  const here = async () =>
    (
      await all("select description, ai_description_generated as by_model from commerce.products where id = $1", [id])
    )[0];
  return { store, askFor, describe, approvalOf, here };
}

async function balanceOf({ id }: Tenant) {
  const [row] = await all("select posted::float8, held::float8 from credits.balances where organization_id = $1", [id]);
  return row;
}

test("a description is written from what the store says now, paid by its tokens, and published as a person changed it", async () => {
  const of = await createTenant(http.database);
  await connectModel(http, of, { base_url: provider.baseUrl });
  const { store, describe, approvalOf, here } = await openShop(of);
  Object.assign(store.products.get(1) ?? {}, { name: "Brass lamp", date_modified_gmt: "2026-10-05T00:00:00" });
  const before = await balanceOf(of);
  const task = await describe();
  assert.equal((await rested(task)).status, "waiting");
  const sent = provider.asked.at(-1);
  assert.match(sent?.body ?? "", /Brass lamp/, "it waited for the sync");
  assert.match(sent?.body ?? "", /"test-model"/);
  assert.equal(sent?.headers.authorization, `Bearer ${KEY}`);
  assert.deepEqual(await balanceOf(of), { posted: before.posted - COST, held: 0 });
  const used =
    "select amount::float8, credits_consumed::float8 as cost from credits.usage_events where organization_id = $1 and event_type = 'ai_call'";
  assert.deepEqual(await all(used, [of.id]), [{ amount: 300, cost: COST }]);
  const approval = await approvalOf(task);
  assert.match(approval.title, /Brass lamp/);
  assert.equal(approval.form[0]?.initial, "A small lamp.\n\nIt stands & shines.");
  assert.equal((await here()).by_model, false);

  const answer = { description: "A small <brass> lamp.\n\nIt stands & shines." };
  const decided = await ask("POST", `approvals/${approval.id}/decide`, { decision: "approved", answer }, of);
  assert.equal(decided.status, 200, JSON.stringify(decided.body));
  let done = await rested(task);
  while (done.status === "waiting") done = await rested(task);
  assert.equal(done.status, "completed", JSON.stringify(done.error_details));
  assert.equal((await rested(done.output.published_by)).status, "completed");
  const html = "<p>A small &lt;brass&gt; lamp.</p>\n<p>It stands &amp; shines.</p>";
  assert.equal(store.products.get(1)?.description, html);
  assert.deepEqual(await here(), { description: html, by_model: true });
  assert.deepEqual(await balanceOf(of), { posted: before.posted - COST, held: 0 });
});

test("what is rejected is published nowhere, and without credits no model is asked", async () => {
  const of = await createTenant(http.database);
  await connectModel(http, of, { base_url: provider.baseUrl });
  const { store, describe, approvalOf, here } = await openShop(of);
  const task = await describe();
  await rested(task);
  const rejection = { decision: "rejected", reason: "Too short." };
  await ask("POST", `approvals/${(await approvalOf(task)).id}/decide`, rejection, of);
  const done = await rested(task);
  assert.deepEqual([done.status, done.error_details.code], ["failed", "rejected"]);
  assert.deepEqual(
    [store.products.get(1)?.description, (await here()).description],
    ["<p>A lamp.</p>", "<p>A lamp.</p>"],
  );

  await all("update credits.balances set posted = 0 where organization_id = $1", [of.id]);
  const asked = provider.asked.length;
  const poor = await rested(await describe());
  assert.deepEqual([poor.status, poor.error_details.code], ["waiting", "out_of_credit"]);
  assert.equal(provider.asked.length, asked);
});

test("the model is one of the organization's own: without one nothing begins, and who names one is written for by it", async () => {
  const of = await createTenant(http.database);
  const other = await connectModel(http, await createTenant(http.database), { base_url: provider.baseUrl });
  const { askFor, describe } = await openShop(of);
  const tasks = () => all("select type, ai_model from tasks.tasks where organization_id = $1 order by id", [of.id]);
  const before = await tasks();
  const { status, body } = await askFor();
  assert.deepEqual([status, body.code, body.detail], [409, "conflict", "No model is connected."]);
  assert.match(body.hint, /An administrator connects one/);
  const first = await connectModel(http, of, { base_url: provider.baseUrl });
  assert.deepEqual([(await askFor({ model: other })).status, await tasks()], [400, before]);
  const second = await connectModel(http, of, { base_url: provider.baseUrl });
  await rested(await describe());
  await rested((await askFor({ model: second })).body.task_id);
  const models = (await tasks()).filter(({ type }) => type === "content.write_product_description");
  assert.deepEqual(
    models.map(({ ai_model }) => ai_model),
    [first, second],
  );
});
