import { Group, Kbd, Text } from "@mantine/core";

/** What keys do on a page, for whoever has a keyboard. */
export function Keys({ keys }: { keys: [key: string, does: string][] }) {
  return (
    <Group gap="md" visibleFrom="sm">
      {keys.map(([key, does]) => (
        <Group key={key} gap={6}>
          <Kbd size="xs">{key}</Kbd>
          <Text size="sm" c="dimmed">
            {does}
          </Text>
        </Group>
      ))}
    </Group>
  );
}
