import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { listComments } from "../../modules/labeling/comments-contract.ts";
import { listMetrics } from "../../modules/labeling/contract.ts";
import {
  listCustomerProjects,
  listCustomerResults,
  readCustomerProject,
} from "../../modules/labeling/customer-contract.ts";
import { readTerms } from "../../modules/labeling/terms-contract.ts";
import { call } from "./api.ts";
import { type ProjectPlace, projectKey } from "./queries.ts";

const RESULTS_A_PAGE = 50;
const DAYS_SHOWN = 14;
const COMMENTS_AGAIN_MS = 5_000;
const METRICS_AGAIN_MS = 10_000;
const PROGRESS_AGAIN_MS = 10_000;

/** A label's place: the organization's slug and the label's id. */
export type LabelPlace = { organization: string; label: string };

/** What was said about a label; it is looked at again while it is shown. */
export function commentsQuery(place: LabelPlace) {
  return queryOptions({
    queryKey: ["comments", place.organization, place.label],
    queryFn: ({ signal }) => call(listComments, { params: place }, { signal }),
    refetchInterval: COMMENTS_AGAIN_MS,
  });
}

/** What each labeler did in a project, and what was done on its last days. */
export function metricsQuery(place: ProjectPlace) {
  return queryOptions({
    queryKey: [...projectKey(place), "metrics"],
    queryFn: ({ signal }) => call(listMetrics, { params: place, query: { days: DAYS_SHOWN } }, { signal }),
    refetchInterval: METRICS_AGAIN_MS,
  });
}

export function termsQuery(place: ProjectPlace) {
  return queryOptions({
    queryKey: [...projectKey(place), "terms"],
    queryFn: ({ signal }) => call(readTerms, { params: place }, { signal }),
  });
}

/** The projects of the customers that one signs in for. */
export function customerProjectsQuery(organization: string) {
  return queryOptions({
    queryKey: ["customer projects", organization],
    queryFn: ({ signal }) => call(listCustomerProjects, { params: { organization } }, { signal }),
    refetchInterval: PROGRESS_AGAIN_MS,
  });
}

export function customerProjectQuery(place: ProjectPlace) {
  return queryOptions({
    queryKey: ["customer projects", place.organization, place.project],
    queryFn: ({ signal }) => call(readCustomerProject, { params: place }, { signal }),
    refetchInterval: PROGRESS_AGAIN_MS,
  });
}

export function customerResultsQuery(place: ProjectPlace) {
  return infiniteQueryOptions({
    queryKey: ["customer results", place.organization, place.project],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call(listCustomerResults, { params: place, query: { cursor: pageParam, limit: RESULTS_A_PAGE } }, { signal }),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
