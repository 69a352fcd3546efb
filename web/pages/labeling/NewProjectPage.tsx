import { Box } from "@mantine/core";
import { createProject } from "../../../modules/labeling/contract.ts";
import { ProjectForm } from "../../forms/labeling/ProjectForm.tsx";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

export function NewProjectPage() {
  const organization = useOrganization();
  const above = (
    <AnchorLink to="/$organization/labeling" params={{ organization: organization.slug }} size="sm">
      Labeling
    </AnchorLink>
  );
  return (
    <Page title="New labeling project" above={above}>
      {may(organization, createProject) ? (
        <Box maw={640}>
          <ProjectForm organization={organization.slug} />
        </Box>
      ) : (
        <EmptyState title="Your roles don't include this">
          Ask an administrator of {organization.name} to set up the project.
        </EmptyState>
      )}
    </Page>
  );
}
