import { Button, Group, Paper, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { ImportResult } from "../../../modules/labeling/contract.ts";
import { formatCountOf } from "../../lib/format.ts";
import type { ImportFormat, ImportSource, useImport } from "../../lib/import.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { UploadProgress } from "../../ui/UploadProgress.tsx";
import { ImportErrors } from "./ImportErrors.tsx";
import { ImportPreview } from "./ImportPreview.tsx";

type Import = ReturnType<typeof useImport>;

type Props = {
  source: ImportSource;
  check: Import;
  importing: Import;
  onLook: (source: ImportSource) => void;
  onImport: () => void;
  onLeave: () => void;
  /** Where the mended file is given. */
  again: ReactNode;
};

/** What a chosen file holds, before it is imported. */
export function ImportChecked({ source, check, importing, onLook, onImport, onLeave, again }: Props) {
  // Rows can turn bad between the look and the import: the server then stored none and names them.
  const result = importing.data ?? check.data;
  const busy = importing.isPending ? importing : check.isPending ? check : undefined;
  const isWrong = !busy && result !== undefined && result.errors_total > 0;
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {source.file.name}
          </Text>
          <SegmentedControl
            size="xs"
            aria-label="Format"
            data={[
              { value: "csv", label: "CSV" },
              { value: "jsonl", label: "JSON lines" },
            ]}
            value={source.format}
            disabled={busy !== undefined}
            onChange={(format) => onLook({ ...source, format: format as ImportFormat, text_column: undefined })}
          />
        </Group>
        {result && <Columns source={source} result={result} disabled={busy !== undefined} onLook={onLook} />}
        {busy && <UploadProgress sent={busy.sent} doing={busy === check ? "Checking" : "Importing"} />}
        {check.error && <ProblemAlert error={check.error} onRetry={() => onLook(source)} />}
        {importing.error && <ProblemAlert error={importing.error} onRetry={onImport} />}
        {result && !busy && <Findings result={result} />}
        {isWrong ? (
          again
        ) : (
          <Group gap="sm">
            {result && result.errors_total === 0 && result.rows > 0 && (
              <Button onClick={onImport} loading={importing.isPending} disabled={check.isPending}>
                Import {formatCountOf(result.rows, "text")}
              </Button>
            )}
            <Button variant="default" onClick={onLeave}>
              {busy ? "Cancel" : "Choose another file"}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}

function Columns({
  source,
  result,
  disabled,
  onLook,
}: Pick<Props, "source" | "onLook"> & { result: ImportResult; disabled: boolean }) {
  if (result.columns.length < 2) return null;
  return (
    <Select
      label="Column with the text"
      maw={320}
      data={[...new Set(result.columns)]}
      value={source.text_column ?? result.text_column}
      disabled={disabled}
      allowDeselect={false}
      placeholder="Choose one"
      onChange={(column) => column && onLook({ ...source, text_column: column })}
    />
  );
}

function Findings({ result }: { result: ImportResult }) {
  if (result.errors_total > 0) return <ImportErrors result={result} />;
  if (result.rows === 0) return <Text>There are no rows in this file. Nothing to import.</Text>;
  return <ImportPreview result={result} />;
}
