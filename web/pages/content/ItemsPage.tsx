import { Button, Group, Select, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Status } from "../../../modules/content/contract.ts";
import { createItem, type ListedItem, listItems } from "../../../modules/content/items-contract.ts";
import { itemsQuery } from "../../lib/content-queries.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loading } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { ItemStatus, STATUS_WORDS, TYPE_WORDS } from "./words.tsx";

const TYPING_MS = 250;
const STATUSES = Status.options.map((value) => ({ value, label: STATUS_WORDS[value] }));

/** What the organization writes, what was changed last first. */
export function ItemsPage() {
  const organization = useOrganization();
  const { q, status } = useSearch({ from: "/$organization/content" });
  const navigate = useNavigate({ from: "/$organization/content" });
  const items = useInfiniteQuery({
    ...itemsQuery(organization.slug, { q, status }),
    enabled: may(organization, listItems),
  });
  const search = useDebouncedCallback((words: string) => {
    void navigate({ search: (before) => ({ ...before, q: words.trim() || undefined }), replace: true });
  }, TYPING_MS);
  if (!may(organization, listItems))
    return (
      <Page title="Content">
        <EmptyState title="Your roles don't include content">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  const rows = items.data?.pages.flatMap((page) => page.items);
  const isFiltered = q !== undefined || status !== undefined;
  return (
    <Page
      title="Content"
      description="What is written, reviewed and published"
      actions={
        may(organization, createItem) && (rows?.length || isFiltered) ? <NewLink organization={organization} /> : null
      }
    >
      <Stack gap="lg">
        <Group gap="sm" align="flex-end">
          <TextInput
            label="Search"
            type="search"
            defaultValue={q ?? ""}
            onChange={(event) => search(event.currentTarget.value)}
            flex="1 1 200px"
            maw={360}
            maxLength={200}
          />
          <Select
            label="Status"
            placeholder="All"
            data={STATUSES}
            value={status ?? null}
            clearable
            onChange={(value) => {
              const chosen = Status.safeParse(value).data;
              void navigate({ search: (before) => ({ ...before, status: chosen }), replace: true });
            }}
            w={170}
          />
        </Group>
        {items.error && <ProblemAlert error={items.error} onRetry={() => items.refetch()} />}
        {rows === undefined && !items.error && <Loading />}
        {rows?.length === 0 && <Nothing organization={organization} isFiltered={isFiltered} />}
        {rows && rows.length > 0 && <ItemRows organization={organization} rows={rows} />}
        {items.hasNextPage && (
          <Group>
            <Button variant="default" onClick={() => items.fetchNextPage()} loading={items.isFetchingNextPage}>
              More
            </Button>
          </Group>
        )}
      </Stack>
    </Page>
  );
}

function ItemRows({ organization, rows }: { organization: Organization; rows: ListedItem[] }) {
  return (
    <Rows label="Content">
      {rows.map((item) => (
        <Row
          key={item.id}
          title={
            <AnchorLink
              to="/$organization/content/$item"
              params={{ organization: organization.slug, item: item.id }}
              fw={600}
            >
              {item.name}
            </AnchorLink>
          }
          about={
            <>
              {TYPE_WORDS[item.content_type]} · changed <Ago at={item.updated_at} />
            </>
          }
        >
          <ItemStatus status={item.status} />
        </Row>
      ))}
    </Rows>
  );
}

function NewLink({ organization }: { organization: Organization }) {
  return (
    <ButtonLink to="/$organization/content/new" params={{ organization: organization.slug }}>
      New content
    </ButtonLink>
  );
}

function Nothing({ organization, isFiltered }: { organization: Organization; isFiltered: boolean }) {
  if (isFiltered) return <EmptyState title="Nothing fits">Search for other words, or look at all of it.</EmptyState>;
  return (
    <EmptyState
      title="Nothing written yet"
      action={may(organization, createItem) && <NewLink organization={organization} />}
    >
      Write a page, send it to review, and publish it for everybody at an address of {organization.name}'s own.
    </EmptyState>
  );
}
