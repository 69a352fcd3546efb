import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Status } from "../../modules/content/contract.ts";
import { getItem, listItems, listPublications, listVersions } from "../../modules/content/items-contract.ts";
import { call } from "./api.ts";

/** What readers see of content now. */
export type Live = { slug: string; version_number: number; updated_at: string };

/** A piece of content's place: the organization's slug and its own id. */
export type ItemPlace = { organization: string; item: string };

const LISTED_FIELDS = "id,content_type,name,status,updated_at";
const VERSION_FIELDS = "number,title,status,saved_at,note";

/** Content, what was changed last first; what is searched comes by how well it fits. */
export function itemsQuery(organization: string, filter: { q?: string | undefined; status?: Status | undefined }) {
  return infiniteQueryOptions({
    queryKey: [...contentKey(organization), "list", filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, fields: LISTED_FIELDS, cursor: pageParam, ...(!filter.q && { sort: "-updated_at" }) };
      return call(listItems, { params: { organization }, query }, { signal });
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function itemQuery({ organization, item }: ItemPlace) {
  return queryOptions({
    queryKey: [...contentKey(organization), "one", item],
    queryFn: ({ signal }) => call(getItem, { params: { organization, id: item } }, { signal }),
  });
}

export function versionsQuery({ organization, item }: ItemPlace) {
  return infiniteQueryOptions({
    queryKey: [...contentKey(organization), "versions", item],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = { item_id: item, sort: "-number", fields: VERSION_FIELDS, cursor: pageParam };
      return call(listVersions, { params: { organization }, query }, { signal });
    },
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** What readers see of it; undefined inside where they see nothing. */
export function publicationQuery({ organization, item }: ItemPlace) {
  return queryOptions({
    queryKey: [...contentKey(organization), "publication", item],
    queryFn: async ({ signal }) => {
      const { items } = await call(
        listPublications,
        { params: { organization }, query: { item_id: item } },
        { signal },
      );
      return { live: items[0] };
    },
  });
}

/** What every key of content begins with. */
export function contentKey(organization: string): string[] {
  return ["content", organization];
}
