import { AppShell, Burger, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useOrganization } from "../../lib/organization.ts";
import { meQuery } from "../../lib/queries.ts";
import { Navigation } from "./Navigation.tsx";
import classes from "./OrganizationShell.module.css";
import { SecondFactorNeeded } from "./SecondFactorNeeded.tsx";

const NAVIGATION_PX = 220;
const PHONE_HEADER_PX = 52;

/** What surrounds every page of an organization. On a phone the navigation hides behind a button. */
export function OrganizationShell() {
  const organization = useOrganization();
  const { data: me } = useSuspenseQuery(meQuery);
  const isBarred = organization.second_factor_required && !me.second_factor;
  const [isOpen, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: { base: PHONE_HEADER_PX, sm: 0 } }}
      navbar={{ width: NAVIGATION_PX, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding={{ base: "md", sm: "xl" }}
      transitionDuration={0}
    >
      <a className={classes.skip} href="#content">
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Navigation" aria-expanded={isOpen} />
          <Text fw={600} truncate dir="auto">
            {organization.name}
          </Text>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Main">
        <Navigation organization={organization} onChoose={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        {isBarred ? <SecondFactorNeeded organization={organization} /> : <Outlet />}
      </AppShell.Main>
    </AppShell>
  );
}
