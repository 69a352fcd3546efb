import { Button, Group } from "@mantine/core";
import type { DryRun, dryRunImport, startImport } from "../../../modules/imports/contract.ts";
import { formatCountOf } from "../../lib/format.ts";
import type { Wish } from "../../lib/import-wish.ts";
import type { useUpload } from "../../lib/use-upload.ts";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";
import { UploadProgress } from "../../ui/UploadProgress.tsx";
import { DryRunFindings } from "./DryRunFindings.tsx";

type Props = {
  wish: Wish;
  check: ReturnType<typeof useUpload<typeof dryRunImport, Wish>>;
  importing: ReturnType<typeof useUpload<typeof startImport, Wish>>;
  onLook: () => void;
  onImport: () => void;
};

/** What would come of the file, and the button that has it come. */
export function ImportOutcome({ wish, check, importing, onLook, onImport }: Props) {
  const found = check.data;
  const busy = importing.isPending ? importing : check.isPending ? check : undefined;
  return (
    <Section title="What would happen">
      {busy && <UploadProgress sent={busy.sent} doing={busy === check ? "Checking" : "Keeping"} />}
      {check.error && <ProblemAlert error={check.error} onRetry={onLook} />}
      {importing.error && <ProblemAlert error={importing.error} onRetry={onImport} />}
      {found && !busy && <DryRunFindings found={found} onError={wish.onError} />}
      {found && isImportable(found, wish) && (
        <Group>
          <Button onClick={onImport} loading={importing.isPending}>
            {found.is_whole ? `Import ${formatCountOf(rowsOf(found), "row")}` : "Import all rows"}
          </Button>
        </Group>
      )}
    </Section>
  );
}

function isImportable(found: DryRun, { onError }: Wish): boolean {
  return found.faults.length === 0 && rowsOf(found) > 0 && (found.errors_total === 0 || onError === "skip");
}

function rowsOf({ creates, updates }: DryRun): number {
  return creates + updates;
}
