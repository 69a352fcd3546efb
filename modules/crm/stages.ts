import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { refusing } from "../../kernel/nouns/writing/refusals.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type * as contract from "./contract.ts";
import { customer } from "./nouns.ts";

/**
 * Takes a customer to another stage: `{ id, stage, version }` as JSON. The way is written down with the reason. Throws conflict with the steps
 * that there are, and not_found.
 */
export async function changeStage(
  context: Context,
  { params, body }: InputOf<typeof contract.changeStage>,
): Promise<JsonText> {
  const values = [params.customer, body.stage, body.reason ?? null];
  return refusing(customer, () => askJson(context, "select crm.change_stage($1, $2, $3)", values));
}
