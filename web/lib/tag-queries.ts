import { queryOptions } from "@tanstack/react-query";
import { call } from "./api.ts";
import { tags } from "./nouns.ts";

const TAGS_MAX = 200;
const TAGS_FRESH_MS = 60_000;

/** The tags of an organization, by name. */
export function tagsQuery(organization: string) {
  return queryOptions({
    queryKey: ["tags", organization],
    queryFn: async ({ signal }) => {
      const query = { sort: "name", limit: TAGS_MAX };
      return (await call(tags.list, { params: { organization }, query }, { signal })).items;
    },
    staleTime: TAGS_FRESH_MS,
  });
}
