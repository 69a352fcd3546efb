import { Box } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { CustomerForm } from "../../forms/crm/CustomerForm.tsx";
import { customerQuery } from "../../lib/deal-queries.ts";
import { useOrganization } from "../../lib/organization.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

export function EditCustomerPage() {
  const organization = useOrganization();
  const { customer: id } = useParams({ from: "/$organization/customers/$customer/edit" });
  // As it was when one came: what others change meanwhile is told when it is saved, and not put under one's hands.
  const customer = useQuery({ ...customerQuery({ organization: organization.slug, id }), refetchOnWindowFocus: false });
  const above = (
    <AnchorLink
      to="/$organization/customers/$customer"
      params={{ organization: organization.slug, customer: id }}
      size="sm"
    >
      {customer.data?.name ?? "Customer"}
    </AnchorLink>
  );
  return (
    <Page title="Change customer" above={above}>
      <Loaded query={customer}>
        {(known) => (
          <Box maw={640}>
            <CustomerForm organization={organization.slug} customer={known} />
          </Box>
        )}
      </Loaded>
    </Page>
  );
}
