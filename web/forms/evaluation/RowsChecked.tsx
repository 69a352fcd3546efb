import { Button, Group, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { RowsRead } from "../../../modules/datasets/contract.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { UploadProgress } from "../../ui/UploadProgress.tsx";
import { ImportErrors } from "../labeling/ImportErrors.tsx";

type Props = {
  file: File;
  /** The upload that is under way, or the last one. */
  upload: { sent: number; isPending: boolean; error: Error | null };
  result: RowsRead | undefined;
  /** What is not done while a row is wrong. */
  done: string;
  onRetry: () => void;
  onLeave: () => void;
  /** Where the mended file is given. */
  again: ReactNode;
  /** What is said, and can be done, where no row is wrong. */
  children: ReactNode;
};

/** A file of rows that was chosen: what is wrong with it, or what comes next. */
export function RowsChecked({ file, upload, result, done, onRetry, onLeave, again, children }: Props) {
  const isWrong = !upload.isPending && result !== undefined && result.errors_total > 0;
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {file.name}
        </Text>
        {upload.isPending && <UploadProgress sent={upload.sent} doing="Checking" />}
        {upload.error && <ProblemAlert error={upload.error} onRetry={onRetry} />}
        {isWrong && <ImportErrors result={result} done={done} />}
        {!upload.isPending && result?.errors_total === 0 && children}
        {isWrong ? (
          again
        ) : (
          <Group gap="sm">
            <Button variant="default" size="xs" onClick={onLeave}>
              {upload.isPending ? "Cancel" : "Choose another file"}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  );
}
