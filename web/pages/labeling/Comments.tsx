import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Comment, resolveThread, writeComment } from "../../../modules/labeling/comments-contract.ts";
import { CommentForm } from "../../forms/labeling/CommentForm.tsx";
import { call } from "../../lib/api.ts";
import { commentsQuery, type LabelPlace } from "../../lib/labeling-queries.ts";
import { Ago } from "../../ui/Ago.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import classes from "./Comments.module.css";

type Props = LabelPlace & {
  /** Whether threads that the customer's people see are told apart from those among colleagues. */
  tellsCustomer?: boolean;
};

/** What people say about a label, in threads, and a field to say more. */
export function Comments({ organization, label, tellsCustomer = false }: Props) {
  const place = { organization, label };
  const comments = useQuery(commentsQuery(place));
  const writing = useWriting(place);
  return (
    <section aria-label="Comments">
      <Stack gap="md">
        <Loaded query={comments}>
          {({ items }) => (
            <>
              {threadsOf(items).map(([first, ...answers]) => (
                <Thread key={first.id} place={place} first={first} answers={answers} tellsCustomer={tellsCustomer} />
              ))}
            </>
          )}
        </Loaded>
        {writing.error && <ProblemAlert error={writing.error} />}
        <CommentForm
          label={comments.data?.items.length ? "Begin another thread" : "Comment"}
          submitLabel="Comment"
          isSending={writing.isPending}
          onSend={(content) => writing.mutateAsync({ content })}
        />
      </Stack>
    </section>
  );
}

type Threaded = [first: Comment, ...answers: Comment[]];

/** The threads, in the order in which they were begun. */
function threadsOf(comments: Comment[]): Threaded[] {
  const answers = Map.groupBy(comments, ({ parent_id }) => parent_id);
  return (answers.get(null) ?? []).map((first) => [first, ...(answers.get(first.id) ?? [])]);
}

function useWriting(place: LabelPlace) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { content: string; parent_id?: string }) => call(writeComment, { params: place, body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: commentsQuery(place).queryKey }),
  });
}

type ThreadProps = { place: LabelPlace; first: Comment; answers: Comment[]; tellsCustomer: boolean };

function Thread({ place, first, answers, tellsCustomer }: ThreadProps) {
  const queryClient = useQueryClient();
  const [isAnswering, setAnswering] = useState(false);
  const writing = useWriting(place);
  const isResolved = first.resolved_at !== null;
  const settling = useMutation({
    mutationFn: () =>
      call(resolveThread, {
        params: { organization: place.organization, comment: first.id },
        body: { resolved: !isResolved },
      }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: commentsQuery(place).queryKey }),
  });
  const problem = writing.error ?? settling.error;
  return (
    <article className={classes.thread} data-resolved={isResolved} aria-label={`Thread of ${first.author}`}>
      <Said comment={first}>
        {tellsCustomer && first.for_customer && (
          <Badge variant="default" tt="none">
            The customer sees this
          </Badge>
        )}
        {isResolved && (
          <Badge variant="default" tt="none">
            Resolved by {first.resolved_by}
          </Badge>
        )}
      </Said>
      {answers.length > 0 && (
        <div className={classes.answers}>
          {answers.map((answer) => (
            <Said key={answer.id} comment={answer} />
          ))}
        </div>
      )}
      {problem && <ProblemAlert error={problem} />}
      {isAnswering ? (
        <CommentForm
          label={`Answer to ${first.author}`}
          submitLabel="Answer"
          isSending={writing.isPending}
          takesFocus
          onCancel={() => setAnswering(false)}
          onSend={async (content) => {
            await writing.mutateAsync({ content, parent_id: first.id });
            setAnswering(false);
          }}
        />
      ) : (
        <Group gap="xs">
          <Button size="compact-sm" variant="subtle" onClick={() => setAnswering(true)}>
            Answer
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={() => settling.mutate()} loading={settling.isPending}>
            {isResolved ? "Open again" : "Resolve"}
          </Button>
        </Group>
      )}
    </article>
  );
}

function Said({
  comment: { author, content, created_at },
  children,
}: {
  comment: Comment;
  children?: React.ReactNode;
}) {
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <Text size="sm" fw={600} dir="auto">
          {author}
        </Text>
        <Text size="sm" c="dimmed">
          <Ago at={created_at} />
        </Text>
        {children}
      </Group>
      <Text dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {content}
      </Text>
    </Stack>
  );
}
