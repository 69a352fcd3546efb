import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { addressOf } from "../../../client/address.ts";
import {
  type Benchmark,
  downloadItems,
  setBenchmarkStatus,
  submitPredictions,
} from "../../../modules/evaluation/contract.ts";
import { SubmissionForm } from "../../forms/evaluation/SubmissionForm.tsx";
import { call } from "../../lib/api.ts";
import { type BenchmarkPlace, benchmarkQuery, evaluationKey } from "../../lib/evaluation.ts";
import { formatCount, formatCountOf, formatMoment } from "../../lib/format.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { Ago } from "../../ui/Ago.tsx";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";
import { Leaderboard } from "./Leaderboard.tsx";
import { Participants } from "./Participants.tsx";
import { Submissions } from "./Submissions.tsx";
import { METRIC_WORDS, STATUS_WORDS } from "./words.ts";

export function BenchmarkPage() {
  const organization = useOrganization();
  const place = useParams({ from: "/$organization/benchmarks/$benchmark" });
  const benchmark = useQuery(benchmarkQuery(place));
  const above = (
    <AnchorLink to="/$organization/benchmarks" params={{ organization: organization.slug }} size="sm">
      Benchmarks
    </AnchorLink>
  );
  return (
    <Page title={benchmark.data?.name ?? "Benchmark"} above={above}>
      <Loaded query={benchmark}>
        {(data) => <Parts organization={organization} place={place} benchmark={data} />}
      </Loaded>
    </Page>
  );
}

type Props = { organization: Organization; place: BenchmarkPlace; benchmark: Benchmark };

function Parts({ organization, place, benchmark }: Props) {
  const mayManage = may(organization, setBenchmarkStatus);
  const mayHandIn = benchmark.takes_part && may(organization, submitPredictions);
  return (
    <Stack gap="lg">
      <About organization={organization} place={place} benchmark={benchmark} />
      {benchmark.status !== "draft" && <Leaderboard place={place} benchmark={benchmark} />}
      {mayHandIn && benchmark.status === "open" && (
        <Section title="Hand in predictions" description={quotaOf(benchmark)}>
          <Stack gap="sm">
            <Text size="sm">
              Download the items, predict a label for each, and hand in a file of them. What is missing counts as wrong.
            </Text>
            <SubmissionForm place={place} />
          </Stack>
        </Section>
      )}
      {benchmark.takes_part && benchmark.status !== "draft" && <Submissions place={place} benchmark={benchmark} />}
      {mayManage && <Participants place={place} />}
    </Stack>
  );
}

/** What there is to predict, by which rules, and what somebody who looks after it can do next. */
function About({ organization, place, benchmark }: Props) {
  const { description, status, items, metrics, deadline } = benchmark;
  const [main, ...others] = metrics.map((metric) => METRIC_WORDS[metric]);
  return (
    <Section
      title="About"
      actions={may(organization, setBenchmarkStatus) && <Steps place={place} benchmark={benchmark} />}
    >
      <Stack gap="sm">
        <Group gap="sm">
          <Badge variant="default" tt="none">
            {STATUS_WORDS[status]}
          </Badge>
          {deadline && (
            <Text size="sm" title={formatMoment(deadline)}>
              Deadline <Ago at={deadline} />
            </Text>
          )}
          <Text size="sm">{formatCountOf(items ?? 0, "item")}</Text>
          {main && (
            <Text size="sm">{`Ranked by ${main}${others.length > 0 ? `, then ${others.join(", ")}` : ""}`}</Text>
          )}
        </Group>
        {description && (
          <Text dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {description}
          </Text>
        )}
        <Group gap="sm">
          {(["jsonl", "csv"] as const).map((format) => (
            <Button
              key={format}
              component="a"
              variant="default"
              size="xs"
              href={addressOf(downloadItems, { params: place, query: { format } })}
              download
            >
              {format === "csv" ? "Items as CSV" : "Items as JSON lines"}
            </Button>
          ))}
        </Group>
      </Stack>
    </Section>
  );
}

type Step = "open" | "closed" | "archived";
const STEPS: Record<Benchmark["status"], Step[]> = {
  draft: ["open"],
  open: ["closed"],
  closed: ["open", "archived"],
  archived: [],
};

function Steps({ place, benchmark: { name, status } }: Omit<Props, "organization">) {
  const queryClient = useQueryClient();
  const step = useMutation({
    mutationFn: (next: Step) => call(setBenchmarkStatus, { params: place, body: { status: next } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: evaluationKey(place.organization) }),
  });
  return (
    <Stack gap="xs" align="flex-end">
      <Group gap="xs">
        {STEPS[status].map((next) =>
          next === "open" ? (
            <Button key={next} size="xs" loading={step.isPending} onClick={() => step.mutate(next)}>
              {status === "draft" ? "Open it" : "Open it again"}
            </Button>
          ) : (
            <ConfirmButton
              key={next}
              label={next === "closed" ? "Close it" : "Archive it"}
              of={name}
              question={next === "closed" ? "Close and show private scores" : "Archive for good"}
              isPending={step.isPending}
              onConfirm={() => step.mutate(next)}
            />
          ),
        )}
      </Group>
      {step.error && <ProblemAlert error={step.error} />}
    </Stack>
  );
}

function quotaOf({ daily_quota, total_quota, handed_in, day_ends_at }: Benchmark): string {
  const parts = [
    daily_quota &&
      `${formatCount(Math.max(daily_quota - handed_in.today, 0))} of ${formatCount(daily_quota)} left today, until ${formatMoment(day_ends_at)}`,
    total_quota &&
      `${formatCount(Math.max(total_quota - handed_in.in_all, 0))} of ${formatCount(total_quota)} left in all`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join("; ")}. What could not be scored does not count.` : "As often as you like.";
}
