import { z } from "zod";
import { unseal } from "../../kernel/secrets/envelope.ts";
import type { Services } from "../../kernel/services.ts";
import { transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure } from "../../kernel/work.ts";
import type { Shop, StoreKeys } from "./connectors/connector.ts";
import { connectorOf } from "./connectors/connectors.ts";

/** Workers wait for a store that asks for time. */
const PATIENCE_SECONDS = 60;

const Keys = z.object({ key: z.string(), secret: z.string(), hookSecret: z.string() });

/** A store as its connector calls it, for a task. Throws a `TaskFailure` where it is not in use any more. */
export async function openShop(
  { entry, services, signal }: Pick<RunningTask, "entry" | "services" | "signal">,
  store: string,
) {
  type Row = {
    platform: string;
    store_url: string;
    api_version: string | null;
    currency: string;
    rate: string;
    sealed: Buffer;
  };
  const [row] = await transaction(entry, (tx) => tx.query<Row>("select * from commerce.store_for_call($1)", [store]));
  if (!row) throw new TaskFailure("invalid", "This store is not in use any more.");
  const connector = connectorOf(row.platform);
  const shop: Shop = {
    address: row.store_url,
    version: row.api_version ?? connector.version,
    currency: row.currency,
    rate: Number(row.rate),
    keys: openKeys(services, row.sealed, entry.organization.id, store),
    outbound: services,
    signal,
    patienceSeconds: PATIENCE_SECONDS,
  };
  return { connector, shop };
}

/** The keys of a store, opened. */
export function openKeys(
  { keyring }: Pick<Services, "keyring">,
  sealed: Buffer,
  organization: string,
  store: string,
): StoreKeys {
  return Keys.parse(JSON.parse(unseal(keyring, sealed, sealContext(organization, store)).toString()));
}

/** Where the keys of a store stand, which their seal proves. */
export function sealContext(organization: string, store: string): string {
  return `kernel.secrets/${organization}/commerce.store/${store}`;
}
