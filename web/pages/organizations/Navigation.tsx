import { Button, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { listEntries } from "../../../modules/audit/contract.ts";
import { readCredits, readUsage } from "../../../modules/credits/contract.ts";
import { listProjects } from "../../../modules/labeling/contract.ts";
import { listApprovals } from "../../../modules/tasks/people-contract.ts";
import { listTasks } from "../../../modules/tasks/tasks-contract.ts";
import { createWebhookEndpoint } from "../../../modules/tasks/webhooks-contract.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { meQuery } from "../../lib/queries.ts";
import { useSignOut } from "../../lib/sign-out.ts";
import { ColorScheme } from "../../ui/ColorScheme.tsx";
import { NavigationLink } from "../../ui/links.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { OrganizationSwitcher } from "./OrganizationSwitcher.tsx";

const ONE_LINE = { overflow: "hidden", textOverflow: "ellipsis" } as const;

type Props = { organization: Organization; onChoose: () => void };

export function Navigation({ organization, onChoose }: Props) {
  const { data: me } = useSuspenseQuery(meQuery);
  const signOut = useSignOut();
  const params = { organization: organization.slug };
  return (
    <Stack h="100%" gap="sm">
      <OrganizationSwitcher current={organization} organizations={me.organizations} />
      <Stack gap={2} flex={1}>
        {may(organization, listProjects) && (
          <NavigationLink to="/$organization/labeling" params={params} label="Labeling" onClick={onChoose} />
        )}
        {may(organization, listApprovals) && (
          <NavigationLink
            to="/$organization/approvals"
            params={params}
            search={{}}
            label="Approvals"
            onClick={onChoose}
          />
        )}
        {may(organization, listTasks) && (
          <NavigationLink to="/$organization/tasks" params={params} search={{}} label="Tasks" onClick={onChoose} />
        )}
        {(may(organization, readCredits) || may(organization, readUsage)) && (
          <NavigationLink to="/$organization/usage" params={params} label="Credits and usage" onClick={onChoose} />
        )}
        {may(organization, createWebhookEndpoint) && (
          <NavigationLink to="/$organization/webhooks" params={params} label="Webhooks" onClick={onChoose} />
        )}
        {may(organization, listEntries) && (
          <NavigationLink to="/$organization/record" params={params} label="Record" onClick={onChoose} />
        )}
      </Stack>
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
