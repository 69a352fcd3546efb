import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import {
  listDeliveries,
  listWebhookEndpoints,
  readDelivery,
  readWebhookEndpoint,
} from "../../modules/tasks/webhooks-contract.ts";
import { call } from "./api.ts";

const DELIVERIES_A_PAGE = 50;
/** How soon deliveries that are under way are looked at again. */
const AGAIN_MS = 3_000;

export type Webhook = AnswerOf<typeof readWebhookEndpoint>;
export type Delivery = AnswerOf<typeof listDeliveries>["items"][number];
export type OneDelivery = AnswerOf<typeof readDelivery>;

/** A webhook's place: the organization's slug and its own id. */
export type WebhookPlace = { organization: string; endpoint: string };
export type DeliveryPlace = WebhookPlace & { delivery: string };

export function webhooksQuery(organization: string) {
  return queryOptions({
    queryKey: [...webhooksKey(organization), "list"],
    queryFn: async ({ signal }) => (await call(listWebhookEndpoints, { params: { organization } }, { signal })).items,
  });
}

export function webhookQuery(place: WebhookPlace) {
  return queryOptions({
    queryKey: [...webhooksKey(place.organization), "one", place.endpoint],
    queryFn: ({ signal }) => call(readWebhookEndpoint, { params: place }, { signal }),
    refetchInterval: ({ state }) => (state.data?.backlog ?? 0) > 0 && AGAIN_MS,
  });
}

/** What a webhook was told, newest first; looked at again while something is under way. */
export function deliveriesQuery(place: WebhookPlace) {
  return infiniteQueryOptions({
    queryKey: [...webhooksKey(place.organization), "deliveries", place.endpoint],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(listDeliveries, { params: place, query: { cursor: pageParam, limit: DELIVERIES_A_PAGE } }, { signal }),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      (state.data?.pages[0]?.items.some(({ ended_at }) => ended_at === null) ?? false) && AGAIN_MS,
  });
}

/** One delivery with its message and calls; looked at again while it is under way. */
export function deliveryQuery(place: DeliveryPlace) {
  return queryOptions({
    queryKey: [...webhooksKey(place.organization), "delivery", place.delivery],
    queryFn: ({ signal }) => call(readDelivery, { params: place }, { signal }),
    refetchInterval: ({ state }) => state.data?.ended_at === null && AGAIN_MS,
  });
}

/** What every key of webhooks begins with. */
export function webhooksKey(organization: string): string[] {
  return ["webhooks", organization];
}
