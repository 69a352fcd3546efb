import { TABLE_FACTS } from "../../database/facts.gen.ts";
import type { Dependants } from "../../errors.ts";
import type { Context } from "../../tenancy/context.ts";
import { queryText } from "../../tenancy/transaction.ts";
import { quoted } from "../columns.ts";
import type { Noun, Nouns } from "../noun.ts";

/** So many rows are counted of each table. */
const COUNTED_MAX = 1_000;

/**
 * What keeps a row from being deleted: each noun that the caller may read and whose rows name it, and how many. One statement, of
 * bounded work. Of what else names it nothing is told.
 */
export async function dependantsOf(
  context: Context,
  noun: Noun,
  nouns: Nouns,
  key: Record<string, string>,
): Promise<Dependants[]> {
  const [column] = noun.key;
  const blocking = noun.facts.dependants.flatMap(({ table, column: reference, blocks }) => {
    const other = nouns.get(table);
    return blocks && other && table in TABLE_FACTS ? [{ table, reference, other }] : [];
  });
  if (!column || noun.key.length > 1 || blocking.length === 0) return [];
  const counts = blocking.map(({ table, reference, other }) => {
    const rows = `select from ${table.split(".").map(quoted).join(".")} where organization_id = $1 and ${quoted(reference)} = $2 limit ${COUNTED_MAX + 1}`;
    return `case when kernel.holds('${other.read}') then (select count(*) from (${rows}) r) else 0 end`;
  });
  const text = `select json_build_array(${counts.join(", ")})::text`;
  const known = { ...context, idempotency: undefined };
  const found: number[] = JSON.parse(
    (await queryText(known, { text, values: [context.organization.id, key[column]], fixed: true })) ?? "[]",
  );
  const byNoun = new Map<string, number>();
  for (const [place, { other }] of blocking.entries())
    byNoun.set(other.name, (byNoun.get(other.name) ?? 0) + (found[place] ?? 0));
  return [...byNoun]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ({
      noun: name,
      count: Math.min(count, COUNTED_MAX),
      ...(count > COUNTED_MAX && { more: true as const }),
    }));
}
