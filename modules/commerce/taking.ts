import { takeEach } from "../../kernel/tenancy/take-each.ts";
import type { Transaction } from "../../kernel/tenancy/transaction.ts";
import type { Found, Kind } from "./connectors/connector.ts";

/** What becomes of things of a store: so many are new, so many have changed, and these could not be taken over; so many of them failed in the sync for the first time. */
export type Taken = { created: number; updated: number; faults: { id: string; reason: string }[]; failed: number };

const TAKE = { product: "commerce.take_products", order: "commerce.take_orders" };

/**
 * Takes over what a store told of some things, in a transaction of the worker's: those that are wrong, or that the database refuses, are noted with the
 * reason, and the others are taken. `run` is the sync that they belong to, with the place where it goes on.
 */
export async function takeFound(
  tx: Transaction,
  store: string,
  kind: Kind,
  found: readonly Found[],
  run?: { id: string; cursor?: string },
): Promise<Taken> {
  const things = found.flatMap((one) => ("thing" in one ? [one.thing] : []));
  const counts = { created: 0, updated: 0 };
  const refused = await takeEach(tx, things, async (some) => {
    const [row] = await tx.query<{ created: string; updated: string }>(`select * from ${TAKE[kind]}($1, $2)`, [
      store,
      JSON.stringify(some),
    ]);
    counts.created += Number(row?.created);
    counts.updated += Number(row?.updated);
  });
  const faults = [
    ...found.flatMap((one) => ("reason" in one ? [one] : [])),
    ...refused.map(({ item, reason }) => ({ id: item.external_id, reason })),
  ];
  const isFault = new Set(faults.map(({ id }) => id));
  const taken = things.map((thing) => thing.external_id).filter((id) => !isFault.has(id));
  const values = [
    store,
    run?.id ?? null,
    run?.cursor ?? null,
    kind,
    taken,
    counts.created,
    counts.updated,
    JSON.stringify(faults),
  ];
  const text = "select commerce.note_taken($1, $2, $3, $4, $5, $6, $7, $8) as failed";
  const [noted] = await tx.query<{ failed: string }>(text, values);
  return { ...counts, faults, failed: Number(noted?.failed) };
}
