import { Button, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { downloadExport, type Export, PDF_CREDITS, startExport } from "../../../modules/studio/outlets-contract.ts";
import { call } from "../../lib/api.ts";
import { download } from "../../lib/download.ts";
import { formatBytes } from "../../lib/format.ts";
import { exportsQuery, type SessionPlace, sessionKey } from "../../lib/studio-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";

const SHOWN = 5;

/** The PDFs made of a session. */
export function Exports({ place, mayMake }: { place: SessionPlace; mayMake: boolean }) {
  const queryClient = useQueryClient();
  const exports = useQuery(exportsQuery(place));
  const starting = useMutation({
    mutationFn: () => call(startExport, { params: place }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionKey(place.session) }),
  });
  const button = (
    <Button size="xs" loading={starting.isPending} onClick={() => starting.mutate()}>
      Make a PDF
    </Button>
  );
  return (
    <Section
      title="PDF"
      description={`A PDF of what is saved costs ${PDF_CREDITS} credit, and is kept for a day.`}
      actions={mayMake && button}
    >
      {starting.error && <ProblemAlert error={starting.error} />}
      <Loaded query={exports}>
        {(items) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              None has been made yet.
            </Text>
          ) : (
            <Stack gap="sm">
              <Rows label="PDFs">
                {items.slice(0, SHOWN).map((made) => (
                  <ExportRow key={made.id} place={place} made={made} />
                ))}
              </Rows>
            </Stack>
          )
        }
      </Loaded>
    </Section>
  );
}

function ExportRow({ place, made }: { place: SessionPlace; made: Export }) {
  const downloading = useMutation({
    mutationFn: () =>
      download(downloadExport, { params: { ...place, export: made.id } }, made.file_name ?? "session.pdf"),
  });
  return (
    <>
      <Row title={made.file_name ?? stateOf(made)} about={<About made={made} />}>
        {made.is_kept && (
          <Button
            size="xs"
            variant="default"
            aria-label={`Download ${made.file_name}`}
            loading={downloading.isPending}
            onClick={() => downloading.mutate()}
          >
            Download
          </Button>
        )}
      </Row>
      {downloading.error && <ProblemAlert error={downloading.error} />}
    </>
  );
}

function stateOf({ status }: Export): string {
  if (status === "failed") return "It could not be made";
  return status === "queued" ? "It is in line" : "It is being made";
}

function About({ made: { status, error, bytes, created_at, requested_by, is_kept } }: { made: Export }) {
  return (
    <>
      {status === "failed" && `${error} Nothing was charged. `}
      {requested_by.name}, <Ago at={created_at} />
      {bytes !== null && ` · ${formatBytes(bytes)}`}
      {status === "completed" && !is_kept && " · not kept any more"}
    </>
  );
}
