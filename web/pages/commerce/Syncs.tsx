import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { formatCount, formatDuration } from "../../lib/format.ts";
import { faultsQuery, runsQuery, type StorePlace, type SyncRun } from "../../lib/shop-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Grid } from "../../ui/Part.tsx";
import { Section } from "../../ui/Section.tsx";
import { wordsOf } from "./store-words.tsx";

/** How the last syncs of a store went, and what could not be taken over. */
export function Syncs({ place }: { place: StorePlace }) {
  const runs = useQuery(runsQuery(place));
  const faults = useQuery(faultsQuery(place));
  return (
    <Stack gap="lg">
      <Loaded query={faults}>
        {({ items }) =>
          items.length > 0 && (
            <Section title="Not taken over" description="Each sync tries these again. Nothing else waits for them.">
              <Grid
                label="Not taken over"
                heads={["What", "Why", "Tries", "Last"]}
                rows={items.map(({ kind, external_id, reason, tries, updated_at }) => ({
                  key: `${kind}/${external_id}`,
                  cells: [
                    `${wordsOf(kind)} ${external_id}`,
                    reason,
                    formatCount(Number(tries)),
                    <Ago key="last" at={updated_at} />,
                  ],
                }))}
              />
            </Section>
          )
        }
      </Loaded>
      <Loaded query={runs}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No sync yet">“Sync now” begins one.</EmptyState>
          ) : (
            <Section title="The last syncs">
              <Grid
                label="Syncs"
                heads={["When", "How", "Took", "New", "Changed", "Not taken"]}
                rows={items.map((run) => ({ key: run.id, cells: cellsOf(run, place.organization) }))}
              />
            </Section>
          )
        }
      </Loaded>
    </Stack>
  );
}

function cellsOf(run: SyncRun, organization: string) {
  const took = run.ended_at ? formatDuration(Date.parse(run.ended_at) - Date.parse(run.started_at)) : "";
  return [
    <Ago key="when" at={run.started_at} />,
    <Text key="how" size="sm" component="span" title={run.error ?? ""}>
      {run.task_id ? (
        <AnchorLink to="/$organization/tasks/$task" params={{ organization, task: run.task_id }} size="sm">
          {wordsOf(run.status)}
        </AnchorLink>
      ) : (
        wordsOf(run.status)
      )}
      {run.kind === "full" && ", everything anew"}
    </Text>,
    took,
    formatCount(Number(run.created_count)),
    formatCount(Number(run.updated_count)),
    formatCount(Number(run.failed_count)),
  ];
}
