import { Navigate } from "@tanstack/react-router";
import { listEntries } from "../../../modules/audit/contract.ts";
import { listProjects } from "../../../modules/labeling/contract.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Page } from "../../ui/Page.tsx";

/** Leads to the first part of the organization that the person may see. */
export function OrganizationHome() {
  const organization = useOrganization();
  const params = { organization: organization.slug };
  if (may(organization, listProjects)) return <Navigate to="/$organization/labeling" params={params} replace />;
  if (may(organization, listEntries)) return <Navigate to="/$organization/record" params={params} replace />;
  return (
    <Page title={organization.name}>
      <EmptyState title="Nothing is open to you yet">
        Your roles here give no access to labeling or the record. Ask an administrator of {organization.name} for a
        role.
      </EmptyState>
    </Page>
  );
}
