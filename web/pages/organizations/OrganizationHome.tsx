import { SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { CardLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { placesOf } from "./places.ts";

/** Leads to every part of the organization that the person may see. */
export function OrganizationHome() {
  const organization = useOrganization();
  const areas = placesOf(organization);
  return (
    <Page title={organization.name}>
      {areas.length === 0 && (
        <EmptyState title="Nothing is open to you yet">
          Your roles here give no access to any of its parts. Ask an administrator of {organization.name} for a role.
        </EmptyState>
      )}
      {areas.map(({ name, places }) => (
        <Stack key={name} gap="xs" component="section" aria-label={name}>
          <Title order={2} size="h5" c="dimmed">
            {name}
          </Title>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
            {places.map(({ label, to, about }) => (
              <CardLink key={to} to={to} params={{ organization: organization.slug }} withBorder p="md">
                <Text fw={600} component="span" display="block">
                  {label}
                </Text>
                <Text size="sm" c="dimmed" component="span">
                  {about}
                </Text>
              </CardLink>
            ))}
          </SimpleGrid>
        </Stack>
      ))}
    </Page>
  );
}
