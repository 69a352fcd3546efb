import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Metrics } from "../../../modules/labeling/contract.ts";
import { formatCount, formatDay, formatDuration, formatMean, formatShare } from "../../lib/format.ts";
import { metricsQuery } from "../../lib/labeling-queries.ts";
import type { ProjectPlace } from "../../lib/queries.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { Grid, Part } from "../../ui/Part.tsx";

const HEADS = ["Done", "Labeled", "Labeled again", "Approved rate", "Average rework", "Time"];

type Figures = Pick<
  Metrics["members"][number],
  "tasks_completed" | "submitted" | "rework" | "approved_rate" | "average_rework" | "lead_time_ms"
>;

/** What each labeler did in the project, and what was done on each of its last days. */
export function ProjectMetrics({ place }: { place: ProjectPlace }) {
  const metrics = useQuery(metricsQuery(place));
  return (
    <Loaded query={metrics}>
      {({ members, days }) =>
        members.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nobody has labeled anything yet.
          </Text>
        ) : (
          <Stack gap="lg">
            <Part title="By labeler">
              <Grid
                label="Figures by labeler"
                heads={["Labeler", ...HEADS]}
                rows={members.map((member) => ({ key: member.user_id, cells: [member.name, ...cellsOf(member)] }))}
              />
            </Part>
            <Part title="By day">
              <Grid
                label="Figures by day"
                heads={["Day (UTC)", ...HEADS]}
                rows={days.map((day) => ({ key: day.day, cells: [formatDay(`${day.day}T12:00:00`), ...cellsOf(day)] }))}
              />
              <Text size="sm" c="dimmed">
                A day counts what was decided on it, also about labels of days before.
              </Text>
            </Part>
          </Stack>
        )
      }
    </Loaded>
  );
}

function cellsOf({
  tasks_completed,
  submitted,
  rework,
  approved_rate,
  average_rework,
  lead_time_ms,
}: Figures): string[] {
  return [
    formatCount(tasks_completed),
    formatCount(submitted),
    formatCount(rework),
    formatShare(approved_rate),
    formatMean(average_rework),
    formatDuration(lead_time_ms),
  ];
}
