import { Text } from "@mantine/core";

/** The project's instructions, out of the way until they are wanted. */
export function Instructions({ text }: { text: string }) {
  if (text.trim() === "") return null;
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: "pointer" }}>
        Instructions
      </Text>
      <Text mt="xs" dir="auto" maw={760} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {text}
      </Text>
    </details>
  );
}
