import { Anchor, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmAppForm } from "../../../forms/identity/ConfirmAppForm.tsx";
import { NewAppForm } from "../../../forms/identity/NewAppForm.tsx";

type App = { id: string; secret: string; uri: string };
type Props = { onAdded: (recoveryCodes: string[] | null) => void; onCancel: () => void };

/** Sets an authenticator app up: a name, the secret for the app, then a code of it. */
export function AddApp({ onAdded, onCancel }: Props) {
  const [app, setApp] = useState<App>();
  return (
    <Stack gap="md" component="section" aria-label="New authenticator app">
      {app === undefined ? (
        <NewAppForm onSetUp={setApp} />
      ) : (
        <>
          <Secret app={app} />
          <ConfirmAppForm factor={app.id} onAdded={onAdded} />
        </>
      )}
      <Button variant="subtle" size="compact-sm" onClick={onCancel} style={{ alignSelf: "start" }}>
        Cancel
      </Button>
    </Stack>
  );
}

function Secret({ app: { secret, uri } }: { app: App }) {
  const readable = secret.replace(/.{4}(?=.)/g, "$& ");
  return (
    <Stack gap="xs">
      <Text>
        On this device, <Anchor href={uri}>open it in your app</Anchor>. On another one, add an account in the app and
        type this key:
      </Text>
      <Group gap="sm">
        <Code fz="md" style={{ overflowWrap: "anywhere" }}>
          {readable}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? "Copied" : "Copy the key"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="dimmed">
        Some apps take the whole address instead:
      </Text>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {uri}
      </Code>
    </Stack>
  );
}
