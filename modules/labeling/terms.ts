import { Problem } from "../../kernel/errors.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { askJson } from "./refusals.ts";

const READ = `
  select json_build_object(
    'customer', (select json_build_object('id', c.id, 'name', c.name) from crm.customers c where c.organization_id = $1 and c.id = p.customer_id),
    'label_price', l.label_price,
    'currency', coalesce((
      select a.currency from billing.billing_accounts a
      where a.organization_id = $1 and (a.customer_id = p.customer_id or a.customer_id is null) order by a.customer_id nulls last limit 1), 'EUR'))::text
  from projects.projects p join labeling.configurations l on l.organization_id = p.organization_id and l.project_id = p.id
  where p.organization_id = $1 and p.id = $2`;

const FIND = `
  select exists (select from labeling.configurations where organization_id = $1 and project_id = $2) as project,
    $3::uuid is null or exists (select from crm.customers where organization_id = $1 and id = $3) as customer`;
const SET_CUSTOMER = `
  update projects.projects set customer_id = $3
  where organization_id = $1 and id = $2 and customer_id is distinct from $3`;
const SET_PRICE = `
  update labeling.configurations set label_price = $3 where organization_id = $1 and project_id = $2 and label_price is distinct from $3`;

/** For whom a project is, and what they pay: `Terms` as JSON. Throws not_found. */
export async function readTerms(context: Context, { project }: { project: string }): Promise<JsonText> {
  return askJson(context, READ, [context.organization.id, project]);
}

/** The price is in minor units. */
export type NewTerms = { project: string; customer_id: string | null; label_price: number | null };

/** Changes both, for what is approved from then on: `Terms` as JSON. Throws not_found, invalid (no such customer). */
export async function setTerms(context: Context, { project, customer_id, label_price }: NewTerms): Promise<JsonText> {
  const organization = context.organization.id;
  return transaction(context, async (tx) => {
    const [there] = await tx.query<{ project: boolean; customer: boolean }>(FIND, [organization, project, customer_id]);
    if (!there?.project) throw new Problem("not_found");
    if (!there.customer)
      throw new Problem("invalid", { errors: [{ field: "customer_id", message: "There is no such customer." }] });
    await tx.query(SET_CUSTOMER, [organization, project, customer_id]);
    await tx.query(SET_PRICE, [organization, project, label_price]);
    const [terms] = await tx.query<{ json: string }>(`select (${READ}) as json`, [organization, project]);
    if (!terms) throw new Problem("not_found");
    return terms;
  });
}
