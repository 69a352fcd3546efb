import { queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { listPermissions, listRoles, readMember } from "../../modules/organizations/contract.ts";
import { listKeys, listServices } from "../../modules/organizations/keys-contract.ts";
import { call } from "./api.ts";

export type Service = AnswerOf<typeof listServices>["items"][number];
/** A key's place: the organization's slug and its own id. */
export type KeyPlace = { organization: string; key: string };

/** The API keys that one may see, without their secrets. */
export function keysQuery(organization: string) {
  return queryOptions({
    queryKey: [...keysKey(organization), "list"],
    queryFn: async ({ signal }) => (await call(listKeys, { params: { organization }, query: {} }, { signal })).items,
  });
}

export function servicesQuery(organization: string) {
  return queryOptions({
    queryKey: [...keysKey(organization), "services"],
    queryFn: async ({ signal }) => (await call(listServices, { params: { organization } }, { signal })).items,
  });
}

/** What a service may do, by roles and by exceptions. */
export function serviceRightsQuery(organization: string, service: string) {
  return queryOptions({
    queryKey: [...keysKey(organization), "rights", service],
    queryFn: async ({ signal }) => {
      const member = await call(readMember, { params: { organization, member: service } }, { signal });
      return Object.keys(member.effective_permissions);
    },
  });
}

export function rolesQuery(organization: string) {
  return queryOptions({
    queryKey: ["roles", organization],
    queryFn: async ({ signal }) => (await call(listRoles, { params: { organization } }, { signal })).items,
  });
}

/** What each permission lets one do, in a sentence. */
export function permissionsQuery(organization: string) {
  return queryOptions({
    queryKey: ["permissions", organization],
    queryFn: async ({ signal }) => {
      const { items } = await call(listPermissions, { params: { organization } }, { signal });
      return Object.fromEntries(items.map(({ name, description }) => [name, description]));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** What every key of API keys and services begins with. */
export function keysKey(organization: string): string[] {
  return ["api keys", organization];
}
