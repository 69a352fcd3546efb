import { Badge } from "@mantine/core";

const COLOURS: Record<string, string> = { GET: "blue", POST: "teal", PUT: "orange", PATCH: "orange", DELETE: "red" };

/** The method of an operation; the colour only repeats what the word says. */
export function Method({ name }: { name: string }) {
  return (
    <Badge
      color={COLOURS[name] ?? "gray"}
      variant="outline"
      size="xs"
      radius="sm"
      style={{ flex: "none" }}
      c="var(--mantine-color-text)"
    >
      {name}
    </Badge>
  );
}
