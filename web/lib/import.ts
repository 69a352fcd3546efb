import { importTexts } from "../../modules/labeling/contract.ts";
import type { ProjectPlace } from "./queries.ts";
import { useUpload } from "./use-upload.ts";

export type ImportFormat = "csv" | "jsonl";
export type ImportSource = { file: File; format: ImportFormat; text_column: string | undefined };

const MEDIA_TYPES: Record<ImportFormat, string> = { csv: "text/csv", jsonl: "application/x-ndjson" };

/** Sends a file to be imported or, as a dry run, only looked at. */
export function useImport(place: ProjectPlace, dry_run: boolean) {
  return useUpload(importTexts, ({ format, text_column }: ImportSource) => ({
    // The page shows the rows that are wrong, so it waits for the answer, however long the file is.
    given: { params: place, query: { format, text_column, dry_run, background: false } },
    mediaType: MEDIA_TYPES[format],
  }));
}

/** The format that a file's name tells; CSV where it tells none. */
export function formatOf(fileName: string): ImportFormat {
  return /\.(jsonl|ndjson|json)$/i.test(fileName) ? "jsonl" : "csv";
}
