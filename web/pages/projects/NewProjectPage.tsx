import { Box } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { ClientProjectForm } from "../../forms/projects/ClientProjectForm.tsx";
import { projects } from "../../lib/nouns.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";

export function NewProjectPage() {
  const organization = useOrganization();
  const { customer } = useSearch({ from: "/$organization/projects/new" });
  const above = (
    <AnchorLink to="/$organization/projects" params={{ organization: organization.slug }} size="sm">
      Projects
    </AnchorLink>
  );
  return (
    <Page title="New project" above={above}>
      {may(organization, projects.create) ? (
        <Box maw={640}>
          <ClientProjectForm organization={organization.slug} customer={customer} />
        </Box>
      ) : (
        <EmptyState title="Your roles don't include this">
          Ask an administrator of {organization.name} for a role that does.
        </EmptyState>
      )}
    </Page>
  );
}
