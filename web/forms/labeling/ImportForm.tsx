import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { formatOf, type ImportSource, useImport } from "../../lib/import.ts";
import { type ProjectPlace, projectKey, projectsQuery } from "../../lib/queries.ts";
import { FileDrop } from "../../ui/FileDrop.tsx";
import { ImportChecked } from "./ImportChecked.tsx";
import { ImportDone } from "./ImportDone.tsx";

const ACCEPT = ".csv,.jsonl,.ndjson,.json,text/csv,application/x-ndjson";

/** Imports texts in three steps: choose a file, see what would come of it, import. */
export function ImportForm({ place }: { place: ProjectPlace }) {
  const queryClient = useQueryClient();
  const [source, setSource] = useState<ImportSource>();
  const check = useImport(place, true);
  const importing = useImport(place, false);

  const look = (next: ImportSource) => {
    setSource(next);
    importing.reset();
    check.mutate(next);
  };
  const choose = (file: File) => look({ file, format: formatOf(file.name), text_column: undefined });
  const leave = () => {
    check.cancel();
    importing.cancel();
    setSource(undefined);
  };
  const importAll = (chosen: ImportSource) =>
    importing.mutate(chosen, {
      onSettled: () => {
        queryClient.invalidateQueries({ queryKey: projectKey(place) });
        queryClient.invalidateQueries({ queryKey: projectsQuery(place.organization).queryKey });
      },
    });

  const drop = (label: string) => (
    <FileDrop label={label} hint="CSV with a header line, or JSON lines, in UTF-8" accept={ACCEPT} onChoose={choose} />
  );
  if (!source) return drop("Choose a file or drop it here");
  if (importing.data && importing.data.errors_total === 0)
    return <ImportDone fileName={source.file.name} result={importing.data} onLeave={leave} />;
  return (
    <ImportChecked
      source={source}
      check={check}
      importing={importing}
      onLook={look}
      onImport={() => importAll(source)}
      onLeave={leave}
      again={drop("Choose the mended file or drop it here")}
    />
  );
}
