import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { readEvents } from "../../client/events.ts";
import { type Message, type ReplyEvent, sendMessage } from "../../modules/assistant/contract.ts";
import { open } from "./api.ts";
import { assistantKey, conversationQuery } from "./assistant-queries.ts";

/** What is said at the moment in a conversation: the messages as they come, or why there are none. */
export type Reply = {
  /** What the person said, until it is known to be written down. */
  said: string | undefined;
  messages: Message[];
  error: unknown;
  isUnderWay: boolean;
};

export type Place = { organization: string; conversation: string };
type Saying = { content?: string | undefined; model?: string | undefined };

/** By conversation. It outlives the page: whoever goes elsewhere and comes back finds the reply further on. */
const replies = new Map<string, Reply>();
const listeners = new Set<() => void>();

/** The reply that comes in a conversation, if one does. */
export function useReply(conversation: string): Reply | undefined {
  return useSyncExternalStore(listen, () => replies.get(conversation));
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(conversation: string, change: Partial<Reply> | undefined): void {
  const before = replies.get(conversation) ?? { said: undefined, messages: [], error: undefined, isUnderWay: true };
  if (change) replies.set(conversation, { ...before, ...change });
  else replies.delete(conversation);
  for (const listener of listeners) listener();
}

/**
 * Says something, or has the last reply tried again, and follows the reply. Resolves with whether it was taken: where it was not,
 * nothing is lost, and the error stands in the reply.
 */
export async function say(client: QueryClient, place: Place, { content, model }: Saying): Promise<boolean> {
  const { conversation, organization } = place;
  set(conversation, { said: content, messages: [], error: undefined, isUnderWay: true });
  const begun = Promise.withResolvers<boolean>();
  void follow(place, { content, model }, () => begun.resolve(true))
    .catch((error) => set(conversation, { error }))
    .finally(async () => {
      set(conversation, { isUnderWay: false });
      begun.resolve(replies.get(conversation)?.error === undefined);
      await client.invalidateQueries({ queryKey: conversationQuery(place).queryKey }).catch(() => undefined);
      void client.invalidateQueries({ queryKey: [...assistantKey(organization), "conversations"] });
      if (replies.get(conversation)?.error === undefined) set(conversation, undefined);
      else set(conversation, { said: undefined, messages: [] });
    });
  return begun.promise;
}

/** Takes an error away that was read. */
export function forget(conversation: string): void {
  set(conversation, undefined);
}

async function follow(params: Place, body: Saying, onBegun: () => void): Promise<void> {
  const { conversation } = params;
  const response = await open(sendMessage, { params, body });
  if (!response.body) return;
  for await (const { event, data } of readEvents(response.body)) {
    if (data === "") continue;
    const told = JSON.parse(data) as ReplyEvent;
    if (event === "begun") {
      set(conversation, { said: undefined, messages: [told.question, told.reply].flatMap((one) => one ?? []) });
      onBegun();
    } else {
      const messages = replies.get(conversation)?.messages ?? [];
      set(conversation, {
        messages: [...messages.slice(0, -1), ...messages.slice(-1).map((last) => goOn(last, told))],
      });
    }
  }
}

function goOn(message: Message, { text, tool_call: call, reply }: ReplyEvent): Message {
  if (reply) return reply;
  return {
    ...message,
    ...(text !== undefined && { content: message.content + text }),
    ...(call && { tool_calls: [...message.tool_calls, call] }),
  };
}
