import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createInvoice, listInvoices, type Unbilled } from "../../../modules/billing/contract.ts";
import { InvoiceForm } from "../../forms/billing/InvoiceForm.tsx";
import { unbilledQuery } from "../../lib/billing-queries.ts";
import { formatCountOf } from "../../lib/format.ts";
import { formatMoney } from "../../lib/money.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Page } from "../../ui/Page.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { InvoiceList } from "./InvoiceList.tsx";

/** What is to be billed to customers, and the invoices that were. */
export function InvoicesPage() {
  const organization = useOrganization();
  return (
    <Page title="Invoices" description="What customers pay for their approved labels">
      {may(organization, listInvoices) ? (
        <Stack gap="lg">
          <ToBill organization={organization} />
          <Section title="Invoices">
            <InvoiceList organization={organization.slug} />
          </Section>
        </Stack>
      ) : (
        <EmptyState title="Your roles don't include invoices">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      )}
    </Page>
  );
}

function ToBill({ organization }: { organization: Organization }) {
  const unbilled = useQuery(unbilledQuery(organization.slug));
  const mayBill = may(organization, createInvoice);
  return (
    <Section title="To be billed" description="Approved labels that are on no invoice yet">
      <Loaded query={unbilled}>
        {({ items }) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing is to be billed. A label is charged when it is approved, in a project that has a customer and a
              price. Both are set on the project's page.
            </Text>
          ) : (
            <Rows label="To be billed">
              {items.map((due) => (
                <Row key={due.customer.id} title={due.customer.name} about={told(due)}>
                  {mayBill && <InvoiceForm organization={organization.slug} due={due} />}
                </Row>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function told({ quantity, amount, currency }: Unbilled): string {
  return `${formatCountOf(quantity, "approved label")}, ${formatMoney(amount, currency)} before tax`;
}
