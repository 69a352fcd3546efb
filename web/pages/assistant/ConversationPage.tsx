import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  changeConversation,
  type Message,
  type OpenConversation,
  readConversation,
  stopReply,
  TITLE_LENGTH_MAX,
} from "../../../modules/assistant/contract.ts";
import { Composer } from "../../forms/assistant/Composer.tsx";
import { call } from "../../lib/api.ts";
import { assistantKey, conversationQuery, modelsQuery } from "../../lib/assistant-queries.ts";
import { useOrganization } from "../../lib/organization.ts";
import { forget, type Place, type Reply, say, useReply } from "../../lib/replies.ts";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink } from "../../ui/links.tsx";
import { Page } from "../../ui/Page.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import classes from "./Assistant.module.css";
import { MessageList } from "./MessageList.tsx";

/** How soon a reply is looked at again that another window, or another process, is told of. */
const AGAIN_MS = 2_000;

/** A conversation with a model. */
export function ConversationPage() {
  const organization = useOrganization();
  const { conversation } = useParams({ from: "/$organization/assistant/$conversation" });
  const place = { organization: organization.slug, conversation };
  const reply = useReply(conversation);
  const query = useQuery({
    ...conversationQuery(place),
    refetchInterval: ({ state }) => !reply?.isUnderWay && isStreaming(state.data?.messages.at(-1)) && AGAIN_MS,
  });
  return (
    <Page
      title={query.data?.title || "Conversation"}
      above={
        <AnchorLink to="/$organization/assistant" params={{ organization: organization.slug }} size="sm">
          Assistant
        </AnchorLink>
      }
      actions={query.data && <Changes place={place} conversation={query.data} />}
    >
      <Loaded query={query}>{(data) => <Conversation key={data.id} place={place} data={data} reply={reply} />}</Loaded>
    </Page>
  );
}

function isStreaming(message: Message | undefined): boolean {
  return message?.status === "streaming";
}

type Props = { place: Place; data: OpenConversation; reply: Reply | undefined };

function Conversation({ place, data, reply }: Props) {
  const queryClient = useQueryClient();
  const models = useQuery(modelsQuery(place.organization));
  const [earlier, setEarlier] = useState<Message[]>([]);
  const stop = useMutation({
    mutationFn: () => call(stopReply, { params: place }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: conversationQuery(place).queryKey }),
  });
  const more = useMutation({
    mutationFn: (before: number) => call(readConversation, { params: place, query: { before } }),
    onSuccess: ({ messages }) => setEarlier((later) => [...messages, ...later]),
  });
  const messages = together(earlier, data.messages, reply);
  const isBusy = reply?.isUnderWay === true || isStreaming(messages.at(-1));
  const [first] = messages;
  const send = (content: string | undefined, model?: string) => say(queryClient, place, { content, model });
  return (
    <Stack gap="lg" className={classes.conversation}>
      {first && first.position > 1 && (
        <Group justify="center">
          <Button variant="default" size="xs" onClick={() => more.mutate(first.position)} loading={more.isPending}>
            Earlier messages
          </Button>
        </Group>
      )}
      <MessageList messages={messages} said={reply?.said} onRetry={isBusy ? undefined : () => void send(undefined)} />
      {reply?.error !== undefined && (
        <ProblemAlert error={reply.error} onRetry={() => forget(place.conversation)} retryLabel="Close" />
      )}
      {(stop.error ?? more.error) && <ProblemAlert error={stop.error ?? more.error} />}
      <div className={classes.composer}>
        <Loaded query={models}>
          {({ items }) => (
            <Composer
              label="Your message"
              models={items}
              model={data.model}
              isBusy={isBusy}
              onSay={send}
              onStop={() => stop.mutate()}
            />
          )}
        </Loaded>
      </div>
    </Stack>
  );
}

/** What is kept, and what is just being said: a message that is both is taken as it is said. */
function together(earlier: Message[], kept: Message[], reply: Reply | undefined): Message[] {
  const said = new Map((reply?.messages ?? []).map((message) => [message.id, message]));
  const all = [...earlier, ...kept].map((message) => {
    const now = said.get(message.id);
    said.delete(message.id);
    return now ?? message;
  });
  return [...all, ...said.values()];
}

/** Names a conversation, or puts it away. */
function Changes({ place, conversation }: { place: Place; conversation: OpenConversation }) {
  const queryClient = useQueryClient();
  const [title, setTitle] = useState<string>();
  const change = useMutation({
    mutationFn: (body: { title?: string; is_archived?: boolean }) => call(changeConversation, { params: place, body }),
    onSuccess: () => {
      setTitle(undefined);
      return queryClient.invalidateQueries({ queryKey: assistantKey(place.organization) });
    },
  });
  if (title !== undefined)
    return (
      <Group
        component="form"
        gap="xs"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) change.mutate({ title: title.trim() });
        }}
      >
        <TextInput
          aria-label="Name"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={TITLE_LENGTH_MAX}
          size="xs"
          autoFocus
          dir="auto"
        />
        <Button type="submit" size="xs" loading={change.isPending}>
          Save
        </Button>
        <Button variant="default" size="xs" onClick={() => setTitle(undefined)}>
          Cancel
        </Button>
      </Group>
    );
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setTitle(conversation.title)}>
        Rename
      </Button>
      <Button
        variant="default"
        size="xs"
        onClick={() => change.mutate({ is_archived: !conversation.is_archived })}
        loading={change.isPending}
      >
        {conversation.is_archived ? "Take back" : "Put away"}
      </Button>
    </>
  );
}
