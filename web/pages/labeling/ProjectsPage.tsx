import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createProject } from "../../../modules/labeling/contract.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { projectsQuery } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProjectCard } from "./ProjectCard.tsx";

const REFRESH_MS = 10_000;

export function ProjectsPage() {
  const organization = useOrganization();
  const projects = useQuery({ ...projectsQuery(organization.slug), refetchInterval: REFRESH_MS });
  const mayCreate = may(organization, createProject);
  const isEmpty = projects.data?.items.length === 0;
  return (
    <Page title="Labeling" actions={mayCreate && !isEmpty && <NewProjectLink organization={organization} />}>
      <Loaded query={projects}>
        {({ items }) =>
          items.length === 0 ? (
            <NoProjects organization={organization} mayCreate={mayCreate} />
          ) : (
            <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
              {items.map((project) => (
                <ProjectCard key={project.id} project={project} organization={organization} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function NewProjectLink({ organization }: { organization: Organization }) {
  return (
    <ButtonLink to="/$organization/labeling/new" params={{ organization: organization.slug }}>
      New project
    </ButtonLink>
  );
}

function NoProjects({ organization, mayCreate }: { organization: Organization; mayCreate: boolean }) {
  if (!mayCreate)
    return (
      <EmptyState title="No labeling project yet">
        Somebody who sets up projects in {organization.name} has to make the first one. It will appear here.
      </EmptyState>
    );
  return (
    <EmptyState title="No labeling project yet" action={<NewProjectLink organization={organization} />}>
      A project is a list of texts and the labels they can get. Make one, import texts from a CSV or JSON-lines file,
      and labelers can begin.
    </EmptyState>
  );
}
