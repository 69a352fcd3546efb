import { Button, ScrollArea, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import type { Organization } from "../../lib/organization.ts";
import { meQuery } from "../../lib/queries.ts";
import { useSignOut } from "../../lib/sign-out.ts";
import { ColorScheme } from "../../ui/ColorScheme.tsx";
import { NavigationLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { OrganizationSwitcher } from "./OrganizationSwitcher.tsx";
import { placesOf } from "./places.ts";

const ONE_LINE = { overflow: "hidden", textOverflow: "ellipsis" } as const;

type Props = { organization: Organization; onChoose: () => void };

export function Navigation({ organization, onChoose }: Props) {
  const { data: me } = useSuspenseQuery(meQuery);
  const signOut = useSignOut();
  const params = { organization: organization.slug };
  return (
    <Stack h="100%" gap="sm">
      <OrganizationSwitcher current={organization} organizations={me.organizations} />
      <ScrollArea flex={1} type="auto" scrollbarSize={6}>
        <NavigationLink
          to="/$organization"
          params={params}
          label="Home"
          activeOptions={{ exact: true }}
          onClick={onChoose}
        />
        {placesOf(organization).map(({ name, places }) => (
          <Stack key={name} gap={2} mt="sm" role="group" aria-label={name}>
            <Text size="xs" c="dimmed" fw={600} px="sm" aria-hidden>
              {name}
            </Text>
            {places.map(({ label, to }) => (
              <NavigationLink key={to} to={to} params={params} label={label} py={3} onClick={onChoose} />
            ))}
          </Stack>
        ))}
      </ScrollArea>
      <ColorScheme />
      <NavigationLink
        to="/account"
        label={me.name}
        description={me.email}
        aria-label={`Your account: ${me.name}`}
        styles={{ body: { minWidth: 0 }, label: ONE_LINE, description: ONE_LINE }}
        dir="auto"
        title={me.email}
      />
      {signOut.error && <ProblemAlert error={signOut.error} />}
      <Button variant="default" size="xs" onClick={() => signOut.mutate()} loading={signOut.isPending}>
        Sign out
      </Button>
    </Stack>
  );
}
