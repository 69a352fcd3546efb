import { Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import {
  claimNext,
  importTexts,
  listMetrics,
  nextReview,
  type Project,
  startExport,
} from "../../../modules/labeling/contract.ts";
import { setTerms } from "../../../modules/labeling/terms-contract.ts";
import { ImportForm } from "../../forms/labeling/ImportForm.tsx";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { type ProjectPlace, projectQuery } from "../../lib/queries.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProjectExport } from "./ProjectExport.tsx";
import { ProjectFigures } from "./ProjectFigures.tsx";
import { ProjectLabels } from "./ProjectLabels.tsx";
import { ProjectMetrics } from "./ProjectMetrics.tsx";
import { ProjectTerms } from "./ProjectTerms.tsx";

export function ProjectPage() {
  const organization = useOrganization();
  const place = useParams({ from: "/$organization/labeling/$project" });
  const project = useQuery(projectQuery(place));
  const above = (
    <AnchorLink to="/$organization/labeling" params={{ organization: organization.slug }} size="sm">
      Labeling
    </AnchorLink>
  );
  return (
    <Page
      title={project.data?.name ?? "Labeling project"}
      above={above}
      actions={project.data && <Actions organization={organization} place={place} />}
    >
      <Loaded query={project}>{(data) => <Parts organization={organization} place={place} project={data} />}</Loaded>
    </Page>
  );
}

type Props = { organization: Organization; place: ProjectPlace };

function Actions({ organization, place }: Props) {
  return (
    <>
      {may(organization, nextReview) && (
        <ButtonLink variant="default" to="/$organization/labeling/$project/review" params={place}>
          Review
        </ButtonLink>
      )}
      {may(organization, claimNext) && (
        <ButtonLink to="/$organization/labeling/$project/label" params={place}>
          Label
        </ButtonLink>
      )}
    </>
  );
}

function Parts({ organization, place, project }: Props & { project: Project }) {
  return (
    <Stack gap="xl">
      <ProjectFigures place={place} project={project} />
      {may(organization, importTexts) && (
        <Section title="Import texts">
          <ImportForm place={place} />
        </Section>
      )}
      {may(organization, startExport) && (
        <Section title="Export the approved labels">
          <ProjectExport place={place} />
        </Section>
      )}
      {may(organization, listMetrics) && (
        <Section title="Who did what">
          <ProjectMetrics place={place} />
        </Section>
      )}
      {may(organization, setTerms) && (
        <Section title="Customer and price">
          <ProjectTerms place={place} />
        </Section>
      )}
      {project.instructions && (
        <Section title="Instructions">
          <Text dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {project.instructions}
          </Text>
        </Section>
      )}
      <Section title={`Labels (${project.labels.length})`}>
        <ProjectLabels labels={project.labels} />
      </Section>
    </Stack>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Paper component="section" aria-label={title}>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
