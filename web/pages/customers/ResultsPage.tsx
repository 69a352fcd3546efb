import { Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type CustomerProject, listCustomerProjects } from "../../../modules/labeling/customer-contract.ts";
import { customerProjectsQuery } from "../../lib/labeling-queries.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ApprovedProgress } from "./ApprovedProgress.tsx";

/** The projects of a customer, for their people: how far each one is. */
export function ResultsPage() {
  const organization = useOrganization();
  return (
    <Page title="Projects" description={`What ${organization.name} labels for you`}>
      {may(organization, listCustomerProjects) ? (
        <Projects organization={organization} />
      ) : (
        <EmptyState title="Your roles don't include this">
          Customers see their projects here. Ask an administrator of {organization.name} for access.
        </EmptyState>
      )}
    </Page>
  );
}

function Projects({ organization }: { organization: Organization }) {
  const projects = useQuery(customerProjectsQuery(organization.slug));
  return (
    <Loaded query={projects}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState title="No project yet">
            As soon as {organization.name} has a labeling project for you, its progress and results appear here.
          </EmptyState>
        ) : (
          <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: "none" }} aria-label="Projects">
            {items.map((project) => (
              <ProjectItem key={project.id} project={project} organization={organization} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

const STATES: Partial<Record<CustomerProject["status"], string>> = {
  planning: "Being planned",
  on_hold: "On hold",
  completed: "Completed",
  cancelled: "Cancelled",
};

function ProjectItem({ project, organization }: { project: CustomerProject; organization: Organization }) {
  return (
    <Paper withBorder p="md" component="li">
      <Stack gap="xs">
        <AnchorLink
          to="/$organization/results/$project"
          params={{ organization: organization.slug, project: project.id }}
          fw={600}
          dir="auto"
          style={{ overflowWrap: "anywhere", alignSelf: "flex-start" }}
        >
          {project.name}
        </AnchorLink>
        <ApprovedProgress project={project} />
        {STATES[project.status] && (
          <Text size="sm" c="dimmed">
            {STATES[project.status]}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
