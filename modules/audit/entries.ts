import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText } from "../../kernel/tenancy/transaction.ts";
import type { listEntries } from "./contract.ts";

/** A page of the record, newest first, after the entry of the page before. */
export async function readEntries(context: Context, { query }: InputOf<typeof listEntries>): Promise<JsonText> {
  const { after = null, resource_type = null, resource_id = null, limit } = query;
  const json = await queryText(context, {
    text: PAGE,
    values: [context.organization.id, after, resource_type, resource_id, limit],
  });
  return { json: json ?? "" };
}

/** One row more than asked for tells whether there is a next page. The filters are text equality, which an index serves. */
const PAGE = `
  with page as (
    select e.id, e.created_at, m.display_name as actor, e.operation, e.action, e.resource_type, e.resource_id, e.old_values, e.new_values
    from audit.audit_logs e
    left join organizations.memberships m on m.organization_id = e.organization_id and m.user_id = e.user_id
    where e.organization_id = $1
      and ($2::uuid is null or e.id < $2)
      and ($3::text is null or e.resource_type = $3)
      and ($4::text is null or e.resource_id = $4)
    order by e.id desc
    limit $5::int + 1
  ), shown as (
    select * from page order by id desc limit $5
  )
  select json_build_object(
    'items', coalesce((select json_agg(shown order by id desc) from shown), '[]'),
    'next', case when (select count(*) from page) > $5 then (select id from shown order by id limit 1) end
  )::text`;
