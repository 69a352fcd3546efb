import { Box, Code, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { AnswerOf } from "../../../kernel/http/endpoint.ts";
import { connectStore } from "../../../modules/commerce/contract.ts";
import { StoreForm } from "../../forms/commerce/StoreForm.tsx";
import { may, useOrganization } from "../../lib/organization.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Section } from "../../ui/Section.tsx";
import { Told } from "../../ui/Told.tsx";

type Connected = AnswerOf<typeof connectStore>;

export function NewStorePage() {
  const organization = useOrganization();
  const [connected, setConnected] = useState<Connected>();
  const params = { organization: organization.slug };
  const above = (
    <AnchorLink to="/$organization/stores" params={params} size="sm">
      Stores
    </AnchorLink>
  );
  if (!may(organization, connectStore))
    return (
      <Page title="Connect a store" above={above}>
        <EmptyState title="Your roles don't include this">
          Ask an administrator of {organization.name} to connect the store.
        </EmptyState>
      </Page>
    );
  return (
    <Page title="Connect a store" above={above}>
      <Box maw={640}>
        {connected ? (
          <Next organization={organization.slug} connected={connected} />
        ) : (
          <StoreForm organization={organization.slug} onConnected={setConnected} />
        )}
      </Box>
    </Page>
  );
}

/** What comes after connecting: the secret is told only now. */
function Next({ organization, connected }: { organization: string; connected: Connected }) {
  const { id, webhook_url, webhook_secret } = connected;
  return (
    <Stack gap="md">
      <Told title="The store is connected">
        Its products and orders are being taken over, and from now on every hour.
      </Told>
      <Section
        title="Have the store tell of changes at once"
        description="You can do this later, too; without it changes come with the next sync."
      >
        {webhook_secret ? (
          <Stack gap="xs">
            <Text size="sm">
              In WordPress open WooCommerce → Settings → Advanced → Webhooks and add four: for Order created, Order
              updated, Product created and Product updated. Each with this delivery URL and this secret, which is shown
              only now.
            </Text>
            <Text size="sm">Delivery URL</Text>
            <Code block>{webhook_url}</Code>
            <Text size="sm">Secret</Text>
            <Code block>{webhook_secret}</Code>
          </Stack>
        ) : (
          <Stack gap="xs">
            <Text size="sm">
              Have your app subscribe to the topics orders/create, orders/updated, products/create and products/update,
              in JSON, at this address:
            </Text>
            <Code block>{webhook_url}</Code>
          </Stack>
        )}
      </Section>
      <Box>
        <ButtonLink to="/$organization/stores/$store" params={{ organization, store: id }} search={{}}>
          Open the store
        </ButtonLink>
      </Box>
    </Stack>
  );
}
