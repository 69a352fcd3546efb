import { Problem } from "../../kernel/errors.ts";
import type { Noun } from "../../kernel/nouns/noun.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryText, type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import type { Target } from "./contract.ts";

/**
 * What the rows of an import become. Throws invalid where there is no such noun, and forbidden where the caller may not both write and
 * read it: what becomes of a row, and whether another has its key, tells of what is there.
 */
export async function targetOf(context: Context, name: string): Promise<Noun> {
  const noun = context.services.nouns.get(name);
  if (!noun || !isTarget(noun)) {
    const names = [...context.services.nouns.values()].filter(isTarget).map((one) => one.name);
    const message = `Nothing can be imported into "${name}". Choose one of ${names.join(", ")}.`;
    throw new Problem("invalid", { errors: [{ field: "noun", message }] });
  }
  await transaction(context, async (tx) => {
    await requirePermission(tx, noun.write ?? "");
    await requirePermission(tx, noun.read);
  });
  return noun;
}

/** What the caller may import into and see afterwards, by name, with the columns that rows bring. */
export async function listTargets(context: Context): Promise<{ items: Target[] }> {
  const targets = [...context.services.nouns.values()].filter(isTarget);
  const wanted = new Set(targets.flatMap(({ read, write }) => [read, write ?? ""]));
  const text =
    "select coalesce(json_agg(p.name), '[]')::text from unnest($1::text[]) as p (name) where kernel.holds(p.name)";
  const held: string[] = JSON.parse((await queryText(context, { text, values: [[...wanted]], fixed: true })) ?? "[]");
  const items = targets.filter(({ read, write = "" }) => held.includes(read) && held.includes(write)).map(shown);
  return { items: items.sort((a, b) => (a.noun < b.noun ? -1 : 1)) };
}

/** Whether rows can be made or changed without a verb, which knows what follows. */
function isTarget({ write, writes }: Noun): boolean {
  return write !== undefined && (writes.includes("create") || writes.includes("update"));
}

export async function requirePermission(tx: Transaction, permission: string): Promise<void> {
  const [held] = await tx.query<{ holds: boolean }>("select kernel.holds($1) as holds", [permission]);
  if (held?.holds) return;
  throw new Problem("forbidden", {
    detail: `Permission ${permission} is missing`,
    hint: "Ask an administrator of the organization for it.",
  });
}

function shown({ name, facts, key, writes, creatable, writable }: Noun): Target {
  const names = [...key.filter((one) => !creatable.includes(one)), ...creatable];
  return {
    noun: name,
    about: facts.comment,
    makes: writes.includes("create"),
    columns: names.flatMap((column) => {
      const found = facts.columns[column];
      if (!found) return [];
      const { kind, nullable, optional, values, references, comment } = found;
      return [
        {
          name: column,
          about: comment,
          kind,
          values: values ?? null,
          references: references ?? null,
          is_key: key.includes(column),
          is_created: creatable.includes(column),
          is_updated: writes.includes("update") && writable.includes(column),
          is_required: creatable.includes(column) && !nullable && !optional,
        },
      ];
    }),
  };
}
