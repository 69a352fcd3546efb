import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import type { Assignment } from "../../../modules/labeling/contract.ts";
import { useLease } from "../../lib/lease.ts";
import { WorkText } from "../../ui/WorkText.tsx";

type Props = { organization: string; assignment: Assignment; onLost: () => void };

/** The text to label, with what a reviewer said of the label before. It is held while it is shown. */
export function AssignedText({ organization, assignment, onLost }: Props) {
  const isLost = useLease(organization, assignment);
  return (
    <Stack gap="sm">
      {isLost && (
        <Alert color="yellow" role="alert" title="This text is no longer yours">
          <Group gap="sm">
            <Text size="sm">It was held too long and may be with somebody else.</Text>
            <Button size="xs" variant="default" onClick={onLost}>
              Get the next one
            </Button>
          </Group>
        </Alert>
      )}
      {assignment.rejection && (
        <Alert color="orange" title={`Sent back: you labeled it “${assignment.rejection.label}”`}>
          <Text size="sm" dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {assignment.rejection.reason}
          </Text>
        </Alert>
      )}
      <WorkText text={assignment.text} />
    </Stack>
  );
}
