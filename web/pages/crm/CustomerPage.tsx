import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { changeStage } from "../../../modules/crm/contract.ts";
import { customerQuery } from "../../lib/deal-queries.ts";
import { appointments, customers, projects } from "../../lib/nouns.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ContactsSection } from "./ContactsSection.tsx";
import { AppointmentsSection, ProjectsSection } from "./CustomerWork.tsx";
import { DetailsSection } from "./DetailsSection.tsx";
import { NotesSection } from "./NotesSection.tsx";
import { StageSection } from "./StageSection.tsx";

const isOfCustomers = (table: string) => table.startsWith("crm.");

/** All of one customer. Their own people see less of it: not what colleagues think and write. */
export function CustomerPage() {
  const organization = useOrganization();
  const { customer: id } = useParams({ from: "/$organization/customers/$customer" });
  const place = { organization: organization.slug, id };
  useChanges(organization.slug, isOfCustomers, "customers");
  const customer = useQuery(customerQuery(place));
  const mayWrite = may(organization, customers.update);
  const above = (
    <AnchorLink to="/$organization/customers" params={{ organization: organization.slug }} search={{}} size="sm">
      Customers
    </AnchorLink>
  );
  const edit = (
    <ButtonLink
      variant="default"
      to="/$organization/customers/$customer/edit"
      params={{ organization: organization.slug, customer: id }}
    >
      Change
    </ButtonLink>
  );
  return (
    <Page title={customer.data?.name ?? "Customer"} above={above} actions={mayWrite && customer.data && edit}>
      <Loaded query={customer}>
        {(known) => (
          <Stack gap="lg">
            <DetailsSection organization={organization} customer={known} mayWrite={mayWrite} />
            {/* Who is not told the stage is the customer's own. */}
            {known.stage && (
              <StageSection place={place} stage={known.stage} mayChange={may(organization, changeStage)} />
            )}
            <ContactsSection place={place} mayWrite={mayWrite} />
            {known.stage && <NotesSection place={place} mayWrite={mayWrite} />}
            {may(organization, projects.list) && <ProjectsSection organization={organization} customer={id} />}
            {may(organization, appointments.list) && <AppointmentsSection organization={organization} customer={id} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
