import { Alert, Button, Stack, Text } from "@mantine/core";
import type { ImportResult } from "../../../modules/labeling/contract.ts";
import { formatCountOf } from "../../lib/format.ts";

type Props = { fileName: string; result: ImportResult; onLeave: () => void };

export function ImportDone({ fileName, result, onLeave }: Props) {
  return (
    <Alert color="teal" role="status" title={`Imported ${formatCountOf(result.imported, "text")}`}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">All rows of {fileName} are stored and wait for labelers.</Text>
        <Button size="xs" variant="default" onClick={onLeave}>
          Import another file
        </Button>
      </Stack>
    </Alert>
  );
}
