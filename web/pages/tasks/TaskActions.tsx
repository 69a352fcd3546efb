import { Button, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cancelTask, replayTasks } from "../../../modules/tasks/task-changes-contract.ts";
import { call } from "../../lib/api.ts";
import { may, useOrganization } from "../../lib/organization.ts";
import { isOver, type Task, type TaskPlace, tasksKey } from "../../lib/task-queries.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";

/** What can be done with a task as it is, by whoever may. */
export function TaskActions({ place, task }: { place: TaskPlace; task: Task }) {
  const { organization, task: id } = place;
  const queryClient = useQueryClient();
  const member = useOrganization();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: tasksKey(organization) });
  const cancelling = useMutation({ mutationFn: () => call(cancelTask, { params: place }), onSettled });
  const replaying = useMutation({
    mutationFn: () => call(replayTasks, { params: { organization }, body: { ids: [id] } }),
    onSettled,
  });
  const mayCancel = may(member, cancelTask) && !isOver(task.status) && !task.cancel_requested_at;
  // What a person failed at is not done by trying again.
  const mayReplay = may(member, replayTasks) && task.status === "failed" && task.worker_type !== "human";
  const error = cancelling.error ?? replaying.error;
  if (!mayCancel && !mayReplay && !error) return null;
  const start = (mutation: typeof cancelling | typeof replaying) => {
    cancelling.reset();
    replaying.reset();
    mutation.mutate();
  };
  return (
    <Stack gap="sm">
      <Group gap="sm">
        {mayCancel && (
          <ConfirmButton
            label="Cancel"
            of={task.name}
            question="Cancel it for good?"
            isPending={cancelling.isPending}
            onConfirm={() => start(cancelling)}
          />
        )}
        {mayReplay && (
          <Button size="xs" loading={replaying.isPending} onClick={() => start(replaying)}>
            Try again
          </Button>
        )}
      </Group>
      {error && <ProblemAlert error={error} />}
    </Stack>
  );
}
