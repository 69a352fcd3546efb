import type pg from "pg";

/** What `grantCredits` did: the lot, and what is on the account now, in micro-credits. */
export type Granted = { lot: string; balance: number };

const GRANT = `
  select credits.grant_credits(a.organization_id, a.id, $2, $3, $4, $5, $6) as lot
  from credits.accounts a join organizations.organizations o on o.id = a.organization_id
  where o.slug = $1 and a.name = $7`;

/**
 * Books credits onto an account of an organization, in micro-credits. Under the same key it is done once. `owner` is a
 * superuser's connection. Throws when there is no such organization or account, or the key stands for something else.
 */
export async function grantCredits(
  owner: pg.ClientBase,
  slug: string,
  amount: number,
  {
    key,
    note,
    source,
    expiresAt,
    account = "main",
  }: {
    key: string;
    note: string;
    source: "purchase" | "promotion" | "plan";
    expiresAt?: Date | undefined;
    account?: string | undefined;
  },
): Promise<Granted> {
  const { rows } = await owner.query<{ lot: string }>(GRANT, [
    slug,
    source,
    amount,
    key,
    note,
    expiresAt ?? null,
    account,
  ]);
  const lot = rows[0]?.lot;
  if (!lot) throw new Error(`There is no account "${account}" in an organization "${slug}".`);
  const balances = await owner.query<{ balance: number }>(
    `select b.posted::float8 as balance from credits.balances b
     join credits.lots l on l.organization_id = b.organization_id and l.account_id = b.account_id where l.id = $1`,
    [lot],
  );
  return { lot, balance: balances.rows[0]?.balance ?? 0 };
}
