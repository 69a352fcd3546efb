import { Code, Text } from "@mantine/core";
import classes from "./Tasks.module.css";

type Props = { value: unknown; label: string; nothing: string };

/** A value as JSON that one can read; a long one scrolls by itself. */
export function Json({ value, label, nothing }: Props) {
  const isNothing = value === null || (typeof value === "object" && Object.keys(value as object).length === 0);
  if (isNothing)
    return (
      <Text size="sm" c="dimmed">
        {nothing}
      </Text>
    );
  return (
    <Code block tabIndex={0} role="region" aria-label={`${label} as JSON`} className={classes.code ?? ""}>
      {JSON.stringify(value, undefined, 2)}
    </Code>
  );
}
