import { Select, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { type DryRun, dryRunImport, type Format, startImport, type Target } from "../../../modules/imports/contract.ts";
import { importsKey } from "../../lib/import-queries.ts";
import { headOf, queryOf, type Wish, wishOf, wordsOf } from "../../lib/import-wish.ts";
import { useUpload } from "../../lib/use-upload.ts";
import { FileDrop } from "../../ui/FileDrop.tsx";
import { ImportFile } from "./ImportFile.tsx";
import { ImportOutcome } from "./ImportOutcome.tsx";
import { ImportRules } from "./ImportRules.tsx";
import { MappingTable } from "./MappingTable.tsx";

const ACCEPT = ".csv,.tsv,.txt,.json,.jsonl,.ndjson,text/csv,application/json,application/x-ndjson";
const MEDIA_TYPES: Record<Format, string> = {
  csv: "text/csv",
  json: "application/json",
  ndjson: "application/x-ndjson",
};

type Props = { organization: string; targets: readonly Target[]; noun: string | undefined };

/** Makes rows of a file: choose what they become, choose the file, see what would come of it and set that right, import. */
export function ImportForm({ organization, targets, noun }: Props) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [wish, setWish] = useState<Wish>();
  // While a change is looked at, what was found before stays, so that the table keeps its place.
  const [found, setFound] = useState<DryRun>();
  const check = useUpload(dryRunImport, (one: Wish) => {
    const { file, is_head } = headOf(one);
    return { file, given: { params: { organization }, query: { ...queryOf(one), is_head } }, mediaType: typeOf(one) };
  });
  const importing = useUpload(startImport, (one: Wish) => ({
    given: { params: { organization }, query: queryOf(one) },
    mediaType: typeOf(one),
  }));
  const target = targets.find((one) => one.noun === noun);

  const look = (next: Wish) => {
    setWish(next);
    importing.reset();
    check.mutate(next, { onSuccess: setFound });
  };
  const begin = (chosen: Target, file: File) => {
    setFound(undefined);
    look(wishOf(chosen, file));
  };
  const chooseTarget = (name: string) => {
    const chosen = targets.find((one) => one.noun === name);
    navigate({ to: "/$organization/import/new", params: { organization }, search: { noun: name }, replace: true });
    if (wish && chosen) begin(chosen, wish.file);
  };
  const leave = () => {
    check.cancel();
    importing.cancel();
    setWish(undefined);
  };
  const importAll = (all: Wish) =>
    importing.mutate(all, {
      onSuccess: ({ id }) => {
        queryClient.invalidateQueries({ queryKey: importsKey(organization) });
        navigate({ to: "/$organization/import/$import", params: { organization, import: id } });
      },
    });
  return (
    <Stack gap="lg">
      <Select
        label="What the rows become"
        description={target?.about}
        placeholder="Choose one, or type to search"
        data={targets.map((one) => ({ value: one.noun, label: wordsOf(one.noun) })).sort(byLabel)}
        value={target?.noun ?? null}
        maw={480}
        searchable
        allowDeselect={false}
        nothingFoundMessage="Nothing of this name that you may write"
        onChange={(name) => name && chooseTarget(name)}
      />
      {target && !wish && (
        <FileDrop
          label="Choose a file or drop it here"
          hint="CSV with a header line, JSON or JSON lines; at most 2 GB and 5,000,000 rows"
          accept={ACCEPT}
          onChoose={(file) => begin(target, file)}
        />
      )}
      {target && wish && (
        <>
          <ImportFile wish={wish} isBusy={importing.isPending} onLook={look} onLeave={leave} />
          {found && (
            <>
              <MappingTable wish={wish} found={found} isBusy={importing.isPending} onLook={look} />
              <ImportRules wish={wish} found={found} isBusy={importing.isPending} onLook={look} onChange={setWish} />
            </>
          )}
          <ImportOutcome
            wish={wish}
            check={check}
            importing={importing}
            onLook={() => look(wish)}
            onImport={() => importAll(wish)}
          />
        </>
      )}
    </Stack>
  );
}

function typeOf({ format }: Wish): string {
  return MEDIA_TYPES[format];
}

function byLabel(a: { label: string }, b: { label: string }): number {
  return a.label.localeCompare(b.label);
}
