import { Box, Button, Paper, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../lib/queries.ts";
import { useSignOut } from "../../lib/sign-out.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Openings } from "./Openings.tsx";

export function OrganizationsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  const signOut = useSignOut();
  const actions = (
    <>
      <ButtonLink to="/account" variant="default">
        Your account
      </ButtonLink>
      <ButtonLink to="/new" variant="default">
        New organization
      </ButtonLink>
      <Button variant="default" onClick={() => signOut.mutate()} loading={signOut.isPending}>
        Sign out
      </Button>
    </>
  );
  return (
    <Box component="main" p={{ base: "md", sm: "xl" }}>
      <Page title="Your organizations" description={`Signed in as ${me.email}`} actions={actions}>
        {me.organizations.length === 0 && (
          <EmptyState title="You belong to no organization yet">
            Ask the person who runs yours to invite {me.email}, or make a new one.
          </EmptyState>
        )}
        {signOut.error && <ProblemAlert error={signOut.error} />}
        {me.impersonator_id === null && <Openings />}
        <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
          {me.organizations.map((organization) => (
            <Paper withBorder p="md" component="li" key={organization.id}>
              <AnchorLink to="/$organization" params={{ organization: organization.slug }} fw={600} dir="auto">
                {organization.name}
              </AnchorLink>
              <Text size="sm" c="dimmed">
                {organization.roles.join(", ")}
              </Text>
            </Paper>
          ))}
        </Stack>
      </Page>
    </Box>
  );
}
