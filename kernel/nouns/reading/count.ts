import type { JsonText } from "../../http/route.ts";
import type { Context } from "../../tenancy/context.ts";
import { queryText } from "../../tenancy/transaction.ts";
import type { Noun } from "../noun.ts";
import type { ListQuery } from "./list-query.ts";
import { openScope } from "./scope.ts";
import { matches } from "./statement.ts";

/** Up to here rows are counted; of more the planner's estimate is told. */
const COUNTED_MAX = 10_000;

/** How many rows match, and whether that is an estimate. */
export async function countRows(context: Context, noun: Noun, query: ListQuery): Promise<JsonText> {
  const counted = await ask(context, noun, query, (rows) => `select count(*) from (${rows}) found`, COUNTED_MAX + 1);
  if (Number(counted) <= COUNTED_MAX) return answer(Number(counted), false);
  const plan = JSON.parse((await ask(context, noun, query, (rows) => `explain (format json) ${rows}`)) ?? "[]") as Plan;
  return answer(Math.max(Math.round(plan[0]?.Plan["Plan Rows"] ?? 0), COUNTED_MAX + 1), true);
}

type Plan = { Plan: { "Plan Rows": number } }[];

function ask(context: Context, noun: Noun, query: ListQuery, wrap: (rows: string) => string, limit?: number) {
  const { scope, values } = openScope(noun, context.role, context.organization.id);
  return queryText(context, { text: wrap(matches(query, scope, limit)), values });
}

function answer(count: number, estimated: boolean): JsonText {
  return { json: JSON.stringify({ count, estimated }) };
}
