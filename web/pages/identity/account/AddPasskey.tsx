import { Button, Stack, Text } from "@mantine/core";
import { browserSupportsWebAuthn } from "@simplewebauthn/browser";
import { NewPasskeyForm } from "../../../forms/identity/NewPasskeyForm.tsx";

type Props = { onAdded: (recoveryCodes: string[] | null) => void; onCancel: () => void };

/** Adds a passkey of this device, of a phone nearby or of a security key: the browser asks which. */
export function AddPasskey({ onAdded, onCancel }: Props) {
  return (
    <Stack gap="md" component="section" aria-label="New passkey">
      {browserSupportsWebAuthn() ? (
        <NewPasskeyForm onAdded={onAdded} />
      ) : (
        <Text>This browser knows no passkeys. Take a newer one, or an authenticator app.</Text>
      )}
      <Button variant="subtle" size="compact-sm" onClick={onCancel} style={{ alignSelf: "start" }}>
        Cancel
      </Button>
    </Stack>
  );
}
