import { Box, Group, Paper, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ColorScheme } from "./ColorScheme.tsx";
import { Page } from "./Page.tsx";

type Props = { title: string; description?: ReactNode; below?: ReactNode; children: ReactNode };

/** A page outside of every organization: one thing to do, in the middle. */
export function DoorPage({ title, description, below, children }: Props) {
  return (
    <Box component="main" p="md" maw={460} mx="auto" mt={{ base: "md", sm: "10vh" }}>
      <Stack gap="lg">
        <Group justify="space-between">
          <Text fw={700} size="lg">
            Tenon
          </Text>
          <Box w={180}>
            <ColorScheme />
          </Box>
        </Group>
        <Page title={title} description={description}>
          <Paper withBorder p="lg">
            {children}
          </Paper>
          {below}
        </Page>
      </Stack>
    </Box>
  );
}
