import { z } from "zod";
import { TaskFailure } from "../../../kernel/work.ts";
import { callStore, type Delay, isSigned, type StoreAnswer } from "./calling.ts";
import type { Connector, Found, Kind, Place, Shop } from "./connector.ts";
import { LINES_MAX, listQuery, oneQuery, SHOP, UPDATE } from "./shopify-queries.ts";
import { Order, orderOf, Product, productOf } from "./shopify-shapes.ts";
import { understand } from "./values.ts";

/** Each version is spoken for a year; an older one is answered as the oldest that still is. */
const VERSION = "2026-01";
/** So many things at once, and half as many each time that the store finds the question too dear. */
const FIRST_MAX = 50;
/** Why a question failed that costs more than the store lets one ask at once. */
const TOO_DEAR = Symbol("too dear");
const GIDS = { product: "gid://shopify/Product/", order: "gid://shopify/Order/" };

const Errors = z.array(
  z.looseObject({ message: z.string(), extensions: z.looseObject({ code: z.string().optional() }).optional() }),
);
const Cost = z.object({
  extensions: z.object({
    cost: z.object({
      requestedQueryCost: z.number(),
      throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
    }),
  }),
});
const Listed = z.object({
  things: z.object({
    nodes: z.array(z.unknown()),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
});

/** Stores at Shopify, by its Admin API (GraphQL) with an access token. */
export const shopify: Connector = {
  version: VERSION,
  check: async (shop) => {
    const data = z.object({ shop: z.object({ currencyCode: z.string() }) }).parse(await ask(shop, SHOP, {}));
    return { currency: data.shop.currencyCode };
  },
  listChangedSince: async (shop, kind, place) => {
    const { size, after } = markOf(place);
    const { data, first } = await askList(shop, kind, { place, after, first: size });
    const { nodes, pageInfo } = Listed.parse(data).things;
    const since = z.object({ updatedAt: z.string() }).safeParse(nodes.at(-1)).data?.updatedAt ?? place.since;
    // A cursor names a place within one question, and is good for 25,000 things: at each new moment the question begins anew.
    const isNew = since !== undefined && since !== place.since;
    const mark = JSON.stringify({ size: first, ...(!isNew && pageInfo.hasNextPage && { after: pageInfo.endCursor }) });
    return { found: read(shop, kind, nodes), next: { ...(since && { since }), mark }, isLast: !pageInfo.hasNextPage };
  },
  getOne: async (shop, kind, id) => {
    const { thing } = z.object({ thing: z.unknown() }).parse(await ask(shop, oneQuery(kind), { id: GIDS[kind] + id }));
    return thing ? read(shop, kind, [thing])[0] : undefined;
  },
  updateProduct: async (shop, id, { description }) => {
    const product = { id: GIDS.product + id, descriptionHtml: description };
    const Answer = z.object({ productUpdate: z.object({ userErrors: z.array(z.object({ message: z.string() })) }) });
    const { userErrors } = Answer.parse(await ask(shop, UPDATE, { product })).productUpdate;
    if (userErrors.length > 0)
      throw new TaskFailure("invalid", `The store says: ${userErrors.map(({ message }) => message).join(" ")}`);
  },
  verifyHook: (headers, body, { hookSecret }) => isSigned(body, headers("x-shopify-hmac-sha256"), hookSecret),
  readHook: (headers, body) => {
    const topic = headers("x-shopify-topic") ?? "";
    const kind = ({ orders: "order", products: "product" } as const)[topic.split("/")[0] ?? ""];
    const event = headers("x-shopify-event-id") ?? headers("x-shopify-webhook-id");
    if (!kind || !event) return undefined;
    const { data } = z.object({ id: z.union([z.number(), z.string()]) }).safeParse(JSON.parse(body.toString("utf8")));
    // One event at the store may be told under several topics.
    return data && { id: `${topic} ${event}`, topic, kind, thing: String(data.id) };
  },
};

function markOf({ mark }: Place): { size: number; after: string | null } {
  const { size = FIRST_MAX, after = null } = JSON.parse(mark ?? "{}") as { size?: number; after?: string };
  return { size, after };
}

/** Asks for as many things as the store lets one ask for at once. */
async function askList(
  shop: Shop,
  kind: Kind,
  { place, after, first }: { place: Place; after: string | null; first: number },
): Promise<{ data: unknown; first: number }> {
  const query = place.since ? `updated_at:>='${place.since}'` : null;
  for (let size = first; ; size = Math.ceil(size / 2)) {
    try {
      return { data: await ask(shop, listQuery(kind), { first: size, after, query }), first: size };
    } catch (error) {
      if (!isTooDear(error) || size === 1) throw error;
    }
  }
}

function isTooDear(error: unknown): boolean {
  return error instanceof TaskFailure && error.cause === TOO_DEAR;
}

async function ask(shop: Shop, query: string, variables: object): Promise<unknown> {
  const path = `/admin/api/${shop.version}/graphql.json`;
  const headers = { "x-shopify-access-token": shop.keys.secret };
  const answer = await callStore(shop, { method: "POST", path, headers, json: { query, variables } }, delayOf);
  const { data, errors } = z
    .object({ data: z.unknown(), errors: z.unknown() })
    .partial()
    .parse(answer.body ?? {});
  const faults = Errors.safeParse(errors ?? []).data ?? [{ message: JSON.stringify(errors), extensions: undefined }];
  const message = `The store says: ${faults.map((fault) => fault.message).join(" ")}`.slice(0, 1_000);
  if (faults.some(({ extensions }) => extensions?.code === "MAX_COST_EXCEEDED"))
    throw new TaskFailure("invalid", message, { cause: TOO_DEAR });
  if (faults.some(({ extensions }) => extensions?.code === "ACCESS_DENIED"))
    throw new TaskFailure("unauthorized", message);
  if (faults.length > 0) throw new TaskFailure("invalid", message);
  if (data === undefined || data === null)
    throw new TaskFailure(
      "invalid",
      "The store has no Admin API at this address. Give the one that ends in myshopify.com.",
    );
  return data;
}

/** Until the store's bucket holds enough for the same question once more. */
function delayOf({ body }: StoreAnswer): Delay {
  const errors = Errors.safeParse((body as { errors?: unknown } | undefined)?.errors).data ?? [];
  const isRefused = errors.some(({ extensions }) => extensions?.code === "THROTTLED");
  const { data } = Cost.safeParse(body);
  if (!data) return { seconds: isRefused ? 1 : 0, isRefused };
  const { requestedQueryCost, throttleStatus } = data.extensions.cost;
  const missing = requestedQueryCost - throttleStatus.currentlyAvailable;
  return { seconds: Math.max(missing / throttleStatus.restoreRate, 0), isRefused };
}

function read(shop: Shop, kind: Kind, given: readonly unknown[]): Found[] {
  const idOf = (one: unknown) => z.object({ id: z.string() }).safeParse(one).data?.id.replace(/^.*\//, "") ?? "?";
  return kind === "product"
    ? understand(given, Product, (product) => productOf(shop, product), idOf)
    : understand(given, Order, (order) => orderOf(shop, order, LINES_MAX), idOf);
}
