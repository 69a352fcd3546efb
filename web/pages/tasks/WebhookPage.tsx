import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  changeWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  testWebhook,
} from "../../../modules/tasks/webhooks-contract.ts";
import { WebhookForm } from "../../forms/tasks/WebhookForm.tsx";
import { call } from "../../lib/api.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { statusOf } from "../../lib/problem.ts";
import { type Webhook, type WebhookPlace, webhookQuery, webhooksKey } from "../../lib/webhook-queries.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Section } from "../../ui/Section.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { WebhookSecret } from "./WebhookSecret.tsx";
import { WebhookState } from "./webhook-words.tsx";

const OVERLAP_HOURS = 24;

/** One webhook: how it goes with it, and what it was told. */
export function WebhookPage() {
  const organization = useOrganization();
  const { endpoint } = useParams({ from: "/$organization/webhooks/$endpoint" });
  const place = { organization: organization.slug, endpoint };
  const mayManage = may(organization, changeWebhookEndpoint);
  const webhook = useQuery({ ...webhookQuery(place), enabled: mayManage });
  const above = (
    <AnchorLink to="/$organization/webhooks" params={{ organization: organization.slug }} size="sm">
      Webhooks
    </AnchorLink>
  );
  if (!mayManage || statusOf(webhook.error) === 404)
    return (
      <Page title="Webhook" above={above}>
        <EmptyState title={mayManage ? "There is no such webhook" : "Your roles don't include webhooks"}>
          {mayManage ? "Somebody may have deleted it." : `Ask an administrator of ${organization.name} for access.`}
        </EmptyState>
      </Page>
    );
  return (
    <Page title={webhook.data?.name ?? "Webhook"} above={above}>
      <Loaded query={webhook}>
        {(data) => (
          <Stack gap="lg">
            <State webhook={data} />
            <Actions place={place} webhook={data} />
            <Setup place={place} webhook={data} />
            <Deliveries place={place} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function State({ webhook }: { webhook: Webhook }) {
  const { status, paused_because, backlog, dropped } = webhook;
  const line = (
    <Text size="sm">
      <WebhookState webhook={webhook} />
      {backlog > 0 && `; ${backlog} ${backlog === 1 ? "change waits" : "changes wait"} to be told`}
      {dropped > 0 && `; ${dropped} were left out, for too many were waiting`}
    </Text>
  );
  if (status !== "paused" || paused_because === "asked") return line;
  return (
    <Alert color="red" title="It is not called any more">
      {line}
    </Alert>
  );
}

/** Where it is called and of what it is told, and a form to change that. */
function Setup({ place, webhook }: { place: WebhookPlace; webhook: Webhook }) {
  const [isChanging, setChanging] = useState(false);
  const button = (
    <Button variant="default" size="xs" onClick={() => setChanging(!isChanging)}>
      {isChanging ? "Keep as it is" : "Change"}
    </Button>
  );
  return (
    <Section title="Address and events" actions={button}>
      {isChanging ? (
        <WebhookForm place={place} webhook={webhook} onDone={() => setChanging(false)} />
      ) : (
        <Stack gap={4}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {webhook.url}
          </Text>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {webhook.events.length === 0 ? "It is told of no changes." : `Told of ${webhook.events.join(", ")}`}
          </Text>
        </Stack>
      )}
    </Section>
  );
}

function Actions({ place, webhook }: { place: WebhookPlace; webhook: Webhook }) {
  const { organization } = place;
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [secret, setSecret] = useState<string>();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: webhooksKey(organization) });
  const isPaused = webhook.status === "paused";
  const pausing = useMutation({
    mutationFn: () => call(changeWebhookEndpoint, { params: place, body: { status: isPaused ? "active" : "paused" } }),
    onSettled,
  });
  const testing = useMutation({ mutationFn: () => call(testWebhook, { params: place }), onSettled });
  const rotating = useMutation({
    mutationFn: () => call(rotateWebhookSecret, { params: place, body: { overlap_hours: OVERLAP_HOURS } }),
    onSuccess: (made) => setSecret(made.secret),
  });
  const deleting = useMutation({
    mutationFn: () => call(deleteWebhookEndpoint, { params: place }),
    onSuccess: () => navigate({ to: "/$organization/webhooks", params: { organization } }),
    onSettled,
  });
  const error = pausing.error ?? testing.error ?? rotating.error ?? deleting.error;
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          size="xs"
          variant={isPaused ? "filled" : "default"}
          loading={pausing.isPending}
          onClick={() => pausing.mutate()}
        >
          {isPaused ? "Resume" : "Pause"}
        </Button>
        {!isPaused && (
          <Button size="xs" variant="default" loading={testing.isPending} onClick={() => testing.mutate()}>
            Send a test
          </Button>
        )}
        <ConfirmButton
          label="New secret"
          of={webhook.name}
          question={`Replace it? The old one is good for ${OVERLAP_HOURS} hours`}
          isPending={rotating.isPending}
          onConfirm={() => rotating.mutate()}
        />
        <ConfirmButton
          label="Delete"
          of={webhook.name}
          question="Delete it with its log?"
          isPending={deleting.isPending}
          onConfirm={() => deleting.mutate()}
        />
      </Group>
      {secret && <WebhookSecret secret={secret} onDone={() => setSecret(undefined)} />}
      {error && <ProblemAlert error={error} />}
    </Stack>
  );
}
