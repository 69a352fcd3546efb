import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { InvoiceInList } from "../../../modules/billing/contract.ts";
import { invoicesQuery } from "../../lib/billing-queries.ts";
import { formatMoney } from "../../lib/money.ts";
import { Loading } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import classes from "../../ui/OpenRows.module.css";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { InvoiceStatus } from "./InvoiceStatus.tsx";
import { invoiceName, periodOf } from "./invoice-words.ts";

/** The invoices, newest first. */
export function InvoiceList({ organization }: { organization: string }) {
  const invoices = useInfiniteQuery(invoicesQuery(organization));
  const items = invoices.data?.pages.flatMap((page) => page.items);
  const problem = invoices.error && (
    <ProblemAlert
      error={invoices.error}
      onRetry={() => (invoices.isFetchNextPageError ? invoices.fetchNextPage() : invoices.refetch())}
    />
  );
  if (!items) return problem ?? <Loading />;
  return (
    <Stack gap="md">
      {items.length === 0 ? (
        <Text size="sm" c="dimmed">
          No invoice was made yet.
        </Text>
      ) : (
        <ul className={classes.list} aria-label="Invoices">
          {items.map((invoice) => (
            <Item key={invoice.id} organization={organization} invoice={invoice} />
          ))}
        </ul>
      )}
      {problem}
      {invoices.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => invoices.fetchNextPage()} loading={invoices.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Item({ organization, invoice }: { organization: string; invoice: InvoiceInList }) {
  const { id, customer, total_amount, currency } = invoice;
  return (
    <li className={classes.item}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Stack gap={2} flex="1 1 200px" miw={0}>
          <AnchorLink
            to="/$organization/invoices/$invoice"
            params={{ organization, invoice: id }}
            fw={600}
            dir="auto"
            style={{ overflowWrap: "anywhere" }}
          >
            {invoiceName(invoice)} to {customer.name}
          </AnchorLink>
          <Text size="sm" c="dimmed">
            {periodOf(invoice)}
          </Text>
        </Stack>
        <Group gap="sm">
          <InvoiceStatus invoice={invoice} />
          <Text fw={600} style={{ fontVariantNumeric: "tabular-nums" }}>
            {formatMoney(total_amount, currency)}
          </Text>
        </Group>
      </Group>
    </li>
  );
}
