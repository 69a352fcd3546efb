import { Alert, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { readTask } from "../../../modules/tasks/tasks-contract.ts";
import { useFollowing } from "../../lib/follow-task.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { statusOf } from "../../lib/problem.ts";
import { isOver, type Task, type TaskPlace, taskQuery } from "../../lib/task-queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Section } from "../../ui/Section.tsx";
import { failureClassOf, messageOf } from "./failures.ts";
import { Json } from "./Json.tsx";
import { TaskActions } from "./TaskActions.tsx";
import { TaskAttempts } from "./TaskAttempts.tsx";
import { TaskFacts } from "./TaskFacts.tsx";
import { TaskNeighbours } from "./TaskNeighbours.tsx";
import { TaskProgress } from "./TaskProgress.tsx";
import { TaskStatus, wordOf } from "./TaskStatus.tsx";
import classes from "./Tasks.module.css";

/** A screen reader hears of progress in steps of this share, not of every percent. */
const SPOKEN_STEP_PERCENT = 10;

/** One task, which is followed as it goes on. */
export function TaskPage() {
  const organization = useOrganization();
  const { task } = useParams({ from: "/$organization/tasks/$task" });
  if (!may(organization, readTask))
    return (
      <Page title="Task">
        <EmptyState title="Your roles don't include tasks">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return <OneTask key={task} place={{ organization: organization.slug, task }} />;
}

function OneTask({ place }: { place: TaskPlace }) {
  // Whether it is open must be known to follow it, and whether it is followed to know how often to look.
  const known = useQuery({ ...taskQuery(place), refetchInterval: false });
  const isOpen = known.data !== undefined && !isOver(known.data.status);
  const isFollowed = useFollowing(place, isOpen);
  const task = useQuery(taskQuery(place, isFollowed));
  const above = (
    <AnchorLink to="/$organization/tasks" params={{ organization: place.organization }} search={{}} size="sm">
      Tasks
    </AnchorLink>
  );
  if (task.data === undefined && statusOf(task.error) === 404)
    return (
      <Page title="Task" above={above}>
        <EmptyState title="There is no such task">Tasks are removed 90 days after their end.</EmptyState>
      </Page>
    );
  return (
    <Page title={task.data?.name ?? "Task"} above={above}>
      <Loaded query={task}>
        {(data) => (
          <Stack gap="lg">
            <Now task={data} />
            <TaskActions place={place} task={data} />
            <TaskFacts task={data} organization={place.organization} />
            <TaskNeighbours task={data} organization={place.organization} />
            <Section title="Input">
              <Json value={data.input} label="Input" nothing="It was given nothing." />
            </Section>
            <Section title="Output">
              <Json
                value={data.output}
                label="Output"
                nothing={isOver(data.status) ? "It brought no result." : "Nothing yet."}
              />
            </Section>
            <TaskAttempts task={data} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

/** How it is at the moment. */
function Now({ task }: { task: Task }) {
  const { status, progress_percentage: percentage, description } = task;
  const isRunning = status === "processing";
  const step =
    isRunning && percentage !== null ? Math.floor(percentage / SPOKEN_STEP_PERCENT) * SPOKEN_STEP_PERCENT : 0;
  return (
    <Stack gap="sm">
      <TaskStatus status={status} />
      {isRunning && <TaskProgress task={task} size="md" />}
      {!isOver(status) && task.cancel_requested_at && (
        <Text size="sm">It is being cancelled, and ends when its worker has stopped.</Text>
      )}
      <Why task={task} />
      {description && (
        <Text dir="auto" maw={720} className={classes.text ?? ""} style={{ whiteSpace: "pre-wrap" }}>
          {description}
        </Text>
      )}
      <output className="visually-hidden">{`${wordOf(status)}${step > 0 ? `, ${step} percent` : ""}`}</output>
    </Stack>
  );
}

function Why({ task: { status, error_details, attempts_made } }: { task: Task }) {
  const message = messageOf(error_details);
  const failureClass = attempts_made.at(-1)?.failure_class;
  if (status !== "failed")
    return message && status !== "completed" ? (
      <Text size="sm" dir="auto" className={classes.text ?? ""}>
        {message}
      </Text>
    ) : null;
  return (
    <Alert color="red" title={failureClass ? `It failed: ${failureClassOf(failureClass)}` : "It failed"}>
      <Text size="sm" dir="auto" className={classes.text ?? ""}>
        {message ?? "It said nothing more."}
      </Text>
    </Alert>
  );
}
