import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { pageStatement } from "../../kernel/tenancy/page.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import type { EntryFilter, listEntries } from "./contract.ts";

/** The longest that a transaction stays open: an entry has the time of its begin, and its id that of the writing. */
const TRANSACTION_MS_MAX = 24 * 60 * 60_000;

/** A page of the record, newest first, after the entry of the page before. */
export async function readEntries(context: Context, { query }: InputOf<typeof listEntries>): Promise<JsonText> {
  const values = [...filterValues(context, query), query.limit];
  const json = await queryText(context, { text: PAGE, values });
  return { json: json ?? "" };
}

/** The values of `MATCHING_ENTRIES`, `$1` to `$11`. */
export function filterValues(context: Context, filter: EntryFilter): unknown[] {
  const { cursor, user_id, impersonator_id, api_key_id, resource_type, resource_id, from, to } = filter;
  const isPrefix = filter.operation?.endsWith(".");
  const given = [
    cursor,
    user_id,
    impersonator_id,
    api_key_id,
    isPrefix ? undefined : filter.operation,
    isPrefix ? filter.operation : undefined,
    resource_type,
    resource_id,
    from,
    to,
    from && firstIdOf(Date.parse(from)),
    to && firstIdOf(Date.parse(to) + TRANSACTION_MS_MAX),
  ];
  return [context.organization.id, ...given.map((value) => value ?? null)];
}

/** The least id that can have been made at a moment, in milliseconds. Ids begin with their time. */
function firstIdOf(moment: number): string {
  const time = Math.max(0, moment).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}

/** The number of values that `MATCHING_ENTRIES` takes. */
export const FILTER_VALUES = 13;

/**
 * The entries `e` that a filter lets through. PostgreSQL plans it anew for each request and leaves out what is null. Every
 * operator is leakproof, so that an index serves it. Ids bound the time too, since it is by id that the record is read.
 */
export const MATCHING_ENTRIES = `
  from audit.audit_logs e
  where e.organization_id = $1
    and ($2::uuid is null or e.id < $2)
    and ($3::uuid is null or e.user_id = $3)
    and ($4::uuid is null or e.impersonator_id = $4)
    and ($5::uuid is null or e.api_key_id = $5)
    and ($6::text is null or e.operation = $6)
    and ($7::text is null or e.operation ^@ $7)
    and ($8::text is null or e.resource_type = $8)
    and ($9::text is null or e.resource_id = $9)
    and ($10::timestamptz is null or e.created_at >= $10)
    and ($11::timestamptz is null or e.created_at < $11)
    and ($12::uuid is null or e.id >= $12)
    and ($13::uuid is null or e.id < $13)`;

/** What is told of an entry `e`, beside its id; `m` is the member who acted. */
export const ENTRY_COLUMNS = `
  e.created_at, m.display_name as actor, e.user_id,
  case when e.impersonator_id is not null then audit.supporter_name(e.impersonator_id) end as impersonator, e.impersonator_id,
  e.api_key_id, e.operation, e.action, e.resource_type, e.resource_id, e.old_values, e.new_values, e.details,
  host(e.ip_address) as address, e.user_agent as agent, e.request_id,
  array_remove(array[case when e.erased_values is not null then 'values' end, case when e.erased_origin is not null then 'origin' end], null) as erased`;

/** The member who acted. */
export const ACTOR =
  "left join organizations.memberships m on m.organization_id = e.organization_id and m.user_id = e.user_id";

const PAGE = pageStatement(
  `select e.* ${MATCHING_ENTRIES}`,
  "$14",
  `select e.id, ${ENTRY_COLUMNS} from shown e ${ACTOR}`,
);
