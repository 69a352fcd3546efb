import { Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Project } from "../../../modules/labeling/contract.ts";
import { formatCount, formatMean, formatShare } from "../../lib/format.ts";
import { figuresQuery, type ProjectPlace } from "../../lib/queries.ts";
import classes from "./ProjectProgress.module.css";
import { ProjectProgress } from "./ProjectProgress.tsx";

const REFRESH_MS = 2000;
/** A screen reader hears of progress in steps of this share, not at every label. */
const SPOKEN_STEP_PERCENT = 10;

const COUNTS = [
  ["approved", "Approved"],
  ["submitted", "To review"],
  ["rejected", "Sent back"],
  ["in_progress", "In progress"],
  ["pending", "Not labeled yet"],
] as const;

/** The project's figures, kept live while the page is seen. */
export function ProjectFigures({ place, project }: { place: ProjectPlace; project: Project }) {
  const live = useQuery({ ...figuresQuery(place), refetchInterval: REFRESH_MS });
  const figures = live.data ?? project.figures;
  const percent = figures.total === 0 ? 0 : Math.floor((figures.approved / figures.total) * 100);
  return (
    <Paper withBorder p="md" component="section" aria-label="Progress">
      <Stack gap="md">
        <ProjectProgress figures={figures} name={project.name} />
        <dl className={classes.figures}>
          {COUNTS.map(([part, name]) => (
            <Figure key={part} part={part} name={name} value={formatCount(figures[part])} />
          ))}
          <Figure name="Texts" value={formatCount(figures.total)} />
          <Figure name="Approved rate" value={formatShare(figures.approved_rate)} />
          <Figure name="Average rework" value={formatMean(figures.average_rework)} />
        </dl>
        {live.error && (
          <Text size="sm" c="dimmed">
            These figures are not live at the moment: {live.error.message} They come back by themselves.
          </Text>
        )}
        <output className="visually-hidden">
          {Math.floor(percent / SPOKEN_STEP_PERCENT) * SPOKEN_STEP_PERCENT} percent approved
        </output>
      </Stack>
    </Paper>
  );
}

function Figure({ part, name, value }: { part?: string; name: string; value: string }) {
  return (
    <div>
      <dt>
        {part && <span className={classes.swatch} data-part={part} />}
        {name}
      </dt>
      <dd>{value}</dd>
    </div>
  );
}
