import type { InputOf } from "../../kernel/http/endpoint.ts";
import type { JsonText } from "../../kernel/http/route.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import type * as contract from "./contract.ts";

/** What was used in a month, this one unless told otherwise: the answer of the contract as JSON. */
export async function readUsage(context: Context, { query }: InputOf<typeof contract.readUsage>): Promise<JsonText> {
  return askJson(context, "select credits.read_usage($1)::text", [query.month ? `${query.month}-01` : null]);
}
