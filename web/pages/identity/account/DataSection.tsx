import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { exportPerson } from "../../../../modules/audit/contract.ts";
import { DeleteAccountForm } from "../../../forms/identity/DeleteAccountForm.tsx";
import { useAccountChange } from "../../../lib/account.ts";
import { download } from "../../../lib/download.ts";
import { ProblemAlert } from "../../../ui/ProblemAlert.tsx";
import { Section } from "../../../ui/Section.tsx";

const FILE_NAME = "my-data.json";

type Props = { email: string; onDeleted: () => void };

/** Taking one's data along, and leaving. */
export function DataSection({ email, onDeleted }: Props) {
  const [isDeleting, setDeleting] = useState(false);
  const exporting = useAccountChange(() => download(exportPerson, {}, FILE_NAME));
  return (
    <Section title="Your data">
      {exporting.error && <ProblemAlert error={exporting.error} />}
      <Group gap="sm">
        <Button variant="default" onClick={() => exporting.mutate(undefined)} loading={exporting.isPending}>
          Download my data
        </Button>
        <Button variant="default" aria-expanded={isDeleting} onClick={() => setDeleting(!isDeleting)}>
          {isDeleting ? "Keep my account" : "Delete my account"}
        </Button>
      </Group>
      {isDeleting && (
        <Stack gap="sm">
          <Text>
            You leave all your organizations and are signed out everywhere. A mail can bring the account back for 30
            days; after that it is gone.
          </Text>
          <DeleteAccountForm email={email} onDeleted={onDeleted} />
        </Stack>
      )}
    </Section>
  );
}
