import { Alert, Text } from "@mantine/core";
import type { ReactNode } from "react";

type Props = { title: string; children: ReactNode };

/** Something went well: says so, and what comes next, also to a screen reader. */
export function Told({ title, children }: Props) {
  return (
    <Alert color="teal" role="status" title={title}>
      <Text size="sm" component="div">
        {children}
      </Text>
    </Alert>
  );
}
