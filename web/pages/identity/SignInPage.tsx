import { Box, Paper, Stack, Text } from "@mantine/core";
import { SignInForm } from "../../forms/identity/SignInForm.tsx";
import { Page } from "../../ui/Page.tsx";

export function SignInPage() {
  return (
    <Box component="main" p="md" maw={420} mx="auto" mt={{ base: "md", sm: "12vh" }}>
      <Stack gap="lg">
        <Text fw={700} size="lg">
          Tenon
        </Text>
        <Page title="Sign in">
          <Paper withBorder p="lg">
            <SignInForm />
          </Paper>
        </Page>
      </Stack>
    </Box>
  );
}
