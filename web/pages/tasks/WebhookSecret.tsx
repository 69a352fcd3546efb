import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";

/** A secret that is shown only now. */
export function WebhookSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <Alert color="yellow" role="status" title="Keep the secret now: it is not shown again">
      <Stack gap="sm">
        <Text size="sm">Your program checks by it that a call comes from here.</Text>
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {secret}
        </Code>
        <Group gap="sm">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button size="xs" onClick={copy}>
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" variant="default" onClick={onDone}>
            I have it
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
