import type { Connector } from "./connector.ts";
import { shopify } from "./shopify.ts";
import { woocommerce } from "./woocommerce.ts";

/** The platforms whose stores can be connected. */
const CONNECTORS = { woocommerce, shopify } satisfies Record<string, Connector>;

/** The connector of a platform. */
export function connectorOf(platform: string): Connector {
  const connector = Object.hasOwn(CONNECTORS, platform) ? CONNECTORS[platform as keyof typeof CONNECTORS] : undefined;
  if (!connector) throw new Error(`No connector knows ${platform}.`);
  return connector;
}
