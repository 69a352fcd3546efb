import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { uploadGold } from "../../../modules/datasets/contract.ts";
import { useRowUpload } from "../../lib/evaluation.ts";
import { formatCountOf } from "../../lib/format.ts";
import { FileDrop } from "../../ui/FileDrop.tsx";
import { RowsChecked } from "./RowsChecked.tsx";
import { ACCEPT } from "./SubmissionForm.tsx";

const NAME_LENGTH_MAX = 200;

/** `onUpload` is told of the version of a dataset that was made; of none where another file is to be chosen. */
type Props = { organization: string; onUpload: (version: string) => void };

/** Uploads the items of a benchmark with their gold answers: choose a file, see whether it is right, upload it. */
export function GoldField({ organization, onUpload }: Props) {
  const [file, setFile] = useState<File>();
  const given =
    (dry_run: boolean) =>
    (format: "csv" | "jsonl", { name }: File) => ({
      params: { organization },
      query: { name: name.slice(0, NAME_LENGTH_MAX), format, dry_run },
    });
  const check = useRowUpload(uploadGold, given(true));
  const sending = useRowUpload(uploadGold, given(false));
  const choose = (chosen: File) => {
    setFile(chosen);
    sending.reset();
    check.mutate(chosen);
  };
  const leave = () => {
    check.cancel();
    sending.cancel();
    setFile(undefined);
    onUpload("");
  };
  const send = (chosen: File) =>
    sending.mutate(chosen, {
      onSuccess: ({ dataset }) => dataset && onUpload(dataset.version_id),
    });
  const drop = (label: string) => (
    <FileDrop
      label={label}
      hint="CSV or JSON lines with the columns input and answer"
      accept={ACCEPT}
      onChoose={choose}
    />
  );
  if (!file) return drop("Choose a file of items or drop it here");
  const result = sending.data ?? check.data;
  const uploaded = sending.data?.dataset;
  return (
    <RowsChecked
      file={file}
      upload={sending.isIdle ? check : sending}
      result={result}
      done="uploaded"
      onRetry={() => (sending.isIdle ? choose(file) : send(file))}
      onLeave={leave}
      again={drop("Choose the mended file of items or drop it here")}
    >
      {uploaded ? (
        <Text role="status">{formatCountOf(uploaded.items, "item")} uploaded. Nobody sees their answers.</Text>
      ) : (
        result && (
          <Stack gap="sm" align="flex-start">
            <Text>
              {formatCountOf(result.rows, "item")} with {formatCountOf(result.labels, "different answer")}, no mistakes
              found.
            </Text>
            <Group>
              <Button size="xs" onClick={() => send(file)} loading={sending.isPending}>
                Upload {formatCountOf(result.rows, "item")}
              </Button>
            </Group>
          </Stack>
        )
      )}
    </RowsChecked>
  );
}
