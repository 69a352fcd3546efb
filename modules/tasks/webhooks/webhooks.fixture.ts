import assert from "node:assert/strict";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { roleName } from "../../../kernel/database/roles.ts";
import { outboundTo } from "../../../kernel/outbound/hosts.fixture.ts";
import type { Transaction } from "../../../kernel/tenancy/transaction.ts";
import { adminOf, type Person, type Tenant, testServer, testServices } from "../../../test/harness.ts";
import { openTestServer } from "../../../test/http/server.ts";

const PUBLIC = [["93.184.215.14"]];
const NAMES = { "hooks.test": PUBLIC, "new.test": PUBLIC, "inside.test": [["10.0.0.1"]], "host.test": [["127.0.0.1"]] };

export const services = testServices(outboundTo(NAMES));
export const http = await openTestServer([], { services });
export const admin = await adminOf(http.database);

/** Asks about the webhook endpoints of an organization, as a person. */
export function within(
  tenant: Tenant,
  person: Person,
  method: NonNullable<InjectOptions["method"]>,
  path = "",
  payload?: object,
): Promise<LightMyRequestResponse> {
  const url = `/api/organizations/${tenant.slug}/webhooks${path}`;
  return http.ask(person, { method, url, ...(payload && { payload }) });
}

/** Makes an endpoint as the owner. */
export async function makeEndpoint(tenant: Tenant, more: object = {}): Promise<{ id: string; secret: string }> {
  const answer = await within(tenant, tenant.owner, "POST", "", {
    name: "Writer",
    url: "https://hooks.test/run",
    ...more,
  });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

/** Does what a worker does in an organization, with the rights of a worker. */
export async function asWorker<T>({ id }: Tenant, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const tx: Transaction = {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await admin.query(text, [...values])).rows as Row[],
    execute: () => assert.fail("Nothing here is compiled."),
    send: () => assert.fail("Nothing here is sent as it is."),
    copy: () => assert.fail("Nothing here is copied."),
  };
  await admin.query("begin");
  try {
    await admin.query("select set_config('tenon.organization_id', $1, true)", [id]);
    await admin.query(`set local role ${roleName(testServer.prefix, "worker")}`);
    const result = await work(tx);
    await admin.query("commit");
    return result;
  } catch (error) {
    await admin.query("rollback");
    throw error;
  }
}

/** A task of an organization that waits for its callback. */
export async function makeTask({ id }: Tenant, status = "waiting"): Promise<string> {
  const { rows } = await admin.query<{ id: string }>(
    "insert into tasks.tasks (organization_id, type, category, name, status, worker_type, input) values ($1, 'content.write', 'content', 'Write', $2, 'webhook', '{}') returning id",
    [id, status],
  );
  return rows[0]?.id ?? assert.fail();
}
