import { Group, Input, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { type Dispatch, type ReactNode, type SetStateAction, useState } from "react";
import { LABELS_MAX } from "../../../modules/labeling/contract.ts";
import { formatCount } from "../../lib/format.ts";
import { KEYED_LABELS_MAX } from "../../lib/label-keys.ts";
import { type LabelRow, namedRows, repeated, rowsFromText, textFromRows } from "../../lib/label-rows.ts";
import { LabelRows } from "./LabelRows.tsx";

type Props = {
  rows: LabelRow[];
  onChange: Dispatch<SetStateAction<LabelRow[]>>;
  /** What the server said of `labels` and the fields below it. */
  errors: Record<string, ReactNode>;
};

/** The label set, as lines of text to paste or as rows with a key each. */
export function LabelSetField({ rows, onChange, errors }: Props) {
  const [text, setText] = useState<string | undefined>("");
  const named = namedRows(rows);
  const showAs = (mode: string) => setText(mode === "lines" ? textFromRows(rows) : undefined);
  const changeText = (value: string) => {
    setText(value);
    onChange((before) => rowsFromText(value, before));
  };
  return (
    <Input.Wrapper
      label="Labels"
      labelElement="div"
      error={complaint(named, errors, text === undefined)}
      errorProps={{ role: "alert", mt: "xs" }}
    >
      <Stack gap="xs" mt={4}>
        <Group justify="space-between">
          <SegmentedControl
            size="xs"
            aria-label="Edit labels as"
            data={[
              { value: "lines", label: "Lines" },
              { value: "rows", label: "Rows and keys" },
            ]}
            value={text === undefined ? "rows" : "lines"}
            onChange={showAs}
          />
          <Text size="sm" c={named.length > LABELS_MAX ? "var(--mantine-color-error)" : "dimmed"}>
            {formatCount(named.length)} of at most {LABELS_MAX}
          </Text>
        </Group>
        {text === undefined ? (
          <LabelRows rows={rows} onChange={onChange} errors={errors} />
        ) : (
          <Textarea
            aria-label="Labels, one per line"
            placeholder={"One label per line:\nquestion\ncomplaint\npraise"}
            rows={10}
            dir="auto"
            value={text}
            onChange={(event) => changeText(event.currentTarget.value)}
          />
        )}
        <Text size="sm" c="dimmed">
          {keyAdvice(named.length)}
        </Text>
      </Stack>
    </Input.Wrapper>
  );
}

function keyAdvice(count: number): string {
  return count > KEYED_LABELS_MAX
    ? `With more than ${KEYED_LABELS_MAX} labels there are no keys for all: labelers type a part of the name and press Enter.`
    : "Each label gets a key, 1 to 9 and then letters, by which labelers give it. Choose other keys under “Rows and keys”.";
}

/** The first thing that is wrong with the set as a whole or, where rows are not to be seen, with one of them. */
function complaint(named: LabelRow[], errors: Props["errors"], areRowsShown: boolean): ReactNode {
  const [name] = repeated(named.map((row) => row.name.trim()));
  if (name !== undefined) return `“${name}” is there more than once. Remove one of them.`;
  const [key] = repeated(named.flatMap((row) => row.key || []));
  if (key !== undefined) return `The key “${key}” is there more than once. Choose another for one of them.`;
  const field = Object.keys(errors).find((path) => path === "labels" || path.startsWith("labels."));
  if (field === undefined || named.length === 0 || areRowsShown) return errors.labels;
  const index = Number(field.split(".")[1]);
  return Number.isNaN(index) ? (
    errors[field]
  ) : (
    <>
      Label {index + 1} (“{named[index]?.name}”): {errors[field]}
    </>
  );
}
