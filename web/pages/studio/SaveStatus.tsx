import { Badge, Group, Paper } from "@mantine/core";
import type { DraftState } from "../../lib/draft.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import classes from "./Studio.module.css";
import { STATUS_WORDS } from "./words.ts";

/** How it stands with what is written; it stays in sight. */
export function SaveStatus({ state, onRetry }: { state: DraftState; onRetry: () => void }) {
  const { label, color } = STATUS_WORDS[state.status];
  return (
    <>
      <Group className={classes.status} justify="flex-end">
        <Paper radius="xl">
          <Badge role="status" aria-label={label} color={color} variant="light" size="lg" tt="none">
            {label}
          </Badge>
        </Paper>
      </Group>
      {state.status === "refused" && <ProblemAlert error={state.error} onRetry={onRetry} retryLabel="Save again" />}
    </>
  );
}
