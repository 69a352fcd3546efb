import { Navigate } from "@tanstack/react-router";
import { listEntries } from "../../../modules/audit/contract.ts";
import { readCredits, readUsage } from "../../../modules/credits/contract.ts";
import { listProjects } from "../../../modules/labeling/contract.ts";
import { listTasks } from "../../../modules/tasks/tasks-contract.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Page } from "../../ui/Page.tsx";

/** Leads to the first part of the organization that the person may see. */
export function OrganizationHome() {
  const organization = useOrganization();
  const params = { organization: organization.slug };
  if (may(organization, listProjects)) return <Navigate to="/$organization/labeling" params={params} replace />;
  if (may(organization, listTasks)) return <Navigate to="/$organization/tasks" params={params} search={{}} replace />;
  if (may(organization, readCredits) || may(organization, readUsage))
    return <Navigate to="/$organization/usage" params={params} replace />;
  if (may(organization, listEntries)) return <Navigate to="/$organization/record" params={params} replace />;
  return (
    <Page title={organization.name}>
      <EmptyState title="Nothing is open to you yet">
        Your roles here give no access to labeling, tasks, credits or the record. Ask an administrator of{" "}
        {organization.name} for a role.
      </EmptyState>
    </Page>
  );
}
