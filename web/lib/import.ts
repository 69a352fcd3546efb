import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { importTexts } from "../../modules/labeling/contract.ts";
import type { ProjectPlace } from "./queries.ts";
import { upload } from "./upload.ts";

export type ImportFormat = "csv" | "jsonl";
export type ImportSource = { file: File; format: ImportFormat; text_column: string | undefined };

const MEDIA_TYPES: Record<ImportFormat, string> = { csv: "text/csv", jsonl: "application/x-ndjson" };

/** Sends a file to be imported or, as a dry run, only looked at; `sent` is the share that has left, 0 to 1. */
export function useImport(place: ProjectPlace, dry_run: boolean) {
  const [sent, setSent] = useState(0);
  const controller = useRef(new AbortController());
  const mutation = useMutation({
    mutationFn: ({ file, format, text_column }: ImportSource) => {
      controller.current.abort();
      controller.current = new AbortController();
      setSent(0);
      // The page shows the rows that are wrong, so it waits for the answer, however long the file is.
      const given = { params: place, query: { format, text_column, dry_run, background: false } };
      return upload(importTexts, given, {
        file,
        mediaType: MEDIA_TYPES[format],
        signal: controller.current.signal,
        onProgress: setSent,
      });
    },
  });
  const cancel = () => {
    mutation.reset();
    controller.current.abort();
  };
  return { ...mutation, sent, cancel };
}

/** The format that a file's name tells; CSV where it tells none. */
export function formatOf(fileName: string): ImportFormat {
  return /\.(jsonl|ndjson|json)$/i.test(fileName) ? "jsonl" : "csv";
}
