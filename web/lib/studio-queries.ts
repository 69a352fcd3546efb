import { queryOptions } from "@tanstack/react-query";
import { listMembers } from "../../modules/organizations/contract.ts";
import { browseSessions, readSession, type WhichSessions } from "../../modules/studio/contract.ts";
import { listVersions, readStructuring, readVersion } from "../../modules/studio/documents-contract.ts";
import { listExports, listShares } from "../../modules/studio/outlets-contract.ts";
import { Structuring } from "../../modules/studio/structuring-contract.ts";
import { call } from "./api.ts";
import type { Saved } from "./draft.ts";

const MEMBERS_FOUND = 10;
/** How soon documents that are being made are looked at again. */
const EXPORTS_AGAIN_MS = 1_000;

/** A session's place: the organization's slug and its own id. */
export type SessionPlace = { organization: string; session: string };
export type SessionFilter = { which: WhichSessions; search?: string | undefined; tag?: string | undefined };

export function sessionsQuery(organization: string, filter: SessionFilter) {
  return queryOptions({
    queryKey: [...sessionsKey(organization), filter],
    queryFn: async ({ signal }) =>
      (await call(browseSessions, { params: { organization }, query: filter }, { signal })).items,
  });
}

export function sessionQuery(place: SessionPlace) {
  return queryOptions({
    queryKey: [...sessionKey(place.session), "session"],
    queryFn: ({ signal }) => call(readSession, { params: place }, { signal }),
  });
}

/** The section as it was saved, with everything in it that is empty. */
export function structuringQuery(place: SessionPlace) {
  return queryOptions({
    queryKey: [...sessionKey(place.session), "structuring"],
    queryFn: async ({ signal }) => {
      const document = await call(readStructuring, { params: place }, { signal });
      return { ...document, ...savedOf(document) };
    },
    staleTime: 0,
  });
}

/** What a document says, and at which revision. */
export function savedOf({ content, revision }: { content: unknown; revision: number }): Saved {
  return { content: Structuring.parse(content), revision };
}

export function versionsQuery(place: SessionPlace) {
  return queryOptions({
    queryKey: [...sessionKey(place.session), "versions"],
    queryFn: async ({ signal }) => (await call(listVersions, { params: place }, { signal })).items,
  });
}

export function versionQuery(place: SessionPlace, version: number) {
  return queryOptions({
    queryKey: [...sessionKey(place.session), "version", version],
    queryFn: async ({ signal }) =>
      Structuring.parse((await call(readVersion, { params: { ...place, version } }, { signal })).content),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function sharesQuery(place: SessionPlace) {
  return queryOptions({
    queryKey: [...sessionKey(place.session), "shares"],
    queryFn: async ({ signal }) => (await call(listShares, { params: place }, { signal })).items,
  });
}

/** The documents of a session, looked at again while one is being made. */
export function exportsQuery(place: SessionPlace) {
  return queryOptions({
    queryKey: [...sessionKey(place.session), "exports"],
    queryFn: async ({ signal }) => (await call(listExports, { params: place }, { signal })).items,
    refetchInterval: ({ state }) =>
      (state.data?.some(({ status }) => status === "queued" || status === "running") ?? false) && EXPORTS_AGAIN_MS,
  });
}

/** The first active members whose name or address begins so. */
export function membersQuery(organization: string, search: string) {
  return queryOptions({
    queryKey: ["members", organization, search],
    queryFn: async ({ signal }) => {
      const query = { search, status: "active" as const, limit: MEMBERS_FOUND };
      return (await call(listMembers, { params: { organization }, query }, { signal })).items;
    },
  });
}

/** What every key of lists of sessions begins with, and every key of a session. */
export function sessionsKey(organization: string): string[] {
  return ["studio sessions", organization];
}

export function sessionKey(session: string): [string, string] {
  return ["studio session", session];
}
