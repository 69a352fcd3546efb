import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { formatMoment } from "../../lib/format.ts";
import { type TaskFilter, type TaskInList, tasksQuery } from "../../lib/task-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loading } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { messageOf } from "./failures.ts";
import { TaskProgress } from "./TaskProgress.tsx";
import { TaskStatus } from "./TaskStatus.tsx";
import classes from "./Tasks.module.css";

type Props = { organization: string; filter: TaskFilter; isFiltered: boolean };

/** Tasks, newest first. A page of them may be short, or empty, and still not be the last one. */
export function TaskList({ organization, filter, isFiltered }: Props) {
  const tasks = useInfiniteQuery(tasksQuery(organization, filter));
  const items = tasks.data?.pages.flatMap((page) => page.items);
  const problem = tasks.error && (
    <ProblemAlert
      error={tasks.error}
      onRetry={() => (tasks.isFetchNextPageError ? tasks.fetchNextPage() : tasks.refetch())}
    />
  );
  if (!items) return problem ?? <Loading />;
  const isEmpty = items.length === 0;
  return (
    <Stack gap="md">
      {isEmpty && !problem && <Nothing isFiltered={isFiltered} isEnd={!tasks.hasNextPage} />}
      {!isEmpty && (
        <ul className={classes.list} aria-label="Tasks">
          {items.map((task) => (
            <Item key={task.id} task={task} organization={organization} />
          ))}
        </ul>
      )}
      {problem}
      {tasks.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => tasks.fetchNextPage()} loading={tasks.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Nothing({ isFiltered, isEnd }: { isFiltered: boolean; isEnd: boolean }) {
  if (!isEnd)
    return <EmptyState title="None so far">The newest tasks hold no such one. “More” looks further back.</EmptyState>;
  if (isFiltered) return <EmptyState title="No such task">No task has this status and type.</EmptyState>;
  return (
    <EmptyState title="No task yet">
      A task is a piece of work that goes on by itself: a model, a program or a person does it, and it is tried again
      when it fails. Imports and exports, schedules and workflows start tasks, and programs do over the API. Each
      appears here with its progress.
    </EmptyState>
  );
}

function Item({ task, organization }: { task: TaskInList; organization: string }) {
  const { status } = task;
  return (
    <li className={classes.item}>
      <TaskStatus status={status} />
      <Stack gap={4} className={classes.what ?? ""}>
        <AnchorLink
          to="/$organization/tasks/$task"
          params={{ organization, task: task.id }}
          fw={600}
          dir="auto"
          className={classes.text ?? ""}
        >
          {task.name}
        </AnchorLink>
        <Text size="sm" c="dimmed" className={classes.text ?? ""}>
          {aboutOf(task)}
        </Text>
        {status === "processing" && <TaskProgress task={task} />}
        {status !== "completed" && <Reason task={task} />}
      </Stack>
      <Text size="sm" c="dimmed" className={classes.times ?? ""}>
        <When task={task} />
      </Text>
    </li>
  );
}

function aboutOf({ type, created_by, assigned_to, attempts }: TaskInList): string {
  const parts = [
    type,
    ...(created_by ? [`by ${created_by.name}`] : []),
    ...(assigned_to ? [`for ${assigned_to.name}`] : []),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
  ];
  return parts.join(", ");
}

function Reason({ task: { error_details } }: { task: TaskInList }) {
  const message = messageOf(error_details);
  if (!message) return null;
  return (
    <Text size="sm" dir="auto" lineClamp={2} className={classes.text ?? ""}>
      {message}
    </Text>
  );
}

/** The time that matters most: when it ended, begins or was asked for. */
function When({ task: { status, completed_at, started_at, scheduled_for, created_at } }: { task: TaskInList }) {
  if (completed_at) return <Ago at={completed_at} />;
  if (status === "processing" && started_at)
    return (
      <>
        Started <Ago at={started_at} />
      </>
    );
  if (scheduled_for && status === "pending")
    return <time dateTime={scheduled_for}>From {formatMoment(scheduled_for)}</time>;
  return (
    <>
      Asked for <Ago at={created_at} />
    </>
  );
}
