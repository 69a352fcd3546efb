import { Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  title: ReactNode;
  about: ReactNode;
  hint?: string | undefined;
  /** What can be done with it. */
  children?: ReactNode;
  /** Details below, as wide as the list. */
  below?: ReactNode;
};

/** One of a list of small things: what it is, more about it, and what can be done with it. */
export function Row({ title, about, hint, children, below }: Props) {
  return (
    <Group component="li" justify="space-between" gap="sm">
      <Stack gap={0} miw={0} flex="1 1 220px">
        <Text fw={600} dir="auto" title={hint} style={{ overflowWrap: "anywhere" }}>
          {title}
        </Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {about}
        </Text>
      </Stack>
      {children && <Group gap="xs">{children}</Group>}
      {below && (
        <Stack gap="xs" w="100%">
          {below}
        </Stack>
      )}
    </Group>
  );
}

/** A list of rows. */
export function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack component="ul" aria-label={label} gap="md" p={0} m={0} style={{ listStyle: "none" }}>
      {children}
    </Stack>
  );
}
