import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type SubmissionResult, submitPredictions } from "../../../modules/evaluation/contract.ts";
import { type BenchmarkPlace, benchmarkKey, useRowUpload } from "../../lib/evaluation.ts";
import { formatCountOf } from "../../lib/format.ts";
import { FileDrop } from "../../ui/FileDrop.tsx";
import { Told } from "../../ui/Told.tsx";
import { RowsChecked } from "./RowsChecked.tsx";

export const ACCEPT = ".csv,.jsonl,.ndjson,.json,text/csv,application/x-ndjson";

/** Hands predictions in, in three steps: choose a file, see whether it is right, hand it in. */
export function SubmissionForm({ place }: { place: BenchmarkPlace }) {
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File>();
  const [name, setName] = useState("");
  const check = useRowUpload(submitPredictions, (format) => ({
    params: place,
    query: { format, name: "", dry_run: true },
  }));
  const sending = useRowUpload(submitPredictions, (format, { name: fileName }) => ({
    params: place,
    query: { format, name: name.trim() || fileName.slice(0, 200), dry_run: false },
  }));
  const choose = (chosen: File) => {
    setFile(chosen);
    sending.reset();
    check.mutate(chosen);
  };
  const leave = () => {
    check.cancel();
    sending.cancel();
    setFile(undefined);
    setName("");
  };
  const send = (chosen: File) =>
    sending.mutate(chosen, { onSettled: () => queryClient.invalidateQueries({ queryKey: benchmarkKey(place) }) });

  if (sending.data?.submission)
    return (
      <Stack gap="sm" align="flex-start">
        <Told title="Handed in">Its scores appear below as soon as they are there.</Told>
        <Button variant="default" size="xs" onClick={leave}>
          Hand in another file
        </Button>
      </Stack>
    );
  const drop = (label: string) => (
    <FileDrop
      label={label}
      hint="CSV or JSON lines with the columns id or position, and label"
      accept={ACCEPT}
      onChoose={choose}
    />
  );
  if (!file) return drop("Choose a file or drop it here");
  const result = sending.data ?? check.data;
  return (
    <RowsChecked
      file={file}
      upload={sending.isIdle ? check : sending}
      result={result}
      done="handed in"
      onRetry={() => (sending.isIdle ? choose(file) : send(file))}
      onLeave={leave}
      again={drop("Choose the mended file or drop it here")}
    >
      {result && <Found result={result} />}
      <TextInput
        label="What you call it"
        placeholder={file.name}
        maxLength={200}
        dir="auto"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Group>
        <Button onClick={() => send(file)} loading={sending.isPending}>
          Hand in
        </Button>
      </Group>
    </RowsChecked>
  );
}

function Found({ result: { predicted, missing } }: { result: SubmissionResult }) {
  return (
    <Text>
      {formatCountOf(predicted, "prediction")}, no mistakes found.
      {missing > 0 && ` ${formatCountOf(missing, "item")} without one will count as wrong.`}
    </Text>
  );
}
