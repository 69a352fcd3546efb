import { Group, Text } from "@mantine/core";
import { listApprovals } from "../../../modules/tasks/people-contract.ts";
import { formatCount } from "../../lib/format.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import type { TaskStatus as Status, Task } from "../../lib/task-queries.ts";
import { AnchorLink } from "../../ui/links.tsx";
import { Section } from "../../ui/Section.tsx";
import { TaskStatus, wordOf } from "./TaskStatus.tsx";
import classes from "./Tasks.module.css";

type Props = { task: Task; organization: string };

/** What a task waits for, what waits for it, what it consists of, and which people it asks. */
export function TaskNeighbours({ task, organization }: Props) {
  const parts = Object.entries(task.parts) as [Status, number][];
  return (
    <>
      {task.depends_on.length > 0 && (
        <Section
          title="Depends on"
          description={
            task.dependency_policy === "any" && task.depends_on.length > 1 ? "One of these is enough." : undefined
          }
        >
          <Neighbours label="Depends on" tasks={task.depends_on} organization={organization} />
        </Section>
      )}
      {task.dependants.length > 0 && (
        <Section title="Waits for it">
          <Neighbours label="Waits for it" tasks={task.dependants} organization={organization} />
        </Section>
      )}
      {parts.length > 0 && (
        <Section title="Parts">
          <Text>
            {parts.map(([status, count]) => `${formatCount(count)} ${wordOf(status).toLowerCase()}`).join(", ")}
            {" – "}
            <AnchorLink to="/$organization/tasks" params={{ organization }} search={{ parent: task.id }}>
              Show the parts
            </AnchorLink>
          </Text>
        </Section>
      )}
      {task.approvals.length > 0 && <Approvals approvals={task.approvals} organization={organization} />}
    </>
  );
}

type ListProps = { label: string; tasks: Task["depends_on"]; organization: string };

function Neighbours({ label, tasks, organization }: ListProps) {
  return (
    <ul className={classes.list} aria-label={label}>
      {tasks.map(({ id, name, status, policy }) => (
        <Group key={id} component="li" gap="sm" py={4}>
          <TaskStatus status={status} />
          <AnchorLink
            to="/$organization/tasks/$task"
            params={{ organization, task: id }}
            dir="auto"
            className={classes.text ?? ""}
          >
            {name}
          </AnchorLink>
          {policy === "done" && (
            <Text size="sm" c="dimmed">
              It need not succeed.
            </Text>
          )}
        </Group>
      ))}
    </ul>
  );
}

function Approvals({ approvals, organization }: { approvals: Task["approvals"]; organization: string }) {
  const member = useOrganization();
  return (
    <Section title="Approvals">
      <ul className={classes.list} aria-label="Approvals">
        {approvals.map(({ id, title, status }) => (
          <Group key={id} component="li" gap="sm" py={4}>
            {may(member, listApprovals) ? (
              <AnchorLink
                to="/$organization/approvals"
                params={{ organization }}
                search={{ approval: id }}
                dir="auto"
                className={classes.text ?? ""}
              >
                {title}
              </AnchorLink>
            ) : (
              <Text dir="auto">{title}</Text>
            )}
            <Text size="sm" c="dimmed">
              {status}
            </Text>
          </Group>
        ))}
      </ul>
    </Section>
  );
}
