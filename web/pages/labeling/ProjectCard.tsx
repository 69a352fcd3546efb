import { Group, Paper, Stack, Text } from "@mantine/core";
import { claimNext, nextReview, type Project } from "../../../modules/labeling/contract.ts";
import { formatCount, formatCountOf } from "../../lib/format.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { ProjectProgress } from "./ProjectProgress.tsx";

type Props = { project: Project; organization: Organization };

export function ProjectCard({ project, organization }: Props) {
  const { figures } = project;
  const params = { organization: organization.slug, project: project.id };
  return (
    <Paper withBorder p="md" component="li">
      <Stack gap="xs">
        <Group justify="space-between" gap="sm">
          <AnchorLink
            to="/$organization/labeling/$project"
            params={params}
            fw={600}
            dir="auto"
            style={{ overflowWrap: "anywhere" }}
          >
            {project.name}
          </AnchorLink>
          <Group gap="xs">
            {may(organization, claimNext) && (
              <ButtonLink
                size="xs"
                variant="default"
                to="/$organization/labeling/$project/label"
                params={params}
                aria-label={`Label texts of ${project.name}`}
              >
                Label
              </ButtonLink>
            )}
            {may(organization, nextReview) && (
              <ButtonLink
                size="xs"
                variant="default"
                to="/$organization/labeling/$project/review"
                params={params}
                aria-label={`Review labels of ${project.name}`}
              >
                Review
              </ButtonLink>
            )}
          </Group>
        </Group>
        <ProjectProgress figures={figures} name={project.name} />
        <Text size="sm" c="dimmed">
          {figures.total === 0
            ? `${formatCountOf(project.labels.length, "label")}, no texts yet`
            : `${formatCount(figures.approved)} of ${formatCountOf(figures.total, "text")} approved, ${formatCount(figures.submitted)} to review`}
        </Text>
      </Stack>
    </Paper>
  );
}
