import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type LabelToReview, reviewLabel } from "../../modules/labeling/contract.ts";
import { call } from "./api.ts";
import { statusOf } from "./problem.ts";
import { type ProjectPlace, reviewsQuery } from "./queries.ts";

const REFILL_AT = 5;
const LOOK_AGAIN_MS = 5000;
const DECIDED_BY_ANOTHER = [404, 409];

export type Decision = { label: LabelToReview; reason?: string };
/** A decision that the server did not take. Several may be on their way at once, so each failure is kept. */
export type FailedDecision = { decision: Decision; error: Error };

/** The labels that wait for a review. What was decided is gone at once, and comes back when the server did not take it. */
export function useReviewing(place: ProjectPlace) {
  const queryClient = useQueryClient();
  const [decided, setDecided] = useState<readonly string[]>([]);
  const [failed, setFailed] = useState<readonly FailedDecision[]>([]);
  const isWaiting = (label: LabelToReview) => !decided.includes(keyOf(label));
  const labels = useQuery({
    ...reviewsQuery(place),
    refetchInterval: ({ state }) => (state.data?.items.some(isWaiting) ? false : LOOK_AGAIN_MS),
    refetchOnWindowFocus: false,
  });
  const decision = useMutation({
    mutationFn: ({ label, reason }: Decision) =>
      call(
        reviewLabel,
        {
          params: { organization: place.organization, label: label.id },
          body: reason === undefined ? { decision: "approved" } : { decision: "rejected", reason },
        },
        { keepalive: true },
      ),
    onMutate: ({ label }) => {
      setDecided((before) => [...before, keyOf(label)]);
      // What is decided anew, or came to another's decision before, needs no more words.
      setFailed((before) =>
        before.filter((each) => !isDecidedByAnother(each.error) && keyOf(each.decision.label) !== keyOf(label)),
      );
    },
    onError: (error, decision) => {
      setFailed((before) => [...before, { decision, error }]);
      if (!isDecidedByAnother(error)) setDecided((before) => before.filter((key) => key !== keyOf(decision.label)));
    },
    onSettled: () => {
      const left = queryClient.getQueryData(reviewsQuery(place).queryKey)?.items.filter(isWaiting) ?? [];
      if (left.length <= REFILL_AT) queryClient.invalidateQueries({ queryKey: reviewsQuery(place).queryKey });
    },
  });
  return { labels, waiting: labels.data?.items.filter(isWaiting) ?? [], decide: decision.mutate, failed };
}

export function isDecidedByAnother(error: unknown): boolean {
  return DECIDED_BY_ANOTHER.includes(statusOf(error) ?? 0);
}

/** A label that was sent back and labeled anew is another one to decide on. */
function keyOf({ id, rework }: LabelToReview): string {
  return `${id} ${rework}`;
}
