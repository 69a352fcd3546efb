import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { readDashboard } from "../../modules/analytics/contract.ts";
import { call } from "./api.ts";
import { orders, products, type RowOf, stores, syncFaults, syncRuns } from "./nouns.ts";

const ROWS_A_PAGE = 25;
const RUNS_SHOWN = 10;
const FAULTS_SHOWN = 50;
/** While a store is synced its figures are looked at so often, and otherwise now and then. */
const SYNCING_AGAIN_MS = 2_000;
const DASHBOARD_AGAIN_MS = 60_000;

export type Store = RowOf<"commerce.stores">;
export type SyncRun = RowOf<"commerce.sync_runs">;
export type Product = RowOf<"commerce.products">;
export type Order = RowOf<"commerce.orders">;

/** A store's place: the organization's slug and its id. */
export type StorePlace = { organization: string; store: string };

/** What every key of stores, and of what they sell, begins with. */
export function shopKey(organization: string): string[] {
  return ["shop", organization];
}

/** Whether a change of such a table shows on the pages of stores. */
export function isOfShop(table: string): boolean {
  return table.startsWith("commerce.");
}

export function storesQuery(organization: string) {
  return queryOptions({
    queryKey: [...shopKey(organization), "stores"],
    queryFn: ({ signal }) =>
      call(stores.list, { params: { organization }, query: { sort: "name", limit: 100 } }, { signal }),
  });
}

export function storeQuery({ organization, store }: StorePlace) {
  return queryOptions({
    queryKey: [...shopKey(organization), "store", store],
    queryFn: ({ signal }) => call(stores.get, { params: { organization, id: store } }, { signal }),
    refetchInterval: ({ state }) => state.data?.sync_status === "syncing" && SYNCING_AGAIN_MS,
  });
}

export function runsQuery({ organization, store }: StorePlace) {
  const query = { store_id: store, sort: "-started_at", limit: RUNS_SHOWN };
  return queryOptions({
    queryKey: [...shopKey(organization), "runs", store],
    queryFn: ({ signal }) => call(syncRuns.list, { params: { organization }, query }, { signal }),
    refetchInterval: ({ state }) => state.data?.items[0]?.status === "running" && SYNCING_AGAIN_MS,
  });
}

export function faultsQuery({ organization, store }: StorePlace) {
  const query = { store_id: store, limit: FAULTS_SHOWN };
  return queryOptions({
    queryKey: [...shopKey(organization), "faults", store],
    queryFn: ({ signal }) => call(syncFaults.list, { params: { organization }, query }, { signal }),
  });
}

export function productsQuery({ organization, store }: StorePlace) {
  return infiniteQueryOptions({
    queryKey: [...shopKey(organization), "products", store],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        products.list,
        { params: { organization }, query: { store_id: store, sort: "name", limit: ROWS_A_PAGE, cursor: pageParam } },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function ordersQuery({ organization, store }: StorePlace) {
  return infiniteQueryOptions({
    queryKey: [...shopKey(organization), "orders", store],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        orders.list,
        {
          params: { organization },
          query: { store_id: store, sort: "-order_date", limit: ROWS_A_PAGE, cursor: pageParam },
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function productQuery({ organization, product }: { organization: string; product: string }) {
  return queryOptions({
    queryKey: [...shopKey(organization), "product", product],
    queryFn: ({ signal }) => call(products.get, { params: { organization, id: product } }, { signal }),
  });
}

export function dashboardQuery(organization: string) {
  return queryOptions({
    queryKey: ["dashboard", organization],
    queryFn: ({ signal }) => call(readDashboard, { params: { organization } }, { signal }),
    refetchInterval: DASHBOARD_AGAIN_MS,
  });
}
