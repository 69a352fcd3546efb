import { Alert, Button, Stack } from "@mantine/core";
import type { Label, Project } from "../../../modules/labeling/contract.ts";
import { type Claim, isNoLongerHeld, useAssignment, useSubmission } from "../../lib/assignment.ts";
import { KEYED_LABELS_MAX } from "../../lib/label-keys.ts";
import type { ProjectPlace } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { AssignedText } from "./AssignedText.tsx";
import { Instructions } from "./Instructions.tsx";
import { LabelComments } from "./LabelComments.tsx";
import { LabelFinder } from "./LabelFinder.tsx";
import { LabelingStatus } from "./LabelingStatus.tsx";
import { LabelKeys } from "./LabelKeys.tsx";

type Props = { place: ProjectPlace; project: Project };

/** Where a labeler works: one text after the other, each with the labels it can get. */
export function LabelDesk({ place, project }: Props) {
  const claim = useAssignment(place);
  const submission = useSubmission(place);
  return (
    <Stack gap="md">
      <Instructions text={project.instructions} />
      {submission.error && <SubmissionProblem submission={submission} />}
      <Loaded query={claim}>
        {({ assignment, done, lastLabel }: Claim) => {
          if (!assignment)
            return (
              <NothingToLabel
                done={done}
                isProjectEmpty={project.figures.total === 0}
                onLook={claim.refetch}
                isLooking={claim.isFetching}
              />
            );
          const choose = (label: Label) => submission.submit({ assignment, label: label.name });
          const saving = submission.isPending ? submission.variables.label : undefined;
          const Labels = project.labels.length > KEYED_LABELS_MAX ? LabelFinder : LabelKeys;
          return (
            <>
              <AssignedText
                key={assignment.id}
                organization={place.organization}
                assignment={assignment}
                onLost={claim.refetch}
              />
              <LabelingStatus done={done} lastLabel={lastLabel} saving={saving} />
              <Labels labels={project.labels} assignmentId={assignment.id} saving={saving} onChoose={choose} />
              {assignment.rejection && (
                <LabelComments organization={place.organization} label={assignment.rejection.label_id} />
              )}
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function SubmissionProblem({
  submission: { error, variables, submit },
}: {
  submission: ReturnType<typeof useSubmission>;
}) {
  if (isNoLongerHeld(error))
    return (
      <Alert color="yellow" role="alert" title="The text before was no longer yours">
        It was held too long and may have gone to somebody else, so your label for it was not stored. Here is the next
        one.
      </Alert>
    );
  return (
    <ProblemAlert
      error={error}
      onRetry={variables && (() => submit(variables))}
      retryLabel={`Send “${variables?.label}” again`}
    />
  );
}

type NothingProps = { done: number; isProjectEmpty: boolean; isLooking: boolean; onLook: () => void };

function NothingToLabel({ done, isProjectEmpty, isLooking, onLook }: NothingProps) {
  const again = (
    <Button variant="default" onClick={onLook} loading={isLooking}>
      Look again
    </Button>
  );
  if (isProjectEmpty)
    return (
      <EmptyState title="This project has no texts yet" action={again}>
        Texts are imported on the project's page. Once they are, the first one appears here.
      </EmptyState>
    );
  return (
    <EmptyState title={done > 0 ? "That was the last one" : "Nothing to label at the moment"} action={again}>
      Every text is labeled, or is with somebody else just now. What a reviewer sends back to you will appear here.
    </EmptyState>
  );
}
