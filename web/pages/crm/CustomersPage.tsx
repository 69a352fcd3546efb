import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Stage } from "../../../modules/crm/contract.ts";
import { type Customer, type CustomerFilter, customersQuery, nameIn } from "../../lib/deal-queries.ts";
import { customers } from "../../lib/nouns.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { tagsQuery } from "../../lib/tag-queries.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loading } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import rows from "../../ui/OpenRows.module.css";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { STAGES, StageBadge, stageWord } from "./stage-words.tsx";

const REST_MS = 250;
const isOfCustomers = (table: string) => table === "crm.customers" || table === "crm.customer_tags";

/** The organization's customers, newest first, or those that are like some words. */
export function CustomersPage() {
  const organization = useOrganization();
  const filter = useSearch({ from: "/$organization/customers" });
  useChanges(organization.slug, isOfCustomers, "customers");
  if (!may(organization, customers.list))
    return (
      <Page title="Customers">
        <EmptyState title="Your roles don't include customers">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page
      title="Customers"
      actions={may(organization, customers.create) && <NewCustomer organization={organization} />}
    >
      <Filters organization={organization} filter={filter} />
      <List organization={organization} filter={filter} />
    </Page>
  );
}

function NewCustomer({ organization }: { organization: Organization }) {
  return (
    <ButtonLink to="/$organization/customers/new" params={{ organization: organization.slug }}>
      New customer
    </ButtonLink>
  );
}

function Filters({ organization, filter }: { organization: Organization; filter: CustomerFilter }) {
  const navigate = useNavigate();
  const tags = useQuery(tagsQuery(organization.slug));
  const [words, setWords] = useState(filter.q ?? "");
  const show = (change: { q?: string | undefined; stage?: Stage | undefined; tag?: string | undefined }) =>
    navigate({
      to: "/$organization/customers",
      params: { organization: organization.slug },
      search: (before) => ({ ...before, ...change }),
      replace: true,
    });
  const search = useDebouncedCallback((q: string) => show({ q: q.trim() || undefined }), REST_MS);
  return (
    <Group component="search" align="end" gap="sm">
      <TextInput
        label="Search"
        type="search"
        placeholder="Name, company or e-mail"
        flex="2 1 220px"
        maxLength={200}
        dir="auto"
        value={words}
        onChange={({ currentTarget }) => {
          setWords(currentTarget.value);
          search(currentTarget.value);
        }}
      />
      <NativeSelect
        label="Stage"
        flex="1 1 120px"
        data={[{ value: "", label: "Any" }, ...STAGES.map((value) => ({ value, label: stageWord(value) }))]}
        value={filter.stage ?? ""}
        onChange={({ currentTarget }) => show({ stage: (currentTarget.value || undefined) as Stage | undefined })}
      />
      <NativeSelect
        label="Tag"
        flex="1 1 120px"
        data={[{ value: "", label: "Any" }, ...(tags.data ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        value={filter.tag ?? ""}
        onChange={({ currentTarget }) => show({ tag: currentTarget.value || undefined })}
      />
    </Group>
  );
}

function List({ organization, filter }: { organization: Organization; filter: CustomerFilter }) {
  const found = useInfiniteQuery(customersQuery(organization.slug, filter));
  const items = found.data?.pages.flatMap((page) => page.items);
  const problem = found.error && <ProblemAlert error={found.error} onRetry={() => found.refetch()} />;
  if (!items) return problem ?? <Loading />;
  if (items.length === 0) return problem ?? <Nothing organization={organization} filter={filter} />;
  return (
    <Stack gap="md">
      <ul className={rows.list} aria-label="Customers">
        {items.map((customer) => (
          <Item key={customer.id} organization={organization.slug} customer={customer} />
        ))}
      </ul>
      {problem}
      {found.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => found.fetchNextPage()} loading={found.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Item({ organization, customer }: { organization: string; customer: Customer }) {
  const { id, name, company, email, stage, embedded } = customer;
  const owner = nameIn(embedded?.assigned_to);
  const about = [company === name ? null : company, email, owner && `with ${owner}`].filter(Boolean).join(" · ");
  return (
    <li className={rows.item}>
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <Stack gap={0} miw={0}>
          <AnchorLink
            to="/$organization/customers/$customer"
            params={{ organization, customer: id }}
            fw={600}
            dir="auto"
            style={{ overflowWrap: "anywhere" }}
          >
            {name}
          </AnchorLink>
          {about && (
            <Text size="sm" c="dimmed" dir="auto" style={{ overflowWrap: "anywhere" }}>
              {about}
            </Text>
          )}
        </Stack>
        {/* Clients are not told how far the relation with them has come. */}
        {stage && <StageBadge stage={stage} />}
      </Group>
    </li>
  );
}

function Nothing({ organization, filter }: { organization: Organization; filter: CustomerFilter }) {
  const isFiltered = Boolean(filter.q || filter.stage || filter.tag);
  if (isFiltered)
    return <EmptyState title="No such customer">Search for fewer words, or for any stage and tag.</EmptyState>;
  return (
    <EmptyState
      title="No customer yet"
      action={may(organization, customers.create) && <NewCustomer organization={organization} />}
    >
      A customer is a person or company that you sell to or work for. Their contacts, notes, projects and appointments
      come together on one page.
    </EmptyState>
  );
}
