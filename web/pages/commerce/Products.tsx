import { useInfiniteQuery } from "@tanstack/react-query";
import { formatCount } from "../../lib/format.ts";
import { formatMoney } from "../../lib/money.ts";
import { productsQuery, type StorePlace } from "../../lib/shop-queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { MoreOf } from "../../ui/MoreOf.tsx";
import { Grid } from "../../ui/Part.tsx";
import { wordsOf } from "./store-words.tsx";

/** What a store sells. */
export function Products({ place }: { place: StorePlace }) {
  const products = useInfiniteQuery(productsQuery(place));
  return (
    <MoreOf
      query={products}
      empty={<EmptyState title="No products yet">They appear here when the first sync has brought them.</EmptyState>}
    >
      {(items) => (
        <Grid
          label="Products"
          heads={["Product", "SKU", "Status", "Price", "In stock"]}
          rows={items.map((product) => ({
            key: product.id,
            cells: [
              <AnchorLink
                key="name"
                to="/$organization/products/$product"
                params={{ organization: place.organization, product: product.id }}
                search={{}}
                size="sm"
                dir="auto"
              >
                {product.name}
              </AnchorLink>,
              product.sku,
              wordsOf(product.status),
              product.price === null ? "" : formatMoney(Number(product.price), product.currency),
              product.track_inventory ? formatCount(Number(product.inventory_quantity)) : "",
            ],
          }))}
        />
      )}
    </MoreOf>
  );
}
