import { NativeSelect, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { listTasks } from "../../../modules/tasks/tasks-contract.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { type TaskFilter, type TaskStatus, taskTypesQuery } from "../../lib/task-queries.ts";
import { useChanges } from "../../lib/use-changes.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { TaskList } from "./TaskList.tsx";
import { STATUSES, wordOf } from "./TaskStatus.tsx";

const isOfTasks = (table: string) => table === "tasks.tasks";

/** What the organization has had done, newest first. */
export function TasksPage() {
  const organization = useOrganization();
  const filter = useSearch({ from: "/$organization/tasks" });
  useChanges(organization.slug, isOfTasks, "tasks");
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (!may(organization, listTasks))
    return (
      <Page title="Tasks">
        <EmptyState title="Your roles don't include tasks">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  const all = (
    <ButtonLink
      variant="default"
      size="xs"
      to="/$organization/tasks"
      params={{ organization: organization.slug }}
      search={{}}
    >
      Show all tasks
    </ButtonLink>
  );
  return (
    <Page title="Tasks" description="What is being done and was done, newest first" actions={isFiltered && all}>
      <Stack gap="md">
        <Filters organization={organization} filter={filter} />
        {filter.parent && (
          <Text size="sm">
            Only the parts of{" "}
            <AnchorLink
              to="/$organization/tasks/$task"
              params={{ organization: organization.slug, task: filter.parent }}
              size="sm"
            >
              one task
            </AnchorLink>
          </Text>
        )}
        <TaskList
          key={JSON.stringify(filter)}
          organization={organization.slug}
          filter={filter}
          isFiltered={isFiltered}
        />
      </Stack>
    </Page>
  );
}

function Filters({ organization, filter }: { organization: Organization; filter: TaskFilter }) {
  const navigate = useNavigate();
  const types = useQuery(taskTypesQuery(organization.slug));
  const known = [...new Set([...(types.data ?? []), ...(filter.type ? [filter.type] : [])])];
  const show = (change: TaskFilter) =>
    navigate({
      to: "/$organization/tasks",
      params: { organization: organization.slug },
      search: { ...filter, ...change },
      replace: true,
    });
  return (
    <Stack gap="sm" component="search" style={{ flexFlow: "row wrap" }}>
      <NativeSelect
        label="Status"
        flex="1 1 140px"
        maw={220}
        data={[{ value: "", label: "Any" }, ...STATUSES.map((value) => ({ value, label: wordOf(value) }))]}
        value={filter.status ?? ""}
        onChange={({ currentTarget }) => show({ status: (currentTarget.value || undefined) as TaskStatus | undefined })}
      />
      <NativeSelect
        label="Type"
        flex="1 1 140px"
        maw={320}
        data={[{ value: "", label: "Any" }, ...known]}
        value={filter.type ?? ""}
        onChange={({ currentTarget }) => show({ type: currentTarget.value || undefined })}
      />
    </Stack>
  );
}
