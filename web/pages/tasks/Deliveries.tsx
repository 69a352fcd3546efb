import { Button, Group } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { sendDeliveryAgain } from "../../../modules/tasks/webhooks-contract.ts";
import { call } from "../../lib/api.ts";
import { formatMoment } from "../../lib/format.ts";
import { type Delivery, deliveriesQuery, type WebhookPlace, webhooksKey } from "../../lib/webhook-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loading } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { DeliveryCalls } from "./DeliveryCalls.tsx";

const WORDS = { ready: "To be sent", waiting: "Waits for an earlier one", delivered: "Delivered", failed: "Given up" };

/** What a webhook was told, newest first. */
export function Deliveries({ place }: { place: WebhookPlace }) {
  const deliveries = useInfiniteQuery(deliveriesQuery(place));
  const items = deliveries.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Deliveries" description="What it was told in the last 15 days, and what waits">
      {deliveries.error && <ProblemAlert error={deliveries.error} onRetry={() => deliveries.refetch()} />}
      {!items && !deliveries.error && <Loading />}
      {items?.length === 0 && <EmptyState title="Nothing so far">What changes from now on appears here.</EmptyState>}
      {items && items.length > 0 && (
        <Rows label="Deliveries">
          {items.map((delivery) => (
            <Item key={delivery.id} delivery={delivery} place={place} />
          ))}
        </Rows>
      )}
      {deliveries.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => deliveries.fetchNextPage()} loading={deliveries.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Section>
  );
}

function Item({ delivery, place }: { delivery: Delivery; place: WebhookPlace }) {
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const callsId = useId();
  const { id, type, resource, status, attempts, status_code, duration_ms, created_at, due_at } = delivery;
  const sending = useMutation({
    mutationFn: () => call(sendDeliveryAgain, { params: { ...place, delivery: id } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: webhooksKey(place.organization) }),
  });
  const facts = [
    WORDS[status],
    ...(status_code === null ? [] : [`answered ${status_code}`]),
    ...(duration_ms === null ? [] : [`${duration_ms} ms`]),
    ...(attempts > 0 ? [`${attempts} failed`] : []),
    ...(status === "ready" && attempts > 0 ? [`again at ${formatMoment(due_at)}`] : []),
  ];
  return (
    <Row
      title={type}
      hint={resource}
      about={
        <>
          {facts.join(", ")} · <Ago at={created_at} />
        </>
      }
      below={
        <>
          {sending.error && <ProblemAlert error={sending.error} />}
          <div id={callsId}>{isOpen && <DeliveryCalls place={{ ...place, delivery: id }} />}</div>
        </>
      }
    >
      <Button
        variant="default"
        size="xs"
        aria-label={`Calls: ${type}`}
        aria-expanded={isOpen}
        aria-controls={callsId}
        onClick={() => setOpen(!isOpen)}
      >
        Calls
      </Button>
      {status !== "waiting" && (
        <Button
          variant="default"
          size="xs"
          aria-label={`Send again: ${type}`}
          loading={sending.isPending}
          onClick={() => sending.mutate()}
        >
          Send again
        </Button>
      )}
    </Row>
  );
}
