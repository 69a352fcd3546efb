import { Alert, Stack } from "@mantine/core";
import type { ProjectPlace } from "../../lib/queries.ts";
import { type FailedDecision, isDecidedByAnother, useReviewing } from "../../lib/reviewing.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { LabelReview } from "./LabelReview.tsx";

/** Where a reviewer works: one label after the other, those first that wait longest. */
export function ReviewDesk({ place }: { place: ProjectPlace }) {
  const { labels, waiting, decide, failed } = useReviewing(place);
  return (
    <Stack gap="md">
      {failed.map((each) => (
        <DecisionProblem key={each.decision.label.id} failed={each} onRetry={() => decide(each.decision)} />
      ))}
      <Loaded query={labels}>
        {() => {
          const [label] = waiting;
          if (!label)
            return (
              <EmptyState title="Nothing waits for your review">
                Labels appear here as soon as somebody submits them; this page looks every few seconds. Your own are
                reviewed by others.
              </EmptyState>
            );
          return (
            <LabelReview
              organization={place.organization}
              label={label}
              waiting={waiting.length}
              onApprove={() => decide({ label })}
              onReject={(reason) => decide({ label, reason })}
            />
          );
        }}
      </Loaded>
    </Stack>
  );
}

type ProblemProps = { failed: FailedDecision; onRetry: () => void };

function DecisionProblem({ failed: { decision, error }, onRetry }: ProblemProps) {
  const { label, reason } = decision;
  if (isDecidedByAnother(error))
    return (
      <Alert color="yellow" role="alert" title="Somebody else was faster">
        “{label.label}” for “{label.text}” was already reviewed, or taken back. Your decision on it was not stored.
      </Alert>
    );
  const doing = reason === undefined ? "Approve" : "Reject";
  return <ProblemAlert error={error} onRetry={onRetry} retryLabel={`${doing} “${label.label}” again`} />;
}
