import { Alert, Button, Code, CopyButton, Group, SimpleGrid, Stack, Text } from "@mantine/core";

import { useEffect, useRef } from "react";

type Props = { codes: string[]; onKept: () => void };

/** The recovery codes, this once. They get the focus, as whatever asked for them is gone. */
export function RecoveryCodes({ codes, onKept }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <Alert ref={box} tabIndex={-1} color="yellow" role="status" title="Keep these recovery codes">
      <Stack gap="sm">
        <Text size="sm">
          Each lets you in once when your app or passkey is lost. They are not shown again: print them or put them into
          your password manager.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" component="ul" aria-label="Recovery codes" p={0} m={0}>
          {codes.map((code) => (
            <li key={code} style={{ listStyle: "none" }}>
              <Code fz="sm">{code}</Code>
            </li>
          ))}
        </SimpleGrid>
        <Group gap="sm">
          <CopyButton value={codes.join("\n")}>
            {({ copied, copy }) => (
              <Button variant="default" size="xs" onClick={copy}>
                {copied ? "Copied" : "Copy them"}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" onClick={onKept}>
            I have kept them
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
