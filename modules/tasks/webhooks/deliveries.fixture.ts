import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { InjectOptions } from "fastify";
import { openHost, outboundTo, type TestHost } from "../../../kernel/outbound/hosts.fixture.ts";
import { queryText } from "../../../kernel/tenancy/transaction.ts";
import {
  adminOf,
  contextOf,
  createScratchDatabase,
  createTenant,
  openTestDatabase,
  type Person,
  type Tenant,
  testServices,
} from "../../../test/harness.ts";
import { answered, openTestServer } from "../../../test/http/server.ts";
import { deliver } from "./deliveries.ts";
import { tellWebhooks } from "./telling.ts";

/** The record is read for all organizations together, so these tests have one of their own. */
const database = openTestDatabase(await createScratchDatabase(), 40);
export const services = testServices(outboundTo({ "host.test": [["127.0.0.1"]], "inside.test": [["10.0.0.1"]] }));
export const http = await openTestServer([], { database, services });
export const admin = await adminOf(database);

export type Webhook = { tenant: Tenant; id: string; secret: string; host: TestHost };

/** What a receiver was told, in the order in which it came. */
export type Told = {
  type: string;
  timestamp: string;
  data: {
    operation: string | null;
    action: string;
    resource: { type: string; id: string };
    actor: { kind: string; user_id: string };
    old_values: Record<string, unknown> | null;
    new_values: Record<string, unknown> | null;
  };
};

/** Asks about the webhooks of an organization. */
export function within<Answer>(
  { slug, owner }: Tenant,
  method: NonNullable<InjectOptions["method"]>,
  path: string,
  payload?: object,
  person: Person = owner,
): Promise<Answer> {
  const url = `/api/organizations/${slug}/webhooks${path}`;
  return answered(http.ask(person, { method, url, ...(payload && { payload }) }));
}

/** Opens a receiver on loopback, and an organization whose webhook it is. */
export async function openWebhook(answer: RequestListener, events: string[], of?: Tenant): Promise<Webhook> {
  const tenant = of ?? (await createTenant(database));
  const host = await openHost(answer);
  const url = `http://host.test:${host.port}/hook`;
  const name = `Receiver ${host.port}`;
  const made = await within<{ id: string; secret: string }>(tenant, "POST", "", { name, url, events });
  return { tenant, host, ...made };
}

/** What a receiver was told so far. */
export function toldTo({ host }: Webhook): Told[] {
  return host.asked.map(({ body }) => JSON.parse(body) as Told);
}

/** A member changes something: runs a statement in the organization, under an operation. */
export function change(
  tenant: Tenant,
  operation: string,
  text: string,
  values: unknown[] = [],
): Promise<string | null> {
  const context = contextOf(database, tenant, { operation, permission: "crm.customer.write" });
  return queryText(context, { text, values });
}

/** Makes a customer, and changes its name so often. */
export async function makeCustomer(tenant: Tenant, changes = 0): Promise<string> {
  const insert = "insert into crm.customers (organization_id, name) values ($1, 'Customer 0') returning id::text";
  const id = (await change(tenant, "crm.customer.create", insert, [tenant.id])) ?? assert.fail();
  for (let n = 1; n <= changes; n++)
    await change(
      tenant,
      "crm.customer.update",
      "update crm.customers set name = $2 where organization_id = $3 and id = $1",
      [id, `Customer ${n}`, tenant.id],
    );
  return id;
}

/** Reads the record to its end. */
export async function tellAll(): Promise<void> {
  while (((await tellWebhooks({ database, services })) ?? 0) > 0);
}

/** Reads the record to its end, and sends what is due. */
export async function sendDue({ tenant }: Webhook): Promise<void> {
  await tellAll();
  await deliver({ database, services, signal: new AbortController().signal }, tenant.id);
}

/** What waits for its next try is due. */
export async function hurry({ tenant }: Webhook): Promise<void> {
  await admin.query("update tasks.webhook_deliveries set due_at = now() where organization_id = $1", [tenant.id]);
  await admin.query("update tasks.webhook_figures set retry_at = null where organization_id = $1", [tenant.id]);
}
