import { Button, Group, Stack, Switch, Title } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { listConversations, listProviders, openConversation } from "../../../modules/assistant/contract.ts";
import { Composer } from "../../forms/assistant/Composer.tsx";
import { call } from "../../lib/api.ts";
import { conversationsQuery, modelsQuery } from "../../lib/assistant-queries.ts";
import { may, type Organization, useOrganization } from "../../lib/organization.ts";
import { say } from "../../lib/replies.ts";
import { Ago } from "../../ui/Ago.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { NoModels, ProvidersLink } from "./NoModels.tsx";

/** Where a conversation begins, and those there were. */
export function ConversationsPage() {
  const organization = useOrganization();
  const mayTalk = may(organization, listConversations);
  const models = useQuery({ ...modelsQuery(organization.slug), enabled: mayTalk });
  if (!mayTalk)
    return (
      <Page title="Assistant">
        <EmptyState title="Your roles don't include the assistant">
          Ask an administrator of {organization.name} for access.
        </EmptyState>
      </Page>
    );
  return (
    <Page
      title="Assistant"
      description="Ask about customers, projects and tasks, as far as you may see them, or have something written"
      actions={may(organization, listProviders) && <ProvidersLink organization={organization} />}
    >
      <Loaded query={models}>
        {({ items }) =>
          items.length === 0 ? (
            <NoModels organization={organization} purpose="talk with them" />
          ) : (
            <Beginning organization={organization} models={items} />
          )
        }
      </Loaded>
      <Conversations organization={organization} />
    </Page>
  );
}

function Beginning({
  organization,
  models,
}: {
  organization: Organization;
  models: { name: string; label: string }[];
}) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const opening = useMutation({
    mutationFn: async ({ content, model }: { content: string; model: string }) => {
      const { id } = await call(openConversation, {
        params: { organization: organization.slug },
        body: { title: "", model },
      });
      void say(queryClient, { organization: organization.slug, conversation: id }, { content, model });
      return id;
    },
    onSuccess: (conversation) =>
      navigate({
        to: "/$organization/assistant/$conversation",
        params: { organization: organization.slug, conversation },
      }),
  });
  return (
    <Stack gap="sm">
      <Composer
        label="Your question"
        models={models}
        isBusy={opening.isPending}
        onSay={async (content, model) => {
          await opening.mutateAsync({ content, model }).catch(() => undefined);
          return false;
        }}
      />
      {opening.error && <ProblemAlert error={opening.error} />}
    </Stack>
  );
}

function Conversations({ organization }: { organization: Organization }) {
  const [archived, setArchived] = useState(false);
  const query = useInfiniteQuery(conversationsQuery(organization.slug, archived));
  const rows = query.data?.pages.flatMap((page) => page.items);
  if (!archived && rows?.length === 0 && !query.error) return <ArchiveSwitch isOn={archived} onChange={setArchived} />;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {archived ? "Put away" : "Conversations"}
        </Title>
        <ArchiveSwitch isOn={archived} onChange={setArchived} />
      </Group>
      {query.error && <ProblemAlert error={query.error} onRetry={() => query.refetch()} />}
      <Rows label="Conversations">
        {(rows ?? []).map(({ id, title, created_at }) => (
          <Row
            key={id}
            title={
              <AnchorLink
                to="/$organization/assistant/$conversation"
                params={{ organization: organization.slug, conversation: id }}
                fw={600}
              >
                {title || "Without a name"}
              </AnchorLink>
            }
            about={<Ago at={created_at} />}
          />
        ))}
      </Rows>
      {query.hasNextPage && (
        <Group>
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            More
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function ArchiveSwitch({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <Switch label="Show those put away" checked={isOn} onChange={(event) => onChange(event.currentTarget.checked)} />
  );
}
