import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { listInvoices, listUnbilled, readInvoice } from "../../modules/billing/contract.ts";
import { call } from "./api.ts";

const INVOICES_A_PAGE = 50;

/** What every key of invoices begins with. */
export function invoicesKey(organization: string): string[] {
  return ["invoices", organization];
}

export function invoicesQuery(organization: string) {
  return infiniteQueryOptions({
    queryKey: [...invoicesKey(organization), "list"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(
        listInvoices,
        { params: { organization }, query: { cursor: pageParam, limit: INVOICES_A_PAGE } },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** What customers are to pay for and is on no invoice yet. */
export function unbilledQuery(organization: string) {
  return queryOptions({
    queryKey: [...invoicesKey(organization), "unbilled"],
    queryFn: ({ signal }) => call(listUnbilled, { params: { organization } }, { signal }),
  });
}

export function invoiceQuery(place: { organization: string; invoice: string }) {
  return queryOptions({
    queryKey: [...invoicesKey(place.organization), "one", place.invoice],
    queryFn: ({ signal }) => call(readInvoice, { params: place }, { signal }),
  });
}
