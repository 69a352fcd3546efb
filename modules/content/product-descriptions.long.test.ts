import assert from "node:assert/strict";
import { test } from "node:test";
import { createTenant, type Tenant } from "../../test/harness.ts";
import { connectModel } from "../assistant/assistant.fixture.ts";
import type { Protocol } from "../assistant/contract.ts";
import { openProvider, type Scripted } from "../assistant/providers.fixture.ts";
import { openStores } from "../commerce/stores.fixture.ts";

const USAGE = { input: 200, output: 100 };
const { http, work, ask, rested, all } = await openStores();

/** An organization with a model and a product of no store. */
async function openDesk(script: readonly Scripted[], protocol: Protocol = "openai_compatible") {
  const of = await createTenant(http.database);
  const provider = await openProvider(protocol, script);
  const model = await connectModel(http, of, { protocol, base_url: provider.baseUrl });
  const insert = "insert into commerce.products (organization_id, name) values ($1, 'Lamp') returning id";
  const [{ id }] = await all(insert, [of.id]);
  const describe = async () => {
    const answer = await ask("POST", `commerce/products/${id}/description`, {}, of);
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    return answer.body.task_id as string;
  };
  return { of, provider, model, describe };
}

async function booksOf({ id }: Tenant) {
  const text = `
    select b.posted::float8, b.held::float8,
      (select coalesce(sum(e.amount), 0)::float8 from credits.usage_events e where e.organization_id = b.organization_id and e.event_type = 'ai_call') as tokens,
      (select coalesce(sum(e.credits_consumed), 0)::float8 from credits.usage_events e where e.organization_id = b.organization_id and e.event_type = 'ai_call') as cost
    from credits.balances b where b.organization_id = $1`;
  return (await all(text, [id]))[0];
}

test("a provider that was disconnected before the writing began fails it, and nothing is asked", async () => {
  const { of, provider, model, describe } = await openDesk([{ words: ["Never."], usage: USAGE }]);
  const before = await booksOf(of);
  const task = await describe();
  const [{ name }] = await all("select provider as name from assistant.models where name = $1", [model]);
  const url = `/api/organizations/${of.slug}/assistant/providers/${name}`;
  assert.equal((await http.ask(of.owner, { method: "DELETE", url })).statusCode, 204);
  work();
  const { status, error_details } = await rested(task);
  assert.deepEqual([status, error_details.code], ["failed", "invalid"]);
  assert.match(error_details.message, /not connected any more/);
  assert.deepEqual([provider.asked.length, await booksOf(of)], [0, before]);
});

for (const protocol of ["openai_compatible", "anthropic", "google"] as const) {
  test(`a text of a provider that speaks ${protocol} and breaks off is paid as far as it came, and written again`, async () => {
    const { of, provider, describe } = await openDesk(
      [
        { words: ["Half of", " it"], end: "missing" },
        { status: 503 },
        { words: ["The whole", " of it."], usage: USAGE },
      ],
      protocol,
    );
    const before = await booksOf(of);
    const task = await describe();
    assert.equal((await rested(task)).status, "waiting");
    assert.equal(provider.asked.length, 3);
    const [{ form }] = await all("select form from tasks.approvals where task_id = $1", [task]);
    assert.equal(form[0].initial, "The whole of it.");
    const after = await booksOf(of);
    assert.ok(after.tokens > 300 && after.cost > 1_200, "The half was paid too.");
    assert.deepEqual([after.posted, after.held], [before.posted - after.cost, 0]);
  });
}

test("what another try would find again is not tried again, and costs nothing", async () => {
  const cases = [
    [401, "unauthorized", /does not accept the key/],
    [404, "invalid", /does not know this model/],
    [400, "invalid", /refused this/],
  ] as const;
  for (const [status, code, words] of cases) {
    const { of, provider, describe } = await openDesk([{ status }]);
    const before = await booksOf(of);
    const done = await rested(await describe());
    assert.deepEqual([done.status, done.error_details.code], ["failed", code]);
    assert.match(done.error_details.message, words);
    assert.deepEqual([provider.asked.length, await booksOf(of)], [1, before]);
  }
});

test("a new price holds from then on, and a model that writes nothing is paid", async () => {
  const { of, model, describe } = await openDesk([
    { words: [], usage: USAGE },
    { words: ["Words."], usage: USAGE },
  ]);
  await all(
    `insert into assistant.models (name, version, provider, called, label, input_price, output_price, context_tokens, output_tokens)
     select name, 2, provider, called, label, input_price * 2, output_price * 2, context_tokens, output_tokens from assistant.models where name = $1`,
    [model],
  );
  const before = await booksOf(of);
  assert.equal((await rested(await describe())).status, "waiting");
  const after = await booksOf(of);
  assert.deepEqual([after.tokens, after.cost, before.posted - after.posted], [600, 4_800, 4_800]);
});
