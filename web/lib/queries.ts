import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { readDomain, readModel, searchModel } from "../../kernel/data-model/contract.ts";
import { readMailbox } from "../../kernel/mail/contract.ts";
import { listEntries } from "../../modules/audit/contract.ts";
import { listProviders } from "../../modules/identity/issuers-contract.ts";
import { listProjects, nextReview, readFigures, readProject } from "../../modules/labeling/contract.ts";
import { readMe } from "../../modules/organizations/contract.ts";
import { listMyInvitations } from "../../modules/organizations/invitations-contract.ts";
import { listJoinable } from "../../modules/organizations/joining-contract.ts";
import { listApprovals, readApproval } from "../../modules/tasks/people-contract.ts";
import { call } from "./api.ts";
import { drawDiagram, type Scheme } from "./mermaid.ts";
import { statusOf } from "./problem.ts";

const SIGNED_OUT = 401;
const ME_FRESH_MS = 60_000;
const ENTRIES_A_PAGE = 50;
const APPROVALS_A_PAGE = 50;
const APPROVALS_AGAIN_MS = 10_000;
const MAILBOX_AGAIN_MS = 3_000;

/** A project's place: the organization's slug and the project's id, as they stand in addresses. */
export type ProjectPlace = { organization: string; project: string };

/** Which entries of the record are wanted. Days are local ones, as `2026-11-21`; the last one is wanted whole. */
export type EntryFilter = {
  user_id?: string | undefined;
  resource_type?: string | undefined;
  resource_id?: string | undefined;
  from_day?: string | undefined;
  to_day?: string | undefined;
};

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => call(readMe, {}, { signal }),
  staleTime: ME_FRESH_MS,
});

/** Who is signed in, or null: for pages that are open to strangers too. */
export const visitorQuery = queryOptions({
  queryKey: ["visitor"],
  queryFn: ({ signal }) =>
    call(readMe, {}, { signal }).catch((error) => {
      if (statusOf(error) === SIGNED_OUT) return null;
      throw error;
    }),
});

/** Whom one can sign in with beside passwords and passkeys. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: ({ signal }) => call(listProviders, {}, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const ownInvitationsQuery = queryOptions({
  queryKey: ["own invitations"],
  queryFn: ({ signal }) => call(listMyInvitations, {}, { signal }),
});

export const joinableQuery = queryOptions({
  queryKey: ["joinable"],
  queryFn: ({ signal }) => call(listJoinable, {}, { signal }),
});

export function projectsQuery(organization: string) {
  return queryOptions({
    queryKey: ["projects", organization],
    queryFn: ({ signal }) => call(listProjects, { params: { organization } }, { signal }),
  });
}

export function projectQuery(place: ProjectPlace) {
  return queryOptions({
    queryKey: [...projectKey(place), "project"],
    queryFn: ({ signal }) => call(readProject, { params: place }, { signal }),
  });
}

export function figuresQuery(place: ProjectPlace) {
  return queryOptions({
    queryKey: [...projectKey(place), "figures"],
    queryFn: ({ signal }) => call(readFigures, { params: place }, { signal }),
  });
}

export function reviewsQuery(place: ProjectPlace) {
  return queryOptions({
    queryKey: [...projectKey(place), "reviews"],
    queryFn: ({ signal }) => call(nextReview, { params: place }, { signal }),
    gcTime: 0,
  });
}

export function entriesQuery(organization: string, filter: EntryFilter) {
  return infiniteQueryOptions({
    queryKey: ["entries", organization, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        listEntries,
        { params: { organization }, query: { ...entryQueryOf(filter), cursor: pageParam, limit: ENTRIES_A_PAGE } },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** An approval's place: the organization's slug and its own id. */
export type ApprovalPlace = { organization: string; approval: string };

/** What waits for the person, which looks for more by itself. */
export function approvalsQuery(organization: string) {
  return infiniteQueryOptions({
    queryKey: [...approvalsKey(organization), "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        listApprovals,
        {
          params: { organization },
          query: { mine: true, status: "pending", cursor: pageParam, limit: APPROVALS_A_PAGE },
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: APPROVALS_AGAIN_MS,
  });
}

export function approvalQuery(place: ApprovalPlace) {
  return queryOptions({
    queryKey: [...approvalsKey(place.organization), "one", place.approval],
    queryFn: ({ signal }) => call(readApproval, { params: place }, { signal }),
  });
}

/** What every key of approvals begins with. */
export function approvalsKey(organization: string): string[] {
  return ["approvals", organization];
}

/** The developer's mailbox, which looks for new mail by itself. */
export function mailboxQuery(key: string) {
  return queryOptions({
    queryKey: ["mailbox", key],
    queryFn: ({ signal }) => call(readMailbox, { body: { key } }, { signal }),
    refetchInterval: ({ state }) => (statusOf(state.error) === 404 ? false : MAILBOX_AGAIN_MS),
  });
}

/** All domains and tables, as lists and the search need them. */
export const modelQuery = queryOptions({
  queryKey: ["data model"],
  queryFn: ({ signal }) => call(readModel, {}, { signal }),
});

export function modelDomainQuery(schema: string) {
  return queryOptions({
    queryKey: ["data model", "domain", schema],
    queryFn: ({ signal }) => call(readDomain, { params: { schema } }, { signal }),
  });
}

/** The tables that words are about by their meaning, or else the nearest names. */
export function meaningQuery(words: string) {
  return queryOptions({
    queryKey: ["data model", "meaning", words],
    queryFn: ({ signal }) => call(searchModel, { query: { words } }, { signal }),
    enabled: words.trim() !== "",
  });
}

/** A diagram as SVG. The same text in the same colors is drawn once. */
export function drawingQuery(text: string, scheme: Scheme) {
  return queryOptions({
    queryKey: ["drawing", scheme, text],
    queryFn: () => drawDiagram(text, scheme),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** A filter as the server takes it: days become moments. */
export function entryQueryOf({ from_day, to_day, ...filter }: EntryFilter) {
  return { ...filter, from: from_day && momentOf(from_day, 0), to: to_day && momentOf(to_day, 1) };
}

function momentOf(day: string, daysLater: number): string {
  const moment = new Date(`${day}T00:00:00`);
  moment.setDate(moment.getDate() + daysLater);
  return moment.toISOString();
}

/** What every key of a project begins with. */
export function projectKey({ organization, project }: ProjectPlace): string[] {
  return ["project", organization, project];
}
