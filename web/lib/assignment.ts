import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Assignment, claimNext, releaseTask, submitLabel } from "../../modules/labeling/contract.ts";
import { call } from "./api.ts";
import { statusOf } from "./problem.ts";
import { type ProjectPlace, projectKey } from "./queries.ts";

const NOT_HELD_ANY_MORE = [404, 409, 410];
const DAY_MS = 86_400_000;

/** What the labeler has before them since a moment (of `performance.now()`), and what they did since they came. */
export type Claim = { assignment: Assignment | null; since: number; done: number; lastLabel: string | undefined };
export type Labeling = { assignment: Assignment; label: string };

/** The text that the labeler holds in a project: claimed when first asked for, given back when the page is left. */
export function useAssignment(place: ProjectPlace) {
  const queryClient = useQueryClient();
  const { organization, project } = place;
  useEffect(() => holdUntilLeft(queryClient, { organization, project }), [queryClient, organization, project]);
  return useQuery({
    queryKey: claimKey(place),
    queryFn: async (): Promise<Claim> => {
      const { assignment } = await call(claimNext, { params: place });
      return { assignment, since: performance.now(), done: 0, lastLabel: undefined };
    },
    // It is a claim, not a look: nothing but a wish of the labeler may repeat it.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnReconnect: false,
  });
}

/** Submits a label; the answer's next text takes the place of the one before. */
export function useSubmission(place: ProjectPlace) {
  const queryClient = useQueryClient();
  const mutation = useMutation({
    mutationKey: submissionKey(place),
    mutationFn: ({ assignment, label }: Labeling) => {
      const params = { organization: place.organization, assignment: assignment.id };
      const lead_time_ms = leadTime(queryClient.getQueryData<Claim>(claimKey(place)));
      return call(submitLabel, { params, body: { label, lead_time_ms } }, { keepalive: true });
    },
    onSuccess: ({ next }, { label }) => {
      if (isWatched(queryClient, place)) showNext(queryClient, place, next, label);
      else release(place, next);
    },
    onError: (error) => {
      if (isNoLongerHeld(error)) queryClient.resetQueries({ queryKey: claimKey(place) });
    },
  });
  const submit = (labeling: Labeling) => {
    // A second key can come before the page shows what the first one did: it must not label a text that nobody has read.
    const held = queryClient.getQueryData<Claim>(claimKey(place))?.assignment?.id;
    const isBusy = queryClient.isMutating({ mutationKey: submissionKey(place) }) > 0;
    if (!isBusy && held === labeling.assignment.id) mutation.mutate(labeling);
  };
  return { ...mutation, submit };
}

function leadTime(claim: Claim | undefined): number | undefined {
  return claim && Math.min(Math.round(performance.now() - claim.since), DAY_MS);
}

function showNext(
  queryClient: QueryClient,
  place: ProjectPlace,
  assignment: Assignment | null,
  lastLabel: string,
): void {
  queryClient.setQueryData<Claim>(claimKey(place), (before) => ({
    assignment,
    since: performance.now(),
    done: (before?.done ?? 0) + 1,
    lastLabel,
  }));
}

/** Whether the text went to somebody else in the meantime, so that no repetition will help. */
export function isNoLongerHeld(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && NOT_HELD_ANY_MORE.includes(status);
}

function holdUntilLeft(queryClient: QueryClient, place: ProjectPlace): () => void {
  const giveBack = () => leave(queryClient, place);
  // A page that comes out of the browser's back cache gave its text back when it went in.
  const claimAgain = ({ persisted }: PageTransitionEvent) => {
    if (persisted) queryClient.resetQueries({ queryKey: claimKey(place) });
  };
  window.addEventListener("pagehide", giveBack);
  window.addEventListener("pageshow", claimAgain);
  return () => {
    window.removeEventListener("pagehide", giveBack);
    window.removeEventListener("pageshow", claimAgain);
    giveBack();
  };
}

function leave(queryClient: QueryClient, place: ProjectPlace): void {
  const claim = queryClient.getQueryCache().find<Claim>({ queryKey: claimKey(place) });
  // What is being submitted is not given back; the answer's next text is, by the submission.
  if (!claim || queryClient.isMutating({ mutationKey: submissionKey(place) }) > 0) return;
  if (claim.state.fetchStatus === "fetching") claim.promise?.then(releaseUnlessWatched, () => undefined);
  else releaseHeld();

  function releaseUnlessWatched(): void {
    if (!isWatched(queryClient, place)) releaseHeld();
  }
  function releaseHeld(): void {
    release(place, claim?.state.data?.assignment);
    claim?.reset();
  }
}

function isWatched(queryClient: QueryClient, place: ProjectPlace): boolean {
  return (
    queryClient
      .getQueryCache()
      .find({ queryKey: claimKey(place) })
      ?.isActive() ?? false
  );
}

/** A release that fails is no matter: the lease runs out by itself. */
function release(place: ProjectPlace, assignment: Assignment | null | undefined): void {
  if (!assignment) return;
  const params = { organization: place.organization, assignment: assignment.id };
  call(releaseTask, { params }, { keepalive: true }).catch(() => undefined);
}

function claimKey(place: ProjectPlace): string[] {
  return ["claim", place.organization, place.project];
}

function submissionKey(place: ProjectPlace): string[] {
  return [...projectKey(place), "submission"];
}
