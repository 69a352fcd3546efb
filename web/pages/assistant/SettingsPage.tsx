import { Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { disconnectProvider, listProviders, type Provider } from "../../../modules/assistant/contract.ts";
import { disableTool, enableTool } from "../../../modules/assistant/enabled-tools-contract.ts";
import { ProviderForm } from "../../forms/assistant/ProviderForm.tsx";
import { call } from "../../lib/api.ts";
import { assistantKey, providersQuery, toolsQuery } from "../../lib/assistant-queries.ts";
import { formatCredits } from "../../lib/format.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Grid } from "../../ui/Part.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";

/** Who runs models for the organization, what they cost, and which tools they may use. */
export function SettingsPage() {
  const organization = useOrganization();
  const above = (
    <AnchorLink to="/$organization/assistant" params={{ organization: organization.slug }} size="sm">
      Assistant
    </AnchorLink>
  );
  if (!may(organization, listProviders))
    return (
      <Page title="Providers and tools" above={above}>
        <EmptyState title="Your roles don't include the assistant's settings">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page title="Providers and tools" above={above}>
      <Providers organization={organization} />
      <Tools organization={organization} />
    </Page>
  );
}

function Providers({ organization }: { organization: Organization }) {
  const queryClient = useQueryClient();
  const providers = useQuery(providersQuery(organization.slug));
  const removal = useMutation({
    mutationFn: (provider: string) =>
      call(disconnectProvider, { params: { organization: organization.slug, provider } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: assistantKey(organization.slug) }),
  });
  return (
    <>
      <Section title="Providers" description="Who runs the models. Keys are kept encrypted and never shown again.">
        {removal.error && <ProblemAlert error={removal.error} />}
        <Loaded query={providers}>
          {({ items }) =>
            items.length === 0 ? (
              <Text c="dimmed">None is connected yet.</Text>
            ) : (
              <Rows label="Providers">
                {items.map((provider) => (
                  <Row key={provider.name} title={provider.name} about={aboutOf(provider)}>
                    <ConfirmButton
                      label="Disconnect"
                      of={provider.name}
                      question="Disconnect, and forget its key?"
                      isPending={removal.isPending && removal.variables === provider.name}
                      onConfirm={() => removal.mutate(provider.name)}
                    />
                  </Row>
                ))}
              </Rows>
            )
          }
        </Loaded>
      </Section>
      <Section title="Connect a provider" description="To change one, connect it again under the same name.">
        <ProviderForm organization={organization.slug} />
      </Section>
      <Section
        title="Models"
        description="Listed by the operator of this installation, with what a million tokens cost in credits."
      >
        <Loaded query={providers}>
          {({ models }) =>
            models.length === 0 ? (
              <Text c="dimmed">None is listed yet. The operator adds them with “tenon model set”.</Text>
            ) : (
              <Grid
                label="Models"
                heads={["Model", "Provider", "Reading", "Writing"]}
                rows={models.map(({ name, label, provider, input_price, output_price }) => ({
                  key: name,
                  cells: [label, provider, formatCredits(input_price), formatCredits(output_price)],
                }))}
              />
            )
          }
        </Loaded>
      </Section>
    </>
  );
}

function aboutOf({ base_url, has_key, models }: Provider): string {
  const known = models.length === 0 ? "no model of it is listed" : models.join(", ");
  return [base_url, has_key ? "with a key" : "without a key", known].join(" · ");
}

function Tools({ organization }: { organization: Organization }) {
  const queryClient = useQueryClient();
  const tools = useQuery(toolsQuery(organization.slug));
  const params = { organization: organization.slug };
  const change = useMutation({
    mutationFn: async ({ tool, isOn }: { tool: string; isOn: boolean }): Promise<unknown> =>
      isOn
        ? call(enableTool, { params, body: { tool, needs_approval: false } })
        : call(disableTool, { params: { ...params, tool } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: assistantKey(organization.slug) }),
  });
  return (
    <Section
      title="Tools"
      description="What models may look at. A tool sees what the person who asks may see, and nothing else."
    >
      {change.error && <ProblemAlert error={change.error} />}
      <Loaded query={tools}>
        {(items) => (
          <Stack gap="md">
            {items.map(({ name, description, is_enabled, needs_approval, required_tier }) => (
              <Switch
                key={name}
                label={name}
                description={[
                  description,
                  required_tier && `From plan ${required_tier} on.`,
                  needs_approval && "It waits for a yes of a person at each use, so models are not offered it yet.",
                ]
                  .filter(Boolean)
                  .join(" ")}
                checked={is_enabled}
                onChange={(event) => change.mutate({ tool: name, isOn: event.currentTarget.checked })}
              />
            ))}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
