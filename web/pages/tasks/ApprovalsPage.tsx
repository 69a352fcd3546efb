import { useSearch } from "@tanstack/react-router";
import { listApprovals } from "../../../modules/tasks/people-contract.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Page } from "../../ui/Page.tsx";
import { ApprovalList } from "./ApprovalList.tsx";
import { ApprovalPage } from "./ApprovalPage.tsx";

const isOfApprovals = (table: string) => table === "tasks.approvals";

/** What waits for the person, or one of it. */
export function ApprovalsPage() {
  const organization = useOrganization();
  const { approval } = useSearch({ from: "/$organization/approvals" });
  useChanges(organization.slug, isOfApprovals, "approvals");
  if (!may(organization, listApprovals))
    return (
      <Page title="Approvals">
        <EmptyState title="Your roles don't include working on tasks">
          Ask an administrator of {organization.name} for a role that does.
        </EmptyState>
      </Page>
    );
  if (approval) return <ApprovalPage key={approval} place={{ organization: organization.slug, approval }} />;
  return (
    <Page title="Approvals" description="What waits for you, what is due first">
      <ApprovalList organization={organization.slug} />
    </Page>
  );
}
