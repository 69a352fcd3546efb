import { Badge, Text } from "@mantine/core";
import type { Store } from "../../lib/shop-queries.ts";
import { Ago } from "../../ui/Ago.tsx";

/** The permission that shows stores, products and orders. */
export const SEES_STORES = "commerce.store.read";

export const PLATFORMS: Record<string, string> = {
  woocommerce: "WooCommerce",
  shopify: "Shopify",
  amazon: "Amazon",
  etsy: "Etsy",
  squarespace: "Squarespace",
  bigcommerce: "BigCommerce",
};

/** How it stands with a store, in a word or two. */
export function StoreState({ store }: { store: Store }) {
  if (store.status === "setup") return <Badge color="gray.7">Not connected</Badge>;
  if (store.status === "inactive") return <Badge color="gray.7">Disconnected</Badge>;
  if (store.status === "error") return <Badge color="red.9">Keys refused</Badge>;
  if (store.sync_status === "syncing") return <Badge color="blue.9">Syncing</Badge>;
  if (store.sync_status === "error") return <Badge color="red.9">Sync failed</Badge>;
  return (
    <Text size="sm" c="dimmed" component="span">
      {store.last_sync_at ? (
        <>
          Synced <Ago at={store.last_sync_at} />
        </>
      ) : (
        "Not synced yet"
      )}
    </Text>
  );
}

/** A status of products or orders as people say it: "partially_refunded" is "Partially refunded". */
export function wordsOf(status: string): string {
  return status.charAt(0).toUpperCase() + status.slice(1).replaceAll("_", " ");
}
