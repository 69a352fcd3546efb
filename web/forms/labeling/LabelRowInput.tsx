import { CloseButton, Group, TextInput } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { LABEL_LENGTH_MAX } from "../../../modules/labeling/contract.ts";
import type { LabelRow } from "../../lib/label-rows.ts";

type Props = {
  row: LabelRow;
  /** Its place in the list, from 1. */
  place: number;
  /** The key it has, chosen or assigned; undefined where labels have none. */
  shownKey: string | undefined;
  error: ReactNode;
  onChange: (id: string, part: Partial<LabelRow>) => void;
  onRemove: (id: string) => void;
};

/** One label. It is drawn anew only when it changes itself: there may be hundreds. */
export const LabelRowInput = memo(function LabelRowInput({ row, place, shownKey, error, onChange, onRemove }: Props) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <TextInput
        aria-label={`Label ${place}`}
        flex={1}
        dir="auto"
        maxLength={LABEL_LENGTH_MAX}
        value={row.name}
        error={error}
        onChange={(event) => onChange(row.id, { name: event.currentTarget.value })}
      />
      {shownKey !== undefined && (
        <TextInput
          aria-label={`Key of label ${place}`}
          w={56}
          styles={{ input: { textAlign: "center" } }}
          value={row.key ?? shownKey}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => onChange(row.id, { key: event.currentTarget.value.trim().slice(-1) })}
        />
      )}
      <CloseButton aria-label={`Remove label ${place}`} size="lg" onClick={() => onRemove(row.id)} />
    </Group>
  );
});
