import { Box } from "@mantine/core";
import { CustomerForm } from "../../forms/crm/CustomerForm.tsx";
import { customers } from "../../lib/nouns.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

export function NewCustomerPage() {
  const organization = useOrganization();
  const above = (
    <AnchorLink to="/$organization/customers" params={{ organization: organization.slug }} search={{}} size="sm">
      Customers
    </AnchorLink>
  );
  return (
    <Page title="New customer" above={above}>
      {may(organization, customers.create) ? (
        <Box maw={640}>
          <CustomerForm organization={organization.slug} />
        </Box>
      ) : (
        <EmptyState title="Your roles don't include this">
          Ask an administrator of {organization.name} for a role that does.
        </EmptyState>
      )}
    </Page>
  );
}
