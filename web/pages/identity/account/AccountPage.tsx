import { Box, Button, Stack, Text } from "@mantine/core";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../../../lib/queries.ts";
import { useSignOut } from "../../../lib/sign-out.ts";
import { DoorPage } from "../../../ui/DoorPage.tsx";
import { EmptyState } from "../../../ui/EmptyState.tsx";
import { AnchorLink, ButtonLink } from "../../../ui/links.tsx";
import { Page } from "../../../ui/Page.tsx";
import { ProblemAlert } from "../../../ui/ProblemAlert.tsx";
import { DataSection } from "./DataSection.tsx";
import { DevelopersSection } from "./DevelopersSection.tsx";
import { EventsSection } from "./EventsSection.tsx";
import { FactorsSection } from "./FactorsSection.tsx";
import { IdentitiesSection } from "./IdentitiesSection.tsx";
import { ProfileSection } from "./ProfileSection.tsx";
import { ProofProvider } from "./ProofProvider.tsx";
import { SessionsSection } from "./SessionsSection.tsx";
import { SignInSection } from "./SignInSection.tsx";

/** All that a person can see and change of their own account. */
export function AccountPage() {
  const queryClient = useQueryClient();
  const [deleted, setDeleted] = useState<string>();
  if (deleted !== undefined) return <Deleted email={deleted} />;
  const leave = (email: string) => {
    setDeleted(email);
    queryClient.clear();
  };
  return <Account onDeleted={leave} />;
}

function Account({ onDeleted }: { onDeleted: (email: string) => void }) {
  const { data: me } = useSuspenseQuery(meQuery);
  const signOut = useSignOut();
  const above = (
    <AnchorLink to="/" search={{ all: true }} size="sm">
      Your organizations
    </AnchorLink>
  );
  const actions = (
    <Button variant="default" onClick={() => signOut.mutate()} loading={signOut.isPending}>
      Sign out
    </Button>
  );
  return (
    <Box component="main" p={{ base: "md", sm: "xl" }} maw={820} mx="auto">
      <Page title="Your account" above={above} description={`Signed in as ${me.email}`} actions={actions}>
        {signOut.error && <ProblemAlert error={signOut.error} />}
        {me.impersonator_id === null ? (
          <ProofProvider>
            <Stack gap="lg">
              <ProfileSection />
              <SignInSection />
              <FactorsSection />
              <IdentitiesSection />
              <SessionsSection />
              <EventsSection />
              <DevelopersSection />
              <DataSection email={me.email} onDeleted={() => onDeleted(me.email)} />
            </Stack>
          </ProofProvider>
        ) : (
          <EmptyState title="Not open to you">
            You act for {me.name}. Only they see and change their account.
          </EmptyState>
        )}
      </Page>
    </Box>
  );
}

function Deleted({ email }: { email: string }) {
  return (
    <DoorPage title="Your account is deleted">
      <Stack gap="md" align="flex-start">
        <Text>
          You are signed out everywhere. A mail to {email} has a link that brings the account back within 30 days.
        </Text>
        <ButtonLink to="/sign-in" variant="default">
          Sign in
        </ButtonLink>
      </Stack>
    </DoorPage>
  );
}
