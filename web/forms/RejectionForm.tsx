import { Button, Group, Stack, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useState } from "react";

type Props = {
  /** Who reads it, such as `The labeler`. */
  reader: string;
  maxLength: number;
  isSending?: boolean;
  onSend: (reason: string) => void;
  onCancel: () => void;
};

/** Why something is rejected. Enter sends it, Shift and Enter begin a new line, Escape leaves. */
export function RejectionForm({ reader, maxLength, isSending = false, onSend, onCancel }: Props) {
  const [reason, setReason] = useState("");
  const [error, setError] = useState<string>();
  const send = () => {
    if (reason.trim() === "") setError(`Say why: ${reader.toLowerCase()} reads it.`);
    else if (!isSending) onSend(reason.trim());
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const answerKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.repeat) return;
    if (event.key === "Escape") onCancel();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={640}>
        <Textarea
          ref={focus}
          label="Reason"
          description={`${reader} reads it. Enter sends, Shift + Enter begins a new line, Esc leaves.`}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={maxLength}
          dir="auto"
          value={reason}
          error={error}
          onKeyDown={answerKey}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            setError(undefined);
          }}
        />
        <Group gap="sm">
          <Button type="submit" color="red.9" loading={isSending}>
            Reject
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function focus(node: HTMLTextAreaElement | null): void {
  node?.focus();
}
