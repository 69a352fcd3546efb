import { z } from "zod";
import type { Context } from "../../kernel/tenancy/context.ts";
import { type Transaction, transaction } from "../../kernel/tenancy/transaction.ts";
import { type RunningTask, TaskFailure, taskKind } from "../../kernel/work.ts";
import { askForTask, wishOf } from "../tasks/public.ts";
import { openShop } from "./shops.ts";
import { syncKind } from "./sync.ts";
import { takeFound } from "./taking.ts";

const TIME_LIMIT_SECONDS = 300;
const ATTEMPTS_MAX = 8;

/** A product as somebody writes about it. */
export type DescribedProduct = {
  id: string;
  store_id: string | null;
  name: string;
  description: string | null;
  product_type: string | null;
  vendor: string | null;
  category: string | null;
  price: string | null;
  currency: string;
};

const PublishInput = z.strictObject({ product: z.uuid(), description: z.string().max(100_000) });

/** A product, by its id; undefined where there is none. */
export async function readProduct(context: Context, product: string): Promise<DescribedProduct | undefined> {
  const text = `select id, store_id, name, description, product_type, vendor, category, price, currency from commerce.products
    where organization_id = $1 and id = $2`;
  const [found] = await transaction(context, (tx) =>
    tx.query<DescribedProduct>(text, [context.organization.id, product]),
  );
  return found;
}

/** Asks for a sync of the store of a product, in the same transaction as what depends on it; resolves with its task. */
export async function askForSync(tx: Transaction, store: string): Promise<string> {
  return askForTask(tx, wishOf(syncKind, { input: { store } }));
}

/**
 * Gives a product a description that a model wrote and a person approved, and has its store take it over; resolves with the task that does that, null for a
 * product of no store in use. Throws a `TaskFailure` where it is gone.
 */
export async function describeProduct(
  tx: Transaction,
  organization: string,
  { product, description, by }: { product: string; description: string; by: string },
): Promise<string | null> {
  const [changed] = await tx.query<{ name: string; is_sold: boolean }>(
    `update commerce.products p set description = $3, ai_description_generated = true, ai_last_enhanced_at = now()
     where p.organization_id = $1 and p.id = $2
     returning p.name, exists (select from commerce.stores s join commerce.external_ids e on e.organization_id = s.organization_id and e.store_id = s.id
       where s.organization_id = p.organization_id and s.id = p.store_id and s.status in ('active', 'error') and e.product_id = p.id) as is_sold`,
    [organization, product, description],
  );
  if (!changed) throw new TaskFailure("invalid", "The product is not there any more.");
  if (!changed.is_sold) return null;
  const name = `Update ${changed.name} in its store`.slice(0, 200);
  return askForTask(
    tx,
    wishOf(publishKind, { name, input: { product, description }, idempotencyKey: `commerce.publish:${by}` }),
  );
}

/** Has the store say of a product what was approved: a sync in the meantime brings back here what it says until then. */
export const publishKind = taskKind<z.infer<typeof PublishInput>>({
  type: "commerce.publish_product",
  summary: "Updates a product in its store",
  category: "ecommerce",
  workerType: "integration",
  input: PublishInput,
  timeLimitSeconds: TIME_LIMIT_SECONDS,
  attemptsMax: ATTEMPTS_MAX,
  limits: ({ product }) => ({ lane: { name: `commerce.publish_product:${product}`, places: 1 } }),
  isOpen: false,
  run: publish,
});

async function publish(task: RunningTask<z.infer<typeof PublishInput>>): Promise<object> {
  const { entry, input } = task;
  const [product] = await transaction(entry, (tx) =>
    tx.query<{ store_id: string; external_id: string }>(
      `select e.store_id, e.external_id from commerce.products p
       join commerce.external_ids e on e.organization_id = p.organization_id and e.product_id = p.id and e.store_id = p.store_id
       where p.organization_id = $1 and p.id = $2`,
      [entry.organization.id, input.product],
    ),
  );
  if (!product) throw new TaskFailure("invalid", "The product is in no store any more.");
  const { store_id: store, external_id: id } = product;
  const { connector, shop } = await openShop(task, store);
  await connector.updateProduct(shop, id, { description: input.description });
  // What the store made of it is what holds, with the moment of the change.
  const found = await connector.getOne(shop, "product", id);
  if (found) await transaction(entry, (tx) => takeFound(tx, store, "product", [found]));
  return { store, product: id };
}
