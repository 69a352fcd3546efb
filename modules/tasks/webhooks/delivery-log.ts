import { Problem } from "../../../kernel/errors.ts";
import type { JsonText } from "../../../kernel/http/route.ts";
import { askJson } from "../../../kernel/tenancy/ask.ts";
import type { Context } from "../../../kernel/tenancy/context.ts";
import { pageStatement } from "../../../kernel/tenancy/page.ts";
import { queryText, transaction } from "../../../kernel/tenancy/transaction.ts";

type OneEndpoint = { endpoint: string };
type OneDelivery = OneEndpoint & { delivery: string };

const SHOWN = `d.id, d.type, d.operation, d.resource, d.status, d.attempts, d.created_at, d.due_at, d.ended_at, a.status_code, a.duration_ms`;
const LAST_CALL = `left join lateral (
  select a.status_code, a.duration_ms from tasks.webhook_attempts a
  where a.organization_id = d.organization_id and a.delivery_id = d.id order by a.id desc limit 1) a on true`;
const IS_THERE = "select from tasks.webhook_endpoints e where e.organization_id = $1 and e.id = $2";

const PAGE = `${pageStatement(
  `select d.* from tasks.webhook_deliveries d
   where d.organization_id = $1 and d.endpoint_id = $2 and ($3::text is null or d.status = $3)
     and ($4::text is null or d.resource = $4) and ($5::uuid is null or d.id < $5)`,
  "$6",
  `select ${SHOWN} from shown d ${LAST_CALL}`,
)} where exists (${IS_THERE})`;

/** What an endpoint was told, newest first, after the last of the page before. Throws not_found. */
export async function listDeliveries(
  context: Context,
  {
    endpoint,
    status = null,
    resource = null,
    cursor = null,
    limit,
  }: OneEndpoint & {
    status?: string | null | undefined;
    resource?: string | null | undefined;
    cursor?: string | null | undefined;
    limit: number;
  },
): Promise<JsonText> {
  // What is filtered by is planned for, each time.
  const json = await queryText(context, {
    text: PAGE,
    values: [context.organization.id, endpoint, status, resource, cursor, limit],
  });
  if (json === null) throw new Problem("not_found");
  return { json };
}

/** One delivery, with what is sent and every call. Throws not_found. */
export async function readDelivery(context: Context, { endpoint, delivery }: OneDelivery): Promise<JsonText> {
  const text = `select row_to_json(told)::text from (
    select ${SHOWN}, tasks.delivery_message(d.id) as message, (
      select coalesce(json_agg(json_build_object('attempted_at', c.attempted_at, 'status_code', c.status_code,
        'duration_ms', c.duration_ms, 'message', c.message) order by c.id), '[]')
      from tasks.webhook_attempts c where c.organization_id = d.organization_id and c.delivery_id = d.id) as calls
    from tasks.webhook_deliveries d ${LAST_CALL} where d.organization_id = $1 and d.endpoint_id = $2 and d.id = $3) told`;
  return askJson(context, text, [context.organization.id, endpoint, delivery]);
}

/** Has a delivery sent at once. Throws not_found, and conflict where it waits behind another one of its row. */
export async function sendAgain(context: Context, { endpoint, delivery }: OneDelivery): Promise<undefined> {
  await transaction(context, async (tx) => {
    const text =
      "select from tasks.webhook_deliveries d where d.organization_id = $1 and d.endpoint_id = $2 and d.id = $3";
    if ((await tx.query(text, [context.organization.id, endpoint, delivery])).length === 0)
      throw new Problem("not_found");
    await tx.query("select tasks.send_webhook_again($1)", [delivery]);
  });
  context.services.wakeWorkers();
  return undefined;
}

/** Has an event sent that is none. Throws not_found, and conflict while the endpoint is paused. */
export async function sendTest(context: Context, { endpoint }: OneEndpoint): Promise<JsonText> {
  const text = "select jsonb_build_object('delivery', tasks.test_webhook($1))::text";
  const answer = await askJson(context, text, [endpoint]);
  context.services.wakeWorkers();
  return answer;
}
