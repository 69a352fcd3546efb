import { Alert, Stack } from "@mantine/core";
import type { ImportResult } from "../../../modules/labeling/contract.ts";
import { formatCountOf } from "../../lib/format.ts";
import { RowErrors } from "../../ui/RowErrors.tsx";

type Props = {
  result: Pick<ImportResult, "errors" | "errors_total" | "rows">;
  /** What was not done because of them. */
  done?: string;
};

/** The rows that keep a file from being imported, with where they begin and what is wrong with them. */
export function ImportErrors({ result: { errors, errors_total, rows }, done = "imported" }: Props) {
  return (
    <Stack gap="sm">
      <Alert
        color="red"
        role="alert"
        title={`${formatCountOf(errors_total, "mistake")} in ${formatCountOf(rows, "row")}`}
      >
        Nothing was {done}: a file goes in whole or not at all. Mend these rows, then choose the file again.
      </Alert>
      <RowErrors label="Bad rows" errors={errors} total={errors_total} />
    </Stack>
  );
}
