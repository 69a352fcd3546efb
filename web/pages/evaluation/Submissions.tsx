import { Group, Progress, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Benchmark, Metric, Submission } from "../../../modules/evaluation/contract.ts";
import { type BenchmarkPlace, benchmarkKey, isOpen, submissionsQuery } from "../../lib/evaluation.ts";
import { formatCountOf } from "../../lib/format.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { TaskStatus } from "../tasks/TaskStatus.tsx";
import { formatScore, METRIC_WORDS } from "./words.ts";

type Props = { place: BenchmarkPlace; benchmark: Benchmark };

/** What one has handed in, with how far the scoring is. */
export function Submissions({ place, benchmark: { metrics } }: Props) {
  const submissions = useQuery(submissionsQuery(place));
  useScored(place, submissions.data?.items.filter(isOpen).length);
  return (
    <Section title="My submissions">
      <Loaded query={submissions}>
        {({ items, next_cursor: next }) =>
          items.length === 0 ? (
            <Text c="dimmed">You have handed nothing in yet.</Text>
          ) : (
            <>
              <Rows label="My submissions">
                {items.map((submission) => (
                  <Item key={submission.id} submission={submission} metrics={metrics} />
                ))}
              </Rows>
              {next && (
                <Text size="sm" c="dimmed">
                  The last {items.length} are shown.
                </Text>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

/** Looks again at the ranking and the quota whenever a submission has got its scores. */
function useScored(place: BenchmarkPlace, open: number | undefined): void {
  const queryClient = useQueryClient();
  const { organization, benchmark } = place;
  useEffect(() => {
    if (open === undefined) return;
    const queryKey = benchmarkKey({ organization, benchmark });
    queryClient.invalidateQueries({ queryKey, predicate: ({ queryKey: key }) => key.at(-1) !== "submissions" });
  }, [open, organization, benchmark, queryClient]);
}

function Item({ submission, metrics }: { submission: Submission; metrics: Metric[] }) {
  const { name, status, submitted_at, prediction_count, error, scores, private_scores, progress, rank } = submission;
  return (
    <Row
      title={name || "Without a name"}
      about={
        <>
          <Ago at={submitted_at} />
          {`, ${formatCountOf(prediction_count, "prediction")}`}
          {rank !== null && `, at rank ${rank} when it was scored`}
        </>
      }
    >
      <Stack gap={4} align="flex-start" maw="100%">
        <TaskStatus status={status} />
        {status === "processing" && <Progress w={160} value={progress ?? 0} aria-label={`Scoring ${name}`} />}
        {error && (
          <Text size="sm" maw={480} style={{ overflowWrap: "anywhere" }}>
            {error}
          </Text>
        )}
        {scores && <Figures label={private_scores ? "Public" : undefined} scores={scores} metrics={metrics} />}
        {private_scores && <Figures label="Private" scores={private_scores} metrics={metrics} />}
        {status === "completed" && !scores && !private_scores && (
          <Text size="sm">Its scores are shown when the benchmark is closed.</Text>
        )}
      </Stack>
    </Row>
  );
}

type FiguresProps = { label: string | undefined; scores: Partial<Record<Metric, number>>; metrics: Metric[] };

function Figures({ label, scores, metrics }: FiguresProps) {
  return (
    <Group gap="sm">
      {label && (
        <Text size="sm" c="dimmed">
          {label}
        </Text>
      )}
      {metrics.map((metric) => (
        <Text key={metric} size="sm" title={scores[metric]?.toString()}>
          {METRIC_WORDS[metric]} {formatScore(scores[metric])}
        </Text>
      ))}
    </Group>
  );
}
