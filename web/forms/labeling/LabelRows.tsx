import { Button, Stack } from "@mantine/core";
import { type Dispatch, type ReactNode, type SetStateAction, useCallback } from "react";
import { assignKeys, KEYED_LABELS_MAX } from "../../lib/label-keys.ts";
import { emptyRow, type LabelRow, namedRows } from "../../lib/label-rows.ts";
import { LabelRowInput } from "./LabelRowInput.tsx";

type Props = {
  rows: LabelRow[];
  onChange: Dispatch<SetStateAction<LabelRow[]>>;
  errors: Record<string, ReactNode>;
};

/** Labels as rows: a name, a key while there are few enough, and a button that removes. */
export function LabelRows({ rows, onChange, errors }: Props) {
  const change = useCallback(
    (id: string, part: Partial<LabelRow>) =>
      onChange((before) => before.map((row) => (row.id === id ? { ...row, ...part } : row))),
    [onChange],
  );
  const remove = useCallback((id: string) => onChange((before) => before.filter((row) => row.id !== id)), [onChange]);
  const keys = keysOf(rows);
  const hasKeys = namedRows(rows).length <= KEYED_LABELS_MAX;
  const named = namedRows(rows);
  return (
    <Stack gap={6}>
      {rows.map((row, index) => (
        <LabelRowInput
          key={row.id}
          row={row}
          place={index + 1}
          shownKey={hasKeys ? (keys.get(row.id) ?? "") : undefined}
          error={errors[`labels.${named.indexOf(row)}.name`] ?? errors[`labels.${named.indexOf(row)}.key`]}
          onChange={change}
          onRemove={remove}
        />
      ))}
      <Button
        variant="default"
        size="xs"
        style={{ alignSelf: "flex-start" }}
        onClick={() => onChange([...rows, emptyRow()])}
      >
        Add a label
      </Button>
    </Stack>
  );
}

function keysOf(rows: LabelRow[]): Map<string, string | undefined> {
  const named = namedRows(rows);
  const keys = assignKeys(named.map((row) => row.key));
  return new Map(named.map((row, index) => [row.id, keys[index]]));
}
