import { Paper, Text } from "@mantine/core";

/** A figure with its name, and a word about it. */
export function Figure({ name, value, about }: { name: string; value: string; about?: string }) {
  return (
    <Paper withBorder p="sm" component="dl" m={0}>
      <Text size="sm" c="dimmed" component="dt">
        {name}
      </Text>
      <Text
        fz="xl"
        fw={600}
        component="dd"
        m={0}
        style={{ fontVariantNumeric: "tabular-nums", overflowWrap: "anywhere" }}
      >
        {value}
      </Text>
      {about && (
        <Text size="xs" c="dimmed" component="dd" m={0}>
          {about}
        </Text>
      )}
    </Paper>
  );
}
