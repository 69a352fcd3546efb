import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { restoreVersion, type Version } from "../../../modules/studio/documents-contract.ts";
import type { Structuring } from "../../../modules/studio/structuring-contract.ts";
import { VersionForm } from "../../forms/studio/VersionForm.tsx";
import { call } from "../../lib/api.ts";
import { differences, keyOf } from "../../lib/structuring.ts";
import { type SessionPlace, sessionKey, versionQuery, versionsQuery } from "../../lib/studio-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import classes from "./Studio.module.css";
import { FIELD_WORDS } from "./words.ts";

const SHOWN_AT_FIRST = 5;

type Props = { place: SessionPlace; mayWrite: boolean; now: Structuring | undefined };

/** What the section said before: one looks what has changed since, and takes it back. */
export function History({ place, mayWrite, now }: Props) {
  const versions = useQuery(versionsQuery(place));
  const [opened, setOpened] = useState<Version>();
  const [isWhole, setWhole] = useState(false);
  return (
    <Section title="History">
      <Loaded query={versions}>
        {(items) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Versions are kept by themselves: when somebody else writes, and every ten minutes.
            </Text>
          ) : (
            <Stack gap="sm" align="flex-start">
              <Rows label="Versions">
                {items.slice(0, isWhole ? items.length : SHOWN_AT_FIRST).map((version) => (
                  <Row key={version.number} title={titleOf(version)} about={<AboutVersion version={version} />}>
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Look at ${titleOf(version)}`}
                      onClick={() => setOpened(version)}
                    >
                      Look
                    </Button>
                  </Row>
                ))}
              </Rows>
              {!isWhole && items.length > SHOWN_AT_FIRST && (
                <Button size="xs" variant="default" onClick={() => setWhole(true)}>
                  {`All ${items.length}`}
                </Button>
              )}
            </Stack>
          )
        }
      </Loaded>
      {mayWrite && <VersionForm place={place} />}
      <Modal
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        size="lg"
        title={opened && titleOf(opened)}
      >
        {opened && now && (
          <VersionView
            place={place}
            version={opened}
            now={now}
            mayWrite={mayWrite}
            onDone={() => setOpened(undefined)}
          />
        )}
      </Modal>
    </Section>
  );
}

function titleOf({ number, name }: Version): string {
  return name ?? `Version ${number}`;
}

function AboutVersion({ version: { saved_by, saved_at } }: { version: Version }) {
  return (
    <>
      {saved_by && `${saved_by.name}, `}
      <Ago at={saved_at} />
    </>
  );
}

type ViewProps = { place: SessionPlace; version: Version; now: Structuring; mayWrite: boolean; onDone: () => void };

function VersionView({ place, version, now, mayWrite, onDone }: ViewProps) {
  const queryClient = useQueryClient();
  const content = useQuery(versionQuery(place, version.number));
  const restoring = useMutation({
    mutationFn: () => call(restoreVersion, { params: { ...place, version: version.number } }),
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionKey(place.session) }),
  });
  return (
    <Stack gap="md">
      <Loaded query={content}>{(then) => <Changes then={then} now={now} />}</Loaded>
      {restoring.error && <ProblemAlert error={restoring.error} />}
      {mayWrite && (
        <Group gap="sm">
          <Button loading={restoring.isPending} onClick={() => restoring.mutate()}>
            Restore this version
          </Button>
          <Text size="sm" c="dimmed">
            What is there now is kept as a version.
          </Text>
        </Group>
      )}
    </Stack>
  );
}

function Changes({ then, now }: { then: Structuring; now: Structuring }) {
  const changes = differences(then, now);
  if (changes.length === 0) return <Text size="sm">It says the same as now.</Text>;
  return (
    <Stack component="ul" aria-label="What has changed since" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
      {changes.map(({ spot, from, to }) => (
        <li key={keyOf(spot)}>
          <Text size="sm" fw={600}>
            {FIELD_WORDS[spot.field]}
          </Text>
          <Text size="sm" dir="auto" className={classes.text}>
            {from === "" ? "Was not there" : `Then: ${from}`}
          </Text>
          <Text size="sm" c="dimmed" dir="auto" className={classes.text}>
            {to === "" ? "Now it is gone" : `Now: ${to}`}
          </Text>
        </li>
      ))}
    </Stack>
  );
}
