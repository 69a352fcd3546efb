import { Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { addressOf } from "../../../client/address.ts";
import {
  claimNext,
  downloadResults,
  importTexts,
  nextReview,
  type Project,
} from "../../../modules/labeling/contract.ts";
import { ImportForm } from "../../forms/labeling/ImportForm.tsx";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { type ProjectPlace, projectQuery } from "../../lib/queries.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProjectFigures } from "./ProjectFigures.tsx";
import { ProjectLabels } from "./ProjectLabels.tsx";

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
      {may(organization, downloadResults) && (
        <Section title="Download the approved labels">
          <Group gap="sm">
            <Download place={place} format="jsonl" name="JSON lines" />
            <Download place={place} format="csv" name="CSV" />
          </Group>
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

function Download({ place, format, name }: { place: ProjectPlace; format: "csv" | "jsonl"; name: string }) {
  return (
    <Button
      component="a"
      variant="default"
      href={addressOf(downloadResults, { params: place, query: { format } })}
      download
    >
      {name}
    </Button>
  );
}
