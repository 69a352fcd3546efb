import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type BenchmarkInList, setUpBenchmark } from "../../../modules/evaluation/contract.ts";
import { benchmarksQuery } from "../../lib/evaluation.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { formatScore, METRIC_WORDS, STATUS_WORDS } from "./words.ts";

export function BenchmarksPage() {
  const organization = useOrganization();
  const benchmarks = useQuery(benchmarksQuery(organization.slug));
  const maySetUp = may(organization, setUpBenchmark);
  const isEmpty = benchmarks.data?.items.length === 0;
  const newLink = (
    <ButtonLink to="/$organization/benchmarks/new" params={{ organization: organization.slug }}>
      New benchmark
    </ButtonLink>
  );
  return (
    <Page title="Benchmarks" actions={maySetUp && !isEmpty && newLink}>
      <Loaded query={benchmarks}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No benchmark yet" action={maySetUp && newLink}>
              {maySetUp
                ? "A benchmark is a list of texts with gold answers that nobody sees. Upload them, let people in, and whoever predicts best leads."
                : `Somebody who sets up benchmarks in ${organization.name} has to let you in. It will appear here.`}
            </EmptyState>
          ) : (
            <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
              {items.map((benchmark) => (
                <Card key={benchmark.id} organization={organization.slug} benchmark={benchmark} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function Card({ organization, benchmark }: { organization: string; benchmark: BenchmarkInList }) {
  const { id, name, status, metrics, leader, own, deadline } = benchmark;
  const [main] = metrics;
  return (
    <Paper withBorder p="md" component="li">
      <Stack gap={4}>
        <Group justify="space-between" gap="sm">
          <AnchorLink
            to="/$organization/benchmarks/$benchmark"
            params={{ organization, benchmark: id }}
            fw={600}
            dir="auto"
            style={{ overflowWrap: "anywhere" }}
          >
            {name}
          </AnchorLink>
          <Badge variant="default" tt="none">
            {STATUS_WORDS[status]}
          </Badge>
        </Group>
        <Text size="sm">
          {leader ? (
            <>
              <span dir="auto">{leader.name}</span> leads with {formatScore(leader.score)}
              {own && `; you are at rank ${own.rank} with ${formatScore(own.score)}`}
            </>
          ) : (
            "Nobody has a score yet"
          )}
        </Text>
        <Text size="sm" c="dimmed">
          {main ? METRIC_WORDS[main] : "No metric yet"}
          {deadline && status === "open" && (
            <>
              {" · deadline "}
              <Ago at={deadline} />
            </>
          )}
        </Text>
      </Stack>
    </Paper>
  );
}
