import { queryOptions } from "@tanstack/react-query";
import { problemOf, unreachable } from "../../client/problem.ts";

const CHOICES_MAX = 50;

/** A customer as lists of choices show it. */
export type CustomerChoice = { id: string; name: string };

/** The customers to choose from: those whose name has the words in it. */
export function customerChoicesQuery(organization: string, words: string) {
  return queryOptions({
    queryKey: ["customer choices", organization, words],
    queryFn: async ({ signal }): Promise<CustomerChoice[]> => {
      const query = new URLSearchParams({ limit: String(CHOICES_MAX), fields: "id,name", sort: "name" });
      if (words.trim() !== "") query.set("name[contains]", words.trim());
      const address = `/api/organizations/${encodeURIComponent(organization)}/crm/customers?${query}`;
      const response = await fetch(address, { signal }).catch((error: unknown) => {
        throw signal.aborted ? error : unreachable(error);
      });
      if (!response.ok) throw problemOf(response.status, await response.text());
      return (await response.json()).items;
    },
  });
}
