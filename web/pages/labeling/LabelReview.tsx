import { Button, Group, Kbd, Stack, Text } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useRef, useState } from "react";
import { type LabelToReview, REASON_LENGTH_MAX } from "../../../modules/labeling/contract.ts";
import { RejectionForm } from "../../forms/RejectionForm.tsx";
import { formatCountOf, formatMoment } from "../../lib/format.ts";
import { isHeldButton, isPlainKey, isTyping } from "../../lib/keyboard.ts";
import { WorkText } from "../../ui/WorkText.tsx";
import { LabelComments } from "./LabelComments.tsx";

type Props = {
  organization: string;
  label: LabelToReview;
  waiting: number;
  onApprove: () => void;
  onReject: (reason: string) => void;
};

/** One label to judge: A approves it, R asks for the reason of a rejection. */
export function LabelReview({ organization, label, waiting, onApprove, onReject }: Props) {
  const rejectButton = useRef<HTMLButtonElement>(null);
  const [rejecting, setRejecting] = useState<LabelToReview>();
  const isRejecting = rejecting?.id === label.id && rejecting.rework === label.rework;
  const endRejecting = () => {
    setRejecting(undefined);
    // Enter pressed once more must not approve what comes next.
    rejectButton.current?.focus();
  };
  useWindowEvent("keydown", (event) => {
    if (isHeldButton(event)) event.preventDefault();
    if (!isPlainKey(event) || isTyping(event)) return;
    const action = { a: onApprove, r: () => setRejecting(label) }[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
  return (
    <Stack gap="md">
      <WorkText text={label.text} />
      <Stack gap={2} aria-live="polite">
        <Text size="xl" fw={600} dir="auto" style={{ overflowWrap: "anywhere" }}>
          {label.label}
        </Text>
        <Text size="sm" c="dimmed">
          by {label.labeler}, {formatMoment(label.submitted_at)}
          {label.rework > 0 && `, sent back ${formatCountOf(label.rework, "time")} before`}
        </Text>
      </Stack>
      <Group gap="sm">
        <Button color="teal.9" onClick={onApprove} aria-keyshortcuts="a" rightSection={<Kbd size="xs">A</Kbd>}>
          Approve
        </Button>
        <Button
          ref={rejectButton}
          variant="default"
          onClick={() => setRejecting(label)}
          aria-keyshortcuts="r"
          aria-expanded={isRejecting}
          rightSection={<Kbd size="xs">R</Kbd>}
        >
          Reject
        </Button>
        <Text size="sm" c="dimmed">
          {waiting} here to review
        </Text>
      </Group>
      {isRejecting && (
        <RejectionForm
          reader="The labeler"
          maxLength={REASON_LENGTH_MAX}
          onCancel={endRejecting}
          onSend={(reason) => {
            endRejecting();
            onReject(reason);
          }}
        />
      )}
      <LabelComments key={label.id} organization={organization} label={label.id} />
    </Stack>
  );
}
