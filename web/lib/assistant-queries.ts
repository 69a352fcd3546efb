import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import {
  browseTools,
  listConversations,
  listModels,
  listProviders,
  readConversation,
} from "../../modules/assistant/contract.ts";
import { call } from "./api.ts";

const CONVERSATIONS_A_PAGE = 50;

export function conversationsQuery(organization: string, archived: boolean) {
  return infiniteQueryOptions({
    queryKey: [...assistantKey(organization), "conversations", archived],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { archived, cursor: pageParam, limit: CONVERSATIONS_A_PAGE };
      return call(listConversations, { params: { organization }, query }, { signal });
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** A conversation with its latest messages. */
export function conversationQuery(place: { organization: string; conversation: string }) {
  return queryOptions({
    queryKey: [...assistantKey(place.organization), "conversation", place.conversation],
    queryFn: ({ signal }) => call(readConversation, { params: place, query: {} }, { signal }),
  });
}

export function modelsQuery(organization: string) {
  return queryOptions({
    queryKey: [...assistantKey(organization), "models"],
    queryFn: ({ signal }) => call(listModels, { params: { organization } }, { signal }),
  });
}

export function providersQuery(organization: string) {
  return queryOptions({
    queryKey: [...assistantKey(organization), "providers"],
    queryFn: ({ signal }) => call(listProviders, { params: { organization } }, { signal }),
  });
}

export function toolsQuery(organization: string) {
  return queryOptions({
    queryKey: [...assistantKey(organization), "tools"],
    queryFn: async ({ signal }) => (await call(browseTools, { params: { organization } }, { signal })).items,
  });
}

/** What every key of the assistant begins with. */
export function assistantKey(organization: string): string[] {
  return ["assistant", organization];
}
