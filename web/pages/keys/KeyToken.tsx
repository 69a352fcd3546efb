import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { operationsOf } from "../../lib/api-description.ts";
import { apiQuery } from "../../lib/api-query.ts";
import { firstCallOf } from "../../lib/key-scopes.ts";

type Props = { organization: string; token: string; scopes: readonly string[]; onDone: () => void };

/** The token of a key, which is shown only now, and a command that tries it. */
export function KeyToken({ organization, token, scopes, onDone }: Props) {
  const { data: api } = useQuery(apiQuery);
  const { origin } = window.location;
  const line = api && firstCallOf(operationsOf(api), scopes, { origin, organization, token });
  return (
    <Alert color="yellow" role="status" title="Keep the token now: it is not shown again">
      <Stack gap="sm">
        <Text size="sm">Your program sends it with every request. Whoever has it may do what the key may.</Text>
        <Shown text={token} />
        <Group gap="sm">
          <Copy text={token} label="Copy" isFirst />
          <Button size="xs" variant="default" onClick={onDone}>
            I have it
          </Button>
        </Group>
        {line && (
          <>
            <Text size="sm">Try it on a command line:</Text>
            <Shown text={line} />
            <Group>
              <Copy text={line} label="Copy the command" />
            </Group>
          </>
        )}
      </Stack>
    </Alert>
  );
}

function Shown({ text }: { text: string }) {
  return (
    <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
      {text}
    </Code>
  );
}

function Copy({ text, label, isFirst = false }: { text: string; label: string; isFirst?: boolean }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="xs" variant={isFirst ? "filled" : "default"} autoFocus={isFirst} onClick={copy}>
          {copied ? "Copied" : label}
        </Button>
      )}
    </CopyButton>
  );
}
