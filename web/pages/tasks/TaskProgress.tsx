import { Group, Progress, Stack, Text } from "@mantine/core";
import type { TaskInList } from "../../lib/task-queries.ts";
import classes from "./Tasks.module.css";

type Props = { task: Pick<TaskInList, "name" | "progress_percentage" | "progress_note">; size?: "sm" | "md" };

/** How far a running task is: a bar where it says so, and its line of text. */
export function TaskProgress({ task, size = "sm" }: Props) {
  const { name, progress_percentage: percentage, progress_note: note } = task;
  if (percentage === null && !note) return null;
  return (
    <Stack gap={4} maw={640}>
      {percentage !== null && (
        <Group gap="xs" wrap="nowrap">
          <Progress.Root size={size} flex={1}>
            <Progress.Section value={percentage} aria-label={`Progress of ${name}`} />
          </Progress.Root>
          <Text size="sm" style={{ fontVariantNumeric: "tabular-nums" }}>
            {percentage}%
          </Text>
        </Group>
      )}
      {note && (
        <Text size="sm" dir="auto" className={classes.text}>
          {note}
        </Text>
      )}
    </Stack>
  );
}
