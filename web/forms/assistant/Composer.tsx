import { Button, Group, Paper, Select, Stack, Text, Textarea } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { MESSAGE_LENGTH_MAX } from "../../../modules/assistant/contract.ts";

type Props = {
  label: string;
  models: { name: string; label: string }[];
  /** The model that answered before. */
  model?: string | null;
  isBusy: boolean;
  /** Resolves with whether it was taken; what was not stays in the field. */
  onSay: (content: string, model: string) => Promise<boolean>;
  onStop?: () => void;
};

/** Where somebody writes to a model. Enter sends, Shift and Enter begin a line. */
export function Composer({ label, models, model, isBusy, onSay, onStop }: Props) {
  const [content, setContent] = useState("");
  const [chosen, setChosen] = useState<string>();
  const asked = chosen ?? (models.some(({ name }) => name === model) ? model : undefined) ?? models[0]?.name;
  const send = async () => {
    const words = content.trim();
    if (isBusy || words === "" || !asked) return;
    if (await onSay(words, asked)) setContent((now) => (now.trim() === words ? "" : now));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <Paper
      withBorder
      p="sm"
      component="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap="xs">
        <Textarea
          aria-label={label}
          placeholder={`${label}…`}
          value={content}
          onChange={(event) => setContent(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          autosize
          minRows={2}
          maxRows={10}
          maxLength={MESSAGE_LENGTH_MAX}
          dir="auto"
          variant="unstyled"
          size="md"
          autoFocus
        />
        <Group justify="space-between" gap="sm">
          <Select
            aria-label="Model"
            size="xs"
            data={models.map(({ name, label: words }) => ({ value: name, label: words }))}
            value={asked ?? null}
            onChange={(value) => setChosen(value ?? undefined)}
            allowDeselect={false}
            w={200}
          />
          <Group gap="sm">
            <Text size="xs" c="dimmed" visibleFrom="sm">
              Enter sends, Shift+Enter begins a line
            </Text>
            {isBusy && onStop ? (
              <Button variant="default" onClick={onStop}>
                Stop
              </Button>
            ) : (
              <Button type="submit" loading={isBusy} disabled={content.trim() === ""}>
                Send
              </Button>
            )}
          </Group>
        </Group>
      </Stack>
    </Paper>
  );
}
