import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { listEvents, listSessions, readProfile } from "../../modules/identity/contract.ts";
import { readFactors } from "../../modules/identity/factors-contract.ts";
import { listIdentities } from "../../modules/identity/issuers-contract.ts";
import { call } from "./api.ts";

const EVENTS_A_PAGE = 10;

export const profileQuery = queryOptions({
  queryKey: ["account", "profile"],
  queryFn: ({ signal }) => call(readProfile, {}, { signal }),
});

export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: ({ signal }) => call(listSessions, {}, { signal }),
});

export const factorsQuery = queryOptions({
  queryKey: ["account", "factors"],
  queryFn: ({ signal }) => call(readFactors, {}, { signal }),
});

export const identitiesQuery = queryOptions({
  queryKey: ["account", "identities"],
  queryFn: ({ signal }) => call(listIdentities, {}, { signal }),
});

export const eventsQuery = infiniteQueryOptions({
  queryKey: ["account", "events"],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam, signal }) =>
    call(listEvents, { query: { cursor: pageParam, limit: EVENTS_A_PAGE } }, { signal }),
  getNextPageParam: (page) => page.next_cursor ?? undefined,
});
