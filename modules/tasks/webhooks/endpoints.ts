import { Problem } from "../../../kernel/errors.ts";
import type { JsonText } from "../../../kernel/http/route.ts";
import { OutboundError } from "../../../kernel/outbound/errors.ts";
import { newWebhookSecret } from "../../../kernel/outbound/signature.ts";
import { findTarget } from "../../../kernel/outbound/target.ts";
import { seal, unseal } from "../../../kernel/secrets/envelope.ts";
import type { Services } from "../../../kernel/services.ts";
import { askJson } from "../../../kernel/tenancy/ask.ts";
import type { Context } from "../../../kernel/tenancy/context.ts";
import { queryText, type Transaction, transaction } from "../../../kernel/tenancy/transaction.ts";
import type { CalledEndpoint } from "./call.ts";

type OneEndpoint = { endpoint: string };

const SHOWN = `jsonb_build_object('id', e.id, 'name', e.name, 'url', e.url, 'events', (
    select coalesce(jsonb_agg(s.event order by s.event), '[]') from tasks.webhook_subscriptions s
    where s.organization_id = e.organization_id and s.endpoint_id = e.id),
  'timeout_seconds', e.timeout_seconds, 'status', e.status, 'paused_because', e.paused_because, 'backlog', coalesce(f.backlog, 0),
  'dropped', coalesce(f.dropped, 0), 'failing_since', f.failing_since, 'delivered_at', f.delivered_at,
  'created_by', e.created_by, 'created_at', e.created_at, 'updated_at', e.updated_at)`;
const ENDPOINTS = `tasks.webhook_endpoints e
  left join tasks.webhook_figures f on f.organization_id = e.organization_id and f.endpoint_id = e.id where e.organization_id = $1`;
const IS_THERE = "select 'yes' from tasks.webhook_endpoints e where e.organization_id = $1 and e.id = $2";

/** All of the organization's endpoints, by name. */
export async function listEndpoints(context: Context): Promise<JsonText> {
  const text = `select jsonb_build_object('items', coalesce(jsonb_agg(${SHOWN} order by e.name), '[]'))::text
    from ${ENDPOINTS}`;
  return askJson(context, text, [context.organization.id]);
}

/** One endpoint. Throws not_found. */
export async function readEndpoint(context: Context, { endpoint }: OneEndpoint): Promise<JsonText> {
  const text = `select (${SHOWN})::text from ${ENDPOINTS} and e.id = $2`;
  return askJson(context, text, [context.organization.id, endpoint]);
}

/** Makes an endpoint; the secret is told only now. Refused are an address that may not be called (invalid), a name that is taken, and one endpoint too many (TN011). */
export async function createEndpoint(
  context: Context,
  { name, url, events, timeout_seconds }: { name: string; url: string; events: string[]; timeout_seconds: number },
): Promise<{ id: string; secret: string }> {
  // Nothing is looked up for who may not make endpoints: this enters, which checks the permission.
  const id = await queryText(context, { text: "select kernel.uuid_v7()::text", fixed: true });
  if (id === null) throw new Error("The database made no id.");
  await requireCallable(context.services, url);
  const secret = newWebhookSecret();
  const sealed = seal(context.services.keyring, secret, sealContext(context.organization.id, id));
  await transaction(context, async (tx) => {
    await tx.query("select tasks.make_webhook_endpoint($1, $2, $3, $4, $5)", [id, name, url, timeout_seconds, sealed]);
    await tx.query("select tasks.set_webhook_events($1, $2)", [id, events]);
  });
  context.services.wakeWorkers();
  return { id, secret };
}

