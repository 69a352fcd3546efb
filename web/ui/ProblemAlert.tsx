import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { toProblem } from "../lib/problem.ts";
import { AnchorLink } from "./links.tsx";

type Props = { error: unknown; onRetry?: (() => void) | undefined; retryLabel?: string; children?: ReactNode };

/** What went wrong, why, and what to do next. */
export function ProblemAlert({ error, onRetry, retryLabel = "Try again", children }: Props) {
  const { title, detail, errors = [], hint, request_id, code } = toProblem(error);
  const why = detail ?? errors.map(({ message }) => message).join(" ");
  return (
    <Alert color="red" role="alert" title={title}>
      <Stack gap="xs">
        <Text size="sm">{[why, hint].filter(Boolean).join(" ")}</Text>
        {children}
        {code === "second_factor_needed" && (
          <AnchorLink to="/account" size="sm">
            Second factors of your account
          </AnchorLink>
        )}
        <Group gap="sm">
          {onRetry && (
            <Button size="xs" variant="default" onClick={onRetry}>
              {retryLabel}
            </Button>
          )}
          {request_id && (
            <Text size="xs" c="dimmed">
              Request {request_id}
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  );
}
