import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createWebhookEndpoint } from "../../../modules/tasks/webhooks-contract.ts";
import { NewWebhookForm } from "../../forms/tasks/WebhookForm.tsx";
import { may, useOrganization } from "../../lib/organization.ts";
import { webhooksQuery } from "../../lib/webhook-queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";
import { WebhookSecret } from "./WebhookSecret.tsx";
import { WebhookState } from "./webhook-words.tsx";

/** The programs elsewhere that are told of changes, or execute tasks. */
export function WebhooksPage() {
  const organization = useOrganization();
  const webhooks = useQuery({ ...webhooksQuery(organization.slug), enabled: may(organization, createWebhookEndpoint) });
  const [secret, setSecret] = useState<string>();
  if (!may(organization, createWebhookEndpoint))
    return (
      <Page title="Webhooks">
        <EmptyState title="Your roles don't include webhooks">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page title="Webhooks" description="Programs elsewhere that are told of changes, or execute tasks">
      <Stack gap="lg">
        {secret && <WebhookSecret secret={secret} onDone={() => setSecret(undefined)} />}
        <Loaded query={webhooks}>
          {(items) =>
            items.length === 0 ? (
              <EmptyState title="No webhook yet">
                Your own program can be called whenever something changes here, a moment after it did.
              </EmptyState>
            ) : (
              <Rows label="Webhooks">
                {items.map((webhook) => (
                  <Row
                    key={webhook.id}
                    title={
                      <AnchorLink
                        to="/$organization/webhooks/$endpoint"
                        params={{ organization: organization.slug, endpoint: webhook.id }}
                        fw={600}
                      >
                        {webhook.name}
                      </AnchorLink>
                    }
                    about={
                      <>
                        {webhook.url} · <WebhookState webhook={webhook} />
                      </>
                    }
                  />
                ))}
              </Rows>
            )
          }
        </Loaded>
        <Section title="New webhook">
          <NewWebhookForm organization={organization.slug} onMade={(made) => setSecret(made.secret)} />
        </Section>
      </Stack>
    </Page>
  );
}
