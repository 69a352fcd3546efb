import { Button, Group, Stack } from "@mantine/core";
import { addressOf } from "../../../client/address.ts";
import { downloadFile, readExport, startExport } from "../../../modules/labeling/contract.ts";
import { call } from "../../lib/api.ts";
import { startTask, useMadeFile } from "../../lib/made-file.ts";
import type { ProjectPlace } from "../../lib/queries.ts";
import { MadeFileProgress } from "../../ui/MadeFileProgress.tsx";

const FORMATS = [
  ["jsonl", "JSON lines"],
  ["csv", "CSV"],
] as const;

/** Has the approved labels written into a file by a task, and hands it out. */
export function ProjectExport({ place }: { place: ProjectPlace }) {
  const { organization } = place;
  const file = useMadeFile(
    (format: "csv" | "jsonl") => startTask(startExport, { params: place, body: { format } }),
    (task, signal) => call(readExport, { params: { organization, run: task } }, { signal }),
  );
  return (
    <Stack gap="md">
      <Group gap="sm">
        {FORMATS.map(([format, name]) => (
          <Button
            key={format}
            variant="default"
            loading={file.isMaking && file.wish === format}
            disabled={file.isMaking}
            onClick={() => file.start(format)}
          >
            Export as {name}
          </Button>
        ))}
      </Group>
      <MadeFileProgress
        name="The export"
        {...file}
        addressOfFile={(id) => addressOf(downloadFile, { params: { organization, file: id } })}
        onAgain={() => file.start(file.wish ?? "jsonl")}
      />
    </Stack>
  );
}
