import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { AnswerOf } from "../../kernel/http/endpoint.ts";
import { listLedger, readCredits, readUsage } from "../../modules/credits/contract.ts";
import { call } from "./api.ts";

const ENTRIES_A_PAGE = 20;

export type Usage = AnswerOf<typeof readUsage>;
export type CreditAccount = AnswerOf<typeof readCredits>["items"][number];
export type LedgerEntry = AnswerOf<typeof listLedger>["items"][number];

export function creditsQuery(organization: string) {
  return queryOptions({
    queryKey: ["credits", organization, "accounts"],
    queryFn: ({ signal }) => call(readCredits, { params: { organization } }, { signal }),
  });
}

/** What was used this month. */
export function usageQuery(organization: string) {
  return queryOptions({
    queryKey: ["credits", organization, "usage"],
    queryFn: ({ signal }) => call(readUsage, { params: { organization }, query: {} }, { signal }),
  });
}

export function ledgerQuery(organization: string) {
  return infiniteQueryOptions({
    queryKey: ["credits", organization, "ledger"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(listLedger, { params: { organization }, query: { cursor: pageParam, limit: ENTRIES_A_PAGE } }, { signal }),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
