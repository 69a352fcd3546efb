import { Alert, Button, Code, CopyButton, Group, Stack } from "@mantine/core";

/** A link that is shown only now. What opens it stands behind the `#`, where no server and no log sees it. */
export function ShareLink({ token, onDone }: { token: string; onDone: () => void }) {
  const link = `${window.location.origin}/shared#${token}`;
  return (
    <Alert color="yellow" role="status" title="Copy the link now: it is not shown again">
      <Stack gap="sm">
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {link}
        </Code>
        <Group gap="sm">
          <CopyButton value={link}>
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
