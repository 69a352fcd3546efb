import { TABLE_FACTS } from "../../database/facts.gen.ts";
import type { Dependants } from "../../errors.ts";
import type { Context } from "../../tenancy/context.ts";
import { queryText } from "../../tenancy/transaction.ts";
import { quoted } from "../columns.ts";
import type { Noun, Nouns } from "../noun.ts";

/** So many rows are counted of each table. */
const COUNTED_MAX = 1_000;

/** What keeps a row from being deleted: each noun, or table, whose rows name it, and how many. One statement, of bounded work. */
export async function dependantsOf(
  context: Context,
  noun: Noun,
  nouns: Nouns,
  key: Record<string, string>,
): Promise<Dependants[]> {
  const [column] = noun.key;
  const blocking = noun.facts.dependants.filter(({ table, blocks }) => blocks && table in TABLE_FACTS);
  if (!column || noun.key.length > 1 || blocking.length === 0) return [];
  const counts = blocking.map(({ table, column: reference }) => {
    const rows = `select from ${table.split(".").map(quoted).join(".")} where organization_id = $1 and ${quoted(reference)} = $2 limit ${COUNTED_MAX + 1}`;
    return `(select count(*) from (${rows}) r)`;
  });
  const text = `select json_build_array(${counts.join(", ")})::text`;
  const known = { ...context, idempotency: undefined };
  const found: number[] = JSON.parse(
    (await queryText(known, { text, values: [context.organization.id, key[column]], fixed: true })) ?? "[]",
  );
  const byNoun = new Map<string, number>();
  for (const [place, { table }] of blocking.entries()) {
    const name = nouns.get(table)?.name ?? table;
    byNoun.set(name, (byNoun.get(name) ?? 0) + (found[place] ?? 0));
  }
  return [...byNoun]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ({
      noun: name,
      count: Math.min(count, COUNTED_MAX),
      ...(count > COUNTED_MAX && { more: true as const }),
    }));
}
