import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import type { DryRun } from "../../../modules/imports/contract.ts";
import { keepFile } from "../../lib/download.ts";
import { formatCount, formatCountOf } from "../../lib/format.ts";
import { type Wish, wordsOf } from "../../lib/import-wish.ts";
import { Part } from "../../ui/Part.tsx";
import { RowErrors } from "../../ui/RowErrors.tsx";
import { Preview } from "./Preview.tsx";

type Props = { found: DryRun; onError: Wish["onError"] };

/** What an import of the file would do. */
export function DryRunFindings({ found, onError }: Props) {
  const { faults, errors, errors_total, rows, wrong, preview } = found;
  if (faults.length > 0) return <Faults found={found} />;
  if (rows === 0 && errors_total === 0) return <Text>There are no rows in this file. Nothing to import.</Text>;
  return (
    <Stack gap="md">
      {errors_total > 0 && (
        <Stack gap="sm">
          <Alert
            color={onError === "stop" ? "red" : "yellow"}
            role="alert"
            title={`${formatCountOf(errors_total, "mistake")} in ${formatCountOf(wrong, "row")}`}
          >
            {onError === "stop"
              ? "Nothing is taken in unless every row is right. Mend these rows and choose the file again, or leave them out."
              : "These rows would be left out."}
          </Alert>
          <RowErrors label="Wrong rows" errors={errors} total={errors_total} />
          <Group>
            <Button variant="default" size="xs" onClick={() => keepErrors(errors)}>
              Mistakes as CSV
            </Button>
          </Group>
        </Stack>
      )}
      <Text role="status">{inWords(found)}</Text>
      {preview.length > 0 && (
        <Part title="The first rows, as they would be">
          <Preview found={found} />
        </Part>
      )}
    </Stack>
  );
}

/** What is missing before any row can be looked at, where no field of the page shows it. */
function Faults({ found: { faults } }: { found: DryRun }) {
  return (
    <Alert color="yellow" role="alert" title="Before that, the columns must be right">
      <Stack component="ul" gap={2} m={0} pl="md">
        {faults.map(({ field, message }) => (
          <Text component="li" size="sm" key={field}>
            {wordsOf(field.split(".").at(-1) ?? field)}: {message}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

function inWords({ rows, is_whole, creates, updates, errors_total }: DryRun): string {
  const looked = is_whole ? formatCountOf(rows, "row") : `The first ${formatCountOf(rows, "row")}`;
  const parts = [
    ...(creates > 0 ? [`${formatCount(creates)} new`] : []),
    ...(updates > 0 ? [`${formatCount(updates)} that would be changed`] : []),
    ...(errors_total === 0 ? ["no mistakes found"] : []),
  ];
  return `${looked}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}.`;
}

/** The mistakes as a file for a spreadsheet, in which nothing is taken for a formula. */
async function keepErrors(errors: DryRun["errors"]): Promise<void> {
  const { stringify } = await import("csv-stringify/browser/esm/sync");
  const rows = errors.map(({ line, column, reason }) => [line, column, reason]);
  const csv = stringify([["line", "column", "reason"], ...rows], {
    escape_formulas: true,
    record_delimiter: "windows",
  });
  keepFile(new Blob([csv], { type: "text/csv" }), "mistakes.csv");
}
