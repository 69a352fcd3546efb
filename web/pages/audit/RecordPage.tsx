import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { listEntries } from "../../../modules/audit/contract.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { type EntryFilter, entriesQuery } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loading } from "../../ui/Loaded.tsx";
import { ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { RecordEntry } from "./RecordEntry.tsx";
import { RecordFilters } from "./RecordFilters.tsx";

export function RecordPage() {
  const organization = useOrganization();
  const filter = useSearch({ from: "/$organization/record" });
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const all = (
    <ButtonLink
      variant="default"
      size="xs"
      to="/$organization/record"
      params={{ organization: organization.slug }}
      search={{}}
    >
      Show everything
    </ButtonLink>
  );
  return (
    <Page title="Record" description={describeFilter(filter)} actions={isFiltered && all}>
      {may(organization, listEntries) ? (
        <Stack gap="md">
          <RecordFilters organization={organization} filter={filter} />
          <Entries key={JSON.stringify(filter)} organization={organization} filter={filter} />
        </Stack>
      ) : (
        <EmptyState title="Your roles don't include the record">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      )}
    </Page>
  );
}

function Entries({ organization, filter }: { organization: Organization; filter: EntryFilter }) {
  const entries = useInfiniteQuery(entriesQuery(organization.slug, filter));
  const items = entries.data?.pages.flatMap((page) => page.items);
  const problem = entries.error && (
    <ProblemAlert
      error={entries.error}
      onRetry={() => (entries.isFetchNextPageError ? entries.fetchNextPage() : entries.refetch())}
    />
  );
  if (!items) return problem ?? <Loading />;
  if (items.length === 0)
    return (
      <EmptyState title="Nothing on the record">
        Every change of the organization's data is written here, as it happens.
      </EmptyState>
    );
  return (
    <Stack gap="md">
      <Stack gap={0} component="ol" p={0} m={0} style={{ listStyle: "none" }}>
        {items.map((entry) => (
          <RecordEntry key={entry.id} entry={entry} organization={organization.slug} />
        ))}
      </Stack>
      {problem}
      <Group>
        {entries.hasNextPage ? (
          <Button variant="default" onClick={() => entries.fetchNextPage()} loading={entries.isFetchingNextPage}>
            More
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            This is where the record begins.
          </Text>
        )}
      </Group>
    </Stack>
  );
}

function describeFilter({ resource_type, resource_id, user_id }: EntryFilter): string {
  const what = [resource_type, resource_id].filter(Boolean).join(" ");
  if (what) return `Changes of ${what}${user_id ? " by one person" : ""}, newest first`;
  return user_id ? "What one person changed, newest first" : "Who changed what, newest first";
}
