import { Button, Group, Stack, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { COMMENT_LENGTH_MAX } from "../../../modules/labeling/comments-contract.ts";

type Props = {
  label: string;
  submitLabel: string;
  isSending: boolean;
  /** Whether it was opened to be written in at once. */
  takesFocus?: boolean;
  onSend: (content: string) => Promise<unknown>;
  onCancel?: () => void;
};

/** Something to say about a label. Ctrl (or ⌘) and Enter send it; what was not taken stays in the field. */
export function CommentForm({ label, submitLabel, isSending, takesFocus = false, onSend, onCancel }: Props) {
  const [content, setContent] = useState("");
  const send = () => {
    if (content.trim() === "" || isSending) return;
    onSend(content.trim()).then(
      () => setContent(""),
      () => undefined,
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const answerKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onCancel?.();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" maw={640}>
        <Textarea
          label={label}
          autosize
          minRows={1}
          maxRows={8}
          maxLength={COMMENT_LENGTH_MAX}
          dir="auto"
          autoFocus={takesFocus}
          value={content}
          onChange={(event) => setContent(event.currentTarget.value)}
          onKeyDown={answerKey}
        />
        {(content !== "" || onCancel) && (
          <Group gap="sm">
            <Button type="submit" size="xs" loading={isSending} disabled={content.trim() === ""}>
              {submitLabel}
            </Button>
            {onCancel && (
              <Button size="xs" variant="default" onClick={onCancel}>
                Cancel
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </form>
  );
}
