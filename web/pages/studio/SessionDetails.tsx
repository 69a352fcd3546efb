import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Session } from "../../../modules/studio/contract.ts";
import { SessionForm } from "../../forms/studio/SessionForm.tsx";
import type { SessionPlace } from "../../lib/studio-queries.ts";
import { Section } from "../../ui/Section.tsx";

/** What a session is called, for whom it is, and its tags. */
export function SessionDetails({ place, session }: { place: SessionPlace; session: Session }) {
  const [isEditing, setEditing] = useState(false);
  const button = (
    <Button size="xs" variant="default" onClick={() => setEditing(!isEditing)}>
      {isEditing ? "Close" : "Change"}
    </Button>
  );
  return (
    <Section title="Session" actions={session.access !== "read" && button}>
      {isEditing ? (
        <SessionForm place={place} session={session} onDone={() => setEditing(false)} />
      ) : (
        <Stack gap="xs">
          <Text size="sm">{session.client_name ? `For ${session.client_name}` : "For no customer yet"}</Text>
          {session.is_template && <Text size="sm">A template: colleagues make sessions of it.</Text>}
          <Group gap={6}>
            {session.tags.length === 0 && (
              <Text size="sm" c="dimmed">
                No tags
              </Text>
            )}
            {session.tags.map(({ id, name }) => (
              <Badge key={id} variant="light" tt="none">
                {name}
              </Badge>
            ))}
          </Group>
        </Stack>
      )}
    </Section>
  );
}
