import { queryOptions } from "@tanstack/react-query";
import { problemOf, unreachable } from "../../client/problem.ts";
import type { ApiDescription } from "./api-description.ts";

/** The description of the API, which stays the same until the server is another. */
export const apiQuery = queryOptions({
  queryKey: ["api"],
  queryFn: async ({ signal }): Promise<ApiDescription> => {
    const response = await fetch("/api/openapi.json", { signal }).catch((error: unknown) => {
      throw signal.aborted ? error : unreachable(error);
    });
    if (!response.ok) throw problemOf(response.status, await response.text());
    return response.json();
  },
  staleTime: Number.POSITIVE_INFINITY,
});
