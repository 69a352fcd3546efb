import { Button, Group, NativeSelect, Paper, SegmentedControl, Text } from "@mantine/core";
import type { Format } from "../../../modules/imports/contract.ts";
import { formatBytes } from "../../lib/format.ts";
import type { Wish } from "../../lib/import-wish.ts";

const FORMATS = [
  { value: "csv", label: "CSV" },
  { value: "json", label: "JSON" },
  { value: "ndjson", label: "JSON lines" },
];
const DELIMITERS = [
  { value: "", label: "As the header tells" },
  { value: ",", label: "Comma" },
  { value: ";", label: "Semicolon" },
  { value: "\t", label: "Tab" },
  { value: "|", label: "Bar" },
];

type Props = { wish: Wish; isBusy: boolean; onLook: (wish: Wish) => void; onLeave: () => void };

/** The file that was chosen, and how it is read. */
export function ImportFile({ wish, isBusy, onLook, onLeave }: Props) {
  const { file, format, delimiter } = wish;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" gap="md" align="flex-end">
        <Text fw={600} flex="1 1 200px" dir="auto" style={{ overflowWrap: "anywhere" }}>
          {file.name}{" "}
          <Text span size="sm" c="dimmed">
            {formatBytes(file.size)}
          </Text>
        </Text>
        {format === "csv" && (
          <NativeSelect
            label="Between the values"
            size="xs"
            data={DELIMITERS}
            value={delimiter ?? ""}
            disabled={isBusy}
            onChange={({ currentTarget: { value } }) =>
              onLook({ ...wish, delimiter: value || undefined, mapping: undefined })
            }
          />
        )}
        <SegmentedControl
          size="xs"
          aria-label="Format"
          data={FORMATS}
          value={format}
          disabled={isBusy}
          onChange={(chosen) => onLook({ ...wish, format: chosen as Format, mapping: undefined })}
        />
        <Button variant="default" size="xs" onClick={onLeave}>
          {isBusy ? "Stop sending" : "Choose another file"}
        </Button>
      </Group>
    </Paper>
  );
}
