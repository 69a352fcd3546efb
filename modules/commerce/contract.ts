import { z } from "zod";
import { endpoint } from "../../kernel/http/endpoint.ts";

const STORES = "/api/organizations/:organization/commerce/stores";
const STORE = `${STORES}/:store`;

const KEY_LENGTH_MAX = 500;

const InOrganization = z.object({ organization: z.string() });
const OfStore = InOrganization.extend({ store: z.uuid() });
const Key = z.string().trim().min(1, "Fill this in.").max(KEY_LENGTH_MAX);

/** The address of a store itself, without a slash at the end: one store has one. */
const Address = z
  .string()
  .trim()
  .max(500)
  .transform((text) => (/^[\w.-]+\.[a-z]{2,}(\/|$)/i.test(text) ? `https://${text}` : text))
  .pipe(z.url({ protocol: /^https?$/, error: "This must be an address such as https://shop.example.com." }))
  .transform((text) => {
    const { origin, pathname } = new URL(text);
    return origin + pathname.replace(/\/(wp-admin|wp-json|admin)?(\/.*)?$/, "");
  });

const Common = {
  name: z.string().trim().min(1, "Fill this in.").max(200),
  store_url: Address,
  rate: z
    .number()
    .positive()
    .max(1_000_000)
    .optional()
    .describe("What one of the store's currency is worth in the organization's, where these differ."),
};

export const connectStore = endpoint({
  name: "commerce.store.connect",
  summary: "Connect a store: it is called with the keys before these are kept, and its first sync begins",
  method: "POST",
  path: `${STORES}/connect`,
  access: "commerce.store.write",
  params: InOrganization,
  body: z.discriminatedUnion("platform", [
    z.object({
      platform: z.literal("woocommerce"),
      ...Common,
      consumer_key: Key.describe("Begins with ck_."),
      consumer_secret: Key.describe("Begins with cs_."),
    }),
    z.object({
      platform: z.literal("shopify"),
      ...Common,
      access_token: Key.describe(
        "Of an app with the scopes read_products, write_products, read_orders and read_customers; begins with shpat_.",
      ),
      webhook_secret: Key.optional().describe(
        "What the store signs webhooks with: the app's client secret. Without it none is believed.",
      ),
    }),
  ]),
  answer: z.object({
    id: z.uuid(),
    currency: z.string(),
    task_id: z.uuid().describe("The first sync."),
    webhook_url: z.string().describe("Where the store may tell what changed."),
    webhook_secret: z
      .string()
      .nullable()
      .describe("What it has to sign that with, where the store asks for one; shown only now."),
  }),
  answersOnce: true,
  example: {
    body: {
      platform: "woocommerce",
      name: "Shop",
      store_url: "https://shop.example",
      consumer_key: "ck_1",
      consumer_secret: "cs_1",
    },
  },
});

export const syncStore = endpoint({
  name: "commerce.store.sync",
  summary: "Take over now what changed in a store, or everything anew",
  method: "POST",
  path: `${STORE}/sync`,
  access: "commerce.store.write",
  params: OfStore,
  body: z.object({ full: z.boolean().default(false) }),
  accepted: z.object({ task_id: z.uuid() }),
  example: { body: {} },
});

export const disconnectStore = endpoint({
  name: "commerce.store.disconnect",
  summary: "Take a store out of use and forget its keys; its products and orders stay",
  method: "POST",
  path: `${STORE}/disconnect`,
  access: "commerce.store.write",
  params: OfStore,
});

/** Most bytes of what a store tells by itself: an order with many lines has some ten thousand. */
export const HOOK_BYTES_MAX = 1_000_000;

export const takeHook = endpoint({
  name: "commerce.webhook.take",
  summary: "What stores call to tell what changed, signed as their platform does (at most 1 MB)",
  method: "POST",
  path: "/api/commerce/webhooks/:hook",
  access: "anyone",
  params: z.object({ hook: z.string().max(200) }),
  bodyMedia: "stream",
  bodyTypes: ["application/json", "application/x-www-form-urlencoded"],
  example: { text: "{}" },
});
