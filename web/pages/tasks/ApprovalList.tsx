import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRef } from "react";
import type { ApprovalInList } from "../../../modules/tasks/people-contract.ts";
import { formatMoment } from "../../lib/format.ts";
import { isPlainKey, isTyping } from "../../lib/keyboard.ts";
import { approvalsQuery } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Keys } from "../../ui/Keys.tsx";
import { Loading } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import classes from "./Approvals.module.css";

const MOVES: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** What waits for the person. J and K move from one to the next, Enter opens it. */
export function ApprovalList({ organization }: { organization: string }) {
  const approvals = useInfiniteQuery(approvalsQuery(organization));
  const list = useRef<HTMLUListElement>(null);
  useWindowEvent("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move || !isPlainKey(event) || isTyping(event)) return;
    const links = [...(list.current?.querySelectorAll("a") ?? [])];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    const next = links[at === -1 ? 0 : Math.min(links.length - 1, Math.max(0, at + move))];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  const items = approvals.data?.pages.flatMap((page) => page.items);
  const problem = approvals.error && <ProblemAlert error={approvals.error} onRetry={() => approvals.refetch()} />;
  if (!items) return problem ?? <Loading />;
  if (items.length === 0)
    return (
      <>
        {problem}
        <EmptyState title="Nothing waits for you">
          What is assigned to you, or to a role that you hold, appears here; this page looks every few seconds.
        </EmptyState>
      </>
    );
  return (
    <Stack gap="md">
      {problem}
      <Keys
        keys={[
          ["J", "next"],
          ["K", "previous"],
          ["Enter", "open"],
        ]}
      />
      <ul ref={list} className={classes.list} aria-label="Waiting for you">
        {items.map((item) => (
          <Item key={item.id} item={item} organization={organization} />
        ))}
      </ul>
      {approvals.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => approvals.fetchNextPage()} loading={approvals.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Item({ item, organization }: { item: ApprovalInList; organization: string }) {
  return (
    <li className={classes.item}>
      <Stack gap={2} miw={0} flex="1 1 240px">
        <AnchorLink
          to="/$organization/approvals"
          params={{ organization }}
          search={{ approval: item.id }}
          fw={600}
          dir="auto"
          className={classes.title}
        >
          {item.title}
        </AnchorLink>
        <Text size="sm" c="dimmed" dir="auto" className={classes.title}>
          {aboutOf(item)}
        </Text>
      </Stack>
      <ApprovalMarks item={item} />
    </li>
  );
}

function aboutOf({ kind, title, task, role, assigned_to }: ApprovalInList): string {
  const parts = [
    kind === "work" ? "Work to do" : "Approval",
    ...(task.name === title ? [] : [`for “${task.name}”`]),
    ...(role && !assigned_to ? [`for any ${role.name}`] : []),
  ];
  return parts.join(", ");
}

/** When something is due, and whether it is late or was handed up. */
export function ApprovalMarks({ item }: { item: ApprovalInList }) {
  if (item.escalation_level === 0 && item.due_at === null) return null;
  return (
    <Group gap="xs">
      {item.escalation_level > 0 && (
        <Badge variant="default" radius="sm">
          Handed up
        </Badge>
      )}
      {item.is_overdue && (
        <Badge color="red.9" radius="sm">
          Overdue
        </Badge>
      )}
      {item.due_at && (
        <Text size="sm" c="dimmed" component="time" dateTime={item.due_at}>
          Due {formatMoment(item.due_at)}
        </Text>
      )}
    </Group>
  );
}
