import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { formatCount, formatCreditsOf, formatDuration, formatMoment } from "../../lib/format.ts";
import type { Task } from "../../lib/task-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Section } from "../../ui/Section.tsx";
import classes from "./Tasks.module.css";

/** So far the server counts the places in line. */
const PLACE_MAX = 1_000;
const WORKERS: Record<Task["worker_type"], string> = {
  ai: "A model",
  human: "A person",
  integration: "An integration",
  webhook: "A webhook",
  internal: "A program",
};

/** What is known of a task, but for what it works on. */
export function TaskFacts({ task, organization }: { task: Task; organization: string }) {
  const { created_by, assigned_to, workflow, parent_task_id: parent, tags } = task;
  const worker = task.ai_model ? `${WORKERS[task.worker_type]}, ${task.ai_model}` : WORKERS[task.worker_type];
  return (
    <Section title="About it">
      <dl className={classes.facts}>
        {task.line && <Fact name="Place in line">{placeOf(task.line)}</Fact>}
        <Fact name="Type">{task.type}</Fact>
        <Fact name="Done by">{worker}</Fact>
        <Tags tags={tags} />
        <Fact name="Priority">{`${task.priority} of 10${task.priority === 1 ? ", the most urgent" : ""}`}</Fact>
        <Fact name="Asked for">
          <Ago at={task.created_at} />
          {created_by && <bdi> by {created_by.name}</bdi>}
        </Fact>
        {assigned_to && (
          <Fact name="Assigned to">
            <bdi>{assigned_to.name}</bdi>
          </Fact>
        )}
        {task.scheduled_for && <Fact name="Not before">{formatMoment(task.scheduled_for)}</Fact>}
        {task.deadline_at && <Fact name="Deadline">{formatMoment(task.deadline_at)}</Fact>}
        {task.started_at && (
          <Fact name="Started">
            <Ago at={task.started_at} />
          </Fact>
        )}
        {task.completed_at && (
          <Fact name="Ended">
            <Ago at={task.completed_at} />
          </Fact>
        )}
        {task.processing_time_ms !== null && <Fact name="Took">{formatDuration(task.processing_time_ms)}</Fact>}
        {task.actual_cost !== null && <Fact name="Cost">{formatCreditsOf(task.actual_cost)}</Fact>}
        {workflow && (
          <Fact name="Workflow">
            <bdi>{workflow.name}</bdi>
          </Fact>
        )}
        {parent && (
          <Fact name="Part of">
            <AnchorLink to="/$organization/tasks/$task" params={{ organization, task: parent }}>
              A larger task
            </AnchorLink>
          </Fact>
        )}
      </dl>
      <Text size="xs" c="dimmed" className={classes.text ?? ""}>
        {task.id}
      </Text>
    </Section>
  );
}

function Tags({ tags }: Pick<Task, "tags">) {
  if (tags.length === 0) return null;
  return (
    <Fact name={tags.length === 1 ? "Tag" : "Tags"}>
      <bdi>{tags.map(({ name }) => name).join(", ")}</bdi>
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function placeOf({ state, place, ready_at, waits_for_credit }: NonNullable<Task["line"]>): ReactNode {
  if (waits_for_credit) return "Waits for credits";
  if (state === "later")
    return (
      <>
        Comes into line <Ago at={ready_at} />
      </>
    );
  if (state === "parked" || place === null) return "Waits until fewer of its kind run";
  if (place >= PLACE_MAX) return `${formatCount(PLACE_MAX)} or further`;
  return place === 1 ? "Comes next" : formatCount(place);
}
