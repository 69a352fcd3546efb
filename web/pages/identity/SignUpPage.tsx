import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import { SignUpForm } from "../../forms/identity/SignUpForm.tsx";
import { DoorPage } from "../../ui/DoorPage.tsx";
import { AnchorLink } from "../../ui/links.tsx";

export function SignUpPage() {
  const [sentTo, setSentTo] = useState<string>();
  if (sentTo !== undefined)
    return (
      <DoorPage title="Look into your mail" description={`A message is on its way to ${sentTo}.`}>
        <Stack gap="sm">
          <Text>Open the link in it and choose a password. The link works for a day.</Text>
          <Text c="dimmed" size="sm">
            Nothing there? Look into the folder for unwanted mail, or{" "}
            <AnchorLink to="/sign-up" reloadDocument>
              try again
            </AnchorLink>
            .
          </Text>
        </Stack>
      </DoorPage>
    );
  return (
    <DoorPage
      title="Create an account"
      below={
        <Text size="sm">
          You have one already? <AnchorLink to="/sign-in">Sign in</AnchorLink>
        </Text>
      }
    >
      <SignUpForm onSent={setSentTo} />
    </DoorPage>
  );
}