/** Changes an endpoint; what is left out stays. Throws not_found; refused is an address that may not be called (invalid). */
export async function changeEndpoint(
  context: Context,
  change: OneEndpoint & {
    name?: string | undefined;
    url?: string | undefined;
    events?: string[] | undefined;
    timeout_seconds?: number | undefined;
    status?: "active" | "paused" | undefined;
  },
): Promise<undefined> {
  const { endpoint, name = null, url = null, events, timeout_seconds = null, status = null } = change;
  const { id } = context.organization;
  if (url !== null) {
    await askJson(context, IS_THERE, [id, endpoint]);
    await requireCallable(context.services, url);
  }
  const text = `update tasks.webhook_endpoints e set name = coalesce($3, e.name), url = coalesce($4, e.url),
      timeout_seconds = coalesce($5, e.timeout_seconds), status = coalesce($6, e.status),
      paused_because = case $6 when 'active' then null when 'paused' then coalesce(e.paused_because, 'asked') else e.paused_because end
    where e.organization_id = $1 and e.id = $2 returning e.id`;
  await transaction(context, async (tx) => {
    const changed = await tx.query(text, [id, endpoint, name, url, timeout_seconds, status]);
    if (changed.length === 0) throw new Problem("not_found");
    if (events) await tx.query("select tasks.set_webhook_events($1, $2)", [endpoint, events]);
  });
  context.services.wakeWorkers();
  return undefined;
}

/** Deletes an endpoint with its secrets. Throws not_found. */
export async function deleteEndpoint(context: Context, { endpoint }: OneEndpoint): Promise<undefined> {
  const text = "delete from tasks.webhook_endpoints e where e.organization_id = $1 and e.id = $2 returning e.id::text";
  await askJson(context, text, [context.organization.id, endpoint]);
  return undefined;
}

/** Gives an endpoint another secret, told only now; calls are signed with the old one too for `overlap_hours`, 0 to 168. Throws not_found. */
export async function rotateSecret(
  context: Context,
  { endpoint, overlap_hours }: OneEndpoint & { overlap_hours: number },
): Promise<{ id: string; secret: string; old_secret_until: string | null }> {
  const secret = newWebhookSecret();
  const sealed = seal(context.services.keyring, secret, sealContext(context.organization.id, endpoint));
  const text = "select to_json(tasks.rotate_webhook_secret($1, $2, $3))::text";
  const json = await queryText(context, { text, values: [endpoint, sealed, overlap_hours], fixed: true });
  return { id: endpoint, secret, old_secret_until: JSON.parse(json ?? "null") as string | null };
}

/** An endpoint as a call needs it, with its secrets opened, in a transaction of tenon_worker; undefined when it is gone. A paused one must not be called. */
export async function readEndpointForCall(
  tx: Transaction,
  { keyring }: Pick<Services, "keyring">,
  { organizationId, endpointId }: { organizationId: string; endpointId: string },
): Promise<(CalledEndpoint & { status: "active" | "paused" }) | undefined> {
  type Row = { url: string; timeout_seconds: number; status: "active" | "paused"; sealed_secrets: Buffer[] };
  const [row] = await tx.query<Row>("select * from tasks.endpoint_for_call($1)", [endpointId]);
  if (!row) return undefined;
  const { url, timeout_seconds: timeoutSeconds, status } = row;
  return {
    url,
    timeoutSeconds,
    status,
    secrets: openSecrets(keyring, row.sealed_secrets, { organizationId, endpointId }),
  };
}

/** The secrets of an endpoint, opened. */
export function openSecrets(
  keyring: Services["keyring"],
  sealed: readonly Buffer[],
  { organizationId, endpointId }: { organizationId: string; endpointId: string },
): string[] {
  return sealed.map((one) => unseal(keyring, one, sealContext(organizationId, endpointId)).toString());
}

async function requireCallable(services: Services, url: string): Promise<void> {
  try {
    await findTarget(services, url);
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
    throw new Problem("invalid", { errors: [{ field: "url", message: cause.message }], cause });
  }
}

function sealContext(organizationId: string, endpointId: string): string {
  return `tasks.webhook_secrets/${organizationId}/${endpointId}`;
}
