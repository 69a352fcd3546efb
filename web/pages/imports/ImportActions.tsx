import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelImport, downloadErrors, undoImport } from "../../../modules/imports/contract.ts";
import { call } from "../../lib/api.ts";
import { download } from "../../lib/download.ts";
import { type ImportInList, importsKey, isOver, undoable } from "../../lib/import-queries.ts";
import { wordsOf } from "../../lib/import-wish.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

type Props = { organization: Organization; load: ImportInList };

/** What can be done with an import as it is, by whoever may. */
export function ImportActions({ organization, load }: Props) {
  const queryClient = useQueryClient();
  const params = { organization: organization.slug, import: load.id };
  const onSettled = () => queryClient.invalidateQueries({ queryKey: importsKey(organization.slug) });
  const cancelling = useMutation({
    mutationFn: (undo: boolean) => call(cancelImport, { params, body: { undo } }),
    onSettled,
  });
  const undoing = useMutation({ mutationFn: () => call(undoImport, { params }), onSettled });
  const fetching = useMutation({
    mutationFn: (part: "import" | "undo") =>
      download(downloadErrors, { params, query: { part, format: "csv" } }, NAMES[part]),
  });
  const of = `import into ${wordsOf(load.noun)}`;
  const mayCancel = may(organization, cancelImport) && !isOver(load) && load.state !== "undoing";
  const mayUndo = may(organization, undoImport) && isOver(load) && undoable(load) > 0 && load.state !== "undone";
  const error = cancelling.error ?? undoing.error ?? fetching.error;
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {mayCancel && (
          <>
            <ConfirmButton
              label="Cancel"
              of={of}
              question="Stop it here?"
              isPending={cancelling.isPending}
              onConfirm={() => cancelling.mutate(false)}
            />
            <ConfirmButton
              label="Cancel and undo"
              of={of}
              question="Stop it, and take its rows back?"
              isPending={cancelling.isPending}
              onConfirm={() => cancelling.mutate(true)}
            />
          </>
        )}
        {mayUndo && (
          <ConfirmButton
            label="Undo"
            of={of}
            question="Delete the rows it made, and restore the others?"
            isPending={undoing.isPending}
            onConfirm={() => undoing.mutate()}
          />
        )}
        {load.errors_total > 0 && (
          <Button
            variant="default"
            size="xs"
            aria-label={`Errors as CSV: ${of}`}
            loading={fetching.isPending}
            onClick={() => fetching.mutate("import")}
          >
            Errors as CSV
          </Button>
        )}
        {load.rows.kept > 0 && (
          <Button
            variant="default"
            size="xs"
            aria-label={`What was kept as CSV: ${of}`}
            loading={fetching.isPending}
            onClick={() => fetching.mutate("undo")}
          >
            What was kept as CSV
          </Button>
        )}
      </Group>
      {error && <ProblemAlert error={error} />}
    </Stack>
  );
}

const NAMES = { import: "errors.csv", undo: "kept.csv" };
