import { Button, Group, Kbd, Text } from "@mantine/core";
import { useState } from "react";
import type { Label } from "../../../modules/labeling/contract.ts";
import { KEYED_LABELS_MAX } from "../../lib/label-keys.ts";

const SHOWN_AT_FIRST = 40;

/** The label set, with its keys where labelers can use them. */
export function ProjectLabels({ labels }: { labels: Label[] }) {
  const [shown, setShown] = useState(SHOWN_AT_FIRST);
  const hasKeys = labels.length <= KEYED_LABELS_MAX;
  return (
    <Group gap="xs">
      {labels.slice(0, shown).map((label) => (
        <Group
          key={label.name}
          gap={6}
          px="xs"
          py={2}
          wrap="nowrap"
          bd="1px solid var(--mantine-color-default-border)"
          bdrs="md"
        >
          {hasKeys && label.key && <Kbd size="xs">{label.key}</Kbd>}
          <Text size="sm" dir="auto" style={{ overflowWrap: "anywhere" }}>
            {label.name}
          </Text>
        </Group>
      ))}
      {labels.length > shown && (
        <Button variant="subtle" size="compact-sm" onClick={() => setShown(labels.length)}>
          Show all {labels.length}
        </Button>
      )}
    </Group>
  );
}
