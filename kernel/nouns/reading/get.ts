import { Problem } from "../../errors.ts";
import type { JsonText } from "../../http/route.ts";
import type { Context, EnteringRole } from "../../tenancy/context.ts";
import { queryRow } from "../../tenancy/transaction.ts";
import { answeredColumns, columnsFor, keyCondition, tableOf } from "../columns.ts";
import type { Noun } from "../noun.ts";

/** One row by its key, with its version. Throws not_found where the organization has none that the caller may see. */
export async function getRow(context: Context, noun: Noun, key: Record<string, string>): Promise<JsonText> {
  const values = [context.organization.id, ...noun.key.map((name) => key[name])];
  const [json, version] = await queryRow(context, { text: statementFor(noun, context.role), values, fixed: true });
  if (!json) throw new Problem("not_found");
  return { json, ...(version && { version }) };
}

const statements = new WeakMap<Noun, Map<EnteringRole, string>>();

function statementFor(noun: Noun, role: EnteringRole): string {
  const known = statements.get(noun) ?? new Map<EnteringRole, string>();
  statements.set(noun, known);
  const statement = known.get(role) ?? makeStatement(noun, role);
  known.set(role, statement);
  return statement;
}

function makeStatement(noun: Noun, role: EnteringRole): string {
  const names = columnsFor(noun, role);
  const version = names.includes("version") ? "r.version" : "null";
  return `select row_to_json(r)::text, ${version} from (select ${answeredColumns(noun, names)} from ${tableOf(noun)} where ${keyCondition(noun)}) r`;
}
