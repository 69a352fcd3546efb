import { z } from "zod";
import { Problem } from "../../kernel/errors.ts";
import type { Accepted } from "../../kernel/http/route.ts";
import { OutboundError } from "../../kernel/outbound/errors.ts";
import { seal } from "../../kernel/secrets/envelope.ts";
import { askJson } from "../../kernel/tenancy/ask.ts";
import type { Context } from "../../kernel/tenancy/context.ts";
import { queryRow, transaction } from "../../kernel/tenancy/transaction.ts";
import { TaskFailure } from "../../kernel/work.ts";
import { askForTask, createSchedule, dropSchedules, wishOf } from "../tasks/public.ts";
import type { Shop, StoreKeys } from "./connectors/connector.ts";
import { connectorOf } from "./connectors/connectors.ts";
import { decimalsOf } from "./connectors/values.ts";
import type { connectStore as ConnectStore } from "./contract.ts";
import { newHookSecret, webhookUrl } from "./hook-address.ts";
import { sealContext } from "./shops.ts";
import { syncKind } from "./sync.ts";

type NewStore = z.infer<typeof ConnectStore.body>;
type OneStore = { store: string };

/** Whoever connects a store waits for its first answers. */
const PATIENCE_SECONDS = 5;
/** Where it is told that a store does not accept its keys. */
const KEY_FIELDS = { woocommerce: "consumer_secret", shopify: "access_token" };
const EVERY_HOUR = "17 * * * *";

/**
 * Connects a store with the keys that it accepts, seals these, and begins its first sync; from then on it is synced every hour. Throws conflict for a
 * store that is connected, invalid where the store does not do as asked, or its currency needs a rate.
 */
export async function connectStore(context: Context, given: NewStore) {
  const { id, currency } = await findPlace(context, given);
  const { hookSecret, ...keys } = keysOf(given);
  const connector = connectorOf(given.platform);
  const shop: Shop = {
    address: given.store_url,
    version: connector.version,
    currency: "",
    rate: 1,
    keys: { ...keys, hookSecret },
    outbound: context.services,
    signal: context.signal,
    patienceSeconds: PATIENCE_SECONDS,
  };
  const sold = await connector.check(shop).catch((error) => refuseStore(error, given.platform));
  const rate = rateOf(sold.currency, currency, given.rate);
  const sealed = seal(context.services.keyring, JSON.stringify(shop.keys), sealContext(context.organization.id, id));
  const values = [id, given.name, given.platform, given.store_url, connector.version, sold.currency, rate, sealed];
  const wish = wishOf(syncKind, { name: `Sync ${given.name}`.slice(0, 200), input: { store: id } });
  const task_id = await transaction(context, async (tx) => {
    await tx.query("select commerce.connect_store($1, $2, $3, $4, $5, $6, $7, $8)", values);
    return askForTask(tx, wish);
  });
  context.services.wakeWorkers();
  await scheduleSync(context, id, given.name);
  return {
    id,
    currency: sold.currency,
    task_id,
    webhook_url: webhookUrl(context.services, context.organization.id, id),
    webhook_secret: given.platform === "woocommerce" ? hookSecret : null,
  };
}

/** Syncs a store now. Throws not_found, and conflict for a store that is not in use. */
export async function syncStore(context: Context, { store, full }: OneStore & { full: boolean }): Promise<Accepted> {
  const { name } = await readStore(context, { store });
  const input = { store, ...(full && { full }) };
  const task_id = await askForTask(
    context,
    wishOf(syncKind, { name: `Sync ${name}`.slice(0, 200), input, priority: 8 }),
  );
  return { accepted: { task_id } };
}

/** Takes a store out of use, and forgets its keys and its schedule. Throws not_found. */
export async function disconnectStore(context: Context, { store }: OneStore): Promise<undefined> {
  await transaction(context, (tx) => tx.query("select commerce.disconnect_store($1)", [store]));
  await dropSchedules(context, { type: syncKind.type, input: { store } }).catch(forgiveForbidden);
  return undefined;
}

/** A store in use. Throws not_found, and conflict for one that is not. */
async function readStore(context: Context, { store }: OneStore): Promise<{ name: string; status: string }> {
  const text =
    "select json_build_object('name', name, 'status', status)::text from commerce.stores where organization_id = $1 and id = $2";
  const { json } = await askJson(context, text, [context.organization.id, store]);
  const found = JSON.parse(json) as { name: string; status: string };
  if (found.status === "active" || found.status === "error") return found;
  throw new Problem("conflict", { detail: "This store is not in use.", hint: "Connect it again." });
}

/** The store's id, the one of before where it was connected once, and the organization's currency. */
async function findPlace(
  context: Context,
  { platform, store_url }: NewStore,
): Promise<{ id: string; currency: string }> {
  const [id, currency, status] = await queryRow(context, {
    text: `select coalesce(s.id, kernel.uuid_v7())::text, organizations.read_organization() ->> 'currency', s.status from (select) one
      left join commerce.stores s on s.organization_id = $1 and s.platform = $2 and s.store_url = $3`,
    values: [context.organization.id, platform, store_url],
    fixed: true,
  });
  if (!id || !currency) throw new Error("The database told nothing of the organization.");
  if (status === "active")
    throw new Problem("conflict", {
      detail: "This store is connected already.",
      hint: "Disconnect it first, to connect it with other keys.",
    });
  return { id, currency };
}

function keysOf(given: NewStore): StoreKeys {
  return given.platform === "woocommerce"
    ? { key: given.consumer_key, secret: given.consumer_secret, hookSecret: newHookSecret() }
    : { key: "", secret: given.access_token, hookSecret: given.webhook_secret ?? "" };
}

/** By minor units, as amounts are kept. */
function rateOf(sold: string, own: string, rate: number | undefined): number {
  if (sold === own) return 1;
  if (rate !== undefined) return rate * 10 ** (decimalsOf(own) - decimalsOf(sold));
  const message = `The store sells in ${sold} and the organization counts in ${own}: say what 1 ${sold} is worth in ${own}.`;
  throw new Problem("invalid", { errors: [{ field: "rate", message }] });
}

/** Whoever may connect stores but not make schedules has a store that is synced when it tells something, and when asked. */
async function scheduleSync(context: Context, store: string, name: string): Promise<void> {
  const schedule = { type: syncKind.type, input: { store } };
  try {
    await dropSchedules(context, schedule);
    await createSchedule(context, {
      ...schedule,
      name: `Sync ${name}`.slice(0, 200),
      rule: EVERY_HOUR,
      timezone: "UTC",
      missed_runs: "skip",
    });
  } catch (error) {
    forgiveForbidden(error);
  }
}

function forgiveForbidden(error: unknown): void {
  if (!isForbidden(error)) throw error;
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "TN003" || error.code === "forbidden");
}

/** What the store answered is told at the field that it is about. */
function refuseStore(error: unknown, platform: NewStore["platform"]): never {
  if (error instanceof z.ZodError) {
    const message = "What answers there is no store of this platform.";
    throw new Problem("invalid", { errors: [{ field: "store_url", message }], cause: error });
  }
  if (!(error instanceof TaskFailure || error instanceof OutboundError)) throw error;
  const isRefused = error instanceof TaskFailure && error.failureClass === "unauthorized";
  const message = isRefused ? "The store does not accept these keys, or they do not allow enough." : error.message;
  throw new Problem("invalid", {
    errors: [{ field: isRefused ? KEY_FIELDS[platform] : "store_url", message }],
    cause: error,
  });
}
