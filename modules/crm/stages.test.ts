import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { before, test } from "node:test";
import { addMember, adminOf, createTenant, type Person, type Tenant } from "../../test/harness.ts";
import { openTestServer, type TestHttpServer } from "../../test/http/server.ts";
import { STAGE_STEPS, Stage } from "./contract.ts";

let http: TestHttpServer;
let tenant: Tenant;

before(async () => {
  http = await openTestServer();
  tenant = await createTenant(http.database);
});

function ask(method: "GET" | "POST" | "PATCH", path: string, payload?: object, person: Person = tenant.owner) {
  const url = `/api/organizations/${tenant.slug}/crm/${path}`;
  return http.ask(person, { method, url, ...(payload && { payload }) });
}

async function makeCustomer(): Promise<string> {
  return (await ask("POST", "customers", { name: "Ada" })).json().id;
}

test("an address is an object, whatever stands in it", async () => {
  for (const default_address of ["Werftstraße 9", ["Kiel"]]) {
    const refused = await ask("POST", "customers", { name: "Ada", default_address });
    assert.deepEqual([refused.statusCode, refused.json().errors[0].field], [400, "default_address"], refused.body);
  }
  const { statusCode } = await ask("POST", "customers", { name: "Ada", default_address: { city: "Kiel" } });
  assert.equal(statusCode, 201);
});

test("a customer comes from lead to active, and the way tells who moved them, when and why", async () => {
  const customer = await makeCustomer();
  const steps = [{ stage: "prospect", reason: "Asked for an offer." }, { stage: "active" }];
  for (const step of steps) {
    const answer = await ask("POST", `customers/${customer}/stage`, step);
    assert.deepEqual([answer.statusCode, answer.json().stage], [200, step.stage], answer.body);
  }
  const { items } = (await ask("GET", `customer-stages?customer_id=${customer}&sort=changed_at`)).json();
  assert.deepEqual(
    items.map(({ from_stage, to_stage, reason, changed_by }: Record<string, string>) => [
      from_stage,
      to_stage,
      reason,
      changed_by,
    ]),
    [
      [null, "lead", null, tenant.owner.userId],
      ["lead", "prospect", "Asked for an offer.", tenant.owner.userId],
      ["prospect", "active", null, tenant.owner.userId],
    ],
  );
});

test("who has bought is no lead again, and the same step is not taken twice", async () => {
  const customer = await makeCustomer();
  await ask("POST", `customers/${customer}/stage`, { stage: "active" });
  const back = await ask("POST", `customers/${customer}/stage`, { stage: "lead" });
  assert.deepEqual(
    [back.statusCode, back.json().detail, back.json().hint],
    [409, "A customer that is active cannot become lead.", "It can become churned."],
  );
  const again = await ask("POST", `customers/${customer}/stage`, { stage: "active" });
  assert.deepEqual([again.statusCode, again.json().detail], [409, "The customer is active already."]);
});

test("each step that the contract names is taken, and no other", async () => {
  const admin = await adminOf(http.database);
  const customer = await makeCustomer();
  for (const [from, steps] of Object.entries(STAGE_STEPS))
    for (const stage of Stage.options.filter((to) => to !== from)) {
      await admin.query("update crm.customers set stage = 'churned' where id = $1", [customer]).catch(() => undefined);
      if (from !== "churned") await admin.query("update crm.customers set stage = $2 where id = $1", [customer, from]);
      const { statusCode } = await ask("POST", `customers/${customer}/stage`, { stage });
      assert.equal(statusCode, steps.includes(stage) ? 200 : 409, `${from} → ${stage}`);
    }
});

test("of two who take a customer the same step at once, one is told that it is done", async () => {
  const customer = await makeCustomer();
  const answers = await Promise.all([1, 2].map(() => ask("POST", `customers/${customer}/stage`, { stage: "active" })));
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).toSorted(), [200, 409]);
  const { items } = (await ask("GET", `customer-stages?customer_id=${customer}`)).json();
  assert.equal(items.length, 2);
});

test("nobody changes a stage but by the verb, nor without the right, nor in another organization", async () => {
  const customer = await makeCustomer();
  assert.equal((await ask("PATCH", `customers/${customer}`, { stage: "active" })).statusCode, 400);
  const viewer = await addMember(await adminOf(http.database), http.database, tenant, "viewer");
  assert.equal((await ask("POST", `customers/${customer}/stage`, { stage: "active" }, viewer)).statusCode, 403);
  assert.equal((await ask("POST", `customers/${randomUUID()}/stage`, { stage: "active" })).statusCode, 404);
  const other = await createTenant(http.database);
  const url = `/api/organizations/${other.slug}/crm/customers/${customer}/stage`;
  const foreign = await http.ask(other.owner, { method: "POST", url, payload: { stage: "active" } });
  assert.equal(foreign.statusCode, 404);
});
