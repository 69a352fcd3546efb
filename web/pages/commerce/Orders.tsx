import { Badge, Group, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { formatMoment } from "../../lib/format.ts";
import { formatMoney } from "../../lib/money.ts";
import { type Order, ordersQuery, type StorePlace } from "../../lib/shop-queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { MoreOf } from "../../ui/MoreOf.tsx";
import { Grid } from "../../ui/Part.tsx";
import { wordsOf } from "./store-words.tsx";

/** What was ordered in a store, the latest first. */
export function Orders({ place }: { place: StorePlace }) {
  const orders = useInfiniteQuery(ordersQuery(place));
  return (
    <MoreOf
      query={orders}
      empty={
        <EmptyState title="No orders yet">
          They appear here when the store has some and a sync has brought them.
        </EmptyState>
      }
    >
      {(items) => (
        <Grid
          label="Orders"
          heads={["Order", "When", "Customer", "Status", "Payment", "Total"]}
          rows={items.map((order) => ({
            key: order.id,
            cells: [
              <OrderNumber key="number" order={order} />,
              formatMoment(order.order_date),
              order.customer_email,
              wordsOf(order.status),
              wordsOf(order.payment_status),
              formatMoney(Number(order.total_amount), order.currency),
            ],
          }))}
        />
      )}
    </MoreOf>
  );
}

function OrderNumber({ order }: { order: Order }) {
  if (!order.requires_attention) return order.order_number;
  return (
    <Group gap={6}>
      <Text size="sm" component="span">
        {order.order_number}
      </Text>
      <Badge color="orange.9" title={order.attention_reason ?? ""}>
        Look at it
      </Badge>
    </Group>
  );
}
